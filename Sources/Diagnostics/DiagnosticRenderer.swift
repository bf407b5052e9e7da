/// Turns diagnostics into text. Pure: it returns strings, and prints nothing.
package struct DiagnosticRenderer: Sendable {
  package enum Form: String, Hashable, Sendable, CaseIterable {
    /// Source lines with carets under them.
    case long
    /// One line: `file:line:column: error[E0101]: message`.
    case short
    /// One JSON object per line.
    case json
  }

  package var sources: SourceMap
  package var form: Form
  package var usesColour: Bool
  /// Columns of the terminal; longer source lines are windowed around their label.
  package var width: Int

  package init(
    sources: SourceMap, form: Form = .long, usesColour: Bool = false, width: Int = 100
  ) {
    self.sources = sources
    self.form = form
    self.usesColour = usesColour
    self.width = max(40, width)
  }

  /// Each diagnostic ends with a line break; in the long form an empty line stands between two.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined(separator: form == .long ? "\n" : "")
  }

  package func render(_ diagnostic: Diagnostic) -> String {
    switch form {
    case .long: renderLong(diagnostic)
    case .short: renderShort(diagnostic)
    case .json: renderJSON(diagnostic)
    }
  }

  private func renderShort(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.range.map { location(of: $0) + ": " } ?? ""
    return place + headline(diagnostic) + "\n"
  }

  func headline(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.severity.rawValue
    return "\(severity)[\(diagnostic.code.rawValue)]: \(shownMessage(diagnostic.message))"
  }

  /// `file:line:column` of the beginning of a range.
  func location(of range: SourceRange) -> String {
    let text = sources[range.file]
    let position = text.position(at: range.lower)
    return "\(escapingControls(text.name)):\(position.line):\(position.column)"
  }
}
