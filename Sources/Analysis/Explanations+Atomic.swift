import Diagnostics

extension Explanation {
  /// The codes of blocks without sleep, and of records.
  static let ofAtomic: [Explanation] = [
    Explanation(
      code: .notInAtomic, title: "not possible without sleep",
      text: """
        With interrupts or bottom halves off the kernel must not sleep: "scheduling while \
        atomic". An `atomic` block is one step on top of that, so that it can't wait for a lock, \
        loop, or leave anything open either. What the block calls is looked at, too.
        """,
      wrong: """
        kernel "3.12" {
            queue packets
            syscall recv() { irqs off { wait packets } }
        }
        program server { recv() }
        scenario "s" { spawn server; sleep 1ms }
        """,
      right: """
        kernel "3.12" {
            queue packets
            var seen in 0..3 = 0
            syscall recv() { wait packets; irqs off { seen = seen + 1 } }
        }
        program server { recv() }
        scenario "s" { spawn server; sleep 1ms }
        """),
    Explanation(
      code: .leavesAtomic, title: "a way out of the middle of a block",
      text: """
        `irqs off`, `bh off` and `atomic` are left by their end alone: a `return` in the middle \
        would leave interrupts off, or half a step undone.
        """,
      wrong: """
        kernel "3.12" {
            var seen in 0..3 = 0
            syscall recv() { irqs off { return seen } }
        }
        program server { recv() }
        scenario "s" { spawn server; sleep 1ms }
        """,
      right: """
        kernel "3.12" {
            var seen in 0..3 = 0
            syscall recv() {
                var result = 0
                irqs off { result = seen }
                return result
            }
        }
        program server { recv() }
        scenario "s" { spawn server; sleep 1ms }
        """),
    Explanation(
      code: .recordWithoutPool, title: "a record without a number of objects",
      text: """
        `record inode[8]` says that there can be eight of them at once: memory has an end, and \
        the ninth `alloc` gives null, as the kernel's allocator does. Only a patch, which adds \
        fields to a record, gives no number.
        """,
      wrong: """
        kernel "3.12" { record inode { size = 0 } }
        scenario "s" { sleep 1ms }
        """,
      right: """
        kernel "3.12" {
            record inode[8] { size = 0 }
            syscall make() { let o = alloc inode { size = 1 }; free o }
        }
        program maker { make() }
        scenario "s" { spawn maker; sleep 1ms }
        """),
  ]
}
