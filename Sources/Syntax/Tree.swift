import Diagnostics

// The tree of a `.graft` file, as written.
//
// The tree says what stands in the text and nothing more: names are not resolved, kinds are not
// checked, verbs are not looked up. Every node carries the range it was read from. Two rules keep
// the tree small:
//
// - What has its own syntax has its own node (`spawn 3 of p on cpu 1`, `wait q until c`). What is
//   merely a word followed by arguments is a `VerbStatement`, and a table in a later module says
//   which words exist, where they may stand and what they take.
// - A node that the parser could not read completely is still there when its beginning was clear,
//   with `.missing` expressions and empty names for the holes. Every hole was reported already, so
//   a reader of the tree may stay silent about it.

/// A name as written. An empty text marks a name that is missing from the source.
package struct Name: Hashable, Sendable {
  package var text: String
  package var range: SourceRange

  package init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }

  /// True when the source has no name here; the parser has already said so.
  package var isMissing: Bool { text.isEmpty }
}

/// A string without interpolation, such as a title, a release or a path; `text` is unescaped.
package struct TextLiteral: Hashable, Sendable {
  package var text: String
  package var range: SourceRange

  package init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// A comment: from its `#` to the end of its line, line break apart.
package struct Comment: Hashable, Sendable {
  package var range: SourceRange
  /// True when only blanks stand before it on its line.
  package var isOwnLine: Bool

  package init(range: SourceRange, isOwnLine: Bool) {
    self.range = range
    self.isOwnLine = isOwnLine
  }
}

/// One file, or one fragment typed at a prompt.
package struct SourceFile: Sendable {
  package var file: SourceFileID
  package var declarations: [Declaration]
  /// In order of position.
  package var comments: [Comment]
  /// True when the parser reported an error: some of the text may be missing from the tree.
  package var hasErrors: Bool
  /// The statements and members that were reported, in order: what they mean, nobody knows.
  package var broken: [SourceRange]
  package var range: SourceRange

  package init(
    file: SourceFileID, declarations: [Declaration], comments: [Comment], hasErrors: Bool,
    broken: [SourceRange], range: SourceRange
  ) {
    self.file = file
    self.declarations = declarations
    self.comments = comments
    self.hasErrors = hasErrors
    self.broken = broken
    self.range = range
  }
}
