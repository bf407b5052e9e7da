/// How much a diagnostic matters.
package enum Severity: String, Hashable, Sendable, CaseIterable {
  case error, warning, note
}

/// A stable name such as `E0101`. Wording may change, a code may not. Each phase adds its own in
/// an extension: E00xx the lexer, E01xx the parser, E02xx and above the later phases.
package struct DiagnosticCode: RawRepresentable, Hashable, Sendable {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }
}

/// A place in the source and what to say there. An empty message draws carets alone.
package struct Label: Hashable, Sendable {
  package var range: SourceRange
  package var message: String
  package var isPrimary: Bool

  package static func primary(_ range: SourceRange, _ message: String = "") -> Label {
    Label(range: range, message: message, isPrimary: true)
  }

  package static func secondary(_ range: SourceRange, _ message: String) -> Label {
    Label(range: range, message: message, isPrimary: false)
  }
}

/// A change to the text that would cure a diagnostic.
package struct FixIt: Hashable, Sendable {
  package var range: SourceRange
  package var replacement: String

  package init(range: SourceRange, replacement: String) {
    self.range = range
    self.replacement = replacement
  }
}

/// The value that a part of the source had.
package struct SourceValue: Hashable, Sendable {
  package var range: SourceRange
  package var text: String

  package init(range: SourceRange, text: String) {
    self.range = range
    self.text = text
  }
}

/// What a phase has to say about the source: a plain value, rendered by `DiagnosticRenderer`.
///
/// Messages are lower case, without a full stop, and say what to do.
package struct Diagnostic: Hashable, Sendable {
  package var severity: Severity
  package var code: DiagnosticCode
  package var message: String
  /// The first primary label is where the diagnostic stands.
  package var labels: [Label]
  /// What parts of the source were worth, drawn below them, each on its own stem.
  package var values: [SourceValue]
  package var notes: [String]
  package var help: String?
  package var fixIt: FixIt?

  package init(
    _ severity: Severity, _ code: DiagnosticCode, _ message: String, labels: [Label],
    values: [SourceValue] = [], notes: [String] = [], help: String? = nil, fixIt: FixIt? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.labels = labels
    self.values = values
    self.notes = notes
    self.help = help
    self.fixIt = fixIt
  }

  /// An error with one label.
  package static func error(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, label: String = "",
    help: String? = nil, fixIt: FixIt? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, code, message, labels: [.primary(range, label)], help: help, fixIt: fixIt)
  }

  /// Where the diagnostic stands; nil when it has no label at all.
  package var range: SourceRange? {
    (labels.first { $0.isPrimary } ?? labels.first)?.range
  }
}
