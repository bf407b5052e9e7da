import Analysis
import Machine
import Testing

/// `wait … until`, `timeout`, `killable`, and timers with a range.
@Suite struct WaitTests {
  private let kernel = """
    kernel "3.12" {
      queue q
      var ready = 0
      syscall get(n) { wait q until ready >= n; return ready }
      syscall try(d) { let r = wait q timeout d; return r }
      syscall try_until(d, n) { let r = wait q timeout d until ready == n; return r }
      syscall hold() { wait q killable }
      syscall put() { ready = ready + 1; wake q }
    }
    program getter(n) { var got = 0; got = get(n) }
    program trier(d) { var got = -1; got = try(d) }
    program until(d, n) { var got = -1; got = try_until(d, n) }
    program holder { hold() }
    program putter { put() }

    """

  private func printed(_ body: String) throws -> [String] {
    let run = try run(kernel + "scenario \"x\" {\n" + body + "\n}")
    #expect(run.fault == nil)
    return run.printed
  }

  @Test func untilTheConditionHolds() throws {
    let body = """
      let t = spawn getter(2)
      sleep 1ms
      wake q
      spawn putter
      sleep 1ms
      print "{t.alive} {t.state}"
      spawn putter
      sleep 1ms
      print "{t.alive} {t.got}"
      # What holds is not waited for.
      let u = spawn getter(1)
      sleep 1ms
      print u.got
      """
    #expect(try printed(body) == ["true S", "false 2", "2"])
  }

  @Test func untilTheTimeIsOver() throws {
    let body = """
      let late = spawn trier(2ms)
      let woken = spawn trier(20ms)
      sleep 5ms
      wake q
      sleep 1ms
      print "{late.got} {woken.got}"
      let vain = spawn until(10ms, 1)
      sleep 1ms
      wake q
      sleep 5ms
      print vain.alive
      sleep 5ms
      print "{vain.alive} {vain.got}"
      let good = spawn until(10ms, 1)
      sleep 1ms
      spawn putter
      sleep 1ms
      print "{good.alive} {good.got}"
      """
    #expect(try printed(body) == ["0 1", "true", "false 0", "false 1"])
  }

  @Test func onlyAFatalSignalWakesAKillableSleeper() throws {
    let body = """
      let t = spawn holder
      sleep 1ms
      signal STOP, t; signal CONT, t
      sleep 1ms
      print "{t.state} {t.in_kernel}"
      signal KILL, t
      sleep 1ms
      print t.alive
      """
    #expect(try printed(body) == ["D true", "false"])
  }

  @Test func aTimerWithARangeTakesItsLowEndInARun() throws {
    let source = """
      kernel "3.12" { var ticks = 0; irq timer every 2ms..3ms on cpu 0 { ticks = ticks + 1 } }
      scenario "x" { sleep 21ms; print ticks }
      """
    #expect(try run(source).printed == ["10"])
  }

  @Test func noWakeUpIsLostBetweenTheLookAndTheSleep() throws {
    let body = "let t = spawn getter(1); spawn putter; await not t.alive"
    let source = kernel + "scenario \"x\" { \(body) }"
    let found = CheckedSource(source)
    let scenario = found.checked.scenarios[0]
    let lowered = try #require(found.checked.lower(scenario, scenario.rows[0]).0)
    for seed in 0..<200 {
      let end = walk(lowered, seed: UInt64(seed), steps: 200)
      #expect(end.isFinished)
    }
  }
}
