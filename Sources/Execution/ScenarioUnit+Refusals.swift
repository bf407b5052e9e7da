import Analysis
import Diagnostics
import Machine

extension ScenarioUnit {
  /// Everything for which a run of the unit's scenarios is refused before its first step: each is
  /// lowered as a run lowers it, and the program is thrown away, so that `check` and `run` cannot
  /// differ.
  ///
  /// Of a matrix the rows that have a value no row before them had: whether a row can run hangs on
  /// its values, hardly ever on how they meet. What is skipped is not looked at, and what scenarios
  /// share is looked at once (`Trial`).
  package var refusals: [Diagnostic] {
    guard !hasErrors else { return [] }
    var seen: Set<Diagnostic> = []
    var found: [Diagnostic] = []
    let trial = Trial()
    let surveyor = checked.surveyor
    for scenario in checked.scenarios {
      let survey = surveyor.survey(of: scenario)
      for row in scenario.coveringRows where row.skipReason == nil {
        let (said, isCut) = checked.refusals(of: scenario, row, survey, on: trial)
        if !said.isEmpty { found += said.filter { seen.insert($0).inserted } }
        if isCut || found.count > Self.greatestCount { return shown(found) }
        if trial.isDone { return found }
      }
    }
    return found
  }

  private func shown(_ found: [Diagnostic]) -> [Diagnostic] {
    let shown = found.prefix(Self.greatestCount)
    guard let last = shown.last?.range else { return Array(shown) }
    return shown + [.tooManyErrors(limit: shown.count, at: last)]
  }

  /// The same, as `check` says it: that this version can't simulate what the text asks for is no
  /// mistake of the text, and only the scenarios that ask for it are held up.
  package var refusalsOfText: [Diagnostic] {
    refusals.map { refusal in
      var said = refusal
      if refusal.code == .notSimulated { said.severity = .warning }
      return said
    }
  }

  private static let greatestCount = 100
}
