/// What is left of the budget of operations, and after how many somebody is asked whether the run
/// is still wanted.
///
/// The interpreter counts one number down, `untilLook`, and comes here when it is used up: so a
/// computation without end can be interrupted, and a loop pays nothing for it.
package struct Fuel: Sendable {
  /// Operations up to the next look; a part of what is left.
  var untilLook: Int
  /// What is left behind that.
  private var beyond: Int
  /// Whether the last look was answered with a no.
  private var wasCancelled = false
  /// Asked now and then, from the thread that runs.
  package var isCancelled: (@Sendable () -> Bool)?

  init(operations: Int) {
    untilLook = 0
    beyond = operations
  }

  /// About a fifth of a millisecond of a tight loop, ten in a debug build.
  private static let operationsBetweenLooks = 1 << 16

  // What takes longer than an operation counts for as many as it takes the time of, or a text that
  // makes lists and nothing else would run for minutes before its budget is used up.

  /// A list or a text that is made: memory, and an entry in a table.
  static let perValue = 400
  /// An element of a list that is copied and hashed.
  static let perElement = 2
  /// A byte of a text that another one is looked for in, grapheme by grapheme.
  static let perComparedByte = 8
  /// A verb of the operator's, or a question to the administrator's world: it takes no machine
  /// time, so that nothing else ends a loop of them.
  static let perRequest = 100

  /// Begins a budget anew. The next look comes when it would have come.
  package mutating func restart(operations: Int) {
    untilLook = max(0, min(untilLook, operations))
    beyond = operations - untilLook
  }

  /// The operations up to the next look, when `left` have been counted down below 0; below 0 again
  /// when the run has to end: `fault` says why.
  @inline(never)
  mutating func refill(from left: Int) -> Int {
    wasCancelled = isCancelled?() ?? false
    if wasCancelled { return -1 }
    let portion = min(beyond, max(Self.operationsBetweenLooks, -left))
    beyond -= portion
    return left + portion
  }

  /// Why there was no more.
  func fault(address: Int) -> Fault {
    wasCancelled ? .cancelled : .operationsExhausted(address: address)
  }
}

extension Workspace {
  /// Counts what one operation takes beyond itself, before it does it. False, with a fault, when
  /// that is more than there is.
  mutating func spend(_ operations: Int, at address: Int) -> Bool {
    fuel.untilLook -= operations
    if fuel.untilLook < 0 { fuel.untilLook = fuel.refill(from: fuel.untilLook) }
    if fuel.untilLook < 0 { fault = fuel.fault(address: address) }
    return fault == nil
  }
}
