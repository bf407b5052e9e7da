import Execution
import Machine
import Testing

/// What is told of where a task is, and since when.
@Suite struct WhereaboutsTests {
  private func printed(_ text: String) throws -> [String] {
    try ScenarioTexts.run(text).events.compactMap {
      if case .printed(_, let text) = $0.kind { text } else { nil }
    }
  }

  /// It dies at 70 ms, with the lock in its hands: 20 ms in user mode, and 50 in the kernel.
  @Test func aDeadHolderIsGoneSinceItDied() throws {
    let lines = try printed(
      """
      kernel "4.4.21-69-default" {
          lock m
          fn f() { return 1 }
          syscall die() { lock m; work 50ms; f(); oops "boom" }
          syscall take() { lock m; f(); unlock m }
      }
      patch fix { fn f() { return 2 } }
      program victim { work 20ms; die() }
      program waiter { work 30ms; take() }
      scenario "s" {
          reach oops
          spawn victim
          let t = spawn waiter
          sleep 200ms
          apply fix
          print why(t)
      }
      """)
    let why = try #require(lines.first)
    #expect(why.contains("victim:100, which holds m, is gone since 0.0700"))
  }

  /// Who runs has wanted a CPU since it was born, and has been in the kernel for less long.
  @Test func whoRunsIsNotSaidToBeThereSinceItsBirth() throws {
    let lines = try printed(
      """
      kernel "4.4.21-69-default" {
          fn f() { return 1 }
          syscall long() { work 500ms; f() }
      }
      patch fix { fn f() { return 2 } }
      machine { preempt }
      program caller { work 20ms; long() }
      scenario "s" {
          let t = spawn caller
          sleep 50ms
          apply fix
          print why(t)
      }
      """)
    let why = try #require(lines.first)
    #expect(why.contains("running (R) in the kernel, in long (test.graft:"))
  }

  /// The kernel has one function kt, whichever body it runs; `kthread` calls it.
  @Test func aReplacedKernelThreadStandsOnceOnItsStack() throws {
    let lines = try printed(
      """
      kernel "4.4.21-69-default" {
          queue q
          fn mk() { return 1 }
          kthread kt { loop { wait q freezable; mk() } }
      }
      patch fix { kthread kt { loop { wait q freezable; mk(); mk() } } }
      scenario "s" {
          sleep 1ms
          let stack = cat("/proc/10/stack")
          print stack
          apply fix
          print why()
      }
      """)
    let stack = try #require(lines.first)
    #expect(stack.split(separator: "\\n").filter { $0.contains(" kt+0x") }.count == 1)
    #expect(lines.last?.contains("called from kt") == false)
  }
}
