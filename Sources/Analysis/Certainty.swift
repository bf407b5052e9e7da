import Diagnostics
import Syntax

/// What a condition comes to in every run: an assertion of that says nothing.
///
/// It knows more than the constants that the lowering may fold: values that a `let` gives, a matrix
/// whose every value gives the same answer, both sides alike, `or true`, a count that
/// is at least 0. It never guesses: nil is "depends on the run".
struct Certainty {
  let checker: Checker
  /// Values of the matrix variables that are being tried.
  private var axes: [Int: AxisValue] = [:]

  init(_ checker: Checker) { self.checker = checker }

  /// Rows of a matrix that are tried at the most.
  private static let greatestRowCount = 64

  func truth(of condition: Expression) -> Bool? {
    guard let scenario = checker.place.scenario, !checker.matrices[scenario].isEmpty else {
      return value(of: condition).map { $0 != 0 }
    }
    let used = axesUsed(in: condition)
    guard !used.isEmpty else { return value(of: condition).map { $0 != 0 } }
    var rows: [[Int: AxisValue]] = [[:]]
    for axis in used {
      let values = checker.matrices[scenario][axis].values
      rows = rows.flatMap { row in
        values.map { value in
          var row = row
          row[axis] = value
          return row
        }
      }
      guard !rows.isEmpty, rows.count <= Self.greatestRowCount else { return nil }
    }
    var answers: Set<Bool?> = []
    for row in rows {
      var trial = self
      trial.axes = row
      answers.insert(trial.value(of: condition).map { $0 != 0 })
    }
    return answers.count == 1 ? answers.first ?? nil : nil
  }

  private func axesUsed(in expression: Expression) -> [Int] {
    var found: Set<Int> = []
    func visit(_ part: Expression) {
      if case .axis(let number)? = checker.facts.symbols[part.range] { found.insert(number) }
    }
    expression.forEachPart(visit)
    return found.sorted()
  }

  /// The word of an expression; nil when it depends on the run.
  private func value(of expression: Expression) -> Int64? {
    if let constant = checker.facts.constants[expression.range] { return constant }
    switch expression.kind {
    case .parenthesised(let inner): return value(of: inner)
    case .reference:
      switch checker.facts.symbols[expression.range] {
      case .local(let id): return checker.certainLocals[id]
      case .axis(let number):
        guard case .word(let word)? = axes[number]?.meaning else { return nil }
        return word
      default: return nil
      }
    case .unary(.not, let operand): return value(of: operand).map { $0 == 0 ? 1 : 0 }
    case .unary(.negate, let operand): return value(of: operand).flatMap { $0 == .min ? nil : -$0 }
    case .binary(let node): return value(of: node)
    case .quantified(let node): return value(of: node)
    default: return nil
    }
  }

  private func value(of node: BinaryOperation) -> Int64? {
    let left = value(of: node.left)
    let right = value(of: node.right)
    switch node.operation {
    case .and:
      if left == 0 || right == 0 { return 0 }
      return left != nil && right != nil ? 1 : nil
    case .or:
      if let left, left != 0 { return 1 }
      if let right, right != 0 { return 1 }
      if left == 0, right == 0 { return 0 }
      return isEitherUniverse(node) ? 1 : nil
    case .isIn: return containment(node)
    default: break
    }
    if let left, let right {
      if case .value(let result) = fold(node.operation, left, right) { return result }
      return nil
    }
    if isText(node.left), isText(node.right),
      node.operation == .equal || node.operation == .notEqual
    {
      return (text(node.left) == text(node.right)) == (node.operation == .equal) ? 1 : 0
    }
    if isQuiet(node.left), text(node.left) == text(node.right) { return ofTheSame(node.operation) }
    return ofBounds(node)
  }

  /// Both sides are one value.
  private func ofTheSame(_ operation: BinaryOperator) -> Int64? {
    switch operation {
    case .equal, .lessOrEqual, .greaterOrEqual: 1
    case .notEqual, .less, .greater: 0
    default: nil
    }
  }

  /// What both sides can be at all decides it: a number of elements is never below 0, a variable
  /// with bounds stays within them.
  private func ofBounds(_ node: BinaryOperation) -> Int64? {
    guard let left = bounds(of: node.left), let right = bounds(of: node.right) else { return nil }
    let isApart = left.upperBound < right.lowerBound || right.upperBound < left.lowerBound
    switch node.operation {
    case .less: return Self.comparison(left, isAlwaysBelow: right)
    case .greater: return Self.comparison(right, isAlwaysBelow: left)
    case .lessOrEqual: return Self.comparison(right, isAlwaysBelow: left).map { 1 - $0 }
    case .greaterOrEqual: return Self.comparison(left, isAlwaysBelow: right).map { 1 - $0 }
    case .equal: return isApart ? 0 : nil
    case .notEqual: return isApart ? 1 : nil
    default: return nil
    }
  }

  private static func comparison(
    _ left: ClosedRange<Int64>, isAlwaysBelow right: ClosedRange<Int64>
  ) -> Int64? {
    if left.upperBound < right.lowerBound { return 1 }
    return left.lowerBound >= right.upperBound ? 0 : nil
  }

  /// The least and the greatest that an expression can be, where that is known.
  private func bounds(of expression: Expression) -> ClosedRange<Int64>? {
    if let value = value(of: expression) { return value...value }
    switch expression.unparenthesised.kind {
    case .quantified(let node) where node.quantifier == .count: return 0...Int64.max
    case .reference:
      switch checker.facts.symbols[expression.unparenthesised.range] {
      case .variable(let key):
        guard case .variable(let declaration)? = checker.member(key)?.content else { return nil }
        return bounds(of: declaration)
      default: return nil
      }
    default: return nil
    }
  }

  private func bounds(of declaration: VariableDeclaration) -> ClosedRange<Int64>? {
    guard case .range(let low, let high)? = declaration.bounds?.kind,
      let first = checker.facts.constants[low.range],
      let last = checker.facts.constants[high.range], first <= last,
      checker.facts.kinds[declaration.name.range] == .integer
    else { return nil }
    return first...last
  }

  /// `t.universe == old or t.universe == new`.
  private func isEitherUniverse(_ node: BinaryOperation) -> Bool {
    guard case .binary(let first) = node.left.unparenthesised.kind,
      case .binary(let second) = node.right.unparenthesised.kind,
      first.operation == .equal, second.operation == .equal, isQuiet(first.left),
      text(first.left) == text(second.left),
      case .universe(let one)? = checker.facts.symbols[first.right.range],
      case .universe(let other)? = checker.facts.symbols[second.right.range]
    else { return false }
    return one != other
  }

  private func containment(_ node: BinaryOperation) -> Int64? {
    guard let element = value(of: node.left) else { return nil }
    switch node.right.unparenthesised.kind {
    case .list(let elements):
      let values = elements.map(value)
      if values.contains(element) { return 1 }
      return values.contains(nil) ? nil : 0
    case .range(let low, let high):
      guard let first = value(of: low), let last = value(of: high) else { return nil }
      return first <= element && element <= last ? 1 : 0
    default: return nil
    }
  }

  private func value(of node: Quantification) -> Int64? {
    if checker.isEmptyList(node.sequence) { return node.quantifier == .every ? 1 : 0 }
    guard let condition = value(of: node.condition) else { return nil }
    switch node.quantifier {
    case .every: return condition != 0 ? 1 : nil
    case .some: return condition == 0 ? 0 : nil
    case .count: return condition == 0 ? 0 : nil
    }
  }

  private func text(_ expression: Expression) -> String {
    checker.text(of: expression.unparenthesised.range)
  }

  private func isText(_ expression: Expression) -> Bool {
    if case .string(let text) = expression.unparenthesised.kind { text.plain != nil } else { false }
  }

  /// A value that is the same when it is asked for twice in one step: a name, or what one is asked.
  private func isQuiet(_ expression: Expression) -> Bool {
    switch expression.unparenthesised.kind {
    case .reference: true
    case .member(let base, _): isQuiet(base)
    default: false
    }
  }
}
