import Diagnostics
import Execution
import Foundation
import Machine
import Reports
import Testing

/// Every kind of event has its line, and a line is JSON with the members that the table names.
@Suite struct TraceTests {
  /// A text with one of everything that an event can point at.
  static let text = """
    kernel "3.12.61-52-default" {
        queue packets; lock table; record inode[2] { size = 0 }
        var count = 0
        fn verify() { return 1 }
        syscall recv() { wait packets; verify(); count = count + 1; last() }
        irq timer every 4ms { work 1us }; module "ext4" { on init { work 1us } }
        fn last() { lock table; let o = alloc inode { size = 1 }; o.size = 2; free o; unlock table }
    }
    patch fix { fn verify() { drop shadow extra; return 2 }; shadow extra on inode }
    program server { loop { recv() } }
    scenario "s" {
        reach in_progress
        spawn server
        apply fix
        print "on\\u{1b} \\"its\\" way"
        say "on its way"
        report "n", 1
        check in_progress
        assert in_progress
    }
    """

  static let task = TaskSlot(0)
  static let patch = PatchID(0)
  static let traced = TracedFunctionID(0)

  /// One event of each kind, with the kind that it must be told as.
  static func samples(_ program: Program) -> [(Event.Kind, TraceKind)] {
    let server = program.functions.firstIndex { $0.name == "server" } ?? 0
    let body = FunctionID(program.functions.firstIndex { $0.name == "verify" } ?? 0)
    let runner = Runner.task(task)
    let tasks: [(Event.Kind, TraceKind)] = [
      (.spawned(task, FunctionID(server)), .spawned),
      (.enteredKernel(task, systemCall: body), .enteredKernel),
      (.leftKernel(task, restarting: true), .leftKernel),
      (.slept(task, queue: 0, uninterruptible: false), .slept),
      (.woken(task, .timeout), .woken), (.signalled(task, .STOP), .signalled),
      (.signalMissed(task, .STOP), .signalMissed),
      (.stopped(task), .stopped), (.continued(task), .continued),
      (.preempted(task), .preempted), (.reachedSafePoint(task), .safePoint),
      (.exited(task), .exited), (.forked(task, task, isThread: false), .forked),
      (.reaped(task, task), .reaped), (.caught(task, .TERM), .caught), (.marked(task), .marked),
      (.migrated(task, by: .kernelExit), .migrated),
    ]
    let code: [(Event.Kind, TraceKind)] = [
      (.called(runner, traced, body), .called), (.returned(runner, body), .returned),
      (.worked(.handler(0), nanoseconds: 5), .worked),
      (.stored(runner, variable: 0, value: -1), .stored),
      (.interruptBegan(handler: 0, cpu: 0), .interruptBegan),
      (.interruptEnded(handler: 0, cpu: 0), .interruptEnded),
    ]
    let crash = Oops(runner: runner, address: 0, reason: .stated)
    let objects: [(Event.Kind, TraceKind)] = [
      (.locked(runner, lock: 0, address: 0), .locked), (.unlocked(runner, lock: 0), .unlocked),
      (.lockOrdered(runner, held: 0, lock: 0, address: 0), .lockOrdered),
      (.allocated(runner, object: 1), .allocated), (.freed(runner, object: 2), .freed),
      (.fieldStored(runner, object: 1, name: 0, value: 2), .fieldStored),
      (.shadowStored(runner, object: 1, shadow: 0), .shadowStored),
      (.shadowDropped(runner, object: 1, shadow: 0), .shadowDropped),
      (.oopsed(crash), .oops), (.panicked, .panic),
    ]
    let stages: [(PatchingStage, TraceKind)] = [
      (.windowOpened(reverting: true), .windowOpened),
      (.functionRedirected(traced), .functionRedirected),
      (.functionSkipped(traced, wasSought: true), .functionSkipped),
      (.inProgress, .transitionBegan), (.cpuSwitched(1), .cpuSwitched), (.marked, .markingEnded),
      (.windowClosed, .windowClosed), (.kernelThreadWoken(task), .kernelThreadWoken),
      (.looked(stillOld: 3), .looked), (.fakeSignal(task), .fakeSignal),
      (.functionFinalised(traced), .functionFinalised), (.finished, .transitionFinished),
      (.functionReverting(traced), .functionReverting),
      (.functionReverted(traced), .functionReverted),
      (.functionRestored(traced), .functionRestored),
      (.failed(.ENOENT, isWindowOpen: false), .transitionFailed),
    ]
    let operators: [(Event.Kind, TraceKind)] = [
      (.kernelLog("kgr succeeded"), .kernelLog), (.acted(address: 0), .acted),
      (.requested(address: 0, .refused(.EAGAIN)), .requested),
      (.printed(site: 0, "a\u{1b}[1m \"b\"\n"), .printed),
      (.reported(site: 0, name: "n", text: "1"), .reported), (.asserted(assertion: 0), .asserted),
      (.checkFailed(assertion: 0), .checkFailed), (.reached(property: 0), .reached),
      (.finished, .finished), (.rebooted, .rebooted), (.cued(cue: 0, text: "a"), .cued),
      (.fileShown(path: "/p", content: "1\n"), .fileShown),
    ]
    let lost = LostText(slot: task, address: 0, text: .patch(patch))
    let modules: [(Event.Kind, TraceKind)] = [
      (
        .commandEnded(address: 0, line: "rmmod m", .failed(.EBUSY), output: "in use\n"),
        .commandEnded
      ),
      (.module(ModuleID(0), .coming), .moduleChanged),
      (.moduleFunctionPatched(traced), .moduleFunctionPatched), (.lostText(lost), .lostText),
    ]
    return tasks + code + objects + modules + stages.map { (.patching($0.0, patch), $0.1) }
      + operators
  }

  private func trace() throws -> (Trace, Program) {
    let scenario = try #require(try ScenarioTexts.scenarios(Self.text).first)
    let record = ScenarioRunner(scenario, RunOptions()).run()
    return (Trace(scenario, record), scenario.program)
  }

  @Test func everyKindHasASample() throws {
    let (_, program) = try trace()
    #expect(Set(Self.samples(program).map(\.1)) == Set(TraceKind.allCases))
  }

  @Test func everyLineIsJSONWithItsMembers() throws {
    var (trace, program) = try trace()
    for (kind, expected) in Self.samples(program) {
      let line = trace.line(Event(time: 7, step: 3, kind: kind))
      #expect(line.hasSuffix("}\n") && line.filter { $0 == "\n" }.count == 1)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      #expect(object["kind"] as? String == expected.rawValue)
      #expect(object["time"] as? Int == 7)
      #expect(object["step"] as? Int == 3)
      var members = Set(expected.description.members.split(separator: " ").map(String.init))
      // Code is run by a task or by an interrupt handler.
      if members.isSuperset(of: ["task", "interrupt"]) {
        members.subtract(object["task"] == nil ? ["task", "pid"] : ["interrupt", "cpu"])
      }
      #expect(Set(object.keys) == members.union(["time", "step", "kind"]), "\(expected)")
    }
  }

  @Test func textsComeThroughUnharmed() throws {
    var (trace, _) = try trace()
    let text = "a\u{1b}[1m \"b\" \\ \n\t\u{85}\u{202e}é😀"
    let line = trace.line(Event(time: 0, step: 0, kind: .kernelLog(text)))
    #expect(line.unicodeScalars.dropLast().allSatisfy { !isControl($0) })
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(object?["line"] as? String == text)
  }

  @Test func placesAreThoseOfTheText() throws {
    let scenario = try #require(try ScenarioTexts.scenarios(Self.text).first)
    let runner = ScenarioRunner(scenario, RunOptions())
    let record = runner.run()
    var trace = Trace(scenario, record)
    var lines: [String] = []
    runner.forEachPortionOfEvents(of: record) { events in
      for event in events { lines.append(trace.line(event)) }
    }
    // `spawn server` and `apply fix` stand on lines 13 and 14, `program server` on line 10.
    #expect(
      lines.contains { $0.contains("\"statement\":\"apply fix\",\"at\":\"test.graft:14:5\"") })
    #expect(
      lines.contains { $0.contains("\"kind\":\"spawned\"") && $0.contains("test.graft:10:9") })
    #expect(trace.end(record).contains("\"events\":\(lines.count),\"outcome\":\"passed\""))
  }
}
