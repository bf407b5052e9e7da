import Machine
import Testing

@testable import Machine

/// When a signal acts, in runs: nobody crosses the boundary who is not on a CPU.
@Suite("Signals act on a CPU")
struct SignalTests {
  /// The events of a run with two tasks that never enter the kernel, on one CPU.
  private func events(_ statements: [Statement]) throws -> [Event] {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 5_000
    let worker = builder.worker()
    let program = builder.scenario([.spawn(worker, 2, into: 0)] + statements)
    return try Pair.events(of: program)
  }

  private func times(_ events: [Event], _ kind: Event.Kind) -> [Int64] {
    events.filter { $0.kind == kind }.map(\.time)
  }

  /// Task 1 waits for the only CPU while task 0 works: it stops, or dies, when it is its turn.
  @Test(arguments: [Signal.STOP, .TERM, .KILL])
  func whoWaitsForACPUActsWhenItHasOne(_ signal: Signal) throws {
    let events = try self.events([.sleep(1_700), .signalOne(signal, task: 1), .sleep(20_000)])
    let sent = try #require(times(events, .signalled(TaskSlot(1), signal)).first)
    let turn = try #require(times(events, .preempted(TaskSlot(0))).first)
    let end: Event.Kind = signal == .STOP ? .stopped(TaskSlot(1)) : .exited(TaskSlot(1))
    let acted = try #require(times(events, end).first)
    #expect(sent < turn)
    #expect(acted == turn + Costs().contextSwitch)
  }

  /// Task 0 is at work: it is interrupted there, and owes the rest.
  @Test func whoWorksIsInterrupted() throws {
    let events = try self.events([.sleep(1_700), .signalOne(.STOP, task: 0), .sleep(20_000)])
    let sent = times(events, .signalled(TaskSlot(0), .STOP))
    #expect(sent.count == 1)
    #expect(times(events, .stopped(TaskSlot(0))) == sent)
  }

  /// A signal can't hurry a task that the CPU is only just switching to.
  @Test func theSwitchIsNotCutShort() throws {
    let half = Int(Costs().contextSwitch) / 2
    let events = try self.events([.sleep(half), .signalOne(.STOP, task: 0), .sleep(20_000)])
    #expect(times(events, .signalled(TaskSlot(0), .STOP)) == [Int64(half)])
    #expect(times(events, .stopped(TaskSlot(0))) == [Costs().contextSwitch])
  }

  /// A fake signal carries user-mode tasks across one by one, as each has the CPU.
  @Test func aFakeSignalLeavesWord() throws {
    let events = try Pair.events(of: Worlds.busyWorkers())
    for slot in [TaskSlot(0), TaskSlot(1)] {
      #expect(times(events, .migrated(slot, by: .interruption)).count == 1)
      #expect(times(events, .migrated(slot, by: .kernelExit)).isEmpty)
    }
    let migrations = [TaskSlot(0), TaskSlot(1)].map {
      times(events, .migrated($0, by: .interruption)).first
    }
    #expect(migrations[0] != migrations[1])
  }
}
