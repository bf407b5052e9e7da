import Analysis
import Machine
import Testing

/// `reap` as a value, and `program init`.
@Suite struct FamilyTests {
  private let kernel = """
    kernel "4.4" {
      queue q
      syscall nap() { wait q uninterruptible }
    }

    """

  private func printed(_ text: String, _ body: String) throws -> [String] {
    let run = try run(kernel + text + "\nscenario \"x\" {\n" + body + "\n}")
    #expect(run.fault == nil)
    return run.printed
  }

  /// wait4(2): the PID of whoever has ended, -ECHILD (-10) when there is nobody to wait for.
  @Test func whatReapGives() throws {
    let program = """
      program parent {
        var none = 0
        var second = 0
        var first = 0
        none = reap
        fork { sleep 3ms }
        fork { work 1us }
        second = reap 102
        first = reap
        if reap == -ECHILD { none = none * 2 }
        nap()
      }
      """
    let body = """
      let p = spawn parent
      sleep 1ms
      print "{p.none} {p.second} {p.first}"
      sleep 5ms
      print "{p.none} {p.second} {p.first}"
      """
    #expect(try printed(program, body) == ["-10 102 0", "-20 102 101"])
  }

  /// The name of the child and that of the result may be one: a call that begins anew asks for the
  /// same child.
  @Test func whoIsWaitedForOutlivesASignal() throws {
    let program = """
      program parent {
        var child = 101
        on signal USR1 { work 1us }
        fork { sleep 5ms }
        child = reap child
        nap()
      }
      """
    let body = """
      let p = spawn parent
      sleep 1ms
      signal USR1, p
      sleep 1ms
      print p.state
      sleep 10ms
      print p.child
      """
    #expect(try printed(program, body) == ["S", "101"])
  }

  /// Pid 1 has every orphan and every task that the operator spawned, and zombies wait for it.
  @Test func initHasToReap() throws {
    let program = """
      program init { var count = 0; loop { nap(); reap; count = count + 1 } }
      program parent { fork { nap() } }
      """
    let body = """
      let p = spawn parent
      sleep 1ms
      print "{init.pid} {p.pid} {p.state} {p.alive} {init.count}"
      wake q
      sleep 1ms
      print "{p.alive} {init.count}"
      """
    #expect(try printed(program, body) == ["1 100 Z false 0", "false 1"])
  }
}
