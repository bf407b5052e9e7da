import Foundation
import Graft
import Testing

/// The forms of report: what they say, that they are whole, and that no name breaks them.
@Suite struct ReportFormTests {
  /// Names that mean something to XML, JSON, TAP, YAML, Markdown, GitHub or a terminal.
  static let hostile = [
    "]]> <b>&amp;</b>", "a \\\" b 'c' `d`", "# SKIP it", "100% : , ::error::", "x\\u{1b}[31m red",
    "| col | <details>", "ok 1 - no", "--- ... |", "👩‍👩‍👧‍👧 \\u{202e}abc", "\\u{7}\\u{85}\\u{fffe}",
    "tab\\there", "two\\nlines",
  ]

  private func hostileFolder() throws -> BatchFolder {
    var text = ""
    for (number, name) in Self.hostile.enumerated() {
      text += "scenario \"\(name) \(number)\" { assert \"\(name)\" == \"\" }\n"
      text += "scenario \"ok \(name) \(number)\" { report \"\(name)\", \"\(name)\" }\n"
      text += "scenario \"skip \(name) \(number)\" { skip \"\(name)\" }\n"
    }
    return try BatchFolder(["s <&>\".graft": text])
  }

  /// The attributes `tests`, `failures`, … of the root and of each suite, as they were written.
  private static func counts(_ report: String) -> [[Int]] {
    report.matches(
      of: /<testsuites? [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/
    ).map { [$0.1, $0.2, $0.3, $0.4].compactMap { Int($0) } }
  }

  @Test func junitCountsPerFileAndInAll() throws {
    let folder = try BatchFolder([
      "a.graft": BatchFolder.mixed, "b.graft": BatchFolder.passing(1),
      "c.graft": "scenario \"broken\" { let x = 0 ; print \"{1 / x}\" }\n",
      "d.graft": "scenario {",
    ])
    defer { folder.remove() }
    _ = try folder.run(
      ["run", "--report-junit", "r.xml"] + ["a", "b", "c", "d"].map { $0 + ".graft" })
    let report = try folder.text("r.xml")
    // a: 7 cases, "fails" and the third row fail, one is skipped, one fails as it says.
    #expect(
      Self.counts(report) == [
        [10, 2, 2, 2], [7, 2, 0, 2], [1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0],
      ])
    #expect(
      report.contains("<failure message=\"the assertion failed\" type=\"E1001\">")
        || report.contains("type=\"E1001\""))
    #expect(report.contains("<skipped message=\"not today\"/>"))
    #expect(report.contains("<skipped message=\"it fails, as it says: known\"/>"))
    #expect(report.contains("name=\"rows[n=3]\""))
    // The time is the machine's.
    #expect(report.contains("line=\"1\" time=\"0.001\""))
  }

  @Test func tapHasAPlanAndDiagnostics() throws {
    let folder = try BatchFolder(["a.graft": BatchFolder.mixed])
    defer { folder.remove() }
    let run = try folder.run(["run", "a.graft", "--report-tap", "-"])
    #expect(run.status == 4)
    let lines = run.output.split(separator: "\n").map(String.init)
    let results = lines.filter { $0.hasPrefix("ok") || $0.hasPrefix("not ok") }
    #expect(lines.first == "TAP version 14")
    #expect(lines.last == "1..7")
    #expect(
      results == [
        "ok 1 - a.graft::passes", "not ok 2 - a.graft::fails",
        "ok 3 - a.graft::is skipped # SKIP not today",
        "not ok 4 - a.graft::fails as it says # TO" + "DO known", "ok 5 - a.graft::rows[n=1]",
        "ok 6 - a.graft::rows[n=2]", "not ok 7 - a.graft::rows[n=3]",
      ])
    #expect(lines.count { $0 == "  ---" } == 2)
    #expect(lines.count { $0 == "  ..." } == 2)
    // The report for people is elsewhere then.
    #expect(run.complaint.contains("FAIL  a.graft::fails"))
  }

  @Test func jsonIsReadBackAsItWas() throws {
    let folder = try hostileFolder()
    defer { folder.remove() }
    let run = try folder.run(["run", ".", "--report-json", "r.json"])
    #expect(run.status == 4)
    let bytes = Array(try Data(contentsOf: folder.scratch.folder.appending(path: "r.json")))
    let read = try ReadReport(bytes)
    #expect(read.cases.count == 3 * Self.hostile.count)
    #expect(read.summary.count(.failed) == Self.hostile.count)
    let sink = TextSink()
    var report = JSONReport()
    try report.begin(read.head, sink)
    for item in read.cases { try report.add(item, nil, sink) }
    try report.end(read.summary, sink)
    #expect(sink.text == String(decoding: bytes, as: UTF8.self))
  }

  @Test func gitHubsCommandsAreOneLineEach() throws {
    let folder = try hostileFolder()
    defer { folder.remove() }
    let run = try folder.run(
      ["run", ".", "-q", "--report-github"], environment: ["GITHUB_STEP_SUMMARY": "page.md"])
    #expect(run.status == 4)
    let commands = run.output.split(separator: "\n").filter { $0.hasPrefix("::") }
    #expect(commands.count == Self.hostile.count)
    for command in commands {
      #expect(
        command.wholeMatch(of: /::error file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::.*/) != nil,
        "\(command)")
    }
    let page = try folder.text("page.md")
    #expect(page.contains("12 failed"))
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| FAIL") }
    #expect(rows.count == Self.hostile.count)
    // Four cells each, whatever stands in them.
    #expect(rows.allSatisfy { $0.count { $0 == "|" } == 5 })
    #expect(rows.allSatisfy { !$0.contains("<b>") })
  }

  /// A step may have a folder of its own; GitHub knows paths from the checkout alone.
  @Test func annotationsStandAtPathsOfTheCheckout() throws {
    let folder = try BatchFolder(["below/a.graft": BatchFolder.mixed])
    defer { folder.remove() }
    let run = try GraftProcess.run(
      ["run", "a.graft", "-q", "--report-github"],
      in: folder.scratch.folder.appending(path: "below"),
      environment: ["GITHUB_WORKSPACE": folder.scratch.folder.path])
    #expect(run.output.contains("::error file=below/a.graft,line=2,col="))
    try folder.scratch.write("above.graft", BatchFolder.mixed)
    let above = try GraftProcess.run(
      ["run", "../above.graft", "-q", "--report-github"],
      in: folder.scratch.folder.appending(path: "below"),
      environment: ["GITHUB_WORKSPACE": folder.scratch.folder.path])
    #expect(above.output.contains("::error file=above.graft,line=2,col="))
  }

  @Test func aJobsPageIsAddedTo() throws {
    let folder = try BatchFolder(["a.graft": BatchFolder.passing(1), "page.md": "before\n"])
    defer { folder.remove() }
    for _ in 0..<2 {
      _ = try folder.run(
        ["run", "a.graft", "--report-github"], environment: ["GITHUB_STEP_SUMMARY": "page.md"])
    }
    let page = try folder.text("page.md")
    #expect(page.hasPrefix("before\n"))
    #expect(page.components(separatedBy: "1 scenario: 1 passed").count == 3)
  }

  @Test func theTimelineIsInMachineTime() throws {
    let run = try GraftProcess.run(
      ["run", "Scenarios/manual/central-experiment.graft", "--report-trace", "-"], in: packageRoot)
    #expect(run.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let events = try #require(object["traceEvents"] as? [[String: Any]])
    func named(_ name: String) -> [[String: Any]] {
      events.filter { $0["name"] as? String == name }
    }
    // The manual's experiment: the window closes after 51 µs, the worker is done after 6 s.
    let waiting = try #require(named("fix_frame_check: waiting for tasks").first)
    #expect(Int(waiting["ts"] as? Double ?? 0) == 10051)
    let tracks = named("thread_name").compactMap { ($0["args"] as? [String: String])?["name"] }
    #expect(tracks.contains("CPU 0") && tracks.contains("CPU 1"))
    #expect(tracks.contains("server:100") && tracks.contains("transition"))
    let old = named("tasks in the old universe").compactMap {
      ($0["args"] as? [String: Int])?["tasks"]
    }
    #expect(old.max() == 3)
    #expect(old.last == 0)
    #expect(!named("run queue").isEmpty)
    #expect(named("asleep (old)").count >= 3)
  }

  @Test func everyReportIsWholeWithHostileNames() throws {
    let folder = try hostileFolder()
    defer { folder.remove() }
    let run = try folder.run(["run", "."] + BatchTests.reports)
    #expect(run.status == 4)
    let junit = try folder.text("r.xml")
    // Only what XML 1.0 allows, and no end of a section in a text.
    #expect(
      junit.unicodeScalars.allSatisfy {
        $0.value >= 0x20 || $0 == "\n" || $0 == "\t"
      })
    #expect(!junit.contains("]]>"))
    #expect(!junit.unicodeScalars.contains("\u{fffe}"))
    for name in ["r.json", "r.trace"] {
      _ = try JSONSerialization.jsonObject(with: Data(try folder.text(name).utf8))
    }
  }
}

/// A report's text, in memory.
final class TextSink: ReportSink {
  private var bytes: [UInt8] = []

  func write(_ text: String) { bytes += Array(text.utf8) }

  func patch(at offset: Int, _ text: String) {
    bytes.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
