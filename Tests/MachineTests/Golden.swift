import Machine
import Patching
import ReferenceMachine
import Testing

/// One small world and what is known of it.
struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> Program
  let rules: KGraftRules
  /// Different worlds over all schedules, and steps between them, those that fault included.
  let states: Int
  let transitions: Int
  /// Every way in which some schedule breaks off.
  let faults: Set<ReferenceFault>
  /// Checks that some schedule sees fail.
  let failedChecks: Set<Int>

  init(
    _ name: String, _ generation: KGraftRules.Generation = .v4_4,
    without mutation: KGraftMutation? = nil, states: Int, transitions: Int,
    faults: Set<ReferenceFault> = [], failedChecks: Set<Int> = [],
    _ make: @escaping @Sendable () -> Program
  ) {
    self.name = name
    self.make = make
    self.states = states
    self.transitions = transitions
    self.faults = faults
    self.failedChecks = failedChecks
    let rules = KGraftRules(generation: generation)
    self.rules = mutation.map(rules.without) ?? rules
  }

  var testDescription: String { "\(name), \(rules.generation.rawValue)" }

  /// The counts were found by both machines alike; one that moves is a change of meaning.
  static let all: [Golden] = [
    // One task that calls f for ever: 4 places in its loop, with the flag and without.
    Golden("looper", states: 137, transitions: 307) { Worlds.looper() },
    // Two that call f and g in one entry, `never mixed` armed.
    Golden("pairs", states: 3045, transitions: 10667) { Worlds.pairs() },
    // The manual's kGraft: no walk of fake signals, and who is in user space stays unmarked.
    Golden("pairs", .v3_12, states: 1758, transitions: 5722) { Worlds.pairs() },
    // The stubs decide by the flag from the first one on: f old, g new.
    Golden(
      "pairs, no window", without: .immutableWindow, states: 4977, transitions: 17703,
      faults: [.violated(property: 0)]
    ) { Worlds.pairs() },
    Golden(
      "pairs, no window", .v3_12, without: .immutableWindow, states: 2474, transitions: 8078,
      faults: [.violated(property: 0)]
    ) { Worlds.pairs() },
    // A sleeper that nobody wakes, carried over the boundary by STOP and CONT.
    Golden("stopped sleeper", states: 310, transitions: 702) { Worlds.stoppedSleeper() },
    Golden("stopped sleeper", .v3_12, states: 196, transitions: 406) { Worlds.stoppedSleeper() },
    // Signals to a list reach its tasks in any order.
    Golden("two sleepers", states: 307, transitions: 629) { Worlds.twoStoppedSleepers() },
    // It sleeps, calls f and passes a safe point; woken after the marking, or while it goes on.
    Golden("kernel thread", states: 180, transitions: 403) { Worlds.kernelThread() },
    Golden("kernel thread", .v3_12, states: 149, transitions: 330) { Worlds.kernelThread() },
    // A handler on each of two CPUs calls f; a CPU is switched when none runs there.
    Golden("interrupts", states: 288, transitions: 832) { Worlds.interrupts() },
    // One of three numbers into a variable; no patch at all.
    Golden("choice", states: 70, transitions: 109) { Worlds.choice() },
    // Two tasks read and then write a variable that stays at 3.
    Golden("bounded variable", states: 637, transitions: 1273) { Worlds.boundedVariable() },
    // What a caller has read and needs no more while it waits for its callee is no part of it.
    Golden("dead register", states: 388, transitions: 775) { Worlds.deadRegister() },
    // A second patch of f above one of f and g. Where the operator is slow the first transition is
    // over before the second `apply`, which then succeeds against the expectation of EAGAIN.
    Golden("stacked", states: 647, transitions: 1561, faults: [.unexpectedOutcome(1)]) {
      Worlds.stacked()
    },
    // Three patches of f, one after the other: below the third lies the second.
    Golden("three patches", states: 393, transitions: 903) { Worlds.threePatches() },
    // Two tasks that may be gone before, during and after the marking.
    Golden("exits", states: 2013, transitions: 6436) { Worlds.exits() },
    // State D: only the wake-up moves it.
    Golden("deep sleeper", states: 436, transitions: 967) { Worlds.deepSleeper() },
    // SIGTERM in a system call and in user code.
    Golden("terminated", states: 91, transitions: 181) { Worlds.terminated() },
    // KILL while stopped: it is dead once it has had a step, which nobody promises it here.
    Golden("killed while stopped", states: 13, transitions: 18, faults: [.assertionFailed(0)]) {
      Worlds.killedWhileStopped()
    },
    // `always` over a register that only it reads, `await` in a helper's frame.
    Golden("conditions", states: 102, transitions: 198, faults: [.violated(property: 0)]) {
      Worlds.conditions()
    },
    // `check` goes on beyond what does not hold; a `reach` that was reached is looked at no more.
    Golden("goals", states: 28, transitions: 41, failedChecks: [0, 1]) { Worlds.goals() },
    // A task's variable is read while it runs and when it is gone; what it prints may be read.
    Golden("outside reads", states: 38, transitions: 55, failedChecks: [0, 1]) {
      Worlds.outsideReads()
    },
    // `wait_event`, with a timeout and killable: woken in vain, in time, too late, by a signal.
    Golden("wait event", states: 7343, transitions: 23138) { Worlds.waitEvent() },
    // A kernel variable that is a list, and a write past its end.
    Golden(
      "elements", states: 178, transitions: 373, faults: [.listIndex(address: 1)]
    ) { Worlds.elements() },
    // One of three sleepers, any of them, then two.
    Golden("wake one", states: 1011, transitions: 2280) { Worlds.wakeOne() },
    // A signal unwinds a patched function between two plain ones.
    Golden("unwinding", states: 515, transitions: 1231) { Worlds.unwinding() },
  ]
}
