import Diagnostics
import Syntax

/// Code that is never reached.
///
/// Only what the text itself says counts: `if false`, not a condition on a constant, which a patch
/// may replace or somebody may have written to be changed.
extension Checker {
  func warnOfDeadBranches(_ node: Conditional) {
    for (number, branch) in node.branches.enumerated() {
      switch branch.condition.fixedTruth {
      case nil: continue
      case false?:
        report(.unreachable(at: branch.body.placeToShow, because: branch.condition.range))
      case true?:
        let rest =
          node.branches.dropFirst(number + 1).map(\.body) + (node.otherwise.map { [$0] } ?? [])
        if let first = rest.first {
          report(
            .unreachable(
              at: first.placeToShow, because: branch.condition.range, "this is always true"))
        }
        return
      }
    }
  }

  /// `[]`, or a range that ends before it begins.
  func isEmptyList(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .list(let elements): return elements.isEmpty
    case .parenthesised(let inner): return isEmptyList(inner)
    case .range(let low, let high):
      guard case .integer(let first) = low.kind, case .integer(let last) = high.kind else {
        return false
      }
      return last < first
    default: return false
    }
  }
}

extension Expression {
  /// What `true`, `false` and conditions made of them come to.
  var fixedTruth: Bool? {
    switch kind {
    case .boolean(let value): return value
    case .parenthesised(let inner): return inner.fixedTruth
    case .unary(.not, let operand): return operand.fixedTruth.map { !$0 }
    case .binary(let node):
      let left = node.left.fixedTruth
      let right = node.right.fixedTruth
      switch node.operation {
      case .and: return left == false || right == false ? false : left == true ? right : nil
      case .or: return left == true || right == true ? true : left == false ? right : nil
      default: return nil
      }
    default: return nil
    }
  }
}

extension Statement {
  /// Whether nothing in the same block can follow it.
  var endsBlock: Bool {
    switch kind {
    case .returnValue, .breakLoop, .continueLoop: true
    case .verb(let node): node.verb.text == "exit" || node.verb.text == "oops"
    case .endlessLoop(let body): !body.canBreak
    case .whileLoop(let loop): loop.condition.fixedTruth == true && !loop.body.canBreak
    case .conditional(let node):
      node.otherwise?.isLeft == true && node.branches.allSatisfy { $0.body.isLeft }
    case .interruptsOff(let body), .bottomHalvesOff(let body): body.isLeft
    default: false
    }
  }

  var endingWords: String {
    switch kind {
    case .endlessLoop, .whileLoop: "this loop never ends"
    case .returnValue: "the body ends here"
    case .verb(let node):
      node.verb.text == "oops" ? "the kernel crashes here" : "the task ends here"
    case .conditional: "no branch goes on from here"
    case .interruptsOff, .bottomHalvesOff: "this block never ends"
    default: "the loop goes on elsewhere from here"
    }
  }
}

extension Block {
  /// Its first statement: the whole of it may be long.
  var placeToShow: SourceRange { statements.first?.range ?? range }

  /// Whether its end is never come to.
  var isLeft: Bool { statements.contains(where: \.endsBlock) }

  /// Whether a `break` in it leaves the loop that it is the body of.
  var canBreak: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .breakLoop: true
      case .conditional(let node):
        node.branches.contains { $0.body.canBreak } || node.otherwise?.canBreak == true
      case .interruptsOff(let body), .bottomHalvesOff(let body), .atomic(let body): body.canBreak
      default: false
      }
    }
  }
}
