import Diagnostics

// What the lexer has to say, one factory for each message.

extension DiagnosticCode {
  static let fileTooLarge = DiagnosticCode(rawValue: "E0001")
  static let invalidBytes = DiagnosticCode(rawValue: "E0002")
  static let strayCharacter = DiagnosticCode(rawValue: "E0003")
  static let unterminatedString = DiagnosticCode(rawValue: "E0004")
  static let unknownEscape = DiagnosticCode(rawValue: "E0005")
  static let malformedNumber = DiagnosticCode(rawValue: "E0006")
  static let unknownUnit = DiagnosticCode(rawValue: "E0007")
  static let numberTooLarge = DiagnosticCode(rawValue: "E0008")
  static let foreignSpelling = DiagnosticCode(rawValue: "E0009")
  static let unclosedInterpolation = DiagnosticCode(rawValue: "E0010")
  package static let tooManyErrors = DiagnosticCode(rawValue: "E0099")
}

extension Diagnostic {
  static func fileTooLarge(limit: Int, at range: SourceRange) -> Diagnostic {
    .error(
      .fileTooLarge, "the file is larger than \(limit / 1_048_576) MiB", at: range,
      help: "split it, and bring the parts together with `use`")
  }

  static func invalidUTF8(at range: SourceRange) -> Diagnostic {
    .error(.invalidBytes, "the text is not valid UTF-8 here", at: range, label: "invalid bytes")
  }

  static func controlCharacter(_ scalar: Unicode.Scalar, at range: SourceRange) -> Diagnostic {
    let name = "U+" + paddedHex(scalar.value)
    return .error(
      .invalidBytes, "control character \(name) in the text", at: range, label: "remove it")
  }

  private static func paddedHex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  static func strayCharacters(_ text: String, at range: SourceRange) -> Diagnostic {
    let isLetter = text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
    return .error(
      .strayCharacter, "`\(text)` has no meaning here", at: range,
      help: isLetter ? "names are made of the letters a to z, digits and `_`" : nil)
  }

  /// `module ext4" {`.
  static func titleWithoutQuote(_ title: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unterminatedString, "expected `\"` before `\(title)`, which ends with one", at: range,
      label: "write `\"\(title)\"`")
  }

  static func unterminatedString(at range: SourceRange) -> Diagnostic {
    .error(
      .unterminatedString, "the string is not closed on its line", at: range,
      label: "expected `\"` before the line ends", help: "write a line break as `\\n`")
  }

  static func unclosedInterpolation(at range: SourceRange, brace: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .unclosedInterpolation, "the `{` in this text is not closed on its line",
      labels: [.primary(brace, "expected `}` after the expression")],
      help: "a brace that is meant as such is written `\\{`")
  }

  static func unknownEscape(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownEscape, "`\(text)` is no escape", at: range,
      help: #"the escapes are \n \t \\ \" \{ \} and \u{hex digits}"#)
  }

  static func malformedNumber(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .malformedNumber, "`\(text)` is no number", at: range,
      help: "digits may be grouped as in `9_000`, and hexadecimal is written `0x2f`")
  }

  static func fractionWithoutUnit(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .malformedNumber, "`\(text)` needs a unit", at: range,
      label: "only durations have a fraction", help: "write `\(text)s`, or a whole number")
  }

  static func unknownUnit(_ unit: String, at range: SourceRange) -> Diagnostic {
    let meant = Unit.meant(by: unit)
    return .error(
      .unknownUnit, "`\(unit)` is no unit of time", at: range,
      label: meant.map { "did you mean `\($0)`?" } ?? "",
      help: "the units are ns, us, ms, s, min and h",
      fixIt: meant.map { FixIt(range: range, replacement: $0) })
  }

  /// `0b11`, `1e5`, `10UL`.
  static func foreignNumber(_ text: String, form: String, at range: SourceRange) -> Diagnostic {
    .error(
      .malformedNumber, "`\(text)` is written `\(form)` here", at: range,
      help: "numbers are whole, and decimal or hexadecimal: `9_000`, `0x2f`",
      fixIt: FixIt(range: range, replacement: form))
  }

  /// `1h30m`.
  static func severalUnits(_ text: String, form: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownUnit, "a duration has one unit, and `\(text)` has several", at: range,
      label: "write `\(form)`", fixIt: FixIt(range: range, replacement: form))
  }

  static func numberTooLarge(at range: SourceRange) -> Diagnostic {
    .error(
      .numberTooLarge, "the number does not fit into 64 bits", at: range,
      help: "the largest is 9_223_372_036_854_775_807")
  }

  static func durationTooLong(at range: SourceRange) -> Diagnostic {
    .error(
      .numberTooLarge, "the duration is longer than virtual time", at: range,
      help: "the longest is about 292 years")
  }

  static func durationTooFine(at range: SourceRange) -> Diagnostic {
    .error(
      .malformedNumber, "the duration is no whole number of nanoseconds", at: range,
      help: "virtual time counts in nanoseconds")
  }

  /// A spelling from another language, with what this one writes.
  static func foreignSpelling(
    _ text: String, means replacement: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .foreignSpelling, "`\(text)` is written `\(replacement)` here", at: range,
      fixIt: FixIt(range: range, replacement: replacement))
  }

  static func singleQuotes(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a string stands between double quotes", at: range,
      help: "write \"…\" instead of '…'")
  }

  static func foreignComment(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a comment begins with `#`, not with `\(text)`", at: range,
      fixIt: FixIt(range: range, replacement: "#"))
  }

  /// A sign for something that the language does without.
  static func absentSign(_ text: String, help: String, at range: SourceRange) -> Diagnostic {
    .error(.foreignSpelling, "there is no `\(text)` here", at: range, help: help)
  }

  static func stepOperator(
    _ text: String, of name: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .compoundAssignment, "there is no `\(text)`", at: range,
      label: "write `\(name) = \(name) \(text.prefix(1)) 1`")
  }

  static func backquotes(_ text: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a command stands behind `$`, without quotes", at: range,
      label: text.isEmpty ? "write `$ COMMAND`" : "write `$ \(text)`",
      help: "what it printed is `.out` of its result: `let r = $ COMMAND`")
  }

  static func macroMark(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "there are no macros, and no `\(name)!`", at: range,
      label: "leave `!` out",
      help: "a value is shown with `print VALUE`, and what must hold is said with "
        + "`assert CONDITION`")
  }

  static func halfOpenRange(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "there is no `..<` here", at: range, label: "write `..`",
      help: "a range has both its ends: `0..2` is 0, 1 and 2")
  }

  static func foreignBlank(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .strayCharacter, "\(name) stands here", at: range, label: "type a blank instead",
      help: "it looks like one, and comes from a web page or a text processor",
      fixIt: FixIt(range: range, replacement: " "))
  }

  static func foreignQuotes(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a string stands between straight double quotes", at: range,
      help: "write \"…\"; these quotes come from a web page or a text processor")
  }

  package static func tooManyWarnings(_ count: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .note, .tooManyErrors, "of \(count) warnings no more are shown",
      labels: [.primary(range, "the last one that is")])
  }

  package static func tooManyErrors(limit: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .note, .tooManyErrors, "\(limit) errors are shown, and no more",
      labels: [.primary(range, "the file was not judged beyond this")])
  }
}
