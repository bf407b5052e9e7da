/// What `graft explain CODE` shows: a title, why the rule is there, and a text that breaks it
/// beside one that does not. Tests hold every text against the phase that raises the code.
///
/// Each module has a table of them beside its codes. In a text, a line `# file: NAME` begins
/// another file, which the first may `use`. Where no text that people would read or could copy
/// breaks the rule, `recipe` has the lines for a shell that show it.
package struct Explanation: Hashable, Sendable {
  package var code: DiagnosticCode
  package var title: String
  package var text: String
  package var wrong: String
  package var right: String
  /// For a shell, in an empty folder.
  package var recipe: String

  package init(
    code: DiagnosticCode, title: String, text: String, wrong: String, right: String,
    recipe: String = ""
  ) {
    self.code = code
    self.title = title
    self.text = text
    self.wrong = wrong
    self.right = right
    self.recipe = recipe
  }
}
