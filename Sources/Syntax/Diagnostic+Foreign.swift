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

  static func loopOfC(hasParentheses: Bool, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken,
      "`for` goes through a list or a range" + (hasParentheses ? ", without `(…)`" : ""),
      at: range, label: "write `for NAME in 0..9`",
      help: "or count in a `while CONDITION { … }`")
  }

  /// `for t of ts`, `for _, t := range ts`.
  static func loopElsewhere(_ name: String, hasSeveral: Bool, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "a loop has one variable, and `in` before its values", at: range,
      label: "write `for \(name) in`",
      help: hasSeveral ? "the number of an element is counted in a `var`" : nil)
  }

  static func bareQuantifier(_ word: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected `(` after `\(word)`", at: range,
      label: "write `\(word)(x in LIST: CONDITION)`")
  }

  static func filler(_ word: String, after verb: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "`\(word)` does not stand behind \(verb)", at: range, label: "leave it out")
  }

  static func fillerMeansAnother(
    _ word: String, after verb: String, _ form: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .foreignSpelling, "`\(word)` does not stand behind `\(verb)`", at: range, label: write(form))
  }

  static func typedName(_ thing: String, _ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "\(thing) is declared by its name, without a type", at: range,
      label: "write `\(name)`", help: "its kind is found out from its value")
  }

  static func mutable(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "what changes is declared with `var`", at: range,
      label: "write `var \(name) = …`")
  }

  static func severalNames(_ word: String, found: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedName, "`\(word)` declares one name, found \(found)", at: range,
      label: "write a `\(word)` for each")
  }

  static func sizeBehindName(
    _ name: String, size: String, isMember: Bool, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedToken, "the size of a list does not stand behind its name", at: range,
      label: isMember ? "write `var \(name) = list[\(size)]`" : "write `var \(name) = [A, B]`")
  }

  static func attributeBehind(_ word: String, word flavour: String, at range: SourceRange)
    -> Diagnostic
  {
    .error(
      .foreignSpelling, "`\(word)` stands before `\(flavour)`", at: range,
      label: "write `\(word) \(flavour) NAME(…)`")
  }

  static func clauseWithSign(_ sign: String, _ what: String, at range: SourceRange) -> Diagnostic {
    .error(.foreignSpelling, "nothing stands before \(what)", at: range, label: "leave it out")
  }

  static func commaWrittenAs(_ found: String, in verb: String, at range: SourceRange) -> Diagnostic
  {
    .error(
      .expectedStatementEnd, "expected `,` or the end of `\(verb)`, found `\(found)`", at: range,
      label: "write `,` instead")
  }

  static func everySchedule(found: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected `in every schedule`, found `\(found)`", at: range,
      label: "write `in every schedule`")
  }

  static func valuesWithoutBrackets(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "the values of a variable are a list or a range", at: range,
      label: "write `\(name) in [A, B]`")
  }

  /// `fn g(): int`.
  static func resultType(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a function does not say what it returns", at: range, label: "leave it out")
  }

  static func waitOfDuration(_ duration: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected a queue after `wait`, found `\(duration)`", at: range,
      label: "write `work \(duration)`, or `wait QUEUE timeout \(duration)`")
  }

  static func waitWithoutQueue(
    found: String = "`until`", isInKernel: Bool, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedToken, "expected a queue after `wait`, found \(found)", at: range,
      label: isInKernel ? "write `wait QUEUE until CONDITION`" : "write `await CONDITION`")
  }

  static func missingCommaInList(isSemicolon: Bool, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected `,` between the elements of a list", at: range,
      label: isSemicolon ? "write `,` instead" : "write `,` before this")
  }

  static func tuple(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "several values stand between `[` and `]`", at: range,
      label: "write `[A, B]`", help: "those of a list are of one kind")
  }

  static func bracedValues(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "several values stand between `[` and `]`", at: range,
      label: "write `[A, B]`", help: "there are no tables with keys")
  }

  static func functionValue(_ word: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a function is no value", at: range,
      label: "declare a `def NAME(…) { … }`, and call it", help: nil)
  }

  static func colonEquals(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "`:=` is written `=` here", at: range,
      help: "a new value is declared: `let \(name) = …`, or `var \(name) = …` to change it")
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

  /// - Parameter isOne: whether one of them has a type.
  static func typedParameters(_ names: [String], isOne: Bool, at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a parameter is its name, without a type or a value", at: range,
      label: isOne && names.count == 1
        ? "write `\(names[0])`" : "write `(\(names.joined(separator: ", ")))`",
      help: "its kind is found out from its uses")
  }

  static func patchForKernel(at range: SourceRange) -> Diagnostic {
    .error(
      .foreignSpelling, "a patch does not name its kernel", at: range, label: "leave `for …` out",
      help: "it is for the kernel that the file boots")
  }

  static func listInField(_ name: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "a field is one value, and no list", at: range, label: "leave this out",
      help: "what has several values is a variable: `var \(name) = list[N]`")
  }

  static func missingCommaInParameters(at range: SourceRange) -> Diagnostic {
    .error(
      .expectedToken, "expected `,` between two parameters", at: range,
      label: "write `,` before this")
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
