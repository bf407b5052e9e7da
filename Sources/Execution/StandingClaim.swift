import Analysis
import Machine

/// A monitor that is to see nothing in any schedule, whether the text says so or not:
/// `--never mixed`.
package enum StandingClaim: String, Sendable, Hashable, CaseIterable {
  case mixed
  case oops
  case deadlock
  case lostText = "lost_text"
  case stalled
  case lockOrder = "lock_order"

  /// As a statement of the text would be.
  var text: String { "never \(rawValue)" }

  var monitor: Monitor {
    switch self {
    case .mixed: .mixed
    case .oops: .oops
    case .deadlock: .deadlock
    case .lostText: .lostText
    case .stalled: .stalled
    case .lockOrder: .lockOrder
    }
  }
}

extension RunnableScenario {
  /// The same scenario with further claims, made at its title and from its first step on. What the
  /// text says of a monitor itself stands: it may be meant to see something.
  package func claiming(_ claims: [StandingClaim]) -> RunnableScenario {
    var scenario = self
    let origin = Origin(file: range.file.index, lower: range.lower, upper: range.upper)
    for claim in claims where !program.watches(claim.monitor) {
      var property = Property(
        kind: .monitor(claim.monitor, .never), text: claim.text, origin: origin)
      property.isStanding = true
      scenario.program.properties.append(property)
    }
    return scenario
  }
}
