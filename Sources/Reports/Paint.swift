/// Colours for a terminal, or none.
package struct Paint: Sendable {
  package var isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  package func dim(_ text: String) -> String { wrap(text, "2") }
  package func bold(_ text: String) -> String { wrap(text, "1") }
  package func good(_ text: String) -> String { wrap(text, "1;32") }
  package func bad(_ text: String) -> String { wrap(text, "1;31") }
  package func odd(_ text: String) -> String { wrap(text, "1;33") }
  package func new(_ text: String) -> String { wrap(text, "32") }
  package func old(_ text: String) -> String { wrap(text, "33") }

  /// A lane: runs of small letters in the old universe's colour, of capitals in the new one's.
  func lane(_ glyphs: [Character]) -> String {
    guard isColoured else { return String(glyphs) }
    var text = ""
    var run = ""
    var isNew: Bool?
    func flush() {
      guard let isNew else {
        text += run
        return
      }
      text += isNew ? new(run) : old(run)
    }
    for glyph in glyphs {
      let kind: Bool? = glyph.isLetter ? glyph.isUppercase : nil
      if kind != isNew {
        flush()
        run = ""
        isNew = kind
      }
      run.append(glyph)
    }
    flush()
    return text
  }
}
