import Diagnostics

/// Reads a file. Never fails: what could not be read is reported, and missing from the tree.
///
/// Linear in the size of the text; texts over 8 MiB are refused with a diagnostic.
package func parse(
  _ source: SourceText, file: SourceFileID
) -> (tree: SourceFile, diagnostics: [Diagnostic]) {
  var lexer = Lexer(source, file: file)
  lexer.run()
  var parser = Parser(source, file: file, lexed: lexer)
  parser.repairBraces()
  let declarations = parser.declarations()
  let tree = SourceFile(
    file: file, declarations: declarations, comments: lexer.comments,
    hasErrors: lexer.bag.hasErrors || parser.bag.hasErrors, broken: parser.broken,
    range: SourceRange(file: file, lower: 0, upper: Int32(source.bytes.count)))
  return (tree, DiagnosticBag.merged(lexer, parser.bag, without: parser.silenced))
}

/// What was typed at a prompt: declarations and statements, mixed.
package struct Fragment: Sendable {
  package enum Item: Hashable, Sendable {
    case declaration(Declaration)
    case statement(Statement)
  }

  package var items: [Item]
  package var comments: [Comment]
  package var hasErrors: Bool
  /// True when the text only needs to go on: a `{`, `(` or `[` is open, or an operator waits for
  /// its operand. A prompt asks for another line then.
  package var isIncomplete: Bool
}

/// Reads a text that is one expression and nothing else; nil for any other.
package func parseExpression(_ source: SourceText, file: SourceFileID) -> Expression? {
  var lexer = Lexer(source, file: file)
  lexer.run()
  var parser = Parser(source, file: file, lexed: lexer)
  guard !parser.at(.endOfFile) else { return nil }
  let expression = parser.expression(after: nil)
  while parser.eat(.semicolon) {}
  guard parser.at(.endOfFile), !lexer.bag.hasErrors, !parser.bag.hasErrors else { return nil }
  return expression
}

/// Reads what was typed at a prompt. `boot` is a statement here; otherwise what can be a
/// declaration is one.
package func parseFragment(
  _ source: SourceText, file: SourceFileID
) -> (fragment: Fragment, diagnostics: [Diagnostic]) {
  var lexer = Lexer(source, file: file)
  lexer.run()
  var parser = Parser(source, file: file, lexed: lexer)
  let items = parser.fragmentItems()
  let fragment = Fragment(
    items: items, comments: lexer.comments,
    hasErrors: lexer.bag.hasErrors || parser.bag.hasErrors,
    isIncomplete: parser.isIncomplete && !lexer.bag.hasErrors)
  return (fragment, DiagnosticBag.merged(lexer, parser.bag, without: parser.silenced))
}
