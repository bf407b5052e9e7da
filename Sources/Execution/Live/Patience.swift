import Machine

/// Whether what the operator waits for may still come.
///
/// Where time is arbitrary a session gives everybody a turn, so that what comes next follows from
/// the world and from who has waited how long: when both come again, so does everything behind
/// them, for ever. The world is kept now and then, at steps that double (Brent 1980), and compared.
/// Where time is kept, requests that never return are found as in a run.
struct Patience {
  private enum Kind {
    case none, turns
    case requests(RequestJudge)
  }
  private var kind: Kind
  private let first: Int
  private var kept: (step: Int, row: [UInt64], order: [Actor])?
  private var next = 1

  /// Steps that one statement waits, as a part of all that a session may make.
  private static let part = 20

  init(_ session: LiveSession, _ goal: LiveSession.Goal) {
    first = session.steps
    switch goal {
    case .pause, .statement:
      kind = session.time == .arbitrary ? .turns : .requests(RequestJudge())
    case .steps, .event, .moment: kind = .none
    }
  }

  /// Why there is nothing to wait for; nil while there is.
  mutating func judge(_ session: inout LiveSession) -> LiveSession.Stop? {
    switch kind {
    case .none: return nil
    case .turns: return judgeTurns(session)
    case .requests(var judge):
      guard judge.isDue(steps: session.steps - first) else { return nil }
      let isForEver = session.touch { judge.waitsForEver($0, &$1, $2) }
      kind = .requests(judge)
      guard isForEver else { return nil }
      session.end = .requestWaits
      return .ended
    }
  }

  private mutating func judgeTurns(_ session: LiveSession) -> LiveSession.Stop? {
    let steps = session.steps - first
    if let kept, kept.row == session.row, kept.order == order(session) {
      return .recurs(every: steps - kept.step)
    }
    guard steps < session.limits.steps / Self.part else { return .unanswered(steps: steps) }
    if steps >= next {
      kept = (steps, session.row, order(session))
      next = 2 * steps
    }
    return nil
  }

  /// Who has waited longest comes first.
  private func order(_ session: LiveSession) -> [Actor] {
    session.turns.sorted { $0.value < $1.value }.map(\.key)
  }
}
