import Foundation
import Testing

/// The histogram of a search's outcomes, on the terminal and in reports.
@Suite struct OutcomeCommandTests {
  private static let scenario = """
    kernel "4.4.21-69-default" {
        var seen in 0..3 = 0
        var done in 0..3 = 0
        syscall count() { let old = seen; seen = old + 1; done = done + 1 }
    }
    program counter { count() }
    scenario "lost" in every schedule {
        spawn 2 of counter
        await done == 2
        check seen == 2
        report "seen", seen
    }

    """

  @Test func theHistogramIsShownAndEachOutcomeCanBeSeen() throws {
    let folder = try BatchFolder(["s.graft": Self.scenario])
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft", "--report-json", "r.json", "-q"])
    #expect(run.status == 4)
    #expect(run.output.contains("  2 distinct outcomes\n"))
    let lost = try #require(
      run.output.firstMatch(of: #/\d+  seen = 1; check seen == 2 fails\n +=( graft .*)\n/#))
    let again = try folder.shell(
      String(lost.1).replacing(" graft ", with: "\"$GRAFT\" "))
    #expect(again.status == 4 && again.output.contains("seen  1"))
    let report = try folder.text("r.json")
    #expect(report.contains("\"outcomes\":[{\"figures\":[{\"name\":\"seen\",\"text\":"))
    #expect(report.contains("\"remarks\":[\"check seen == 2 fails\"]"))
    let merged = try folder.run(["merge", "r.json", "--report-json", "m.json"])
    #expect(merged.status == 4)
    #expect(try folder.text("m.json") == report)
  }
}
