import Execution
import Testing

/// What a run that goes wrong advises can be done as it stands there.
@Suite struct AdviceTests {
  private func failure(_ body: String) throws -> Failure {
    let outcome = try ScenarioTexts.run("scenario \"x\" {\n\(body)\n}").outcome
    return try #require(outcome.failure)
  }

  @Test func aWriteThatMayFailIsAdvisedWhole() throws {
    let help = try #require(try failure("write \"/nope\", \"1\"").diagnostic.help)
    #expect(help.contains("`write \"/nope\", \"1\" fails ENOENT`"))
    let outcome = try ScenarioTexts.run("scenario \"x\" { write \"/nope\", \"1\" fails ENOENT }")
      .outcome
    #expect(outcome.failure == nil)
  }

  /// `use` without a path is the parser's mistake, and nobody else's.
  @Test(arguments: ["use common", "use", "use \"{x}\""])
  func aUseWithoutAPathIsOneMistake(_ use: String) {
    let unit = ScenarioTexts.unit("\(use)\nscenario \"x\" { sleep 1ms }")
    #expect(unit.diagnostics.count == 1)
  }
}
