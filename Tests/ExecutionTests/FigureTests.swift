import Execution
import Machine
import Testing

/// `report` and `transition.duration`.
@Suite struct FigureTests {
  private static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { work 1us }
        syscall recv() { wait packets; f() }
    }
    patch fix { fn f() { work 2us } }
    program server { loop { recv() } }

    """

  @Test func aFigureIsKeptWithItsKind() throws {
    let record = try ScenarioTexts.run(
      """
      scenario "s" for engine in [kgraft] {
          machine { patching engine }
          let n = 7
          report "tasks", n + 1
          report "pause {n}", 20us
          report "quiet", not in_progress
          report "engine", engine
          report "text", "{n} of {engine}"
      }
      """)
    #expect(record.figures.map(\.name) == ["tasks", "pause 7", "quiet", "engine", "text"])
    #expect(record.figures.map(\.text) == ["8", "20us", "true", "kgraft", "7 of kgraft"])
    #expect(record.figures.map(\.kind) == [.integer, .duration, .boolean, .string, .string])
    #expect(record.figures.map(\.value) == [8, 20_000, 1, nil, nil])
  }

  @Test func theTransitionLastsAsLongAsItsSleeper() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + """
        scenario "s" {
            report "before", transition.duration
            let t = spawn server
            sleep 10ms
            apply fix
            sleep 5s
            let so_far = transition.duration
            assert so_far >= 5s and so_far < 5010ms
            signal STOP, t; signal CONT, t
            await not in_progress
            report "migration", transition.duration
            let took = transition.duration
            sleep 1min
            assert transition.duration == took
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    #expect(record.figures.first?.value == 0)
    let took = try #require(record.figures.last?.value)
    // The worker looks every two seconds.
    #expect(took >= 5_000_000_000 && took < 7_000_000_000)
  }
}
