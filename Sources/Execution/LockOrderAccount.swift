import Diagnostics
import Machine

/// A circle of locks, each asked for while the one before it was held: by whom, and where; told
/// from the events.
struct LockOrderAccount {
  private(set) var notes: [String] = []
  private(set) var labels: [Label] = []

  init?(_ violation: Violation, _ events: [Event], _ program: Program) {
    let circle = violation.lockOrder
    guard circle.count > 1 else { return nil }
    let cast = Cast(events, program)
    for (number, held) in circle.dropLast().enumerated() {
      let lock = circle[number + 1]
      let names = (program.locks[held].name, program.locks[lock].name)
      let asking = events.last {
        if case .lockOrdered(_, held, lock, _) = $0.kind { true } else { false }
      }
      guard let asking, case .lockOrdered(let runner, _, _, let address) = asking.kind else {
        notes.append("somebody took `\(names.0)` and then `\(names.1)`")
        continue
      }
      let who = cast.name(runner)
      notes.append(
        "\(who), in \(cast.place(address)), held `\(names.0)` and asked for `\(names.1)` "
          + cast.moment(asking))
      labels.append(
        .secondary(
          program.origins[address].range, "\(who) asked for \(names.1), holding \(names.0)"))
    }
  }
}
