import Exploration
import Machine
import Patching

/// Whether the transition of a run can still finish.
///
/// The run's world is taken out of time (`Machine.withoutTime`) and searched: where every speed and
/// every delay is allowed and still nothing finishes the transition, nothing does in time. The
/// other way round it says nothing: what is possible at some speed may never come at this one. So a
/// run that this judge calls stalled is; of one that it doesn't, nothing is claimed.
struct StallJudge: Sendable {
  private let untimed: Machine
  private let engine: KGraft
  /// The last world that was judged: most looks find the same one.
  private var last: [UInt64] = []
  private var lastKept: KeptCPUs?
  private var verdict = Verdict.open
  /// Worlds that may still be visited in all.
  private var statesLeft = 2_000_000

  enum Verdict: Sendable {
    case stalled
    /// It can finish, or nobody knows.
    case open
  }

  /// Worlds that one look may visit, and tasks of a world that is looked at.
  private static let greatestStates = 20_000
  private static let greatestTasks = 1_024

  /// Nil where no property asks.
  init?(_ machine: Machine, _ engine: KGraft?) {
    guard machine.layout.keepsTime, machine.program.watches(.stalled), let engine else {
      return nil
    }
    self.engine = engine
    untimed = Machine(program: machine.program, engine: engine, time: .arbitrary)
  }

  /// Judges a world with a transition on its way.
  mutating func judge(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> Verdict {
    guard machine.taskCount(&row) <= Self.greatestTasks, statesLeft > 0,
      let world = machine.withoutTime(untimed, &row)
    else { return .open }
    // A CPU that is kept for ever is nobody else's, at whatever speed.
    let kept = KeptCPUs(machine, engine, &row)
    guard world != last || kept != lastKept else { return verdict }
    (last, lastKept) = (world, kept)
    let untimed = untimed
    let (answer, states) = Foresight.look(
      untimed, from: world, knowing: workspace, states: min(Self.greatestStates, statesLeft),
      rulingOut: { kept.rulesOut($0, untimed, &$1) },
      until: { !untimed.engine.isInProgress(untimed, &$0) })
    statesLeft -= states
    verdict = answer == .neverComes ? .stalled : .open
    return verdict
  }
}
