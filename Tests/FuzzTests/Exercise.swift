import Graft

@testable import Syntax

/// What must be true of every text whatsoever.
enum Exercise {
  struct Complaint: Error {
    var text: String
  }

  /// Steps of each scenario that comes to run.
  static let steps = 500

  static func run(_ bytes: [UInt8]) throws(Complaint) {
    let text = SourceText(name: "fuzz.graft", bytes: bytes)
    var sources = SourceMap()
    let file = sources.add(text)
    let (tree, diagnostics) = parse(text, file: file)
    try look(at: diagnostics, sources)
    guard tree.hasErrors == diagnostics.contains(where: { $0.severity == .error }) else {
      throw Complaint(text: "a tree with errors and no error, or the reverse")
    }
    let fragment = parseFragment(text, file: file)
    try look(at: fragment.diagnostics, sources)
    try layOut(tree, text)
    try check(bytes)
  }

  /// Laid out, a text says the same, and a second time changes nothing.
  private static func layOut(_ tree: SourceFile, _ text: SourceText) throws(Complaint) {
    guard !tree.hasErrors else { return }
    guard let once = format(tree, text) else {
      throw Complaint(text: "a text without errors is not formatted")
    }
    let formatted = SourceText(name: "fuzz.graft", once)
    let again = parse(formatted, file: SourceFileID(0))
    guard !again.tree.hasErrors else {
      throw Complaint(text: "the formatted text has errors:\n\(once)")
    }
    guard words(of: text) == words(of: formatted) else {
      throw Complaint(text: "the formatted text says something else:\n\(once)")
    }
    let twice = format(again.tree, formatted) ?? ""
    guard twice == once else {
      throw Complaint(text: "formatting twice is not formatting once:\n\(once)--- then\n\(twice)")
    }
  }

  /// The tokens of a text, without what separates statements: line breaks, `;` and their absence.
  private static func words(of text: SourceText) -> [String] {
    var lexer = Lexer(text, file: SourceFileID(0))
    lexer.run()
    return lexer.tokens.filter { $0.length > 0 }
      .map { text.text(in: $0.bytes) }
      .filter { $0 != ";" && !$0.allSatisfy(\.isWhitespace) }
  }

  /// Checked, linted, lowered and, where that succeeds, run for a little while.
  private static func check(_ bytes: [UInt8]) throws(Complaint) {
    let unit = ScenarioUnit(path: "fuzz.graft", bytes: bytes) { _ in
      .failure(.init(reason: "no other files"))
    }
    try look(at: unit.diagnostics, unit.sources)
    if let tree = unit.trees.last {
      try look(at: Linter.lint(LintedFile(tree, in: unit.trees, unit.sources)), unit.sources)
    }
    guard !unit.hasErrors else { return }
    for entry in unit.entries.prefix(6) {
      let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
      try look(at: diagnostics, unit.sources)
      guard scenario != nil || diagnostics.contains(where: { $0.severity == .error }) else {
        throw Complaint(text: "nothing to run, and no error")
      }
      guard let scenario else { continue }
      var options = RunOptions()
      options.limits = .untrusted
      options.limits.steps = steps
      options.limits.operations = 100 * steps
      options.bounds.states = steps
      let record = ScenarioRunner(scenario, options).run(skipping: entry.skipReason)
      if let failure = record.outcome.failure {
        try look(at: [failure.diagnostic], unit.sources)
      }
    }
  }

  /// Diagnostics are drawn in every form, point into their files, and have a page in `explain`.
  private static func look(
    at diagnostics: [Diagnostic], _ sources: SourceMap
  ) throws(Complaint) {
    for diagnostic in diagnostics {
      for form in DiagnosticRenderer.Form.allCases {
        _ = DiagnosticRenderer(sources: sources, form: form).render(diagnostic)
      }
      guard Explanation.of(diagnostic.code.rawValue) != nil else {
        throw Complaint(text: "nobody explains \(diagnostic.code.rawValue)")
      }
      for label in diagnostic.labels
      where Int(label.range.upper) > sources[label.range.file].bytes.count || label.range.lower < 0
      {
        throw Complaint(text: "\(diagnostic.code.rawValue) points outside of its file")
      }
    }
  }
}
