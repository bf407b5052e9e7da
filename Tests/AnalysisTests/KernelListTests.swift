import Machine
import Testing

/// `var NAME = list[n]` of the kernel.
@Suite struct KernelListTests {
  private let kernel = """
    kernel "3.12" {
      const size = 4
      queue q
      var seen in 0..9 = list[size]
      var names = [10, 20, 30]
      syscall mark(n) { seen[n] = seen[n] + names[1] - 19; wake q; return names[n - 1] }
      syscall total() { var sum = 0; for x in names { sum = sum + x }; return sum }
      syscall until(n) { wait q until seen[n] > 0 }
    }
    program marker(n) { var got = 0; got = mark(n) }
    program adder { var got = 0; got = total() }
    program waiter(n) { until(n) }

    """

  @Test func elementsAreReadAndWritten() throws {
    let body = """
      let w = spawn waiter(2)
      let m = spawn marker(2)
      await not m.alive
      print "{m.got} {seen} {seen[2]} {count(x in seen: x > 0)}"
      sleep 1ms
      print w.alive
      let a = spawn adder
      await not a.alive
      print a.got
      """
    let run = try run(kernel + "scenario \"x\" {\n" + body + "\n}")
    #expect(run.fault == nil)
    #expect(run.printed == ["20 [0, 0, 1, 0] 1 1", "false", "60"])
  }

  @Test func pastTheEndIsAFaultWithItsLine() throws {
    let source = kernel + "scenario \"x\" { spawn marker(4); sleep 1ms }"
    let run = try run(source)
    guard case .listIndex(let address, 4, 4)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
    #expect(run.text(address, in: source) == "seen[n]")
  }

  @Test func onlyKernelCodeWritesIt() {
    check(
      """
      kernel "3.12" { var seen = list[4]; syscall mark(n) { seen[n] = 1 } }
      scenario "x" { seen[0] = 1 }  # error: E0304
      """)
  }
}
