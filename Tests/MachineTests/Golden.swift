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
    _ name: String, _ generation: KGraftRules.Generation = .current,
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
  ///
  /// "Word pending": a signal to a task in user mode leaves word, and its crossing is a step of its
  /// own; wherever a signal can meet user mode there are worlds between the two.
  static let machine: [Golden] = [
    // One task that calls f for ever: 4 places in its loop, with the flag and without;
    // word of a fake signal pending.
    Golden("looper", states: 141, transitions: 317) { Worlds.looper() },
    // Two that call f and g in one entry, `never mixed` armed; word of fake signals pending.
    Golden("pairs", states: 3253, transitions: 11441) { Worlds.pairs() },
    // The manual's kGraft: no walk of fake signals, and who is in user space stays unmarked.
    Golden("pairs", .manual, states: 1758, transitions: 5722) { Worlds.pairs() },
    // The stubs decide by the flag from the first one on: f old, g new; word pending in 4.4.
    Golden(
      "pairs, no window", without: .immutableWindow, states: 5265, transitions: 18773,
      faults: [.violated(property: 0)]
    ) { Worlds.pairs() },
    Golden(
      "pairs, no window", .manual, without: .immutableWindow, states: 2474, transitions: 8078,
      faults: [.violated(property: 0)]
    ) { Worlds.pairs() },
    // A sleeper that nobody wakes, carried over the boundary by STOP and CONT; word of STOP
    // pending before its first call, of a fake signal after the last.
    Golden("stopped sleeper", states: 335, transitions: 772) { Worlds.stoppedSleeper() },
    Golden("stopped sleeper", .manual, states: 204, transitions: 428) { Worlds.stoppedSleeper() },
    // Signals to a list reach its tasks in any order; word of STOP pending.
    Golden("two sleepers", states: 351, transitions: 760) { Worlds.twoStoppedSleepers() },
    // It sleeps, calls f and passes a safe point; woken after the marking, or while it goes on.
    Golden("kernel thread", states: 180, transitions: 403) { Worlds.kernelThread() },
    Golden("kernel thread", .manual, states: 149, transitions: 330) { Worlds.kernelThread() },
    // They sleep on through kGraft's wake-ups: where the operator is quick its wake-up is lost, and
    // nothing ends the transition.
    Golden("waiting kernel threads", states: 800, transitions: 2364) {
      Worlds.waitingKernelThreads()
    },
    Golden("waiting kernel threads", .manual, states: 356, transitions: 956) {
      Worlds.waitingKernelThreads()
    },
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
    // Word of a fake signal pending.
    Golden("stacked", states: 689, transitions: 1653, faults: [.unexpectedOutcome(1)]) {
      Worlds.stacked()
    },
    // Three patches of f, one after the other: below the third lies the second; word pending.
    Golden("three patches", states: 405, transitions: 933) { Worlds.threePatches() },
    // Two tasks that may be gone before, during and after the marking, and with word of a fake
    // signal pending.
    Golden("exits", states: 2467, transitions: 8135) { Worlds.exits() },
    // State D: only the wake-up moves it; word pending before and after its call.
    Golden("deep sleeper", states: 472, transitions: 1069) { Worlds.deepSleeper() },
    // SIGTERM in a system call and in user code, where it may be long in acting: the patch
    // can be on its way before the tasks are gone.
    Golden("terminated", states: 222, transitions: 578) { Worlds.terminated() },
    // KILL while stopped: it is dead once it has had a step, which nobody promises it here. Word
    // pending of the first STOP, or of CONT.
    Golden("killed while stopped", states: 17, transitions: 26, faults: [.assertionFailed(0)]) {
      Worlds.killedWhileStopped()
    },
    // A crossing is a step of the task's own, and it may come at any time after the signal.
    Golden("busy workers", states: 184, transitions: 662) { Worlds.busyWorkers() },
    Golden("busy workers", .manual, states: 53, transitions: 154) { Worlds.busyWorkers() },
    Golden("interrupted worker", states: 381, transitions: 1380) { Worlds.interruptedWorker() },
    // `always` over a register that only it reads, `await` in a helper's frame;
    // word of SIGTERM pending.
    Golden("conditions", states: 109, transitions: 212, faults: [.violated(property: 0)]) {
      Worlds.conditions()
    },
    // `check` goes on beyond what does not hold; a `reach` that was reached is looked at no more;
    // word of SIGTERM pending.
    Golden("goals", states: 34, transitions: 51, failedChecks: [0, 1]) { Worlds.goals() },
    // A task's variable is read while it runs and when it is gone; what it prints may be read.
    Golden("outside reads", states: 38, transitions: 55, failedChecks: [0, 1]) {
      Worlds.outsideReads()
    },
    // `wait_event`, with a timeout and killable: woken in vain, in time, too late, by a signal;
    // with the worlds between the word of a signal and the pass through the exit work.
    Golden("wait event", states: 8333, transitions: 26983) { Worlds.waitEvent() },
    // A kernel variable that is a list, and a write past its end.
    Golden(
      "elements", states: 178, transitions: 373, faults: [.listIndex(address: 1)]
    ) { Worlds.elements() },
    // One of three sleepers, any of them, then two.
    Golden("wake one", states: 1011, transitions: 2280) { Worlds.wakeOne() },
    // rmmod is refused while the task is inside the module's system call.
    Golden(
      "coming and going", states: 366, transitions: 709, faults: [.unexpectedOutcome(2)]
    ) { Worlds.comingAndGoing() },
    // It expects to be refused, which it is not where the task is elsewhere.
    Golden(
      "patched call of a module", states: 714, transitions: 2060,
      faults: [.unexpectedOutcome(1)]
    ) { Worlds.patchedCallOfModule() },
    // `insmod` before, while and after the functions are finalised; its init and its thread run the
    // patched function, `insmod` itself gets fake signals.
    Golden("late module", states: 3285, transitions: 12329) { Worlds.lateModule() },
    Golden("late module", .manual, states: 1566, transitions: 5155) { Worlds.lateModule() },
    Golden("late module under two", states: 3437, transitions: 12685) {
      Worlds.lateModule(second: true)
    },
    // The second patch drops the module's function.
    Golden("late module, dropped", states: 4683, transitions: 16509) {
      Worlds.lateModule(second: true, replacing: true)
    },
    // The task inside the call keeps the module in.
    Golden(
      "leaving module", states: 1165, transitions: 3372,
      faults: [.unexpectedOutcome(1), .unexpectedOutcome(4)]
    ) { Worlds.leavingModule() },
    Golden("failing init", states: 1464, transitions: 4025) { Worlds.failingInit() },
    // The thread may have ended before the module goes.
    Golden("lost thread", states: 46, transitions: 72, faults: [.lostText(1)]) {
      Worlds.lostThread()
    },
    Golden("lost thread, forbidden", states: 46, transitions: 72, faults: [.violated(property: 0)])
    { Worlds.lostThread(.never) },
    // The claim comes when it is lost already: as if there were none.
    Golden("lost thread, wanted too late", states: 46, transitions: 72, faults: [.lostText(1)]) {
      Worlds.lostThread(.reach, isLate: true)
    },
    Golden("lost thread, wanted", states: 66, transitions: 100) { Worlds.lostThread(.reach) },
    // No tick before the module is live, none after it goes; its text waits for its handlers.
    Golden("interrupt of a module", states: 976, transitions: 2706) { Worlds.interruptOfModule() },
    // The boot of a patched machine: nobody but the initrd asks for the patch.
    Golden("reboot, patched", states: 2747, transitions: 10140) { Worlds.rebootPatched() },
    Golden("reboot, patched", .manual, states: 1543, transitions: 5215) { Worlds.rebootPatched() },
    Golden("reboot with a module", states: 774, transitions: 2339) { Worlds.rebootWithModule() },
    Golden("reboot with a bad module", states: 11, transitions: 10) { Worlds.rebootFails() },
    Golden("patch modules", states: 235, transitions: 489) { Worlds.patchModules() },
    // A signal unwinds a patched function between two plain ones; word of STOP pending.
    Golden("unwinding", states: 548, transitions: 1324) { Worlds.unwinding() },
    // Three who take a lock in turn.
    Golden("mutex", states: 388, transitions: 913) { Worlds.mutex() },
    // Two locks in two orders: each may have one and wait for the other.
    Golden("two orders", states: 243, transitions: 432, faults: [.deadlock]) {
      Worlds.twoOrders(isWanted: false)
    },
    // The same, where the scenario is to come to that and goes on.
    Golden("two orders, wanted", states: 246, transitions: 434) {
      Worlds.twoOrders(isWanted: true)
    },
    // Two tasks bound to one CPU each read a variable and write one more: none is lost, for kernel
    // code is not interleaved with that of its own CPU.
    Golden("bound to one CPU", states: 121, transitions: 177) { Worlds.bound() },
    Golden("bound to one CPU, preemptible", states: 220, transitions: 391) {
      Worlds.bound(isPreemptible: true)
    },
    // Interrupts on the CPU of who has turned them off, and bottom halves off on a CPU of its own.
    Golden("masked on a CPU", states: 5031, transitions: 16242) { Worlds.maskedOnCPU() },
    // Three orders of two locks each; the third closes the circle, wherever the tasks are. The
    // orders that were seen tell worlds apart until then.
    Golden("order of three", states: 2294, transitions: 5357, faults: [.deadlock]) {
      Worlds.orderOfThree(.reach)
    },
    Golden(
      "order of three, forbidden", states: 1790, transitions: 4283,
      faults: [.violated(property: 0)]
    ) {
      Worlds.orderOfThree(.never)
    },
    Golden("order in an interrupt", states: 279, transitions: 486) { Worlds.orderInInterrupt() },
    // A handler that wants a task's lock: deadly where it has broken into that task.
    Golden("lock in interrupt", states: 74, transitions: 144, faults: [.deadlock]) {
      Worlds.lockInInterrupt(cpus: 1)
    },
    // On another CPU it spins until the lock is free; two handlers on two CPUs want it.
    Golden("lock in interrupts", states: 300, transitions: 747, faults: [.deadlock]) {
      Worlds.lockInInterrupt(cpus: 2)
    },
    // A lock held on the way home, one given back that was not held, and a kernel thread that dies
    // with one in its hands.
    Golden("crashes", states: 483, transitions: 1219) { Worlds.crashes() },
    // What crashes in an interrupt is the machine's end.
    Golden("panic", states: 48, transitions: 76, faults: [.deadlock]) {
      Worlds.panic(isWanted: true)
    },
    Golden("panic, unwanted", states: 39, transitions: 76, faults: [.deadlock, .oops(address: 9)]) {
      Worlds.panic(isWanted: false)
    },
    // An object of the old layout where the new code wants the new field, one of the new layout
    // where the old code gives it back, and none at all: they crash, and the scenario goes on.
    Golden("objects", states: 4933, transitions: 15727) { Worlds.objects() },
    // Shadow variables that stay when the object goes, and that are not there twice.
    Golden("shadows", states: 1647, transitions: 3012) { Worlds.shadows() },
    // One system call that is old outside of `bh off`, and new in it, or the other way about.
    Golden("bottom halves", states: 313, transitions: 715, faults: [.violated(property: 0)]) {
      Worlds.bottomHalves()
    },
    // With interrupts off nobody breaks into whoever holds the handler's lock.
    Golden("interrupts off", states: 2959, transitions: 7250) { Worlds.interruptsOff() },
  ]

  /// 4.4 exempts a zombie: there are worlds in which a transition is finished while one is flagged.
  private static let processes: [Golden] = [
    Golden("forks", states: 2615, transitions: 8097) { Worlds.forks() },
    Golden("forks", without: .forkCopiesFlag, states: 2620, transitions: 8118) { Worlds.forks() },
    Golden("zombie", states: 2778, transitions: 8596) { Worlds.zombie() },
    Golden("zombie", .manual, states: 1049, transitions: 2800) { Worlds.zombie() },
    Golden("orphans", states: 2317, transitions: 7077) { Worlds.orphans() },
    Golden("deaf parent", states: 285, transitions: 513) { Worlds.deafParent() },
    Golden("threads", states: 12810, transitions: 46220) { Worlds.threads() },
    Golden("threads", .manual, states: 7668, transitions: 25751) { Worlds.threads() },
    Golden("late thread", states: 487, transitions: 1182) { Worlds.lateThread() },
    Golden("handlers", states: 5085, transitions: 12972) { Worlds.handlers() },
    Golden("nested handlers", states: 7187, transitions: 12383) { Worlds.nestedHandlers() },
    Golden("child handler", states: 747, transitions: 1302) { Worlds.childHandler() },
    // Pid 1 of the text's: nothing that is sent to it wakes it, and zombies wait for it.
    Golden("init reaps", states: 1012, transitions: 2540) { Worlds.initReaps() },
    Golden("init ends", states: 87, transitions: 164) { Worlds.initEnds(isWanted: true) },
    Golden("init ends, unwanted", states: 82, transitions: 164, faults: [.oops(address: 6)]) {
      Worlds.initEnds(isWanted: false)
    },
  ]

  /// The engine waits, and others wait for it.
  private static let waiting: [Golden] = [
    Golden("busy CPU", states: 720, transitions: 2295) { Worlds.busyCPU() },
    Golden("busy CPUs", states: 1312, transitions: 6535) { Worlds.busyCPUs() },
    Golden("busy CPUs", .manual, states: 262, transitions: 1113) { Worlds.busyCPUs() },
    // Awake for nothing, in line still, and asleep again: or awake for good before that.
    Golden("freezable threads", states: 2365, transitions: 8231) { Worlds.freezableThreads() },
    Golden("freezable threads", .manual, states: 1217, transitions: 3911) {
      Worlds.freezableThreads()
    },
    Golden("dumped", states: 190, transitions: 389) { Worlds.dumped() },
    Golden("dumped threads", states: 391, transitions: 751) { Worlds.dumpedThreads() },
    Golden("variable of a module", states: 40, transitions: 39) { Worlds.moduleVariable() },
    // Where the second patch was refused and the first is over by then, the revert succeeds.
    Golden(
      "hasty requests", states: 1127, transitions: 2607, faults: [.unexpectedOutcome(0)]
    ) { Worlds.hastyRequests() },
    Golden(
      "hasty requests", .manual, states: 904, transitions: 2061, faults: [.unexpectedOutcome(0)]
    ) { Worlds.hastyRequests() },
  ]

  static let all: [Golden] = waiting + machine + processes + patching

  /// Patches that are taken back, replaced, refused and forced.
  static let patching: [Golden] = [
    Golden("reverted", states: 481, transitions: 1105) { Worlds.reverted() },
    Golden("reverted", .manual, states: 399, transitions: 901) { Worlds.reverted() },
    Golden(
      "reverted, not inverted", without: .revertInversion, states: 555, transitions: 1273,
      faults: [.violated(property: 0)]
    ) { Worlds.reverted() },
    Golden("reverted stack", states: 959, transitions: 2115) { Worlds.revertedStack() },
    Golden("replaced", states: 745, transitions: 1719) { Worlds.replaced() },
    Golden("replaced stack", states: 667, transitions: 1543) { Worlds.replacedStack() },
    Golden(
      "replaced, late", without: .replaceRevertsFirst, states: 701, transitions: 1613,
      faults: [.violated(property: 0)]
    ) { Worlds.replaced() },
    Golden("refused", states: 79, transitions: 137) { Worlds.refused() },
    // It goes wrong at the same place, for another reason.
    Golden("foreign", states: 79, transitions: 137) { Worlds.foreign(.missing, .ENOENT) },
    Golden("foreign position", states: 79, transitions: 137) { Worlds.foreign(.fewer, .ENOENT) },
    Golden("untraceable", states: 79, transitions: 137) { Worlds.foreign(.untraceable, .EINVAL) },
    Golden("foreign", .manual, states: 79, transitions: 137) {
      Worlds.foreign(.missing, .ENOENT)
    },
    Golden("untraceable", .manual, states: 79, transitions: 137) {
      Worlds.foreign(.untraceable, .ENXIO)
    },
    Golden("not left out", .manual, without: .weakFunctions, states: 79, transitions: 137) {
      Worlds.foreign(.missing, .ENOENT, required: false)
    },
    Golden("without ftrace", states: 19, transitions: 25) { Worlds.turnedAway(hasFtrace: false) },
    Golden("another kernel's", .manual, states: 19, transitions: 25) {
      Worlds.turnedAway(hasFtrace: true)
    },
    Golden("refused replacement", states: 625, transitions: 1303) { Worlds.refusedReplacement() },
    Golden("forced", states: 2526, transitions: 8999) { Worlds.forced() },
    Golden("forced", .first, states: 517, transitions: 1494) { Worlds.forced() },
  ]
}
