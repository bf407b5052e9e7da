// The JSON form: one object per line, for editors and scripts. Its first member is the version of
// the format; members may be added under the same version, none is removed or changes its meaning.

extension DiagnosticRenderer {
  /// The version of the JSON form.
  package static let jsonVersion = 1

  func renderJSON(_ diagnostic: Diagnostic) -> String {
    let chain = diagnostic.range.map { sources.includeChain(of: $0.file) } ?? []
    let members = [
      ("version", String(Self.jsonVersion)),
      ("severity", quoted(diagnostic.severity.rawValue)),
      ("code", quoted(diagnostic.code.rawValue)),
      ("message", quoted(cuttingLongWords(diagnostic.message))),
      ("labels", array(diagnostic.labels.map(json))),
      ("notes", array(diagnostic.notes.map(cuttingLongWords).map(quoted))),
      ("help", diagnostic.help.map(cuttingLongWords).map(quoted) ?? "null"),
      ("fix", diagnostic.fixIt.map(json) ?? "null"),
      ("used_at", array(chain.map { object(span($0)) })),
    ]
    return object(members) + "\n"
  }

  private func json(_ label: Label) -> String {
    object(
      [
        ("primary", label.isPrimary ? "true" : "false"),
        ("message", quoted(cuttingLongWords(label.message))),
      ] + span(label.range))
  }

  private func json(_ fixIt: FixIt) -> String {
    object([("replacement", quoted(fixIt.replacement))] + span(fixIt.range))
  }

  private func span(_ range: SourceRange) -> [(String, String)] {
    [
      ("file", quoted(sources[range.file].name)),
      ("start", point(range.lower, in: range.file)),
      ("end", point(range.upper, in: range.file)),
    ]
  }

  private func point(_ offset: Int32, in file: SourceFileID) -> String {
    let position = sources.position(at: offset, in: file)
    return object([
      ("line", String(position.line)), ("column", String(position.column)),
      ("byte", String(offset)),
    ])
  }

  private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
  }

  private func array(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ",") + "]"
  }

  private func quoted(_ text: String) -> String { jsonQuoted(text) }
}
