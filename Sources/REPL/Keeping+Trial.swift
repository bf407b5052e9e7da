import Graft

/// The text, tried.
extension Keeping {
  struct Tried {
    var text: String
    /// What was seen and does not hold in a run of its own.
    var dropped: [Console.Observation] = []
    /// The schedule that it is of, where time is arbitrary.
    var token: ReplayToken?
  }

  enum Verdict {
    case good(Tried)
    /// It can't be kept: why.
    case bad(String)
  }

  /// Leaves out what does not hold in a run of its own, until the text comes to the verdict that it
  /// is to come to.
  func tried() -> Verdict {
    if let broken = leftInTheMiddle { return .bad(broken) }
    var left: Set<Int> = []
    while true {
      let lines = lines(leavingOut: left)
      let text = lines.map(\.text).joined(separator: "\n") + "\n"
      let (outcome, token) = outcome(of: text)
      var found = Tried(text: text, token: token)
      found.dropped = left.sorted().map { observations[$0] }
      switch outcome {
      case .cannot(let reason): return .bad(reason)
      case .passes:
        guard let code else { return .good(found) }
        return .bad("in a run of its own it passes, and does not fail with \(code.rawValue)")
      case .fails(let diagnostic, let line):
        if lines.indices.contains(line - 1), case .observation(let number) = lines[line - 1].origin,
          left.insert(number).inserted
        {
          continue
        }
        if let code, diagnostic.code == code { return .good(found) }
        return .bad("in a run of its own it goes another way: \(diagnostic.message)")
      }
    }
  }

  /// A statement that was left before its end, and no mere waiting.
  private var leftInTheMiddle: String? {
    let broken = session.stretches.first { $0.state == .left && !$0.onlyWaits }
    guard let broken else { return nil }
    let text = broken.text.prefix { $0 != "\n" }
    return "`\(text)` was left in the middle, which no text can say; `undo` goes back before it"
  }

  private enum Outcome {
    case passes
    case fails(Diagnostic, line: Int)
    case cannot(String)
  }

  private func outcome(of text: String) -> (Outcome, ReplayToken?) {
    let unit = ScenarioUnit(path: path, bytes: Array(text.utf8)) { path in
      .failure(.init(reason: "\(path) is not part of it"))
    }
    func failure(_ diagnostic: Diagnostic?) -> Outcome {
      guard let diagnostic else { return .cannot("it can't run") }
      let line = diagnostic.range.map { unit.sources.position(at: $0.lower, in: $0.file).line } ?? 0
      return .fails(diagnostic, line: line)
    }
    guard let entry = unit.entries.last else {
      return (failure(unit.diagnostics.first { $0.severity == .error }), nil)
    }
    let (scenario, diagnostics) = unit.runnable(
      entry, breaking: session.text.brokenRules, everySchedule: false)
    guard let scenario else {
      return (failure(diagnostics.first { $0.severity == .error }), nil)
    }
    var options = RunOptions()
    options.limits = .repl
    var token: ReplayToken?
    if session.time == .arbitrary {
      let left = session.stretches.filter { $0.isTimeAlone(isFailing: code != nil) }.map(\.entry)
      guard
        let choices = session.schedule(
          in: scenario, leavingOut: Set(left), toItsEnd: code == nil)
      else {
        return (.cannot("in a run of its own other steps are possible than here"), nil)
      }
      options.replay = choices
      token = ReplayToken(textHash: scenario.textHash, choices: choices)
    }
    switch ScenarioRunner(scenario, options).run().outcome {
    case .passed: return (.passes, token)
    case .failed(let wrong), .broken(let wrong): return (failure(wrong.diagnostic), token)
    case .inconclusive: return (.cannot("in a run of its own it comes to no end"), nil)
    case .cancelled: return (.cannot("it was not tried to its end"), nil)
    case .skipped, .failedAsExpected, .passedUnexpectedly:
      return (.cannot("in a run of its own it comes to another verdict"), nil)
    }
  }
}
