import Diagnostics
import Exploration
import Machine

/// Claims that no schedule could have shown to be wrong: a search that passes has said nothing of
/// them. What is rare by intention, as a counter that never moves, is none of them.
extension ScenarioRunner {
  func vacuities(_ result: SearchResult, _ answers: [PropertyAnswer]) -> [Diagnostic] {
    // Behind a failure nobody looks. One row of a matrix may leave out what another one does.
    guard result.isComplete, result.witnesses.isEmpty, result.completion != nil,
      scenario.id.row.isEmpty
    else { return [] }
    let unreached = answers.compactMap { answer in
      answer.answer == .notReached
        ? answer.range.map { Diagnostic.vacuous($0, "no schedule comes to this") } : nil
    }
    let idle = scenario.program.properties.enumerated().compactMap { number, property in
      property.isAboutTransitions && result.armed.contains(number)
        && !result.armedUnderWay.contains(number)
        ? Diagnostic.vacuous(
          property.origin.range, "while this is watched no patch is in transition") : nil
    }
    return unreached + idle
  }
}

extension Property {
  /// Whether it must not see what only a transition can bring about.
  fileprivate var isAboutTransitions: Bool {
    switch kind {
    case .monitor(.mixed, .never), .monitor(.stalled, .never): true
    default: false
    }
  }
}

extension DiagnosticCode {
  package static let vacuous = DiagnosticCode(rawValue: "W1001")
}

extension Diagnostic {
  static func vacuous(_ range: SourceRange, _ why: String) -> Diagnostic {
    Diagnostic(
      .warning, .vacuous, "this claim could not have failed", labels: [.primary(range, why)])
  }
}
