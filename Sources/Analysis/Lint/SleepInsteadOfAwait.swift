import Diagnostics
import Syntax

/// A transition takes as long as it takes; a sleep that was long enough yesterday is a flaky test.
enum SleepInsteadOfAwait: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0801"), title: "a sleep in place of await",
    text: """
      How long a transition takes depends on who sleeps where. A fixed sleep before the assertion \
      that it has ended is too short on some schedule and too long on all others; `await` goes on \
      as soon as the transition has ended, and says so when it does not end.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" {
          apply fix
          sleep 10s
          assert not in_progress
      }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" {
          apply fix
          await not in_progress within 10s
      }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    var found: [Diagnostic] = []
    func visit(_ block: Block) {
      for (first, second) in zip(block.statements, block.statements.dropFirst()) {
        guard first.arguments(of: "sleep") != nil,
          let condition = second.arguments(of: "assert")?.first, saysThatItEnded(condition)
        else { continue }
        found.append(
          warning(
            "this asserts that the sleep was long enough", at: first.range,
            also: [.secondary(second.range, "for this to be true")],
            help: "write `await not in_progress within D`: it goes on as soon as it holds"))
      }
    }
    for declaration in file.tree.declarations {
      switch declaration {
      case .scenario(let node): node.body.forEachBlock(visit)
      case .definition(let node): node.body.forEachBlock(visit)
      default: break
      }
    }
    return found
  }

  /// `not in_progress`, or the file of that name being "0".
  private static func saysThatItEnded(_ condition: Expression) -> Bool {
    switch condition.bare.kind {
    case .unary(.not, let inner): return inner.bare.plainName == "in_progress"
    case .binary(let node) where node.operation == .equal:
      guard case .call(let callee, let arguments) = node.left.bare.kind,
        callee.plainName == "cat", let path = arguments.first, case .string(let text) = path.kind,
        case .string(let value) = node.right.bare.kind
      else { return false }
      return value.plain == "0" && text.plain?.hasSuffix("in_progress") == true
    default: return false
    }
  }
}

extension Block {
  /// The block and every block in it.
  func forEachBlock(_ visit: (Block) -> Void) {
    visit(self)
    for statement in statements {
      for block in statement.blocks { block.forEachBlock(visit) }
    }
  }
}
