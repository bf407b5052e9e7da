import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine
@testable import Patching

/// One long schedule of arbitrary time, by dice, on both machines side by side: tasks, handlers,
/// the operator and the engine's steps in whatever order comes.
///
/// A search over part of all schedules stays near the beginning; this one goes deep.
struct JointWalk {
  let pair: Pair
  let label: String
  let seed: Int
  let greatest: Int

  /// False after a difference, which is recorded.
  func run() -> Bool {
    var workspace = pair.workspace(recording: true)
    var row = pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)
    guard var world = try? pair.slow.initial() else { return false }
    var dice = Dice(seed: seed)
    for step in 0..<greatest {
      var choices: [Choice] = []
      var span = row.mutableSpan
      pair.fast.forEachChoice(&span, &workspace) { choices.append($0) }
      let expected = pair.slow.choices(world)
      guard choices.map(Pair.translate) == expected else {
        return fail(step, "choices \(choices) against \(expected)", world)
      }
      guard !choices.isEmpty else { return true }
      let choice = choices[dice.roll(choices.count)]
      let told = workspace.events.events.count
      let progress = pair.fast.step(choice, &span, &workspace)
      let outcome = Pair.translate(progress, workspace.fault)
      let reference = pair.slow.step(world, Pair.translate(choice), isRecording: true)
      guard outcome == reference.outcome else {
        return fail(step, "\(choice): \(outcome) against \(reference.outcome)", world)
      }
      let events = workspace.events.events[told...].compactMap { EventText.text($0.kind) }
      guard events == reference.events else {
        return fail(step, "\(choice): \(events) against \(reference.events)", world)
      }
      guard outcome == .running else { return true }
      let (portrait, wanted) = (pair.reader.portrait(row), pair.slow.portrait(reference.world))
      guard portrait == wanted else {
        return fail(step, "\(choice) leads to\n\(portrait)\nagainst\n\(wanted)", world)
      }
      world = reference.world
    }
    return true
  }

  private func fail(_ step: Int, _ what: String, _ world: ReferenceWorld) -> Bool {
    Issue.record("\(label), step \(step) of a walk: \(what)\nfrom \(pair.slow.portrait(world))")
    return false
  }
}
