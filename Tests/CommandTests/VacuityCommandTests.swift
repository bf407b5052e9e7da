import Foundation
import Testing

/// A warning about a claim that could not have failed is shown with its place, and fails nothing.
@Suite struct VacuityCommandTests {
  @Test func theWarningIsShownAndReported() throws {
    let folder = try BatchFolder([
      "s.graft": """
      kernel "4.4.21-69-default" { fn f() { return 0 }; syscall call() { f() } }
      patch fix { fn f() { return 1 } }
      program looper { loop { call() } }
      scenario "late" in every schedule {
          spawn looper; apply fix; await not in_progress
          never mixed
      }

      """
    ])
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft", "-q", "--report-json", "r.json"])
    #expect(run.status == 0)
    #expect(run.output.contains("warning[W1001]: this claim could not have failed"))
    #expect(run.output.contains("s.graft:6:"))
    #expect(try folder.text("r.json").contains("\"warnings\":[{\"severity\":\"warning\""))
    let merged = try folder.run(["merge", "r.json", "--report-json", "m.json"])
    #expect(try merged.status == 0 && folder.text("m.json") == folder.text("r.json"))
  }
}
