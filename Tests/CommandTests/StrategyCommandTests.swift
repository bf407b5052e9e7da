import Foundation
import Testing

/// `--strategy`, `--seed` and `--runs` on the command line.
@Suite struct StrategyCommandTests {
  private static let window = packageRoot.appending(path: "Scenarios/kgraft/immutable-window.graft")

  private func explore(_ arguments: [String]) throws -> GraftProcess.Outcome {
    try GraftProcess.run(["explore", Self.window.path] + arguments)
  }

  @Test(arguments: ["random", "pct"])
  func whatIsPickedIsBounded(_ strategy: String) throws {
    let run = try explore(["--strategy", strategy, "--runs", "200"])
    #expect(run.status == 6)
    #expect(run.output.contains("  picked: 200 schedules, "))
    #expect(run.output.contains("  HOLDS       never mixed (so far, in 200 schedules"))
    #expect(run.output.contains("200 schedules were picked, of all that there are; --runs"))
    let again = try explore(["--strategy", strategy, "--runs", "200", "--jobs", "3"])
    #expect(again.output == run.output)
  }

  @Test(arguments: ["depth", "random", "pct"])
  func whatIsFoundIsFour(_ strategy: String) throws {
    let run = try explore(["--strategy", strategy, "--break", "immutable-window"])
    #expect(run.status == 4)
    #expect(run.output.contains("= replay: graft run "))
    #expect(!run.output.contains("in no schedule sooner"))
  }

  @Test(arguments: [
    ["--strategy", "bredth"], ["--runs", "5"], ["--seed", "1"],
    ["--strategy", "pct", "--runs", "0"],
    ["--strategy", "random", "--seed", "x"],
  ])
  func whatMakesNoSenseIsRefused(_ arguments: [String]) throws {
    let run = try explore(arguments)
    #expect(run.status == 1 && !run.complaint.isEmpty)
  }
}
