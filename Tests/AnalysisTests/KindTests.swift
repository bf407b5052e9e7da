import Testing

/// Kinds that are found out from use.
@Suite struct KindTests {
  private let programs = "program p { loop { work 1ms } }\n"

  @Test func aDefPassesAListOnToSignal() throws {
    let run = try run(
      programs + """
        def stop(ts) { signal STOP, ts; signal CONT, ts }
        def again(ts) { stop(ts) }
        scenario "x" { let ts = spawn 2 of p; again(ts); print count(t in ts: t.alive) }
        """)
    #expect(run.fault == nil)
    #expect(run.printed == ["2"])
    let signalled = run.events.filter {
      if case .signalled = $0.kind { true } else { false }
    }
    #expect(signalled.count == 4)
  }

  @Test func aDefPassesATaskOnToSignal() throws {
    let run = try run(
      programs + """
        def end(t) { signal KILL, t }
        scenario "x" { let t = spawn p; end(t); sleep 1ms; print t.alive }
        """)
    #expect(run.printed == ["false"])
  }

  @Test func twoKindsAreTold() {
    check(
      programs + """
        def stop(ts) { signal STOP, ts }
        def both(x) { signal STOP, x; sleep x }     # error: E0301 found a task or a list of tasks
        scenario "x" {
          let ts = spawn 2 of p
          let t = spawn p
          stop(ts)
          stop(t)                                   # error: E0301 expected a list of tasks
          stop(3)                                   # error: E0301 found an int
          both(t)
        }
        """)
  }

  @Test func theOtherUseIsShown() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      def stop(ts) { signal STOP, ts }
      scenario "x" {
          let t = spawn p
          stop(spawn 2 of p)
          stop(t)
      }
      """#,
      #"""
      error[E0301]: expected a list of tasks, found a task
       --> demo.graft:6:10
        |
      5 |     stop(spawn 2 of p)
        |          ------------ it is a list of tasks because of this
      6 |     stop(t)
        |          ^ this is a task
        |
        = help: put it into a list: `[t]`

      """#)
  }
}
