import Diagnostics
import Syntax

/// Binary operators: which kinds go together, and what is known before the run.
///
///     + -        int int → int · duration duration → duration
///     *          int int → int · duration int, int duration → duration
///     /          int int → int · duration int → duration · duration duration → int
///     %          int int → int · duration duration → duration
///     < <= > >=  two ints or two durations → bool
///     == !=      two of one kind → bool
///     in         element, list → bool · string, string → bool
///     and or     bool bool → bool
extension Checker {
  func checkBinary(_ node: BinaryOperation, _ expression: Expression) -> Kind {
    switch node.operation {
    case .and, .or:
      let left = check(node.left)
      require(left, is: .boolean, node.left)
      let right = check(node.right)
      // Of two sides that are wrong in one way, one says it.
      let kind = facts.table.resolve(left)
      if kind == .boolean || kind.isOpen || kind != facts.table.resolve(right) {
        require(right, is: .boolean, node.right)
      }
      foldBinary(node, expression)
      return .boolean
    case .isIn: return checkContainment(node)
    default: break
    }
    if node.operation == .divide, let name = hostBeforePath(node.left) {
      report(.pathWithoutQuotes(name, at: expression.range))
      return .error
    }
    guard let (left, right) = kindsOfOperands(node) else { return .boolean }
    if left == .error || right == .error {
      return node.operation.isComparison ? .boolean : .error
    }
    guard let kind = combine(node.operation, left, right) else {
      reportUnequal(node, left, right)
      return node.operation.isComparison ? .boolean : .error
    }
    if node.operation == .equal || node.operation == .notEqual { checkFixedTexts(node) }
    foldBinary(node, expression)
    return kind
  }

  /// Nil when the one is compared with nothing, which was reported.
  private func kindsOfOperands(_ node: BinaryOperation) -> (left: Kind, right: Kind)? {
    guard node.operation == .equal || node.operation == .notEqual else {
      let left = check(node.left)
      return (left, check(node.right))
    }
    let isReversed = isNothing(node.left)
    let (first, second) = isReversed ? (node.right, node.left) : (node.left, node.right)
    let kind = check(first)
    if isNothing(second), canBeNothing(kind) == false {
      let text = text(of: first.range)
      var help: String?
      if kind == .task, text.utf8.count <= 24 { help = "whether it still lives is `\(text).alive`" }
      if kind.isList { help = "how many there are: `count(x in LIST: true)`" }
      report(.neverNothing(kind, second.range, at: first.range, help: help))
      return nil
    }
    if reportedStateWithoutQuotes(first, second) { return nil }
    let other = check(second)
    return isReversed ? (other, facts.table.resolve(kind)) : (facts.table.resolve(kind), other)
  }

  /// `null`, and what other languages call so.
  private func isNothing(_ expression: Expression) -> Bool {
    guard case .reference(let reference) = expression.unparenthesised.kind,
      reference.module == nil
    else { return false }
    switch find(reference) {
    case .null?: return true
    case nil: return ForeignWords.values[reference.name.text] == "null"
    default: return false
    }
  }

  private func canBeNothing(_ kind: Kind) -> Bool {
    switch kind {
    case .record, .unknown, .error, .nothing: true
    default: false
    }
  }

  /// `cat /proc/1/stat`, which reads as a division.
  private func hostBeforePath(_ expression: Expression) -> String? {
    switch expression.kind {
    case .binary(let node) where node.operation == .divide: return hostBeforePath(node.left)
    case .reference(let reference):
      guard case .host(let name)? = find(reference) else { return nil }
      return name
    default: return nil
    }
  }

  private func combine(_ operation: BinaryOperator, _ left: Kind, _ right: Kind) -> Kind? {
    switch operation {
    case .equal, .notEqual:
      guard left != .nothing, facts.table.unify(left, right) else { return nil }
      return .boolean
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard isNumber(left), isNumber(right), facts.table.unify(left, right) else { return nil }
      return .boolean
    case .add, .subtract, .remainder:
      guard isNumber(left), isNumber(right), facts.table.unify(left, right) else { return nil }
      return facts.table.resolve(left)
    case .multiply: return product(left, right)
    case .divide:
      if left == .duration, right == .duration { return .integer }
      guard isNumber(left), facts.table.unify(right, .integer) else { return nil }
      return left
    case .and, .or, .isIn: return .boolean
    }
  }

  private func product(_ left: Kind, _ right: Kind) -> Kind? {
    switch (left, right) {
    case (.duration, .duration): return nil
    case (.duration, _): return facts.table.unify(right, .integer) ? .duration : nil
    case (_, .duration): return facts.table.unify(left, .integer) ? .duration : nil
    default:
      guard facts.table.unify(left, .integer), facts.table.unify(right, .integer) else {
        return nil
      }
      return .integer
    }
  }

  private func reportUnequal(_ node: BinaryOperation, _ left: Kind, _ right: Kind) {
    for (bare, other) in [(node.left, right), (node.right, left)] {
      if other == .duration, case .integer(let number) = bare.kind,
        node.operation != .multiply, node.operation != .divide
      {
        return report(.missingUnit("\(number)", at: bare.range))
      }
    }
    var diagnostic = Diagnostic.unequalKinds(
      left, node.left.range, right, node.right.range, operation: node.operation.spelling,
      at: node.operatorRange)
    if node.operation == .add, left == .string || right == .string {
      diagnostic.help = "put the parts into one text: \"{a}{b}\""
    }
    if node.operation == .remainder, left == .string {
      diagnostic.help = "a value is put into a text between braces: `\"{VALUE}\"`"
    }
    if node.operation == .multiply, left == .duration, right == .duration {
      diagnostic.help = "multiply a duration by an int; `/` between two durations gives one"
    }
    if left == .universe && right == .string || left == .string && right == .universe {
      diagnostic.help = "a universe is `old` or `new`, without quotes"
    }
    diagnostic.help = adviceOnOperands(node, left, right) ?? diagnostic.help
    report(diagnostic)
  }

  /// What was meant by comparing a bool or a text with a number, or by multiplying a task.
  private func adviceOnOperands(_ node: BinaryOperation, _ left: Kind, _ right: Kind) -> String? {
    if node.operation == .multiply, left == .task || right == .task {
      return "several tasks of a program: `spawn 3 of PROGRAM`"
    }
    guard node.operation == .equal || node.operation == .notEqual else { return nil }
    if left == .result || right == .result {
      return "how a command ended is `.status`, what it printed `.out`"
    }
    for (first, kind, second, other) in [
      (node.left, left, node.right, right), (node.right, right, node.left, left),
    ] {
      if kind == .boolean, other == .integer || other == .string {
        return adviceOnBool(first, second, isEqual: node.operation == .equal)
      }
      if kind == .string, case .integer(let number) = second.kind {
        return "a file and a command give texts: write `\"\(number)\"`"
      }
    }
    return nil
  }

  /// `in_progress == 1`, `in_progress == "0"`.
  private func adviceOnBool(_ bool: Expression, _ other: Expression, isEqual: Bool) -> String {
    let text = text(of: bool.range)
    let isShort = text.utf8.count <= 40 && !text.contains(" ")
    let shown = isShort ? text : "CONDITION"
    var isFalse = false
    switch other.kind {
    case .integer(let number): isFalse = number == 0
    case .string(let text): isFalse = ["0", "false", "no", ""].contains(text.plain ?? "1")
    default: break
    }
    return "a bool is asked as it is: `\(isFalse == isEqual ? "not \(shown)" : shown)`"
  }

  private func checkContainment(_ node: BinaryOperation) -> Kind {
    let left = check(node.left)
    let right = check(node.right)
    if right == .string {
      require(left, is: .string, node.left)
      return .boolean
    }
    guard facts.table.unify(.list(left), right) else {
      report(
        .unequalKinds(
          left, node.left.range, right, node.right.range, operation: "in", at: node.operatorRange))
      return .boolean
    }
    checkFixedTexts(node)
    return .boolean
  }

  private func foldBinary(_ node: BinaryOperation, _ expression: Expression) {
    guard let left = facts.constants[node.left.range],
      let right = facts.constants[node.right.range]
    else { return }
    switch fold(node.operation, left, right) {
    case .value(let value): facts.constants[expression.range] = value
    case .overflow: report(.constantOverflow(at: expression.range))
    case .divisionByZero:
      report(.constantDivisionByZero(at: expression.range, divisor: node.right.range))
    }
  }
}

/// What an operator gives for two known operands.
enum Folded {
  case value(Int64)
  case overflow, divisionByZero
}

func fold(_ operation: BinaryOperator, _ left: Int64, _ right: Int64) -> Folded {
  func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Folded {
    result.overflow ? .overflow : .value(result.partialValue)
  }
  func truth(_ holds: Bool) -> Folded { .value(holds ? 1 : 0) }
  switch operation {
  case .or: return truth(left != 0 || right != 0)
  case .and: return truth(left != 0 && right != 0)
  case .equal: return truth(left == right)
  case .notEqual: return truth(left != right)
  case .less: return truth(left < right)
  case .lessOrEqual: return truth(left <= right)
  case .greater: return truth(left > right)
  case .greaterOrEqual: return truth(left >= right)
  case .isIn: return truth(left == right)
  case .add: return checked(left.addingReportingOverflow(right))
  case .subtract: return checked(left.subtractingReportingOverflow(right))
  case .multiply: return checked(left.multipliedReportingOverflow(by: right))
  case .divide:
    return right == 0 ? .divisionByZero : checked(left.dividedReportingOverflow(by: right))
  case .remainder:
    // Of the least number by -1 it is 0, though the quotient would not fit.
    return right == 0 ? .divisionByZero : .value(right == -1 ? 0 : left % right)
  }
}

extension BinaryOperator {
  var isComparison: Bool {
    switch self {
    case .or, .and, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .isIn: true
    case .add, .subtract, .multiply, .divide, .remainder: false
    }
  }

  var spelling: String {
    switch self {
    case .or: "or"
    case .and: "and"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .isIn: "in"
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    }
  }
}
