import Foundation
import Testing

/// Both sides of an answer on the terminal, in the JSON report and on the page.
@Suite struct PartingCommandTests {
  private static let window = packageRoot.appending(path: "Scenarios/kgraft/immutable-window.graft")

  private func explore(_ arguments: [String]) throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      ["run", Self.window.path, "--break", "immutable-window"] + arguments)
  }

  @Test func theReportShowsBothSides() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let json = scratch.folder.appending(path: "r.json").path
    let page = scratch.folder.appending(path: "r.html").path
    let run = try explore(["--report-json", json, "--report-html", page])
    #expect(run.status == 4)
    #expect(run.output.contains("   = passes: graft run "))
    #expect(run.output.contains("  SOMETIMES   never mixed\n              = holds: graft run "))
    #expect(run.output.contains("\n              = fails: graft run "))
    #expect(run.output.contains("a schedule that passes is the same up to step #"))
    let report = try scratch.text("r.json")
    #expect(report.contains("\"parting\":{\"step\":"))
    #expect(report.contains("\"counter_replay\":\"graft run"))
    let html = try scratch.text("r.html")
    #expect(html.contains("data-kind=\"timeline\"") && html.contains("data-kind=\"passing\""))
    let merged = scratch.folder.appending(path: "m.json").path
    #expect(try GraftProcess.run(["merge", json, "--report-json", merged]).status == 4)
    #expect(try scratch.text("m.json") == report)
  }
}
