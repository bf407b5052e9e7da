import Foundation
import Testing

/// Files that nobody wrote for Graft, and some that somebody wrote against it: a diagnostic, the
/// right exit status, and not all of the memory. Every run may map 512 MiB and no more.
@Suite struct HostileFileTests {
  private func check(
    _ files: [String: [UInt8]], links: [String: String] = [:], command: String = "check"
  ) throws -> GraftProcess.Outcome {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (name, bytes) in files { try scratch.write("root/\(name)", bytes) }
    try scratch.write("secret.graft", "scenario \"secret\" { sleep 1ms }\n")
    let root = scratch.folder.appending(path: "root")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for (name, destination) in links {
      try FileManager.default.createSymbolicLink(
        atPath: root.appending(path: name).path, withDestinationPath: destination)
    }
    return try GraftProcess.run([command, "main.graft"], in: root, addressSpaceMegabytes: 512)
  }

  private func check(_ text: String) throws -> GraftProcess.Outcome {
    try check(["main.graft": Array(text.utf8)])
  }

  private func expect(
    _ run: GraftProcess.Outcome, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == 2, sourceLocation: sourceLocation)
    #expect(run.complaint.contains("[\(code)]"), sourceLocation: sourceLocation)
    #expect(run.complaint.utf8.count < 100_000, sourceLocation: sourceLocation)
    #expect(run.output == "", sourceLocation: sourceLocation)
  }

  @Test func anEmptyFileHasNoMistakeAndNothingToRun() throws {
    #expect(try check("").status == 0)
    let run = try check(["main.graft": []], command: "run")
    #expect(run.status == 5)
    #expect(run.complaint == "graft: no scenario in main.graft\n")
  }

  @Test func tenMegabytes() throws {
    expect(try check(String(repeating: "a", count: 10_000_000)), "E0001")
  }

  @Test func whatNeverEnds() throws {
    let run = try check([:], links: ["main.graft": "/dev/zero"])
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't read main.graft: it is larger than 64 MiB\n")
  }

  /// Nobody writes into it, and nobody is waited for.
  @Test func aNamedPipe() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    #expect(mkfifo(scratch.folder.appending(path: "main.graft").path, 0o600) == 0)
    for command in ["check", "fmt", "lint", "run"] {
      let run = try GraftProcess.run([command, "main.graft"], in: scratch.folder)
      #expect(run.status == 1)
      #expect(run.complaint.contains("it is a named pipe"))
    }
  }

  /// What once took time that grew with the square: for each, a small part of what it took.
  @Test func longLinesAndManyNames() throws {
    let elses = String(repeating: "if a { } else ", count: 10_000)
    let line = try check(
      ["main.graft": Array("scenario \"s\" { let a = in_progress; \(elses){ } }".utf8)],
      command: "fmt")
    #expect(line.status == 0)
    let programs = (0..<20_000).map { "program p\($0) { loop { work 1ms } }\n" }.joined()
    #expect(try check(programs).status == 0)
    let scenarios = (0..<20_000).map { "scenario \"s\($0)\" { sleep 1ms }\n" }.joined()
    #expect(try check(["main.graft": Array(scenarios.utf8)], command: "lint").status == 0)
    let chain = (0..<2_000).map { "fn f\($0)() { f\($0 + 1)() }\n" }.joined()
    let handlers = (0..<500).map { "irq t\($0) every 1ms { f0() }\n" }.joined()
    let kernel = "kernel \"4.4\" {\n\(chain)fn f2000() { work 1us }\n\(handlers)}\n"
    #expect(try check(kernel).status == 0)
  }

  @Test(arguments: ["{", "(", "[", "- ", "not ", "\"{", "if a {", "loop {"])
  func tenThousandLevels(_ opening: String) throws {
    let run = try check("scenario \"s\" { assert \(String(repeating: opening, count: 10_000))")
    #expect(run.status == 2)
    #expect(run.complaint.utf8.count < 100_000)
  }

  @Test func nullBytes() throws {
    expect(try check("scenario \"s\" {\0\0 sleep 1ms }\0"), "E0002")
    expect(try check(String(repeating: "\0", count: 1_000_000)), "E0002")
  }

  @Test func invalidUTF8() throws {
    let bytes = Array("scenario \"".utf8) + [0xFF, 0xFE] + Array("\" { sleep 1ms }".utf8)
    expect(try check(["main.graft": bytes]), "E0002")
  }

  @Test func aMillionIdentifiers() throws {
    let names = (0..<1_000_000).map { "n\($0 % 1000)" }.joined(separator: " ")
    expect(try check(names), "E0107")
    let list = String(repeating: "n, ", count: 1_000_000)
    // More than a body holds, as its run would say.
    expect(try check("scenario \"s\" { let n = 1; print [\(list)] }"), "E0902")
  }

  @Test func numbersAndTextsWithoutEnd() throws {
    let digits = String(repeating: "9", count: 1_000_000)
    expect(try check("scenario \"s\" { print \(digits) }"), "E0008")
    let text = String(repeating: "x", count: 5_000_000)
    #expect(try check("scenario \"s\" { print \"\(text)\" }").status == 0)
    #expect(try check("scenario \"s\" { print \"\(text) }").status == 2)
  }

  @Test func matricesAndFamiliesWithoutEnd() throws {
    expect(try check("scenario \"s\" for n in 1..9223372036854775807 { print n }"), "E0602")
  }

  @Test func filesThatUseEachOther() throws {
    expect(try check("use \"main.graft\"\n"), "E0802")
    let files = ["main.graft": "use \"a.graft\"\n", "a.graft": "use \"main.graft\"\n"]
    let run = try check(files.mapValues { Array($0.utf8) })
    expect(run, "E0802")
    #expect(run.complaint.contains("main.graft uses a.graft uses main.graft"))
  }

  @Test func aLongChainOfFiles() throws {
    var files: [String: [UInt8]] = ["main.graft": Array("use \"0.graft\"\n".utf8)]
    for number in 0..<300 {
      files["\(number).graft"] = Array("use \"\(number + 1).graft\"\n".utf8)
    }
    expect(try check(files), "E0804")
  }

  @Test(arguments: ["/etc/passwd", "../../x", "../secret.graft", "a/../../secret.graft"])
  func filesOutsideTheRoot(_ path: String) throws {
    let run = try check("use \"\(path)\"\n")
    expect(run, "E0801")
    #expect(!run.complaint.contains("root:"))
  }

  @Test func linksThatLeadOut() throws {
    let main: [UInt8] = Array("use \"inner.graft\"\n".utf8)
    for destination in ["../secret.graft", "/etc/passwd", "/dev/zero", "inner.graft", "/"] {
      let run = try check(["main.graft": main], links: ["inner.graft": destination])
      expect(run, "E0803")
      #expect(!run.complaint.contains("root:"))
    }
    let inside = try check(
      ["main.graft": main, "other.graft": Array("program p { }\n".utf8)],
      links: ["inner.graft": "other.graft"])
    #expect(inside.status == 0)
  }

  @Test func folderAndNoise() throws {
    expect(try check("use \".\"\n"), "E0803")
    var state: UInt64 = 7
    let noise = (0..<300_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    #expect(try check(["main.graft": noise]).status == 2)
  }

  /// The other commands that read files read them the same way.
  @Test(arguments: ["run", "explore", "fmt", "lint"])
  func everyCommandRefuses(_ command: String) throws {
    for text in [String(repeating: "{", count: 10_000), "\0", "scenario \"s\" { print \u{7} }"] {
      let run = try check(["main.graft": Array(text.utf8)], command: command)
      #expect(run.status == 2)
      #expect(!run.complaint.isEmpty)
    }
  }
}
