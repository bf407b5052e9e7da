import Foundation
import Testing

/// What README.md shows is what the program prints.
@Suite struct ReadmeTests {
  struct Transcript: Sendable, CustomTestStringConvertible {
    var command: String
    var output: String
    var testDescription: String { command }
  }

  /// The fenced console blocks that begin with a `graft` command.
  static let transcripts: [Transcript] = {
    let path = RunCommandTests.root.appendingPathComponent("README.md").path
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "```console\n").dropFirst().compactMap { block in
      let body = block.components(separatedBy: "```")[0]
      var lines = body.components(separatedBy: "\n")
      guard let first = lines.first, first.hasPrefix("$ graft ") else { return nil }
      lines.removeFirst()
      return Transcript(
        command: String(first.dropFirst("$ graft ".count)), output: lines.joined(separator: "\n"))
    }
  }()

  @Test func thereAreSome() {
    #expect(Self.transcripts.count >= 2)
  }

  @Test(arguments: transcripts)
  func everyTranscriptIsReal(_ transcript: Transcript) throws {
    let run = try GraftProcess.run(
      transcript.command.components(separatedBy: " "), in: RunCommandTests.root)
    #expect(Self.trimmed(run.output) == Self.trimmed(transcript.output))
  }

  /// Every option and command that the table names is one that the program knows.
  @Test func everyFlagIsKnown() throws {
    let path = RunCommandTests.root.appendingPathComponent("README.md").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var help = ""
    let commands = [
      "run", "explore", "list", "merge", "mutate", "check", "fmt", "lint", "explain",
      "demo", "learn",
    ]
    for command in commands {
      help += try GraftProcess.run([command, "--help"]).output
    }
    let flags = text.matches(of: /`(--[a-z-]+)/).map { String($0.1) }
    #expect(flags.count >= 8)
    for flag in Set(flags) { #expect(help.contains(flag), "README names \(flag)") }
  }

  /// Every option that the text names is used by a test of the built program.
  @Test func everyFlagIsTried() throws {
    let text = try String(
      contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
    let folder = packageRoot.appending(path: "Tests/CommandTests")
    let tests = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") && $0 != "ReadmeTests.swift" }
      .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
      .joined()
    for flag in Set(text.matches(of: /`(--[a-z-]+)/).map { String($0.1) }) {
      // As a word of its own, or made of one: `--report-\(form)`.
      #expect(tests.contains("\"\(flag)"), "no test runs graft with \(flag)")
    }
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .newlines)
  }
}
