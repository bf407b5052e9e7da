import Diagnostics

/// Collects what a phase reports, up to a limit. A phase whose bag is full stops reading, so that a
/// file of garbage costs little.
struct DiagnosticBag {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var hasErrors = false

  /// Enough for anyone to see that a file is not what they thought it was.
  static let limit = 100

  var isFull: Bool { diagnostics.count >= Self.limit }

  mutating func report(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { hasErrors = true }
    if !isFull { diagnostics.append(diagnostic) }
  }

  /// Forgets what was reported after the first `count`; that there were errors is remembered.
  mutating func truncate(to count: Int) {
    diagnostics.removeSubrange(min(count, diagnostics.count)...)
  }

  /// Both, in order of position, again up to the limit, with a last word about the rest.
  ///
  /// - Parameter silenced: where what the lexer said means nothing beside what the parser said.
  static func merged(
    _ lexer: Lexer, _ parser: DiagnosticBag, without silenced: [SourceRange]
  ) -> [Diagnostic] {
    let fromLexer = lexer.bag.diagnostics.filter { diagnostic in
      guard let place = diagnostic.range?.lower else { return true }
      // What the parser says of a line whose quotes do not pair up is left out itself.
      return lexer.brokenLines.contains { $0.contains(Int(place)) }
        || !silenced.contains { $0.lower <= place && place < $0.upper }
    }
    // On a line whose quotes do not pair up, code and text have changed places: whatever else there
    // is to say about it would only distract.
    var all =
      fromLexer
      + parser.diagnostics.filter { diagnostic in
        guard let place = diagnostic.range?.lower else { return true }
        // The `}` of a block that was opened on such a line may be part of the text.
        let places =
          diagnostic.code == .unclosedBlock ? diagnostic.labels.map(\.range.lower) : [place]
        return !lexer.brokenLines.contains { line in places.contains { line.contains(Int($0)) } }
      }
    // The sort is stable: of two at one place, the lexer's comes first.
    all.sort { ($0.range?.lower ?? 0) < ($1.range?.lower ?? 0) }
    guard all.count >= limit, let last = all[limit - 1].range else { return all }
    return all.prefix(limit) + [.tooManyErrors(limit: limit, at: last)]
  }
}
