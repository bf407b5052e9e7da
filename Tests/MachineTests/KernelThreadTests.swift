import Machine
import Testing

@testable import Machine

/// What kGraft's wake-up does to a kernel thread, in runs.
@Suite("A kernel thread that kGraft wakes")
struct KernelThreadTests {
  private let thread = TaskSlot(0)

  /// The events of that thread's run while a patch is applied and for 50 µs after.
  private func events(
    preemptible: Bool = false, _ body: (inout Code) -> Void
  ) throws -> [Event.Kind] {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.isPreemptible = preemptible
    builder.program.queues = ["requests"]
    let patch = builder.patch("fix")
    _ = builder.traced("f", patches: [patch])
    builder.kernelThread("thread", registers: 2) { code in code.loop(body) }
    let program = builder.scenario([.sleep(20_000), .apply(patch), .sleep(50_000)])
    return try Pair.events(of: program).map(\.kind)
  }

  private func wakeUps(_ events: [Event.Kind]) -> [WakeReason] {
    events.compactMap { if case .woken(_, let reason) = $0 { reason } else { nil } }
  }

  private func isToldAsWoken(_ events: [Event.Kind]) -> Bool {
    events.contains { if case .patching(.kernelThreadWoken, _) = $0 { true } else { false } }
  }

  /// `schedule_timeout` returns early, and the loop comes to its safe point.
  @Test func endsItsSleepEarly() throws {
    let events = try events { code in
      code.emit(.loadImmediate, a: 1, wide: 1_000_000_000)
      code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
      code.emit(.safePoint)
    }
    #expect(isToldAsWoken(events))
    #expect(wakeUps(events).first == .spurious)
    #expect(events.contains(.migrated(thread, by: .safePoint)))
  }

  /// Nothing has come: `wait_event` sleeps on, and no safe point is passed.
  @Test func sleepsOnInItsQueue() throws {
    let events = try events { code in
      code.emit(.wait, a: Instruction.noRegister, b: 0)
      code.emit(.safePoint)
    }
    #expect(isToldAsWoken(events))
    #expect(Set(wakeUps(events)) == [.spurious])
    let wakeUp = try #require(events.firstIndex(of: .woken(thread, .spurious)))
    #expect(events[wakeUp + 1] == .slept(thread, queue: 0, uninterruptible: false))
    #expect(!events.contains(.reachedSafePoint(thread)))
    #expect(!events.contains(.migrated(thread, by: .safePoint)))
  }

  /// Nobody is said to be woken who was awake.
  /// (One that never sleeps has to be preempted, or kGraft's work for its CPU would not be done.)
  @Test func isLeftAloneWhenItIsAwake() throws {
    let events = try events(preemptible: true) { code in
      code.work(3_000)
      code.emit(.safePoint)
    }
    #expect(!isToldAsWoken(events))
    #expect(wakeUps(events).isEmpty)
    #expect(events.contains(.migrated(thread, by: .safePoint)))
  }
}
