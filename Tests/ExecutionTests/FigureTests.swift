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

  /// Who has just left the kernel makes room for the work item that switches its CPU, which costs a
  /// switch of the context, 1 us. Sleepers and code in user mode are kept from nothing.
  @Test func theLongestPauseIsOneContextSwitch() throws {
    let text = """
      kernel "3.12" {
          queue q
          fn f() { return 1 }
          syscall recv() { wait q; f() }
          syscall long() { work 3ms; f() }
      }
      patch fix { fn f() { return 2 } }
      program server { loop { recv() } }
      program busy { loop { long(); work 1ms } }
      program computing { loop { work 10s } }
      machine { cpus 1 }
      scenario "s" {
          spawn BODY
          sleep 1ms
          apply fix
          report "pause", transition.longest_pause
          wake q
          await not in_progress
          assert transition.longest_pause == PAUSE
          apply fix fails EEXIST
          assert transition.longest_pause == PAUSE
      }

      """
    for (program, pause) in [("server", "0us"), ("computing", "0us"), ("busy", "1us")] {
      let record = try ScenarioTexts.run(
        text.replacing("BODY", with: program).replacing("PAUSE", with: pause))
      #expect(record.outcome.failure?.diagnostic.message == nil, "\(program)")
      #expect(record.figures.first?.text == (pause == "0us" ? "0s" : pause), "\(program)")
    }
  }
}
