import Analysis
import Machine
import Testing

@Suite struct AssertionTests {
  private let programs = "program p { loop { sleep 1ms } }\n"

  private func captured(_ body: String) throws -> [String: String] {
    let source = programs + "scenario \"x\" {\n" + body + "\n}"
    let run = try run(source)
    guard case .assertionFailed(let number)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return [:]
    }
    let bytes = Array(source.utf8)
    let names = run.program.assertions[number].captures.map { capture in
      String(
        decoding: bytes[Int(capture.origin.lower)..<Int(capture.origin.upper)], as: UTF8.self)
    }
    return Dictionary(zip(names, run.capturedTexts)) { $1 }
  }

  @Test func valuesOfSubexpressions() throws {
    let values = try captured("let n = 3; let m = 4; assert n + m == n * m")
    #expect(values == ["n": "3", "m": "4", "n + m": "7", "n * m": "12"])
  }

  @Test func valuesOfTheWorld() throws {
    let values = try captured(
      """
      let ts = spawn 2 of p
      sleep 5ms
      assert count(t in ts: t.universe == new) == 1 or in_progress
      """)
    #expect(values["count(t in ts: t.universe == new)"] == "2")
    #expect(values["in_progress"] == "false")
    #expect(values["ts"] == "[p:100, p:101]")
  }

  @Test func aLoneQuestionShowsItself() throws {
    #expect(try captured("assert in_progress") == ["in_progress": "false"])
  }

  @Test func theRightAssertionFails() throws {
    let source = "scenario \"x\" {\n  assert not in_progress\n  let n = 2\n  assert n == 3\n}"
    let run = try run(source)
    #expect(run.fault == .assertionFailed(assertion: 1))
    #expect(run.program.assertions[1].text == "assert n == 3")
  }

  @Test func expectedLogMustBeThere() throws {
    let run = try run("scenario \"x\" { expect log \"kgr succeeded\" }")
    #expect(run.fault == .assertionFailed(assertion: 0))
  }

  @Test func awaitExpires() throws {
    let run = try run("scenario \"x\" { await in_progress within 3s }")
    #expect(run.fault == .awaitExpired(site: 0, limitNanoseconds: 3_000_000_000))
    #expect(run.nanoseconds == 3_000_000_000)
  }

  @Test func alwaysAndNeverWatchEveryStep() throws {
    let kernel = "kernel \"3.12\" { var seen = 0; syscall f() { seen = seen + 1 } }\n"
    let program = "program p { loop { f(); work 1ms } }\n"
    let broken = try run(
      kernel + program + "scenario \"x\" { spawn p; always seen < 3; sleep 1s }")
    guard case .violated(property: 0, _)? = broken.fault else {
      Issue.record("\(String(describing: broken.fault))")
      return
    }
    let kept = try run(
      kernel + program + "scenario \"x\" { spawn p; never seen > 3000; sleep 5ms; print seen }")
    #expect(kept.fault == nil)
  }

  @Test func conditionsKeepTheirRegisters() throws {
    let run = try run(
      programs + """
        scenario "x" {
            let ts = spawn 2 of p
            always every(t in ts: t.alive)
            var n = 0
            for i in 1..3 { await count(t in ts: t.alive) == 2 within 1s; n = n + i }
            sleep 10ms
            assert n == 6
            for t in ts { signal KILL, t }
            sleep 1ms
        }
        """)
    guard case .violated(property: 0, _)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
  }
}
