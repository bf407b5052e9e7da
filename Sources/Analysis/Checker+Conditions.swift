import Diagnostics
import Syntax

/// A call in a condition, and who asks.
struct ConditionCall {
  var callee: Symbol
  var name: Name
  var range: SourceRange
  /// `await`, `until`, …
  var verb: String
  var place: Place
}

/// Conditions are looked at within a step, again and again. What they call is looked into: it may
/// compute and ask, and whatever acts is shown with the way to it.
extension Checker {
  func noteConditionCall(_ callee: Symbol, _ name: Name, _ range: SourceRange) {
    guard let verb = conditionVerb else { return }
    conditionCalls.append(
      ConditionCall(callee: callee, name: name, range: range, verb: verb, place: place))
  }

  /// Once every body is checked.
  func checkConditionCalls() {
    var path = CallPath()
    // What has been found of the kernel's functions and of `def`s, for all that call them.
    var found: [Symbol: Action?] = [:]
    for call in conditionCalls where !isFull {
      if place.kernel != call.place.kernel { (path, found) = (CallPath(), [:]) }
      place = call.place
      let known = found[call.callee] ?? firstAction(of: call.callee, &path)
      found[call.callee] = .some(known)
      guard let action = known else { continue }
      report(
        .callActsInCondition(
          call.name, verb: call.verb, at: call.range, action: action.what, actionRange: action.range
        ))
    }
  }

  private typealias Action = (what: String, range: SourceRange)

  private struct CallPath {
    /// What is being looked into.
    var open: Set<Symbol> = []
    /// What was found to ask only, with the calls that it is deep.
    var harmless: [Symbol: Int] = [:]
    /// How deep the calls are of what is being looked into.
    var height = 0
  }

  /// Bodies are written into one another, so that calls can't go deeper than people write them.
  private static let greatestDepth = 32

  /// The first thing that the body does, or nil when it only asks.
  private func firstAction(of callee: Symbol, _ path: inout CallPath) -> Action? {
    guard let body = body(of: callee) else { return nil }
    if let height = path.harmless[callee], path.open.count + height <= Self.greatestDepth {
      path.height = max(path.height, height)
      return nil
    }
    guard !path.open.contains(callee) else { return ("it calls itself", body.name.range) }
    guard path.open.count < Self.greatestDepth else {
      return ("more than \(Self.greatestDepth) calls deep", body.name.range)
    }
    path.open.insert(callee)
    let outer = path.height
    path.height = 0
    defer {
      path.open.remove(callee)
      path.height = max(outer, path.height)
    }
    var found: Action?
    body.block.forEachStatement { statement in
      if found == nil { found = self.action(statement) }
      for expression in statement.expressions where found == nil {
        expression.forEachPart { part in
          if found == nil { found = self.action(part, &path) }
        }
      }
    }
    path.height += 1
    if found == nil { path.harmless[callee] = path.height }
    return found
  }

  private func body(of callee: Symbol) -> (name: Name, block: Block)? {
    switch callee {
    case .function(let key): member(key)?.function.map { ($0.name, $0.body) }
    case .definition(let number): (index.definitions[number].name, index.definitions[number].body)
    default: nil
    }
  }

  private func action(_ statement: Statement) -> Action? {
    switch statement.kind {
    case .binding, .variable, .conditional, .whileLoop, .endlessLoop, .forLoop, .breakLoop,
      .continueLoop, .returnValue, .expression, .definition:
      return nil
    case .assignment(let node):
      switch facts.symbols[node.place.range] {
      case .local: return nil
      default: return ("this changes `\(text(of: node.place.range))`", node.place.range)
      }
    case .verb(let node):
      if case .function? = facts.symbols[node.verb.range] { return nil }
      return ("`\(node.verb.text)` acts", node.verb.range)
    default: return ("this acts", statement.range)
    }
  }

  private func action(
    _ expression: Expression, _ path: inout CallPath
  ) -> Action? {
    switch expression.kind {
    case .call(let callee, _):
      guard let symbol = facts.symbols[callee.range] else { return nil }
      return firstAction(of: symbol, &path)
    case .wait: return ("`wait` sleeps", expression.range)
    case .spawn: return ("`spawn` acts", expression.range)
    case .reap: return ("`reap` acts", expression.range)
    case .choose: return ("`choose` leaves it open", expression.range)
    case .allocate: return ("`alloc` acts", expression.range)
    case .shell: return ("a command acts", expression.range)
    default: return nil
    }
  }
}
