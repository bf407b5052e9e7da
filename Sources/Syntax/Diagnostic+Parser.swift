import Diagnostics

// What the parser has to say, one factory for each message.

extension DiagnosticCode {
  static let expectedToken = DiagnosticCode(rawValue: "E0101")
  static let expectedName = DiagnosticCode(rawValue: "E0102")
  static let expectedExpression = DiagnosticCode(rawValue: "E0103")
  static let expectedText = DiagnosticCode(rawValue: "E0104")
  static let unclosedBlock = DiagnosticCode(rawValue: "E0105")
  static let unexpectedClosing = DiagnosticCode(rawValue: "E0106")
  static let unknownDeclaration = DiagnosticCode(rawValue: "E0107")
  static let unknownMember = DiagnosticCode(rawValue: "E0108")
  static let unknownStatement = DiagnosticCode(rawValue: "E0109")
  static let expectedStatementEnd = DiagnosticCode(rawValue: "E0110")
  static let reservedName = DiagnosticCode(rawValue: "E0111")
  static let nestingTooDeep = DiagnosticCode(rawValue: "E0112")
  static let chainedComparison = DiagnosticCode(rawValue: "E0113")
  static let cannotAssign = DiagnosticCode(rawValue: "E0114")
  static let blankBeforeUnit = DiagnosticCode(rawValue: "E0115")
  static let interpolatedText = DiagnosticCode(rawValue: "E0116")
  static let misplacedMember = DiagnosticCode(rawValue: "E0117")
  static let compoundAssignment = DiagnosticCode(rawValue: "E0118")
  static let repeatedClause = DiagnosticCode(rawValue: "E0119")
  static let takesNoParameters = DiagnosticCode(rawValue: "E0120")
  static let assignmentInCondition = DiagnosticCode(rawValue: "E0121")
  static let emptyCommand = DiagnosticCode(rawValue: "E0122")
  static let unclosedBracket = DiagnosticCode(rawValue: "E0123")
}

extension Diagnostic {
  /// - Parameter form: what is to be written in this place, where that is known.
  static func expected(
    _ wanted: String, context: String, found: String, form: String? = nil, help: String? = nil,
    at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedToken, "expected \(wanted) \(context), found \(found)", at: range,
      label: form.map(write) ?? "expected \(wanted)", help: help)
  }

  /// "write `for NAME in LIST`". A form with words of its own around it has its marks already.
  package static func write(_ form: String) -> String {
    form.contains("`") || form.hasPrefix("the ") ? "write \(form)" : "write `\(form)`"
  }

  static func expectedName(
    of thing: String, found: String, form: String? = nil, help: String? = nil,
    at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedName, "expected the name of \(thing), found \(found)", at: range,
      label: form.map(write) ?? "expected a name", help: help)
  }

  static func nameBeginningWithDigit(
    _ name: String, of thing: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedName, "the name of \(thing) begins with a letter or `_`, found `\(name)`", at: range,
      label: "choose another name")
  }

  static func reservedName(_ word: String, for thing: String, at range: SourceRange) -> Diagnostic {
    .error(
      .reservedName, "`\(word)` is a word of the language and cannot name \(thing)", at: range,
      label: "choose another name")
  }

  static func expectedExpression(
    after previous: String, found: String, help: String? = nil, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedExpression, "expected an expression after `\(previous)`, found \(found)", at: range,
      label: "expected an expression", help: help)
  }

  static func expectedStatement(
    found: String, help: String?, at range: SourceRange
  ) -> Diagnostic {
    .error(.unknownStatement, "expected a statement, found \(found)", at: range, help: help)
  }

  static func expectedText(
    _ what: String, found: String, form: String? = nil, label: String = "expected a string",
    help: String? = nil, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedText, "expected \(what) in double quotes, found \(found)", at: range,
      label: form.map { "write `\"\($0)\"`" } ?? label, help: help)
  }

  static func interpolatedText(_ what: String, at range: SourceRange) -> Diagnostic {
    .error(
      .interpolatedText, "\(what) is fixed text and cannot contain `{…}`", at: range,
      label: "write `\\{` for a brace")
  }

  /// - Parameter others: how many blocks around it lack their `}` in the same place.
  static func unclosedBlock(
    _ what: String, opened: SourceRange, found: String, others: Int = 0, at range: SourceRange
  ) -> Diagnostic {
    let blocks =
      others == 1 ? "the block around it lacks its" : "\(others) blocks around it lack their"
    return Diagnostic(
      .error, .unclosedBlock,
      "expected `}` to close the `\(what)` block, found \(found)",
      labels: [
        .primary(range, "expected `}` before this"), .secondary(opened, "opened here"),
      ], help: others == 0 ? nil : "\(blocks) `}` here too")
  }

  static func unclosedBracket(
    _ closing: String, opened: SourceRange, found: String, help: String? = nil,
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .unclosedBracket, "expected `\(closing)`, found \(found)",
      labels: [.primary(range, "expected `\(closing)`"), .secondary(opened, "opened here")],
      help: help)
  }

  static func unexpectedClosing(_ bracket: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unexpectedClosing, "`\(bracket)` closes nothing", at: range,
      label: "remove it, or open a block before it")
  }

  /// - Parameter form: how what another language calls so is written here.
  static func unknownDeclaration(
    _ found: String, near: String?, form: String? = nil, help: String? = nil,
    at range: SourceRange
  ) -> Diagnostic {
    let spellings = WordGroup.declarations.spellings.joined(separator: ", ")
    return .error(
      .unknownDeclaration, "expected a declaration, found \(found)", at: range,
      label: form.map(write) ?? near.map { "did you mean `\($0)`?" } ?? "",
      help: help ?? (near == nil && form == nil ? "a file is made of: \(spellings)" : nil),
      fixIt: near.map { FixIt(range: range, replacement: $0) })
  }

  static func unknownMember(
    of owner: String, _ found: String, near: String?, form: String? = nil, among words: [String],
    at range: SourceRange
  ) -> Diagnostic {
    .error(
      .unknownMember, "expected a member of the \(owner), found \(found)", at: range,
      label: form.map(write) ?? near.map { "did you mean `\($0)`?" } ?? "",
      help: near == nil && form == nil
        ? "a \(owner) is made of: \(words.joined(separator: ", "))" : nil,
      fixIt: near.map { FixIt(range: range, replacement: $0) })
  }

  /// A word of the language that was nearly written.
  static func misspelt(_ word: String, means meant: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownStatement, "`\(word)` is no word of the language", at: range,
      label: "did you mean `\(meant)`?", fixIt: FixIt(range: range, replacement: meant))
  }

  static func unknownStatement(_ word: String, near: String?, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownStatement, "`\(word)` begins no statement", at: range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown word",
      help: near == nil
        ? "a value is kept with `let NAME = VALUE`, a function called with `NAME(…)`" : nil,
      fixIt: near.map { FixIt(range: range, replacement: $0) })
  }

  /// `wait q uninteruptible`.
  static func unknownContinuation(
    _ what: String, found: String, near: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedStatementEnd, "expected the \(what) to end, found \(found)", at: range,
      label: "did you mean `\(near)`?", fixIt: FixIt(range: range, replacement: near))
  }

  /// `apply fix && sleep 1s`.
  static func joinedStatements(
    _ sign: String, isAlternative: Bool, _ what: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedStatementEnd, "expected the \(what) to end, found `\(sign)`", at: range,
      label: "write a new line or `;` instead",
      help: isAlternative
        ? "what fails ends the scenario by itself, unless `fails ERRNO` expects it"
        : "what follows is done only when this has not failed")
  }

  static func incompleteStatement(_ word: String, form: String, at range: SourceRange)
    -> Diagnostic
  {
    .error(
      .unknownStatement, "`\(word)` begins no statement in this way", at: range,
      label: write(form))
  }

  static func unknownBlock(_ word: String, among words: [String], at range: SourceRange)
    -> Diagnostic
  {
    .error(
      .unknownStatement, "`\(word)` begins no block", at: range,
      help: "blocks begin with " + words.joined(separator: ", "))
  }

  static func expectedStatementEnd(
    after what: String, found: String, help: String?, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .expectedStatementEnd, "expected the \(what) to end, found \(found)", at: range,
      label: help == nil ? "expected a new line or `;` before this" : "not expected here",
      help: help)
  }

  static func missingComma(between verb: String, at range: SourceRange) -> Diagnostic {
    .error(
      .expectedStatementEnd, "expected `,` or the end of `\(verb)`", at: range,
      label: "a comma stands before another argument")
  }

  /// `1 + 1 + 1 + …`: nothing is nested there for a reader.
  static func tooManyTerms(limit: Int, at range: SourceRange) -> Diagnostic {
    .error(
      .nestingTooDeep, "more than \(limit) operators in one expression", at: range,
      help: "give a part of it a name with `let`, or count in a loop")
  }

  static func nestingTooDeep(limit: Int, at range: SourceRange) -> Diagnostic {
    .error(
      .nestingTooDeep, "nested more than \(limit) deep", at: range,
      help: "move the inner part into a function, or give it a name with `let`")
  }

  static func chainedComparison(
    _ first: SourceRange, _ second: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .chainedComparison, "comparisons cannot be chained",
      labels: [.primary(second, "the second"), .secondary(first, "the first comparison")],
      help: "join two comparisons with `and`")
  }

  static func chainedRange(at range: SourceRange) -> Diagnostic {
    .error(
      .chainedComparison, "ranges cannot be chained", at: range,
      label: "a range has two ends, as in `1..15`")
  }

  static func cannotAssign(at range: SourceRange) -> Diagnostic {
    .error(
      .cannotAssign, "only a variable, a field, an element, a shadow or a state can be assigned",
      at: range, label: "this is a value", help: "to compare, write `==`")
  }

  static func assignmentInCondition(at range: SourceRange) -> Diagnostic {
    .error(
      .assignmentInCondition, "`=` assigns, and cannot stand in a condition", at: range,
      label: "to compare, write `==`", fixIt: FixIt(range: range, replacement: "=="))
  }

  static func blankBeforeUnit(_ number: String, _ unit: String, at range: SourceRange) -> Diagnostic
  {
    .error(
      .blankBeforeUnit, "the unit follows its number without a blank", at: range,
      label: "write `\(number)\(unit)`",
      fixIt: FixIt(range: range, replacement: number + unit))
  }

  static func misplacedMember(_ what: String, belongs place: String, at range: SourceRange)
    -> Diagnostic
  {
    .error(
      .misplacedMember, "\(what) cannot stand here", at: range, label: "it belongs in \(place)")
  }

  static func compoundAssignment(
    _ spelling: String, of name: String, at range: SourceRange
  ) -> Diagnostic {
    let operation = spelling.prefix(1)
    return .error(
      .compoundAssignment, "there is no `\(spelling)`", at: range,
      label: "write `\(name) = \(name) \(operation) …`")
  }

  static func repeatedClause(_ what: String, first: SourceRange, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      .error, .repeatedClause, "\(what) stands here twice",
      labels: [.primary(range, "remove this one"), .secondary(first, "the first one")])
  }

  static func qualifiedFunction(_ module: String, word: String, at range: SourceRange) -> Diagnostic
  {
    .error(
      .misplacedMember, "`::` is for calls, and a function is declared inside its module",
      at: range,
      help: "write `module \"\(module)\" { \(word) NAME(…) { … } }`")
  }

  static func takesNoParameters(_ what: String, at range: SourceRange) -> Diagnostic {
    .error(
      .takesNoParameters, "\(what) takes no parameters", at: range, label: "remove these")
  }

  static func emptyCommand(at range: SourceRange) -> Diagnostic {
    .error(.emptyCommand, "expected a command after `$`", at: range)
  }
}
