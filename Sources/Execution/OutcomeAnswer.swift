import Exploration
import Machine

/// One way in which schedules end, in words.
package struct OutcomeAnswer: Sendable, Hashable {
  /// What was reported, by name.
  package var figures: [Figure]
  /// What was not kept: checks that failed on the way, and what was not come to.
  package var remarks: [String]
  /// Distinct worlds in which schedules end so; nil: more than a number can say.
  package var worlds: Int?
  /// The arguments after `graft` that show one.
  package var replay: [String]

  init(_ outcome: SearchOutcome, _ program: Program, replay: [String]) {
    figures = outcome.figures
    remarks =
      outcome.failedChecks.map { "\(program.assertions[$0].text) fails" }
      + outcome.missed.map { "\(program.properties[$0].text) is not come to" }
    worlds = outcome.worlds
    self.replay = replay
  }

  /// `seen = 0, late = true; check seen == 0 fails`.
  package var text: String {
    let values = figures.map { "\($0.name) = \($0.text)" }.joined(separator: ", ")
    return ([values.isEmpty ? "nothing reported" : values] + remarks).joined(separator: "; ")
  }
}
