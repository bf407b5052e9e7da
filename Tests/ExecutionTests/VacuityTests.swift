import Execution
import Testing

/// Claims that could not have failed are told of, and no others.
@Suite struct VacuityTests {
  private func warnings(_ body: String, title: String = "\"s\" in every schedule") throws
    -> [String]
  {
    let text = SearchAnswerTests.loopers + "scenario \(title) {\n\(body)\n}\n"
    let record = try ScenarioTexts.run(text)
    return record.warnings.map { warning in
      let label = warning.labels.first
      let range = label?.range
      let place = range.map { Array(text.utf8)[Int($0.lower)..<Int($0.upper)] } ?? []
      return "\(String(decoding: place, as: UTF8.self)): \(label?.message ?? "")"
    }
  }

  @Test func aClaimBehindWhatItIsAboutIsTold() throws {
    #expect(
      try warnings("spawn looper\napply fix\nawait not in_progress\nnever mixed\nnever stalled")
        == [
          "never mixed: while this is watched no patch is in transition",
          "never stalled: while this is watched no patch is in transition",
        ])
  }

  @Test func whatNoScheduleComesToIsTold() throws {
    let found = try warnings(
      """
      spawn looper
      apply fix
      await not in_progress
      if in_progress {
          check not in_progress
          await in_progress
      }
      """)
    #expect(
      found == [
        "check not in_progress: no schedule comes to this",
        "await in_progress: no schedule comes to this",
      ])
  }

  @Test(arguments: [
    "spawn looper\nnever mixed\nnever stalled\napply fix\nawait not in_progress",
    // Watched while a transition runs, though only at its end.
    "spawn looper\napply fix\nnever mixed\nawait not in_progress",
    // What never changes may be meant never to change.
    "never in_progress\nspawn looper\nawait not in_progress",
    "never oops\nnever lock_order\nspawn looper\napply fix\nawait not in_progress",
    // It fails, and what lies behind is nobody's claim.
    "spawn looper\nassert in_progress and not in_progress\ncheck in_progress\nnever oops",
    "reach in_progress\nspawn looper\napply fix\nawait not in_progress",
  ])
  func othersAreNot(body: String) throws {
    #expect(try warnings(body).isEmpty)
  }

  /// One row leaves out what another does; and who was cut off knows nothing.
  @Test func aRowAndABoundAreNoReason() throws {
    let text =
      SearchAnswerTests.loopers
        + """
        scenario "s" in every schedule for n in [1, 2] {
            spawn looper
            if n == 1 { assert not in_progress }
            await not in_progress
        }
        """
    for scenario in try ScenarioTexts.scenarios(text) {
      #expect(ScenarioRunner(scenario, RunOptions()).run().warnings.isEmpty)
    }
    let late =
      SearchAnswerTests.loopers + "scenario \"s\" in every schedule {\n"
      + "spawn looper\napply fix\nawait not in_progress\nnever mixed\n}\n"
    var options = RunOptions()
    options.bounds.states = 40
    let scenario = try #require(try ScenarioTexts.scenarios(late).first)
    #expect(ScenarioRunner(scenario, options).run().warnings.isEmpty)
  }
}
