import Diagnostics
import Machine
import Syntax

/// The kernel's functions give errors as negative numbers; a positive one looks like success.
enum PositiveErrno: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0812"), title: "an error that is positive",
    text: """
      Functions of the kernel give an error as its negative number: `return -EINVAL`. Without the \
      sign it is a number above 0, which callers and programs take for success.
      """,
    wrong: """
      kernel "3.12" { syscall probe(n) { if n > 9000 { return EINVAL }; return 0 } }
      program looper { loop { probe(1) } }
      scenario "s" { let t = spawn looper; sleep 1ms; assert t.alive }
      """,
    right: """
      kernel "3.12" { syscall probe(n) { if n > 9000 { return -EINVAL }; return 0 } }
      program looper { loop { probe(1) } }
      scenario "s" { let t = spawn looper; sleep 1ms; assert t.alive }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for function in file.functions where function.range.file == file.tree.file {
      function.body.forEachStatement { statement in
        guard case .returnValue(let value?) = statement.kind, let name = value.bare.plainName,
          Errno(name: name) != nil
        else { return }
        found.append(
          warning(
            "`\(name)` is positive, and means success to whoever called", at: value.range,
            label: "did you mean `-\(name)`?"))
      }
    }
    return found
  }
}
