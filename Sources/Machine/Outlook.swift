/// What the code ahead of a task comes to, whichever way its branches go: does it cross the
/// boundary where an engine may let it change its universe, does it fall asleep before, may it go
/// round for ever?
///
/// Read off the code, and not off the values in registers: what this says is certain happens
/// whatever they hold, and what it rules out can't happen.
package struct Outlook: Sendable, Hashable {
  /// Some path comes to a crossing.
  package var crosses = false
  /// Where it may fall asleep before it comes to one: addresses.
  package var sleeps: Set<Int> = []
  /// It may go round without ever coming to either.
  package var loops = false

  package init() {}

  /// It crosses, and nobody else has to do anything for it.
  package var isCertain: Bool { crosses && sleeps.isEmpty && !loops }

  mutating func merge(_ other: Outlook) {
    crosses = crosses || other.crosses
    sleeps.formUnion(other.sleeps)
    loops = loops || other.loops
  }

  /// What is pending for the task while it goes on.
  package enum Urge: Int, Sendable, Hashable, Comparable {
    case nothing
    /// TIF_SIGPENDING: it can't fall asleep interruptibly.
    case signal
    /// A fatal signal: no killable sleep either.
    case fatal
    /// Whatever it may wait for comes at once: no sleep at all.
    case helped

    package static func < (left: Urge, right: Urge) -> Bool { left.rawValue < right.rawValue }
  }
}

/// One reading of the code ahead.
struct OutlookReading {
  let program: Program
  let isKernelThread: Bool
  let urge: Outlook.Urge
  /// A place in a function's code, with what is known there of its registers: what a wait has
  /// given, and what follows from that.
  struct Node: Hashable, Sendable {
    var address: Int
    var known: [Int: Int64] = [:]
  }

  /// Nodes of one function; in more of them nothing is known.
  private static let greatestNodes = 2_000

  /// What has been found out about functions from their entry.
  private var known: [Int: Passage] = [:]
  /// Functions that are being read: one that calls itself may go round.
  private var open: Set<Int> = []

  init(program: Program, isKernelThread: Bool, urge: Outlook.Urge) {
    self.program = program
    self.isKernelThread = isKernelThread
    self.urge = urge
  }

  /// What lies between an address and the end of its function, and how that may be left.
  struct Passage {
    var outlook = Outlook()
    var returns = false
    /// With −ERESTARTSYS in its hands, its callers as well.
    var unwinds = false
  }

  mutating func passage(from starts: [Node], in function: Function) -> Passage {
    var passage = Passage()
    // White, grey, black: a step to a grey one closes a cycle.
    var isDone: [Node: Bool] = [:]
    var path: [(node: Node, next: [Node])] = []
    for start in starts where isDone[start] == nil {
      path.append((start, enter(start, function, &passage)))
      isDone[start] = false
      while let top = path.indices.last {
        guard var next = path[top].next.popLast() else {
          isDone[path[top].node] = true
          path.removeLast()
          continue
        }
        if isDone.count > Self.greatestNodes { next.known = [:] }
        switch isDone[next] {
        case nil:
          isDone[next] = false
          path.append((next, enter(next, function, &passage)))
        case false: passage.outlook.loops = true
        default: break
        }
      }
    }
    return passage
  }

  /// Takes note of the instruction and gives what may come after it.
  private mutating func enter(
    _ node: Node, _ function: Function, _ passage: inout Passage
  ) -> [Node] {
    let instruction = program.instructions[node.address]
    if [.wait, .waitFor].contains(instruction.operation) {
      return enterWait(node, function, &passage)
    }
    let known = instruction.known(after: node.known, in: program)
    if let jump = instruction.jump(at: node.address, knowing: node.known) {
      return [Node(address: jump, known: known)]
    }
    return successors(of: node.address, function, &passage).map {
      Node(address: $0, known: known)
    }
  }

  private mutating func successors(
    of address: Int, _ function: Function, _ passage: inout Passage
  ) -> [Int] {
    let instruction = program.instructions[address]
    switch instruction.operation {
    case .leaveKernel, .enterKernel, .exitTask:
      passage.outlook.crosses = true
      return []
    case .safePoint:
      passage.outlook.crosses = true
      return []
    case .returnValue, .returnTraced:
      if address == function.unwind { passage.unwinds = true } else { passage.returns = true }
      return []
    case .sleep:
      if urge == .helped || (urge != .nothing && !isKernelThread) { return [address + 1] }
      passage.outlook.sleeps.insert(address)
      return []
    case .reap:
      // It goes on where a child has ended, or where there is none.
      if urge == .nothing { passage.outlook.sleeps.insert(address) }
      return [address + 1]
    case .lock:
      // Free or not: that is for others to say.
      if urge != .helped { passage.outlook.sleeps.insert(address) }
      return [address + 1]
    case .oops:
      // Whoever crashes the kernel ends.
      passage.outlook.crosses = true
      return []
    case .call:
      return call([FunctionID(Int(instruction.b))], address, function, &passage)
    case .callTraced:
      let traced = program.tracedFunctions[Int(instruction.b)]
      return call(
        [traced.original] + traced.variants.map(\.function), address, function, &passage)
    default:
      var next: [Int] = []
      instruction.forEachSuccessor(at: address, conditionOwner: [:], in: program) {
        next.append($0)
      }
      return next
    }
  }

  private func enterWait(
    _ node: Node, _ function: Function, _ passage: inout Passage
  ) -> [Node] {
    let instruction = program.instructions[node.address]
    let site = program.waitSite(of: instruction)
    let after = Node(
      address: node.address + 1, known: instruction.known(after: node.known, in: program))
    // What holds already is not waited for.
    var next = site.start == nil ? [] : [after]
    let isDeaf = site.manner.contains(.uninterruptible)
    let isDisturbed =
      switch urge {
      case .nothing: false
      case .signal: !isDeaf && !site.manner.contains(.killable)
      case .fatal: !isDeaf
      case .helped: true
      }
    if urge == .helped {
      if isKernelThread, site.manner.contains(.freezable) {
        passage.outlook.crosses = true
        return next
      }
      next.append(after)
    }
    guard isDisturbed else {
      passage.outlook.sleeps.insert(node.address)
      return next
    }
    guard !site.manner.contains(.leavesOnSignal) else {
      return next + [Node(address: function.unwind)]
    }
    // Helped, it may as well be woken; else the signal is what ends it.
    return next + [urge == .helped ? after : after.knowing(instruction, Machine.restartValue)]
  }

  private mutating func call(
    _ bodies: [FunctionID], _ address: Int, _ caller: Function, _ passage: inout Passage
  ) -> [Int] {
    var next: Set<Int> = []
    for body in bodies {
      let callee = passageFromEntry(of: body)
      passage.outlook.merge(callee.outlook)
      if callee.returns { next.insert(address + 1) }
      if callee.unwinds { next.insert(caller.kind == .userProgram ? address + 1 : caller.unwind) }
    }
    return next.sorted()
  }

  /// Calls that are followed into each other; a reader of its own stack's depth goes no deeper.
  private static let greatestDepth = 256

  private mutating func passageFromEntry(of id: FunctionID) -> Passage {
    if let known = known[id.rawValue] { return known }
    guard open.count < Self.greatestDepth, open.insert(id.rawValue).inserted else {
      // It is being read, or too deep down: whatever it comes to counts as possible, and nothing as
      // certain.
      var passage = Passage()
      passage.outlook.loops = true
      passage.outlook.crosses = isKernelThread
      passage.returns = true
      return passage
    }
    defer { open.remove(id.rawValue) }
    let function = program.functions[id.rawValue]
    let passage = passage(from: [Node(address: function.entry)], in: function)
    known[id.rawValue] = passage
    return passage
  }
}

extension Machine {
  /// What lies ahead of a task that goes on from where it is.
  ///
  /// - Parameters:
  ///   - reason: why it wakes, if it sleeps or has just been woken.
  ///   - urge: what is pending for it then.
  package func outlook(
    of slot: TaskSlot, waking reason: WakeReason?, urge: Outlook.Urge,
    _ row: inout MutableSpan<UInt64>
  ) -> Outlook {
    let frames = stack(of: slot, &row)
    if reason != nil, isInFreezableWait(slot, &row) {
      // The first thing that it does awake.
      var outlook = Outlook()
      outlook.crosses = true
      return outlook
    }
    var reading = OutlookReading(
      program: program, isKernelThread: isKernelThread(slot, &row), urge: urge)
    let innermost = program.functions[frames[0].function.rawValue]
    var starts = starts(at: frames[0].address, in: innermost, waking: reason, slot, &row)
    let first = program.instructions[frames[0].address]
    var outlook = Outlook()
    for (depth, frame) in frames.enumerated() {
      let function = program.functions[frame.function.rawValue]
      if depth > 0 {
        // What the callee left behind: a return, or the way out.
        starts = starts.map { $0 == Self.unwinding ? function.unwind : frame.address + 1 }
        if function.kind == .userProgram { starts = starts.map { _ in frame.address + 1 } }
      }
      let nodes = starts.map { address -> OutlookReading.Node in
        let node = OutlookReading.Node(address: address)
        guard depth == 0, address == frames[0].address + 1 else { return node }
        switch (first.operation, reason) {
        case (.wait, .signal), (.waitFor, .signal): return node.knowing(first, Self.restartValue)
        case (.wait, .woken): return node.knowing(first, 0)
        default: return node
        }
      }
      let passage = reading.passage(from: nodes, in: function)
      outlook.merge(passage.outlook)
      starts = (passage.returns ? [0] : []) + (passage.unwinds ? [Self.unwinding] : [])
      if starts.isEmpty { break }
    }
    return outlook
  }

  private func isInFreezableWait(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let instruction = program.instructions[Int(row[layout.programCounter, at: origin])]
    return isKernelThread(slot, &row) && row.isSet(layout.task.began, at: origin)
      && program.waitSite(of: instruction).manner.contains(.freezable)
      && [.wait, .waitFor].contains(instruction.operation)
  }

  /// Stands for the way out in place of an address.
  private static let unwinding = -1

  /// Where the innermost function goes on.
  private func starts(
    at address: Int, in function: Function, waking reason: WakeReason?, _ slot: TaskSlot,
    _ row: inout MutableSpan<UInt64>
  ) -> [Int] {
    let instruction = program.instructions[address]
    guard let reason else { return [address] }
    switch instruction.operation {
    case .wait, .waitFor:
      let site = program.waitSite(of: instruction)
      if site.start != nil, reason != .timeout {
        // It looks at what it waits for, and that decides.
        if conditionHolds(slot, &row) == true { return [address + 1] }
        if reason != .signal { return [address] }
      }
      let leaves = reason == .signal && site.manner.contains(.leavesOnSignal)
      return [leaves ? function.unwind : address + 1]
    case .sleep, .lock: return [address + 1]
    case .reap: return [reason == .woken ? address + 1 : address]
    default: return [address]
    }
  }
}
