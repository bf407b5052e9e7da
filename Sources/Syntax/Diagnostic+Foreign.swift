import Diagnostics

// What the parser says of habits from other languages.

extension DiagnosticCode {
  static let dollarBeforeBrace = DiagnosticCode(rawValue: "W0124")
}

extension Diagnostic {
  static func foreignBlockStart(
    _ word: String, _ what: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedToken, "expected `{` to begin the `\(what)` block, found `\(word)`", at: range,
      label: "write `{` here, and `}` behind the block")
  }

  static func loopOfC(at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "`for` goes through a list or a range, without `(…)`", at: range,
      label: "write `for NAME in 0..9`", help: "or count in a `while CONDITION { … }`")
  }

  static func spawnInBrackets(_ form: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedName, "`spawn` is followed by the name of a program", at: range,
      label: "write `\(form)`")
  }

  static func limitWithoutWithin(_ found: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "the limit of `await` stands behind `within`, not behind `\(found)`",
      at: range, label: "write `within`")
  }

  static func errorIsAName(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedName, "an error is its name, without quotes or a sign", at: range,
      label: "write `\(name)`")
  }

  static func typedParameter(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a parameter is its name, without a type or a value", at: range,
      label: "write `\(name)`", help: "its kind is found out from its uses")
  }

  static func foreignNotIn(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "`not` stands before the whole comparison", at: range,
      label: "write `not A in B`")
  }

  static func prefixedString(_ word: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "nothing stands before the quote of a string", at: range,
      label: "leave `\(word)` out", help: "`{x}` puts a value into any string")
  }

  static func settingWithSign(_ key: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a setting is its name and its value, with nothing between", at: range,
      label: "write `\(key) VALUE`")
  }

  static func periodWithoutEvery(at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected `every` before the period of an interrupt", at: range,
      label: "write `every` before this")
  }

  static func dollarBeforeBrace(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .warning, .dollarBeforeBrace, "this `$` is a part of the text",
      labels: [.primary(range, "leave it out")],
      help: "`{x}` alone puts a value in; a dollar sign that is meant is written `\\u{24}`")
  }
}
