import Diagnostics
import Exploration
import Machine

/// Two schedules of one scenario, one that fails and one that passes, and where they part: up to
/// there they are step for step the same.
///
/// Of all that pass, this one follows the one that fails for as long as it still can; from there on
/// it is a shortest one. Where finding it takes too many worlds it is a shortest one altogether.
package struct Parting: Sendable {
  /// The first step that is another.
  package var step: Int
  /// What is chosen in it by the one that fails, and by the one that passes.
  package var here: Turn
  package var there: Turn
  /// The one that passes.
  package var passing: [Int]
  /// The arguments after `graft` that show it.
  package var replay: [String]

  /// Whose turn it is.
  package struct Turn: Sendable, Hashable {
    package var text: String
    /// Where it goes on; nil of the kernel's own work.
    package var range: SourceRange?
  }

  /// In words.
  package var text: String {
    let same =
      step == 0
      ? "a schedule that passes begins otherwise: "
      : "a schedule that passes is the same up to step #\(step - 1); then "
    return same + "here \(here.text), there \(there.text)"
  }

  /// Where both go on, for the source.
  package var labels: [Label] {
    var labels: [Label] = []
    if let range = here.range {
      labels.append(.secondary(range, "in step #\(step) here \(here.text)"))
    }
    if let range = there.range {
      labels.append(.secondary(range, "and \(there.text) in one that passes"))
    }
    return labels
  }
}

/// Looks for a schedule that passes beside one that fails.
struct PartingSearch {
  let machine: Machine
  let limits: Limits
  let bounds: SearchBounds
  let isCancelled: Cancellation?
  let timed: TimedMode?

  /// Worlds that may be visited in all: people wait for it.
  private static let greatestStates = 5_000

  /// - Parameters:
  ///   - witness: one that fails.
  ///   - shortest: of those that don't, a shortest one, if there is one at all.
  func parting(
    _ witness: Witness, shortest: [Int]?, replay: ([Int]) -> [String]
  ) -> Parting? {
    guard let shortest else { return nil }
    let (failing, passing) = pair(witness, shortest)
    let common = zip(failing, passing).prefix { $0 == $1 }.count
    guard common < failing.count, common < passing.count else { return nil }
    var session = begun(failing, steps: common)
    let turns = [failing[common], passing[common]].map { turn($0, &session) }
    guard let here = turns[0], let there = turns[1] else { return nil }
    return Parting(
      step: common, here: here, there: Self.toldApart(there, from: here), passing: passing,
      replay: replay(passing))
  }

  /// What goes on for ever may be left at any time: then the other one is a shortest one, and they
  /// part at the latest on the way round.
  private func pair(_ witness: Witness, _ shortest: [Int]) -> (failing: [Int], passing: [Int]) {
    guard let sought = Self.sought(witness.flaw) else { return (witness.shown, shortest) }
    return (witness.schedule, following(witness.schedule, sought) ?? shortest)
  }

  /// What the other one comes to; nil of what goes on for ever.
  private static func sought(_ flaw: Flaw) -> SearchBounds.Sought? {
    switch flaw {
    case .fault, .deadEnd: .completion
    case .checkFailed(let assertion): .held(assertion: assertion)
    case .starved, .stalled: nil
    }
  }

  private static func toldApart(_ there: Parting.Turn, from here: Parting.Turn) -> Parting.Turn {
    guard there.text == here.text else { return there }
    return Parting.Turn(text: there.text + " in another way", range: nil)
  }

  private func begun(_ schedule: [Int], steps: Int) -> Session {
    var session = Session(
      machine: machine, schedule: Schedule(schedule, timed), recordingFrom: 0, limits: limits)
    while session.steps < steps, session.end == nil { session.step() }
    return session
  }

  /// The failing one as far as something else can still come of it, and a shortest way from there.
  private func following(_ failing: [Int], _ sought: SearchBounds.Sought) -> [Int]? {
    var left = Self.greatestStates
    for steps in (0..<failing.count).reversed() {
      guard left > 0 else { return nil }
      let session = begun(failing, steps: steps)
      guard session.end == nil else { continue }
      var bounds = bounds
      bounds.states = left
      bounds.depth = nil
      bounds.usesPartialOrder = false
      bounds.timed = timed
      bounds.sought = sought
      let result = BreadthFirstSearch.run(
        machine, from: session.row, knowing: session.workspace, bounds: bounds, limits: limits,
        cancelledWhen: isCancelled)
      left -= result.states
      if let rest = result.sought(sought) { return failing[..<steps] + rest }
    }
    return nil
  }

  private func turn(_ number: Int, _ session: inout Session) -> Parting.Turn? {
    let cast = Cast(session.events, machine.program)
    return session.look { machine, row, workspace in
      let choices = machine.choices(timed, &row, &workspace)
      guard choices.indices.contains(number) else { return nil }
      var address: Int?
      var text = ""
      switch choices[number].actor {
      case .operator:
        address = Int(row[machine.layout.programCounter, at: machine.layout.operatorOrigin])
        text = "the scenario goes on"
      case .engine:
        text = "kGraft goes on"
      case .handler(let handler):
        text = "\(cast.name(.handler(handler))) goes on"
      case .task(let slot):
        address = Int(row[machine.layout.programCounter, at: machine.layout.origin(of: slot)])
        text = "\(cast.name(.task(slot))) goes on"
      }
      let origins = machine.program.origins
      let origin = address.flatMap { origins.indices.contains($0) ? origins[$0] : nil }
      return Parting.Turn(
        text: text, range: origin.flatMap { $0.file >= 0 ? $0.range : nil })
    }
  }
}

extension RunOutcome {
  /// The same, where it fails, with the schedule that passes.
  func parted(_ parting: Parting?) -> RunOutcome {
    guard let parting, case .failed(var failure) = self else { return self }
    failure.diagnostic.labels += parting.labels
    failure.diagnostic.notes.append(parting.text)
    failure.passing = parting.replay
    return .failed(failure)
  }
}
