import Diagnostics

extension Explanation {
  /// What the machine notices by itself.
  static let ofCrashes: [Explanation] = [
    Explanation(
      code: .oops, title: "the kernel crashes",
      text: """
        Kernel code did what the kernel does not survive: it said so with `oops`, gave back a lock \
        that it did not hold, or returned to user space with one. The task is killed where it \
        stands, and what it holds stays taken; an interrupt handler takes the whole machine along. \
        From `reach oops` on a scenario goes on.
        """,
      wrong: """
        kernel "3.12" { lock table; syscall f() { unlock table } }
        program user { f() }
        scenario "s" { spawn user; sleep 1ms }
        """,
      right: """
        kernel "3.12" { lock table; syscall f() { lock table; unlock table } }
        program user { f() }
        scenario "s" { spawn user; sleep 1ms }
        """),
    Explanation(
      code: .noField, title: "a look at an object that is not there",
      text: """
        A scenario may look at the fields of objects through the kernel's variables. Where the \
        variable holds null, or an object that has been given back, or one whose layout has no \
        such field, there is nothing to look at.
        """,
      wrong: """
        kernel "3.12" { record inode[2] { size = 0 }; var head = null }
        scenario "s" { print head.size }
        """,
      right: """
        kernel "3.12" {
            record inode[2] { size = 0 }
            var head = null
            syscall make() { head = alloc inode { size = 3 } }
        }
        program maker { make() }
        scenario "s" { spawn maker; sleep 1ms; print head.size }
        """),
    Explanation(
      code: .deadlock, title: "a circle of those who wait for locks",
      text: """
        Each waits for a lock that the next one holds, so that none of them ever goes on. The \
        step that closed the circle is the last of the schedule. The usual cause is that two \
        locks are taken in two orders; a lock that its own holder wants is a circle of one. Who \
        holds a lock and needs the CPU on which somebody spins for it, a handler or code with \
        interrupts off, is in the circle as well.
        """,
      wrong: """
        kernel "3.12" {
            lock first; lock second
            syscall f() { lock first; work 1us; lock second; unlock second; unlock first }
            syscall g() { lock second; work 1us; lock first; unlock first; unlock second }
        }
        program one { f() }
        program two { g() }
        scenario "s" in every schedule { let a = spawn one; spawn two; await not a.alive }
        """,
      right: """
        kernel "3.12" {
            lock first; lock second
            syscall f() { lock first; work 1us; lock second; unlock second; unlock first }
            syscall g() { lock first; lock second; unlock second; work 1us; unlock first }
        }
        program one { f() }
        program two { g() }
        scenario "s" in every schedule { let a = spawn one; spawn two; await not a.alive }
        """),
  ]
}
