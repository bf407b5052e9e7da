import Diagnostics
import Syntax

extension Diagnostic {
  static func wrongKind(
    found: Kind, wanted: String, at range: SourceRange, because: Label? = nil, help: String? = nil
  ) -> Diagnostic {
    // What is still unknown fits everywhere, unless it can only become one of two.
    let found = found.isOpen ? "a task or a list of tasks" : found.words
    return Diagnostic(
      .error, .wrongKind, "expected \(wanted), found \(found)",
      labels: [.primary(range, "this is \(found)")] + (because.map { [$0] } ?? []),
      help: help)
  }

  static func missingUnit(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .missingUnit, "a duration needs a unit: write \(text)s, \(text)ms or \(text)us", at: range,
      label: "a bare number")
  }

  static func unequalKinds(
    _ left: Kind, _ leftRange: SourceRange, _ right: Kind, _ rightRange: SourceRange,
    operation: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .wrongKind, "`\(operation)` can't go between \(left.words) and \(right.words)",
      labels: [
        .primary(range), .secondary(leftRange, left.words), .secondary(rightRange, right.words),
      ])
  }

  static func wrongArity(
    _ what: String, takes wanted: String, found: Int, at range: SourceRange,
    declared: SourceRange? = nil, help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, .wrongArity,
      "\(what) takes \(wanted), and \(found.counted("argument")) "
        + (found == 1 ? "is given" : "are given"),
      labels: [.primary(range, "\(found) given")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: help)
  }

  static func notAssignable(
    _ text: String, why: String, at range: SourceRange, declared: SourceRange?, help: String
  ) -> Diagnostic {
    Diagnostic(
      .error, .notAssignable, "`\(text)` can't be assigned: it is \(why)",
      labels: [.primary(range, "assigned here")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: help)
  }

  static func constantOverflow(at range: SourceRange) -> Diagnostic {
    .error(
      .overflow, "the result does not fit into 64 bits", at: range, label: "overflows",
      help: "numbers go from -9_223_372_036_854_775_808 to 9_223_372_036_854_775_807")
  }

  static func constantDivisionByZero(at range: SourceRange, divisor: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .divisionByZero, "this divides by zero",
      labels: [.primary(divisor, "this is 0"), .secondary(range, "in this division")])
  }

  static func notConstant(_ what: String, at range: SourceRange, help: String? = nil) -> Diagnostic
  {
    .error(
      .notConstant, "\(what) must be known before the run", at: range, label: "depends on the run",
      help: help ?? "use a literal, a `const` or a variable of the matrix")
  }

  static func outOfRange(
    _ what: String, value: Int64, shown: String? = nil, allowed: String, at range: SourceRange
  ) -> Diagnostic {
    let value = shown ?? "\(value)"
    return .error(
      .outOfRange, "\(what) must be \(allowed), not \(value)", at: range, label: "this is \(value)")
  }

  /// `assert CONDITION, "TEXT"`.
  static func textOfClaim(_ verb: String, at range: SourceRange) -> Diagnostic {
    .error(
      .wrongArity, "`\(verb)` takes a condition, and no text", at: range, label: "leave it out",
      help: "when it does not hold, its values are shown by themselves; what it is about can stand "
        + "behind a `#`")
  }

  /// `t != None`.
  static func neverNothing(
    _ kind: Kind, _ nothing: SourceRange, at other: SourceRange, help: String?
  ) -> Diagnostic {
    Diagnostic(
      .error, .wrongKind, "\(kind.words) is never nothing",
      labels: [
        .primary(nothing, "only an object of a record can be `null`"),
        .secondary(other, "this is \(kind.words)"),
      ], help: help)
  }

  /// `var v = 0 in 0..3`, which asks whether 0 lies within them.
  static func boundsBehindValue(_ form: String, at range: SourceRange) -> Diagnostic {
    .error(
      .wrongKind, "the bounds of a variable stand before its value", at: range,
      label: "write `\(form)`")
  }

  /// `work 5us-10us`.
  static func rangeWithMinus(_ form: String, at range: SourceRange) -> Diagnostic {
    .error(
      .outOfRange, "a range of durations is written with `..`", at: range,
      label: "write `\(form)`")
  }

  /// A range to the greatest number of all: a loop over it could never come to its end.
  static func endlessRange(at range: SourceRange) -> Diagnostic {
    .error(
      .outOfRange, "a range ends below the greatest number", at: range,
      label: "\(Int64.max - 1) at the most", help: "`loop { … }` goes on for ever")
  }

  /// - Parameter count: how long the list is, where that is known.
  static func indexOutside(_ index: Int64, count: Int?, at range: SourceRange) -> Diagnostic {
    let what =
      switch count {
      case nil: "index \(index) of a list: it begins at 0"
      case 0?: "index \(index) of an empty list"
      case let count?: "index \(index) of a list of \(count): it goes from 0 to \(count - 1)"
      }
    return .error(.outOfRange, what, at: range, label: "this is \(index)")
  }

  static func circularConstant(_ name: Name, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .circularConstant, "constant `\(name.text)` needs its own value",
      labels: [
        .primary(range, "comes back to itself here"), .secondary(name.range, "declared here"),
      ],
      help: "write its value as a number")
  }

  static func noValue(_ what: String, at range: SourceRange, declared: SourceRange?) -> Diagnostic {
    Diagnostic(
      .error, .noValue, "\(what) gives no value",
      labels: [.primary(range, "a value is needed here")]
        + (declared.map { [.secondary($0, "no `return` with a value in it")] } ?? []))
  }
}

extension Int {
  /// "1 argument", "2 arguments".
  func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
