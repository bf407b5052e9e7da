import Exploration
import Machine
import Patching

/// Whether what the operator asked for in a run will ever be answered: `insmod` waits until every
/// CPU has been given up once, `rmmod` for the end of the module's exit.
///
/// Looked at now and then while the operator waits, long before a run's budgets are used up. As of
/// a stall the world is taken out of time: what never comes at any speed does not come at this one.
struct RequestJudge: Sendable {
  private var untimed: Machine?
  private var lastSteps = 0
  /// Steps to the next look: early at first, and then seldom.
  private var window = 1 << 12
  /// Worlds that may still be visited in all.
  private var statesLeft = 400_000

  private static let greatestStates = 20_000
  private static let greatestTasks = 1_024
  /// A CPU whose work item has it for that long, and finds handlers there whenever it would begin,
  /// has no time for anybody; the kernel's watchdog says so after as long.
  static let patienceNanoseconds: Int64 = 22_000_000_000
  /// The same of handlers that do the same each time.
  static let patienceWithConstancy: Int64 = 500_000_000

  /// The step of the next look.
  var nextLook: Int { lastSteps + window }

  /// Whether it is time for a look.
  mutating func isDue(steps: Int) -> Bool {
    guard steps - lastSteps >= window else { return false }
    lastSteps = steps
    window = max(window, min(4 * window, Spinning.window))
    return true
  }

  mutating func waitsForEver(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> Bool {
    guard machine.layout.keepsTime, let engine = machine.engine as? KGraft,
      row[machine.layout.operatorStatus] == OperatorStatus.busy.rawValue
    else { return false }
    if let cpu = engine.stormCPU(machine, &row, patience: Self.patienceWithConstancy),
      machine.isStormConstant(on: cpu)
        || engine.stormCPU(machine, &row, patience: Self.patienceNanoseconds) != nil
    {
      return true
    }
    let other = untimed ?? Machine(program: machine.program, engine: engine, time: .arbitrary)
    untimed = other
    guard statesLeft > 0, machine.taskCount(&row) <= Self.greatestTasks,
      let world = machine.withoutTime(other, &row)
    else { return false }
    let kept = KeptCPUs(machine, engine, &row)
    let (answer, states) = Foresight.look(
      other, from: world, knowing: workspace, states: min(Self.greatestStates, statesLeft),
      rulingOut: { kept.rulesOut($0, other, &$1) },
      until: { $0[other.layout.operatorStatus] != OperatorStatus.busy.rawValue })
    statesLeft -= states
    if answer == .unknown { window *= 4 }
    return answer == .neverComes
  }
}
