/// Counts of a batch, kept up as cases come.
package struct BatchSummary: Sendable, Hashable {
  package private(set) var counts: [CaseReport.Verdict: Int] = [:]
  /// Of these, the cases that stand for a file and are no scenarios.
  private var fileCounts: [CaseReport.Verdict: Int] = [:]
  /// Cases that were selected, on whatever machine, as far as files were opened.
  package var selected = 0
  /// What of this machine's part did not run, for the batch ended before: file by file.
  package var leftOut: [LeftOut] = []
  /// Why the batch ended early.
  package var stop: Stop?

  /// A file that was not reached, or not to its end.
  package struct LeftOut: Sendable, Hashable {
    package var path: String
    /// How many of its scenarios did not run; nil where nobody has looked into it.
    package var scenarios: Int?

    package init(path: String, scenarios: Int?) {
      self.path = path
      self.scenarios = scenarios
    }
  }

  package enum Stop: String, Sendable, Hashable {
    case interrupted
    case failures = "max_failures"
    case time = "max_time"
    /// Of joined parts: not all of them are there.
    case missing = "missing_parts"

    package var words: String {
      switch self {
      case .interrupted: "interrupted before the rest"
      case .failures: "the rest was not run after so many failures"
      case .time: "the time was over before the rest"
      case .missing: "parts of the batch are missing"
      }
    }

    /// What became of a scenario that was given up.
    package var wordsOfOneUnderWay: String {
      switch self {
      case .interrupted: "it was under way when the batch was interrupted"
      case .time: "it was under way when the batch's time was over"
      case .failures, .missing: "it was given up"
      }
    }
  }

  package init() {}

  package mutating func add(_ item: CaseReport) {
    counts[item.verdict, default: 0] += 1
    if item.isOfFile { fileCounts[item.verdict, default: 0] += 1 }
  }

  package func count(_ verdict: CaseReport.Verdict) -> Int { counts[verdict] ?? 0 }

  package var total: Int { counts.values.reduce(0, +) }
  /// Those that pass, or fail as they say.
  package var good: Int { count(.passed) + count(.failedAsExpected) }
  /// Those that fail a batch.
  package var bad: Int { total - good - count(.skipped) }
  /// Scenarios that did not run, as far as they were counted.
  package var unreached: Int { leftOut.reduce(0) { $0 + ($1.scenarios ?? 0) } }

  /// `3 scenarios: 2 passed, 1 failed; 1 file with errors`: the first are as many as the sum of
  /// what became of them, and files are counted for themselves.
  package var text: String {
    let scenarios = total - fileCounts.values.reduce(0, +)
    var parts = ["\(count(.passed)) passed"]
    let others: [(CaseReport.Verdict, String)] = [
      (.failedAsExpected, "failed as expected"), (.failed, "failed"),
      (.passedUnexpectedly, "passed unexpectedly"),
      (.differs, count(.differs) == 1 ? "unlike its snapshot" : "unlike their snapshots"),
      (.skipped, "skipped"), (.broken, "could not go on"),
      (.inconclusive, "without an answer"), (.rejected, "with errors"),
    ]
    for (verdict, words) in others {
      let count = count(verdict) - fileCounts[verdict, default: 0]
      if count > 0 { parts.append("\(count) \(words)") }
    }
    let noun = scenarios == 1 ? "1 scenario" : "\(scenarios) scenarios"
    var all = ["\(noun): " + parts.joined(separator: ", ")] + filesText
    if let ending { all.append(ending) }
    return all.joined(separator: "; ")
  }

  private var filesText: [String] {
    func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }
    var parts: [String] = []
    if let count = fileCounts[.rejected] { parts.append("\(files(count)) with errors") }
    if let count = fileCounts[.differs] {
      parts.append("\(files(count)) of snapshots without their scenarios")
    }
    return parts
  }

  /// Why and with how much left the batch ended early; nil when it did not.
  package var ending: String? {
    guard let stop else { return nil }
    let files = leftOut.count { $0.scenarios == nil }
    var rest: [String] = []
    if unreached > 0 { rest.append(unreached == 1 ? "1 scenario" : "\(unreached) scenarios") }
    if files > 0 { rest.append(files == 1 ? "1 file" : "\(files) files") }
    guard !rest.isEmpty else { return stop.words }
    let verb = unreached + files == 1 ? "was" : "were"
    return "\(stop.words): \(rest.joined(separator: " and ")) \(verb) not reached"
  }

  /// Lines that name what was left out, as many as one reads.
  package func leftOutLines(upTo greatest: Int = 100) -> [String] {
    var lines = leftOut.prefix(greatest).map { file in
      switch file.scenarios {
      case nil: "\(file.path): not opened"
      case 1?: "\(file.path): 1 scenario"
      case let count?: "\(file.path): \(count) scenarios"
      }
    }
    if leftOut.count > greatest { lines.append("… and \(leftOut.count - greatest) more files") }
    return lines
  }
}
