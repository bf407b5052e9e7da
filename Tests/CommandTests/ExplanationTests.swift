import Foundation
import Graft
import Testing

@Suite struct ExplanationTests {
  /// Every code that stands in the sources has a page, and no page is about a code that is gone.
  @Test func everyCodeIsExplainedOnce() throws {
    let sources = packageRoot.appending(path: "Sources")
    var codes: Set<String> = []
    for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    where path.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /DiagnosticCode\(rawValue: "([A-Z]\d{4})"\)/) {
        let isNew = codes.insert(String(match.1)).inserted
        #expect(isNew, "\(match.1) is defined twice")
      }
    }
    #expect(codes.count > 90)
    #expect(Explanation.all.map(\.code.rawValue) == codes.sorted())
  }

  @Test(arguments: Explanation.all)
  func theWrongTextIsWrongAndTheRightOneRight(_ explanation: Explanation) {
    #expect(!explanation.title.isEmpty)
    #expect(!explanation.text.isEmpty)
    let code = explanation.code
    let wrong = explanation.wrong.isEmpty ? unwritable(code) : said(explanation.wrong, by: code)
    #expect(wrong.contains { $0.code == code }, "\(code.rawValue): \(wrong)")
    // What goes on for ever, as a server does, may use up the few steps it gets here.
    let right = said(explanation.right, by: code).filter {
      $0.code == code || ($0.severity == .error && $0.code != .budget)
    }
    #expect(right == [], "\(code.rawValue)")
  }

  private func said(_ text: String, by code: DiagnosticCode) -> [Diagnostic] {
    everythingSaid(about: text, steps: 20_000)
  }

  /// What breaks a rule that no readable text breaks.
  private func unwritable(_ code: DiagnosticCode) -> [Diagnostic] {
    switch code.rawValue {
    case "E0001":
      said(String(repeating: "#", count: 9 << 20), by: code)
    case "E0099":
      said(String(repeating: ")\n", count: 200), by: code)
    case "E0804":
      said(
        (0..<300).map { "use \"\($0).graft\"\n" }.joined()
          + (0..<300).map { "# file: \($0).graft\n" }.joined(),
        by: code)
    case "E0902":
      said(
        "scenario \"s\" { print [" + (0..<5000).map { "\($0), " }.joined() + "] }", by: code)
    case "E1301": replayOfSomethingElse()
    default: []
    }
  }

  private func replayOfSomethingElse() -> [Diagnostic] {
    let unit = ExampleText("scenario \"s\" { sleep 1ms }").unit
    var options = RunOptions()
    options.replay = [99]
    return unit.entries.compactMap { entry in
      let ready = unit.runnable(entry, breaking: [], everySchedule: false).scenario
      return ready.flatMap { ScenarioRunner($0, options).run().outcome.failure?.diagnostic }
    }
  }

  /// Either the page has a text that can be copied from it, or lines for a shell.
  @Test(arguments: Explanation.all)
  func whatIsWrongCanBeSeen(_ explanation: Explanation) {
    let isCopied =
      !explanation.wrong.isEmpty
      && explanation.wrong.split(separator: "\n").allSatisfy { line in
        line.count <= 240 && line.unicodeScalars.allSatisfy { $0.value >= 0x20 }
      }
    #expect(isCopied != !explanation.recipe.isEmpty, "\(explanation.code.rawValue)")
    #expect(!explanation.right.isEmpty)
  }

  @Test(arguments: Explanation.all.filter { !$0.recipe.isEmpty })
  func theLinesForAShellShowTheError(_ explanation: Explanation) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "graft-recipe-\(explanation.code.rawValue)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let output = folder.appending(path: "output")
    process.arguments = ["-c", "exec > output 2>&1\n" + explanation.recipe]
    process.currentDirectoryURL = folder
    let binaries = GraftProcess.executable.deletingLastPathComponent().path
    process.environment = ProcessInfo.processInfo.environment
      .merging(["PATH": binaries + ":/usr/bin:/bin"]) { $1 }
    try process.run()
    process.waitUntilExit()
    let said = try String(contentsOf: output, encoding: .utf8)
    #expect(said.contains("[\(explanation.code.rawValue)]"), "\(said.prefix(400))")
  }

  /// What a run would be refused for is what `check` says, in the same words.
  @Test(arguments: Explanation.all)
  func checkSaysWhatRunRefuses(_ explanation: Explanation) {
    for text in [explanation.wrong, explanation.right] where !text.isEmpty {
      let unit = ExampleText(text).unit
      guard !unit.hasErrors else { continue }
      let refused = unit.entries.filter { $0.skipReason == nil }.flatMap {
        unit.runnable($0, breaking: [], everySchedule: false).diagnostics
      }
      #expect(Set(unit.refusals) == Set(refused), "\(explanation.code.rawValue)")
    }
  }

  /// What this version can't simulate is no mistake of the text.
  @Test func checkWarnsOfWhatIsNotSimulated() throws {
    let explanation = try #require(Explanation.all.first { $0.code.rawValue == "E0901" })
    let wrong = try GraftProcess.run(["check", "-"], input: Array(explanation.wrong.utf8))
    #expect(wrong.status == 0)
    #expect(wrong.complaint.contains("warning[E0901]"))
    #expect(wrong.complaint.hasSuffix("0 errors, 1 warning\n"))
    let run = try GraftProcess.run(["run", "-"], input: Array(explanation.wrong.utf8))
    #expect(run.status == 2, "\(run.complaint)")
  }

  @Test(arguments: ["E0224", "E0509", "E0510"])
  func checkSaysIt(_ code: String) throws {
    let explanation = try #require(Explanation.all.first { $0.code.rawValue == code })
    let wrong = try GraftProcess.run(["check", "-"], input: Array(explanation.wrong.utf8))
    #expect(wrong.status == 2)
    #expect(wrong.complaint.contains("error[\(code)]"))
    #expect(wrong.complaint.hasSuffix("1 error, 0 warnings\n"))
    let right = try GraftProcess.run(["check", "-"], input: Array(explanation.right.utf8))
    #expect(right.status == 0, "\(right.complaint)")
  }

  @Test func theCommandShowsOnePage() throws {
    let run = try GraftProcess.run(["explain", "e0007"])
    #expect(run.status == 0)
    #expect(
      run.output == """
        E0007: a unit of time that does not exist

        The units of time are ns, us, ms, s, min and h. There is no `m`: it would be a
        month to one reader, a minute to the next, and a metre to the third.

        Wrong:

            scenario "s" { sleep 10msec }

        Right:

            scenario "s" { sleep 10ms }

        """)
  }

  @Test func theCommandListsAllCodes() throws {
    let run = try GraftProcess.run(["explain"])
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").count == Explanation.all.count)
    #expect(run.output.contains("E0302  "))
  }

  @Test func anUnknownCodeIsAMistake() throws {
    let run = try GraftProcess.run(["explain", "E00O7"])
    #expect(run.status == 1)
    #expect(run.complaint == "graft: there is no code 'E00O7'; did you mean E0007?\n")
    #expect(try GraftProcess.run(["explain", "nonsense"]).status == 1)
  }
}

extension Explanation: CustomTestStringConvertible {
  package var testDescription: String { code.rawValue }
}
