import Diagnostics
import Machine

/// What a run has to say when it ends badly; the wording stands beside nothing else.
extension DiagnosticCode {
  package static let assertionFailed = DiagnosticCode(rawValue: "E1001")
  package static let awaitExpired = DiagnosticCode(rawValue: "E1002")
  package static let propertyViolated = DiagnosticCode(rawValue: "E1003")
  package static let unexpectedOutcome = DiagnosticCode(rawValue: "E1004")
  package static let deadEnd = DiagnosticCode(rawValue: "E1005")
  package static let checkFailed = DiagnosticCode(rawValue: "E1006")
  package static let neverReached = DiagnosticCode(rawValue: "E1007")
  package static let starved = DiagnosticCode(rawValue: "E1008")
  package static let requestWaits = DiagnosticCode(rawValue: "E1009")
  package static let noField = DiagnosticCode(rawValue: "E1023")
  package static let oops = DiagnosticCode(rawValue: "E1021")
  package static let deadlock = DiagnosticCode(rawValue: "E1022")
  package static let lostText = DiagnosticCode(rawValue: "E1024")
  package static let arithmetic = DiagnosticCode(rawValue: "E1101")
  package static let listIndex = DiagnosticCode(rawValue: "E1102")
  package static let deadTask = DiagnosticCode(rawValue: "E1103")
  package static let negativeQuantity = DiagnosticCode(rawValue: "E1104")
  package static let fileError = DiagnosticCode(rawValue: "E1105")
  package static let stackOverflow = DiagnosticCode(rawValue: "E1106")
  package static let noClock = DiagnosticCode(rawValue: "E1107")
  package static let noTaskVariable = DiagnosticCode(rawValue: "E1108")
  package static let noLog = DiagnosticCode(rawValue: "E1109")
  package static let budget = DiagnosticCode(rawValue: "E1201")
  package static let replayDiverged = DiagnosticCode(rawValue: "E1301")
}

extension Origin {
  /// Where it stands in the text.
  package var range: SourceRange {
    SourceRange(file: SourceFileID(file), lower: lower, upper: upper)
  }

  package init(_ range: SourceRange) {
    self.init(file: range.file.index, lower: range.lower, upper: range.upper)
  }
}

extension Diagnostic {
  static func assertionFailed(_ range: SourceRange, values: [SourceValue]) -> Diagnostic {
    Diagnostic(
      .error,
      .assertionFailed, "assertion failed", labels: [.primary(range)], values: values)
  }

  static func checkFailed(
    _ range: SourceRange, values: [SourceValue], times: Int
  ) -> Diagnostic {
    Diagnostic(
      .error, .checkFailed, "check failed", labels: [.primary(range)], values: values,
      notes: times > 1 ? ["it failed \(times) times; the values are those of the first"] : [])
  }

  static func neverReached(_ text: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .neverReached, "no schedule reaches this", labels: [.primary(range)],
      notes: ["`\(text)` needs one schedule in which it comes true"])
  }

  static func awaitExpired(
    _ range: SourceRange, limitNanoseconds: Int64, values: [SourceValue]
  ) -> Diagnostic {
    Diagnostic(
      .error,
      .awaitExpired,
      "the condition did not come true within "
        + Duration.text(nanoseconds: limitNanoseconds) + " of machine time",
      labels: [.primary(range)], values: values)
  }

  static func propertyViolated(
    _ text: String, _ range: SourceRange, values: [SourceValue], labels: [Label] = [],
    notes: [String]
  ) -> Diagnostic {
    Diagnostic(
      .error,
      .propertyViolated, "`\(text)` does not hold",
      labels: [.primary(range, "from here on")] + labels, values: values,
      notes: notes)
  }

  static func unexpectedOutcome(
    _ outcome: ExpectedOutcome, got: Errno?, notes: [String]
  ) -> Diagnostic {
    let range = outcome.origin.range
    if let members = outcome.members {
      return Diagnostic(
        .error, .listIndex, "`\(outcome.verb)` is no member of its family: there is \(members)",
        labels: [.primary(range)])
    }
    guard let got else {
      let expected = outcome.errors.map(\.name).joined(separator: " or ")
      return Diagnostic(
        .error,
        .unexpectedOutcome, "`\(outcome.verb)` succeeded, and should fail with \(expected)",
        labels: [.primary(range)], notes: notes)
    }
    if outcome.errors.isEmpty {
      return Diagnostic(
        .error,
        .unexpectedOutcome, "`\(outcome.verb)` failed: \(got.name) (\(got.message))",
        labels: [.primary(range)], notes: notes,
        help: "if it is meant to fail here, write `\(outcome.verb) fails \(got.name)`")
    }
    let expected = outcome.errors.map(\.name).joined(separator: " or ")
    return Diagnostic(
      .error,
      .unexpectedOutcome,
      "`\(outcome.verb)` failed with \(got.name) (\(got.message)), not with \(expected)",
      labels: [.primary(range)], notes: notes)
  }

  /// A command that says no without an error number behind it.
  static func commandFailed(
    _ outcome: ExpectedOutcome, exit: Int, notes: [String]
  ) -> Diagnostic {
    Diagnostic(
      .error,
      .unexpectedOutcome, "`\(outcome.verb)` ended with exit status \(exit)",
      labels: [.primary(outcome.origin.range)], notes: notes,
      help: "if that is what it may do here, keep its result and look at `.status`")
  }

  /// A request that is never answered.
  static func requestWaits(
    _ range: SourceRange, for what: String, notes: [String], help: String
  ) -> Diagnostic {
    Diagnostic(
      .error, .requestWaits, "this never returns: it waits for \(what)",
      labels: [.primary(range)], notes: notes, help: help)
  }

  static func deadEnd(_ range: SourceRange, notes: [String] = []) -> Diagnostic {
    Diagnostic(
      .error,
      .deadEnd, "this waits for ever: nobody else can take a step",
      labels: [.primary(range)], notes: notes,
      help: "wake, signal or spawn somebody before it, or wait for something else")
  }

  static func starved(_ range: SourceRange, notes: [String]) -> Diagnostic {
    Diagnostic(
      .error, .starved, "this can wait for ever while others go on", labels: [.primary(range)],
      notes: notes,
      help: "wake, signal or spawn somebody before it, or wait for something else")
  }

  static func hashCollision(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .budget, "two values that differ have the same 64-bit hash",
      labels: [.primary(range)],
      notes: ["strings and lists are told apart by a hash of their content"],
      help: "change one of them: by chance this takes billions of values")
  }

  static func scheduleEnded(_ range: SourceRange, steps: Int) -> Diagnostic {
    Diagnostic(
      .error,
      .replayDiverged, "the schedule ends after \(steps) steps, and the scenario goes on from here",
      labels: [.primary(range)],
      help: "copy the whole token, to the end of its line")
  }

  static func overflow(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error,
      .arithmetic, "the result does not fit a 64-bit integer", labels: [.primary(range)])
  }

  static func divisionByZero(_ range: SourceRange) -> Diagnostic {
    Diagnostic(.error, .arithmetic, "division by zero", labels: [.primary(range)])
  }

  static func listIndex(_ range: SourceRange, index: Int64, count: Int64) -> Diagnostic {
    Diagnostic(
      .error,
      .listIndex,
      count == 0
        ? "index \(index) of an empty list"
        : "index \(index) of a list of \(count): it goes from 0 to \(count - 1)",
      labels: [.primary(range)])
  }

  static func deadTask(_ range: SourceRange, name: String) -> Diagnostic {
    Diagnostic(
      .error,
      .deadTask, "\(name) has exited: only a live task can be asked this",
      labels: [.primary(range)], help: "ask `.alive` first")
  }

  static func negative(_ range: SourceRange, _ what: String, _ value: String) -> Diagnostic {
    Diagnostic(
      .error,
      .negativeQuantity, "\(what) can't be negative, and this is \(value)",
      labels: [.primary(range)])
  }

  static func noTaskVariable(_ range: SourceRange, task: String, name: String) -> Diagnostic {
    Diagnostic(
      .error, .noTaskVariable, "the program of \(task) has no variable `\(name)`",
      labels: [.primary(range)], help: "ask the tasks of the program that declares it")
  }

  static func noClock(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .noClock, "a search over every schedule keeps no time", labels: [.primary(range)],
      help: "ask for durations in a scenario that runs one schedule")
  }

  static func noLog(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .noLog, "a search over every schedule keeps no log", labels: [.primary(range)],
      help:
        "look for a text without values of the run, or look in a scenario that runs one schedule")
  }

  static func fileError(_ range: SourceRange, _ error: Errno) -> Diagnostic {
    Diagnostic(
      .error,
      .fileError, "the file can't be read: \(error.name) (\(error.message))",
      labels: [.primary(range)],
      help: "if it is meant to fail here, write `cat(…) fails \(error.name)`")
  }

  static func stackOverflow(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error,
      .stackOverflow, "calls are nested too deeply here", labels: [.primary(range)],
      help: "a function that calls itself needs a case in which it doesn't")
  }

  static func spins(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .budget, "step after step is made, and no time passes",
      labels: [.primary(range, "again and again")],
      help: "let each round of the loop take time, as `work 1us` does")
  }

  package static func budget(_ range: SourceRange, _ what: String) -> Diagnostic {
    Diagnostic(
      .error, .budget, what, labels: [.primary(range)],
      help: "most often a loop without an end; `graft run --limits` shows what the presets allow")
  }

  static func replayDiverged(
    _ range: SourceRange, step: Int, choice: Int, possible: Int
  ) -> Diagnostic {
    Diagnostic(
      .error,
      .replayDiverged,
      "step \(step) of the schedule takes choice \(choice), and there are \(possible)",
      labels: [.primary(range)],
      help: "the schedule belongs to another text, or to another version of graft")
  }
}
