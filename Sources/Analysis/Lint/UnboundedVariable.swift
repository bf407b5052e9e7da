import Diagnostics
import Syntax

/// A counter without bounds makes a new world of every round of a loop.
enum UnboundedVariable: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0806"), title: "an unbounded variable in a search",
    text: """
      A search goes on until no new world turns up. A kernel variable that is counted up without \
      bounds makes a new one in every round of every loop, and the search ends at its budget, \
      without an answer. `var n in 0..3 = 0` stays at 3; often that is all that a property needs \
      to know.
      """,
    wrong: """
      kernel "3.12" { var seen = 0; syscall probe() { seen = seen + 1 } }
      program looper { loop { probe() } }
      scenario "s" in every schedule { let t = spawn looper; always t.alive; await seen > 2 }
      """,
    right: """
      kernel "3.12" { var seen in 0..3 = 0; syscall probe() { seen = seen + 1 } }
      program looper { loop { probe() } }
      scenario "s" in every schedule { let t = spawn looper; always t.alive; await seen > 2 }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    guard let search = file.searchedScenarios.first else { return [] }
    let counted = countedNames(file)
    return file.kernelMembers.compactMap { member in
      guard case .variable(let variable) = member, variable.bounds == nil,
        case .integer = variable.value.bare.kind, let place = counted[variable.name.text]
      else { return nil }
      let isHere = variable.range.file == file.tree.file
      return warning(
        "`\(variable.name.text)` has no bounds, and a search may never end",
        at: isHere ? variable.name.range : search.title.range,
        also: [.secondary(place, "counted here")]
          + (isHere ? [.secondary(search.title.range, "searched here")] : []),
        help: "give it a range: `var \(variable.name.text) in 0..3 = …`")
    }
  }

  /// Variables that some code gives a value made of their own: `n = n + 1`.
  private static func countedNames(_ file: LintedFile) -> [String: SourceRange] {
    var found: [String: SourceRange] = [:]
    for function in file.functions {
      function.body.forEachStatement { statement in
        guard case .assignment(let node) = statement.kind, let name = node.place.plainName,
          case .binary(let operation) = node.value.bare.kind,
          [.add, .subtract, .multiply].contains(operation.operation), node.value.mentions(name),
          found[name] == nil
        else { return }
        found[name] = statement.range
      }
    }
    return found
  }
}
