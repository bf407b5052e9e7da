import Diagnostics
import Exploration
import Machine

/// The stable name of a scenario, or of one row of its matrix: `path::name[row]`.
package struct ScenarioID: Sendable, Hashable, CustomStringConvertible {
  package var path: String
  package var name: String
  /// `[sleepers=10,engine=kgraft]`, or empty where there is no matrix.
  package var row: String

  package init(path: String, name: String, row: String = "") {
    self.path = path
    self.name = name
    self.row = row
  }

  package var description: String { "\(path)::\(title)" }

  /// Without the path.
  package var title: String { name + row }
}

/// What became of one scenario. Every report is a function of records.
package struct RunRecord: Sendable {
  package var id: ScenarioID
  package var mode: RunMode
  package var outcome: RunOutcome
  package var program: Program
  /// What happened: of the run, or of the witness that is shown. Empty where nobody asked.
  package var events: [Event]
  /// The first step whose ordinary events are among them, and how many of those before were not
  /// kept.
  package var ordinaryFrom = 0
  package var droppedEvents = 0
  package var steps: Int
  /// Virtual time at the end, in nanoseconds; 0 where time is arbitrary.
  package var nanoseconds: Int64
  /// The schedule that the record tells of: the run's own, or of a search the one it shows. Nil
  /// where there is none.
  package var schedule: Schedule?
  /// Of one run: what it reported, in order.
  package var figures: [Figure] = []
  /// Of a search that failed: a schedule that passes, and where it parts from the one shown.
  package var parting: Parting?
  /// What a search that passes says of claims that could not have failed.
  package var warnings: [Diagnostic] = []
  /// Of one run: each `reach`, `HOLDS` or `NOT JUDGED`. What a search says stands in its mode.
  package var goals: [PropertyAnswer] = []

  package init(
    id: ScenarioID, mode: RunMode, outcome: RunOutcome, program: Program, events: [Event],
    steps: Int, nanoseconds: Int64
  ) {
    self.id = id
    self.mode = mode
    self.outcome = outcome
    self.program = program
    self.events = events
    self.steps = steps
    self.nanoseconds = nanoseconds
  }
}

extension RunRecord {
  /// Whether a search passed over a property that no schedule came to.
  package var isVacuous: Bool {
    guard case .everySchedule(let report) = mode else { return false }
    if !warnings.isEmpty { return true }
    return report.answers.contains { $0.answer == .notReached }
  }
}

/// By which schedules a scenario was judged.
package enum RunMode: Sendable {
  case seed(UInt64)
  case replay
  case everySchedule(SearchReport)
}

/// What a search over every schedule says.
package struct SearchReport: Sendable {
  package var result: SearchResult
  package var answers: [PropertyAnswer]
  /// How schedules end, the most frequent first; where they can differ in what they report or in
  /// what they come to.
  package var outcomes: [OutcomeAnswer]
}

/// One property of a scenario and its answer.
package struct PropertyAnswer: Sendable, Hashable {
  package enum Answer: String, Sendable, Hashable {
    case always = "ALWAYS"
    case sometimes = "SOMETIMES"
    case never = "NEVER"
    /// No schedule came to it.
    case notReached = "NOT REACHED"
    /// Of `reach` in one run: it came to it. Of a search that reached a bound first: nothing speaks
    /// against it so far.
    case holds = "HOLDS"
    /// Of a search that reached a bound first: some schedule fails it, and none was seen that
    /// keeps it.
    case fails = "FAILS"
    /// Of `reach` in one run: it did not, and another may.
    case notJudged = "NOT JUDGED"
  }

  /// As written.
  package var text: String
  package var answer: Answer
  /// Whether the answer is what the text claims.
  package var isSatisfied: Bool
  /// False when a bound was reached first: the answer is what is known so far.
  package var isComplete: Bool
  /// Of a search that reached a bound first and says HOLDS: some schedule kept it to its end.
  package var isKept = false
  /// Where it stands.
  package var range: SourceRange?
  /// Of a `reach` that some schedule came to: a shortest one, up to there. Of anything that holds
  /// only sometimes: a shortest one that keeps it.
  package var witness: [Int]?
  /// A shortest one that does not, where the answer is SOMETIMES.
  package var counterexample: [Int]?
  /// The arguments after `graft` that show both.
  package var replay: [String]?
  package var counterReplay: [String]?
  /// Of an `await`: it has a limit, which a search without a clock can't judge.
  package var hasUnjudgedLimit = false
}

package enum RunOutcome: Sendable {
  case passed
  /// An assertion, a property or an expected outcome did not hold.
  case failed(Failure)
  /// The scenario could not go on: arithmetic, a budget, a verb that failed.
  case broken(Failure)
  /// A bound was reached before there was an answer.
  case inconclusive(reason: String)
  /// Nobody wanted to know any more: it has not been judged.
  case cancelled
  /// The scenario asks not to be run.
  case skipped(reason: String)
  /// It failed, as the scenario says it does.
  case failedAsExpected(reason: String)
  /// The scenario says that it fails, and it does not.
  case passedUnexpectedly(reason: String)

  package var failure: Failure? {
    switch self {
    case .failed(let failure), .broken(let failure): failure
    case .passed, .inconclusive, .cancelled, .skipped, .failedAsExpected, .passedUnexpectedly:
      nil
    }
  }

  /// The same outcome in the light of an `xfail`.
  package func expectingFailure(_ reason: String?) -> RunOutcome {
    guard let reason else { return self }
    switch self {
    case .passed: return .passedUnexpectedly(reason: reason)
    case .failed: return .failedAsExpected(reason: reason)
    case .broken, .inconclusive, .cancelled, .skipped, .failedAsExpected, .passedUnexpectedly:
      return self
    }
  }
}

/// What went wrong, where, and how to see it again.
package struct Failure: Sendable {
  /// Failed checks that the scenario went on beyond, in order; the last thing is `diagnostic`.
  package var earlier: [Failure] = []
  package var diagnostic: Diagnostic
  /// The arguments after `graft` that make the same run.
  package var replay: [String]
  /// Those that make one that passes.
  package var passing: [String]?

  package init(diagnostic: Diagnostic, replay: [String], after earlier: [Failure] = []) {
    self.earlier = earlier
    self.diagnostic = diagnostic
    self.replay = replay
  }

  /// Nothing but checks failed: the last of them stands for all.
  init?(ofChecks failures: [Failure]) {
    guard let last = failures.last else { return nil }
    self = last
    earlier = failures.dropLast()
  }

  /// The command, quoted for a shell.
  package var replayCommand: String { Self.command(replay) }

  /// `graft` and its arguments, quoted for a shell.
  package static func command(_ arguments: [String]) -> String {
    (["graft"] + arguments).map(shellQuoted).joined(separator: " ")
  }

  /// `$'…'`, in which a shell reads control characters written as escapes.
  private static func escaped(_ word: String) -> String {
    var text = "$'"
    for byte in word.utf8 {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"):
        text += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7f:
        text += String(UnicodeScalar(byte))
      default:
        let hex = String(byte, radix: 16)
        text += "\\x" + (hex.count == 1 ? "0" : "") + hex
      }
    }
    return text + "'"
  }

  static func shellQuoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || "-_./:=,@%+".utf8.contains(byte)
    }
    if plain, !word.isEmpty { return word }
    if word.unicodeScalars.contains(where: isControl) { return escaped(word) }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
