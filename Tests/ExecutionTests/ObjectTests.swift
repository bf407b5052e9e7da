import Diagnostics
import Execution
import Machine
import Testing

/// Records, their objects, shadow variables, and what may be turned off meanwhile.
@Suite struct ObjectTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        record inode[2] { size = 0; flags in 0..3 = 1; next = null }
        var head = null
        var count in 0..3 = 0
        syscall push(n) {
            let o = alloc inode { size = n, next = head }
            if o == null { return -ENOMEM }
            head = o
            return 0
        }
        syscall pop() {
            let o = head
            if o != null { head = o.next; free o }
        }
        syscall stale() { let o = alloc inode { size = 1 }; free o; o.size = 3 }
        syscall none() { head = null; return head.size }
        fn make() { let o = alloc inode { size = 1 }; head = o; return o }
        fn look() { if head != null { count = head.size } }
        syscall both() { make(); look() }
    }
    patch more {
        record inode { sum in 0..3 = 3 }
        fn make() { let o = alloc inode { size = 1, sum = 2 }; head = o; return o }
        fn look() { if head != null { count = head.sum } }
    }
    program pusher(n) { var got = 5; got = push(n) }
    program popper { pop() }
    program staler { stale() }
    program noner { none() }
    program once { both() }

    """

  private func failure(_ record: RunRecord) -> Diagnostic? { record.outcome.failure?.diagnostic }

  private func expectPass(_ scenario: String) throws {
    let record = try ScenarioTexts.run(Self.kernel + scenario)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
  }

  /// The third object finds the pool of two used up; a place given back is taken again, with first
  /// values in it.
  @Test func objectsComeFromAPool() throws {
    try expectPass(
      """
      scenario "s" {
          spawn pusher(7)
          sleep 1ms
          assert head != null and head.size == 7 and head.flags == 1 and head.next == null
          spawn pusher(8)
          sleep 1ms
          assert head.size == 8 and head.next.size == 7
          let third = spawn pusher(9)
          sleep 1ms
          assert third.got == -12
          spawn popper
          sleep 1ms
          assert head.size == 7
          spawn pusher(9)
          sleep 1ms
          assert head.size == 9 and head.next.size == 7
      }
      """)
  }

  @Test(arguments: [
    ("staler", "the kernel crashes: use after free of inode[0]"),
    ("noner", "the kernel crashes: NULL pointer dereference"),
  ])
  func wrongUseCrashes(_ program: String, _ message: String) throws {
    let record = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" { spawn \(program); sleep 1ms }")
    #expect(failure(record)?.code.rawValue == "E1021")
    #expect(failure(record)?.message == message)
  }

  @Test func theOperatorCantLookThroughNull() throws {
    let record = try ScenarioTexts.run(Self.kernel + "scenario \"s\" { print head.size }")
    #expect(failure(record)?.code.rawValue == "E1023")
  }

  /// New code meets an object that old code has made.
  @Test func aFieldOfAPatchIsMissingInOlderObjects() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + """
        scenario "s" {
            spawn once
            sleep 1ms
            apply more
            await not in_progress
            assert count == 1
            spawn once
            sleep 1ms
            assert count == 2 and head.sum == 2
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    let search = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" in every schedule { spawn 2 of once; apply more; sleep 1s }")
    #expect(failure(search)?.code.rawValue == "E1021")
    #expect(failure(search)?.message.contains("has no field sum") == true)
  }

  @Test func aNewObjectInheritsAStaleShadow() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          record inode[1] { size = 0 }
          var seen in 0..3 = 0
          fn use(o) { seen = 0; return o == null }
          syscall f() { let o = alloc inode { }; use(o); free o }
      }
      patch shade {
          shadow extra on inode
          fn use(o) {
              let isThere = has shadow(o, extra)
              if isThere { seen = shadow(o, extra) } else { alloc shadow(o, extra) = 2 }
              return false
          }
      }
      program user { f() }
      scenario "s" {
          apply shade
          await not in_progress
          spawn user
          sleep 1ms
          assert seen == 0
          spawn user
          sleep 1ms
          assert seen == 2
      }
      """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
  }

  /// The kernel takes code with bottom halves off for an interrupt's, which follows its CPU.
  @Test func bottomHalvesOffFollowTheirCPU() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          fn f() { work 1us }
          syscall g() { f(); bh off { f() } }
      }
      patch fix { fn f() { work 2us } }
      program user { loop { g() } }
      scenario "s" in every schedule { spawn user; never mixed; apply fix; sleep 10s }
      """)
    #expect(failure(record)?.message == "`never mixed` does not hold")
  }

  @Test func interruptsOffKeepAHandlerAway() throws {
    let kernel = """
      kernel "4.4.21-69-default" {
          lock a
          syscall f() { BEGIN lock a; work 10us; unlock a END }
          irq timer every 1us on cpu 0 { lock a; unlock a }
      }
      program user { f() }
      """
    for scenario in [
      "scenario \"s\" { spawn user; sleep 1ms }",
      "scenario \"s\" in every schedule { spawn user; sleep 1s }",
    ] {
      let open = kernel.replacing("BEGIN", with: "").replacing("END", with: "")
      let closed = kernel.replacing("BEGIN", with: "irqs off {").replacing("END", with: "}")
      #expect(
        failure(try ScenarioTexts.run(open + "\n" + scenario))?.code.rawValue == "E1022")
      #expect(failure(try ScenarioTexts.run(closed + "\n" + scenario)) == nil)
    }
  }

  @Test func anAtomicBlockIsOneStep() throws {
    let kernel = """
      kernel "4.4.21-69-default" {
          var a in 0..3 = 0
          var b in 0..3 = 0
          syscall f() { BEGIN a = a + 1; b = b + 1 END }
      }
      program user { f() }
      scenario "s" in every schedule { always a == b; spawn user }
      """
    let open = kernel.replacing("BEGIN", with: "").replacing("END", with: "")
    let closed = kernel.replacing("BEGIN", with: "atomic {").replacing("END", with: "}")
    #expect(failure(try ScenarioTexts.run(open)) != nil)
    #expect(failure(try ScenarioTexts.run(closed)) == nil)
  }
}
