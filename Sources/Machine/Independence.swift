/// Which steps of a task are its own affair, found from the code: nobody else could tell that they
/// have been made, and nobody can change what they do. A search may take such a step alone, before
/// everything else that is possible (an ample set of one step; Peled 1993).
///
/// The table lists what is known to be harmless; whatever it does not know is visible.
package struct Independence: Sendable, Hashable {
  /// Why no step of this program is taken for a task's own.
  package enum Refusal: Sendable, Hashable {
    /// Files and commands that the operator reads may show where tasks stand.
    case administrator
    /// A module's text can go, and it matters who is inside it.
    case modules
    /// Tasks are bound to CPUs: who is in the middle of kernel code keeps the others off.
    case boundTasks
    /// Handlers take locks: whom they break in on stands still.
    case locksInInterrupts
    /// The patching engine looks at stacks.
    case engine
    /// A bound counts steps, and other schedules are within it.
    case depth
    /// Time is kept: every step takes some, so that it matters to everybody when it is made.
    case time
  }

  package let refusal: Refusal?
  /// For each address, what the local code from there to the next visible action may do.
  private let behind: [Behind]
  /// For each address of the operator's body, what it may still come to from there.
  private let futures: [OperatorFuture]
  /// Programs of which the operator reads a variable.
  private let readFunctions: Set<FunctionID>
  /// Whether nothing but the engine takes note of who crosses the boundary.
  let hidesCrossings: Bool

  struct Behind: OptionSet, Sendable, Hashable {
    let rawValue: UInt8
    /// It jumps back, asks for what is shared, or nobody knows.
    static let unfit = Behind(rawValue: 1)
    /// It may return from its frame.
    static let returns = Behind(rawValue: 2)
  }

  /// Nothing is anybody's own affair.
  init(none program: Program) {
    refusal = nil
    behind = Array(repeating: .unfit, count: program.instructions.count)
    futures = []
    readFunctions = []
    hidesCrossings = false
  }

  init(_ program: Program, engineLooksAtStacks: Bool) {
    refusal = Self.refusal(program, engineLooksAtStacks)
    behind = BehindFinder(program).behind
    futures = OperatorFuture.all(of: program)
    readFunctions = Set(program.taskVariables.flatMap(\.registers.keys))
    let operations = Set(program.instructions.map(\.operation))
    let asksForKernel = program.instructions.contains {
      $0.operation == .query && $0.c == Query.inKernel.rawValue
    }
    hidesCrossings =
      !asksForKernel && !operations.contains(.lock) && !program.hasFamilies
      && program.managedSignals.isEmpty
  }

  private static func refusal(_ program: Program, _ engineLooksAtStacks: Bool) -> Refusal? {
    let operations = Set(program.instructions.map(\.operation))
    if engineLooksAtStacks { return .engine }
    if !operations.isDisjoint(with: [.hostCall, .hostStatus, .hostAction, .command]) {
      return .administrator
    }
    if !operations.isDisjoint(with: [
      .loadModule, .activateModule, .unloadModule, .retireModule, .freeModule, .unloadPatch,
    ]) {
      return .modules
    }
    if !program.spawnCPUs.isEmpty { return .boundTasks }
    return program.locksInInterrupts ? .locksInInterrupts : nil
  }

  func behind(_ address: Int) -> Behind { behind[address] }

  func future(of address: Int) -> OperatorFuture {
    futures.indices.contains(address) ? futures[address] : .anything
  }

  /// Whether somebody reads variables of tasks that run that program.
  func isRead(_ function: FunctionID) -> Bool { readFunctions.contains(function) }
}

/// What the operator may still come to. What it does to tasks otherwise, as waking and starting
/// them, changes no step that could be a task's own.
package struct OperatorFuture: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Patches are applied or taken back.
  package static let requests = OperatorFuture(rawValue: 1)
  /// A transition is forced.
  package static let force = OperatorFuture(rawValue: 2)
  package static let signals = OperatorFuture(rawValue: 4)
  /// What nobody has looked at.
  package static let others = OperatorFuture(rawValue: 8)
  package static let anything: OperatorFuture = [.requests, .force, .signals, .others]

  fileprivate init(_ operation: Operation) {
    switch operation {
    case .apply, .revert: self = .requests
    case .force: self = .force
    case .signal, .signalOne: self = .signals
    case .hostAction, .hostCall, .hostStatus, .command, .pause: self = .others
    default: self = []
    }
  }

  /// For each address of the operator's body; elsewhere anything.
  fileprivate static func all(of program: Program) -> [OperatorFuture] {
    var futures = [OperatorFuture](repeating: .anything, count: program.instructions.count)
    let body = program.functions[program.operatorFunction.rawValue]
    let called = ofCalls(program)
    let owners = program.conditionOwners
    for address in body.entry..<body.end { futures[address] = [] }
    var changed = true
    while changed {
      changed = false
      for address in (body.entry..<body.end).reversed() {
        let instruction = program.instructions[address]
        var future = OperatorFuture(instruction.operation)
        if instruction.operation == .call { future.formUnion(called) }
        instruction.forEachSuccessor(at: address, conditionOwner: owners, in: program) {
          if futures.indices.contains($0) { future.formUnion(futures[$0]) }
        }
        guard futures[address] != future else { continue }
        futures[address] = future
        changed = true
      }
    }
    return futures
  }

  /// What any function does that is not the operator's body itself: it may be called from there.
  private static func ofCalls(_ program: Program) -> OperatorFuture {
    let body = program.functions[program.operatorFunction.rawValue]
    var future: OperatorFuture = []
    for (address, instruction) in program.instructions.enumerated()
    where address < body.entry || address >= body.end {
      future.formUnion(OperatorFuture(instruction.operation))
    }
    return future
  }
}

/// Goes over the local code of each function, from its end to its beginning: what it may come to
/// without a jump back lies behind it.
private struct BehindFinder {
  private let program: Program
  private(set) var behind: [Independence.Behind]

  /// What is called is known after a pass for each level of calls. Code that goes deeper, or calls
  /// itself, stays unfit.
  private static let greatestDepth = 8

  init(_ program: Program) {
    self.program = program
    behind = Array(repeating: .unfit, count: program.instructions.count)
    for _ in 0..<Self.greatestDepth where !findAll() { break }
  }

  /// Whether something has become known.
  private mutating func findAll() -> Bool {
    var changed = false
    for body in program.functions {
      for address in (body.entry..<body.end).reversed() {
        let found = behind(address, in: body)
        changed = changed || found != behind[address]
        behind[address] = found
      }
    }
    return changed
  }

  private func behind(_ address: Int, in body: Function) -> Independence.Behind {
    let instruction = program.instructions[address]
    if instruction.operation.isVisible { return [] }
    func ahead(_ target: Int) -> Independence.Behind {
      target > address && target < body.end ? behind[target] : .unfit
    }
    let next = ahead(address + 1)
    switch instruction.operation {
    case .jump: return ahead(instruction.wide)
    case .jumpIfFalse, .jumpIfTrue: return next.union(ahead(instruction.wide))
    case .jumpIfLess, .jumpIfNotLess, .countUp:
      return next.union(ahead(address + instruction.small))
    case .returnValue: return .returns
    case .call:
      let called = behind[program.functions[Int(instruction.b)].entry]
      guard called.contains(.returns) else { return called }
      return called.subtracting(.returns).union(next)
    case .conditionEnd: return .unfit
    default: return instruction.operation.footprint == .own ? next : .unfit
    }
  }
}
