import Foundation
import Testing

/// `--timed` on the command line: its verdict in every form of report, its tokens, its mistakes.
@Suite struct TimedCommandTests {
  private static let tie = "fed-in-the-nick-of-time.graft"

  private func folder() throws -> BatchFolder {
    let file = packageRoot.appending(path: "Scenarios/search/" + Self.tie)
    return try BatchFolder([Self.tie: String(contentsOf: file, encoding: .utf8)])
  }

  @Test func theVerdictSaysSo() throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run([
      "explore", "--timed", Self.tie, "--report-json", "r.json", "--report-html", "r.html",
      "--report-junit", "r.xml", "--github-summary", "r.md", "--save", "w.txt",
    ])
    #expect(run.status == 4)
    #expect(run.output.contains("every timed schedule, "))
    #expect(run.output.contains("  complete, timed: "))
    #expect(run.output.contains("SOMETIMES   assert bites == 0"))
    #expect(run.output.contains("ALWAYS      await fed == 1 within 11ms\n"), "the limit is judged")
    #expect(run.output.contains("= replay: graft run "))
    #expect(run.output.contains(" --replay 't1-") || run.output.contains(" --replay t1-"))
    #expect(try folder.text("r.json").contains("\"complete\":true,\"timed\":true"))
    #expect(try folder.text("r.html").contains("\"timed\":true"))
    #expect(try folder.text("r.xml").contains("<property name=\"timed\" value=\"true\"/>"))
    #expect(try folder.text("r.md").contains("| FAIL, timed |"))
    // Whoever joins reports keeps it.
    let merged = try folder.run(["merge", "r.json", "--report-json", "m.json"])
    #expect(merged.status == 4)
    #expect(try folder.text("m.json").contains("\"timed\":true"))
    // What was saved is the schedule that bites, at its moment.
    let title = "\(Self.tie)::the watchdog is fed in the nick of time"
    let again = try folder.run(["run", title, "--replay", "@w.txt"])
    #expect(again.status == 4)
    #expect(again.output.contains("steps, 20ms") || again.output.contains("steps, 20.0"))
    let passes = try folder.run(["run", title, "--replay", "@w.txt:passes"])
    #expect(!passes.output.contains("assertion failed"))
  }

  /// A run is one of its schedules, and keeps to no mode of searches.
  @Test func aRunIsARun() throws {
    let folder = try folder()
    defer { folder.remove() }
    #expect(try folder.run(["run", "--timed", Self.tie]).status == 0)
    let one = try folder.run(["explore", "--timed", Self.tie, "--jobs", "1"])
    let three = try folder.run(["explore", "--timed", Self.tie, "--jobs", "3"])
    #expect(one.output == three.output)
    let deep = try folder.run(["explore", "--timed", Self.tie, "--strategy", "depth"])
    #expect(deep.status == 4)
  }

  @Test(arguments: [
    (["--grain", "1us"], "--grain goes with --timed"),
    (["--timed", "--grain", "1"], "is no duration; one looks like 100us"),
    (["--timed", "--grain", "0s"], "is no duration"),
    (["--timed", "--strategy", "pct"], "--timed goes with --strategy breadth or depth"),
  ])
  func whatMakesNoSenseIsRefused(_ words: [String], _ said: String) throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run(["explore", Self.tie] + words)
    #expect(run.status == 1)
    #expect(run.complaint.contains(said))
  }
}
