/// Counts of a batch, kept up as cases come.
package struct BatchSummary: Sendable, Hashable {
  package private(set) var counts: [CaseReport.Verdict: Int] = [:]
  /// Cases that were selected, on whatever machine, as far as files were opened.
  package var selected = 0
  /// Cases of this machine's part that did not run, for the batch ended before.
  package var unreached = 0
  /// Those that were under way when somebody ended the batch.
  package var cut: [String] = []
  /// Why the batch ended early.
  package var stop: Stop?

  package enum Stop: String, Sendable, Hashable {
    case interrupted
    case failures = "max_failures"
    case time = "max_time"

    package var words: String {
      switch self {
      case .interrupted: "interrupted before the rest"
      case .failures: "the rest was not run after so many failures"
      case .time: "the time was over before the rest"
      }
    }
  }

  package init() {}

  package mutating func add(_ verdict: CaseReport.Verdict) { counts[verdict, default: 0] += 1 }

  package func count(_ verdict: CaseReport.Verdict) -> Int { counts[verdict] ?? 0 }

  package var total: Int { counts.values.reduce(0, +) }
  /// Those that pass, or fail as they say.
  package var good: Int { count(.passed) + count(.failedAsExpected) }
  /// Those that fail a batch.
  package var bad: Int { total - good - count(.skipped) }
  package var failed: Int { count(.failed) + count(.passedUnexpectedly) }

  /// `3 scenarios: 2 passed, 1 failed`.
  package var text: String {
    let scenarios = total - count(.rejected)
    var parts = ["\(good) passed"]
    let others: [(Int, String)] = [
      (failed, "failed"), (count(.skipped), "skipped"), (count(.broken), "could not go on"),
      (count(.inconclusive), "without an answer"), (count(.rejected), "with errors"),
    ]
    for (count, words) in others where count > 0 { parts.append("\(count) \(words)") }
    let noun = scenarios == 1 ? "1 scenario" : "\(scenarios) scenarios"
    return "\(noun): " + parts.joined(separator: ", ") + (stop.map { "; \($0.words)" } ?? "")
      + cutText
  }

  /// `, in the middle of a.graft::one`.
  private var cutText: String {
    guard stop == .interrupted, !cut.isEmpty else { return "" }
    let more = cut.count > 3 ? " and \(cut.count - 3) more" : ""
    return ", in the middle of " + cut.prefix(3).joined(separator: ", ") + more
  }
}
