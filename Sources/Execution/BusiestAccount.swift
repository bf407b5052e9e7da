import Administration
import Machine

/// Who takes most of the steps that would come next, where a run is given up for having taken too
/// many: most often a loop that never comes to its end, and nobody says whose.
struct BusiestAccount {
  /// Steps that are looked at.
  private static let sample = 2_000

  /// Empty where no task takes half of them.
  static func notes(
    _ session: inout Session, _ place: @escaping (Origin) -> String?
  ) -> [String] {
    session.look { machine, row, workspace in
      var words = (0..<row.count).map { row[$0] }
      var beyond = workspace
      beyond.events.isRecording = false
      var span = words.mutableSpan
      var counts: [TaskSlot: Int] = [:]
      var steps = 0
      while steps < sample, let choice = machine.nextChoice(&span, &beyond),
        machine.step(choice, &span, &beyond) == .running
      {
        steps += 1
        if case .task(let slot) = choice.actor { counts[slot, default: 0] += 1 }
      }
      guard let (slot, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
        2 * count >= steps
      else { return [] }
      let standing = Blocker(standing: slot, machine, &row).standing(machine.program, place)
      return ["\(standing); it takes \(count) of the \(steps) steps that would come next"]
    }
  }
}
