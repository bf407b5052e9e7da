import Diagnostics
import Machine
import Syntax

/// A condition that is looked at again and again; its code is written at the end of its body.
struct PendingCondition {
  enum Owner {
    case await(Int)
    case property(Int)
    case wait(Int)
  }

  var owner: Owner
  var condition: Expression
}

/// Conditions of `await`, `until`, `always`, `never` and `reach`.
///
/// They are evaluated within a step of somebody, on whatever stands in the frame that they belong
/// to. So what they call gets no frame of its own: its body is written into the condition.
extension Lowering {
  /// Writes the code of the body's conditions, on registers of their own.
  func writeConditions() {
    for pending in conditions {
      builder.startAfresh()
      origin = pending.condition.range.origin
      let start = here
      isInCondition = true
      inlinedCount = 0
      conditionVerb = pending.owner.verb(program)
      let (register, captured) = capturing(pending.condition)
      isInCondition = false
      emit(.conditionEnd, a: register)
      switch pending.owner {
      case .wait(let number):
        program.waits[number].start = start
      case .await(let number):
        program.awaits[number].start = start
        program.awaits[number].captures = captured
      case .property(let number):
        switch program.properties[number].kind {
        case .always: program.properties[number].kind = .always(start: start)
        case .never: program.properties[number].kind = .never(start: start)
        case .reach: program.properties[number].kind = .reach(start: start)
        case .monitor: break
        }
        program.properties[number].captures = captured
      }
    }
    conditions = []
  }

  /// Lowers a condition with every sub-expression in a register of its own.
  func capturing(_ condition: Expression) -> (register: Int, captures: [Capture]) {
    captures = []
    let register = lower(condition)
    var captured = captures ?? []
    captures = nil
    // The whole is known to be false; it is worth showing only when there is nothing else.
    if captured.count > 1, captured.last?.origin == condition.unparenthesised.range.origin {
      captured.removeLast()
    }
    return (register, captured)
  }

  /// Calls that one condition may consist of: bodies that call one another twice grow fast.
  private static let inlinedLimit = 1_000

  /// Writes the body of what is called into the condition.
  func emitInlined(
    _ parameters: [Name], _ body: Block, _ arguments: [Expression], _ range: SourceRange,
    into wanted: Int?
  ) -> Int {
    let result = builder.allocate()
    inlinedCount += 1
    guard inlinedCount <= Self.inlinedLimit else {
      if inlinedCount == Self.inlinedLimit + 1 {
        report(.tooLarge("what this condition calls", limit: Self.inlinedLimit, at: range))
      }
      return result
    }
    let outer = (captures, inlined, builder.loops)
    let first = lowerRun(arguments)
    // Its own values say little: only the result is shown.
    captures = nil
    let end = newTarget()
    inlined = (result, end)
    builder.loops = []
    bind(parameters, from: first)
    lower(body)
    emitLoad(0, into: result)
    place(end)
    (captures, inlined, builder.loops) = outer
    guard let wanted else { return result }
    emit(.move, a: wanted, b: result)
    return wanted
  }

  /// A kernel function that a condition calls.
  func emitInlined(
    _ key: MemberKey, _ arguments: [Expression], _ callee: SourceRange, _ range: SourceRange,
    into wanted: Int?
  ) -> Int {
    let patch = patchOfCallee(key)
    guard let function = function(key, patch: patch) else { return wanted ?? builder.allocate() }
    if let number = traced[key]?.rawValue,
      let patch = program.tracedFunctions[number].variants.first.map({ patches[$0.patch.rawValue] })
    {
      report(
        .tracedInCondition(
          key.spelling, verb: conditionVerb, at: callee, patch: patch.index.declaration.name))
      return wanted ?? builder.allocate()
    }
    checkPresence(of: key, at: callee)
    let outer = (codePatch, compileTime.reference)
    codePatch = patch
    compileTime.mean(patch)
    let register = emitInlined(
      function.parameters, function.body, arguments, range, into: wanted)
    codePatch = outer.0
    compileTime.mean(outer.1)
    return register
  }
}

extension PendingCondition.Owner {
  func verb(_ program: Program) -> String {
    switch self {
    case .await: "await"
    case .wait: "until"
    case .property(let number):
      switch program.properties[number].kind {
      case .always: "always"
      case .never: "never"
      default: "reach"
      }
    }
  }
}
