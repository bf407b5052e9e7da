/// Which tasks nobody in the program tells apart: with any two of them exchanged, slot for slot, a
/// world goes on as before, with the two exchanged. Found from the code alone.
///
/// A task's words say everything about it but its slot; so tasks are alike as far as nobody looks
/// at slots. Of those who could, some forbid it to all (who holds a lock, whose child somebody
/// is, a file or a command in which PIDs stand), and the operator's handles forbid it to those
/// that they name. A list that is only signalled or counted is a set, and names nobody; nor does
/// one whose tasks are asked all together, each the same of itself (`every`, `some`, `count`).
package struct Interchange: Sendable, Hashable {
  /// Slots that may be exchanged with each other, at least two in each group.
  package var groups: [[TaskSlot]] = []
  /// Why there are none; nil where there are, or where nobody else is to blame.
  package var refusal: Refusal?

  package enum Refusal: Sendable, Hashable {
    /// A lock remembers who holds it, and who waits in line.
    case locks
    /// Tasks have parents, children and threads.
    case families
    /// Tasks are bound to CPUs, and a CPU remembers who is on it.
    case boundTasks
    /// Files, commands and log lines that the operator reads have PIDs in them.
    case administrator
    /// Which slot a task will have is not known before it is born.
    case unknownSlots
    /// The operator has a name for each task.
    case handles
    /// There are no two tasks.
    case singleTasks
  }

  init(refusal: Refusal) { self.refusal = refusal }

  /// - Parameter clearsDead: whether what nobody will look at any more is cleared; else a register
  ///   keeps the task that was asked last.
  package init(_ program: Program, clearsDead: Bool = true) {
    let operations = Set(program.instructions.map(\.operation))
    if operations.contains(.lock) {
      refusal = .locks
    } else if program.hasFamilies {
      refusal = .families
    } else if !program.spawnCPUs.isEmpty {
      refusal = .boundTasks
    } else if !operations.isDisjoint(with: Self.administrative) || program.hasLogReader
      || program.logPatterns.contains(where: { $0.contains("PID") || $0.contains("Comm") })
    {
      refusal = .administrator
    } else if program.hasLateKernelThreads {
      refusal = .unknownSlots
    } else if program.namesSlots {
      refusal = .handles
    } else {
      find(in: program, clearsDead)
    }
  }

  /// What may show PIDs, or makes tasks of its own.
  private static let administrative: Set<Operation> = [
    .hostCall, .hostStatus, .hostAction, .command, .logContains,
  ]

  private mutating func find(in program: Program, _ clearsDead: Bool) {
    guard let spawns = program.spawns else {
      refusal = .unknownSlots
      return
    }
    // Those that nobody has a name for may all be exchanged, whatever they run.
    var nameless: [TaskSlot] = []
    for spawn in spawns {
      switch program.use(of: spawn, clearsDead) {
      case .nothing: nameless += spawn.slots
      case .asSet where spawn.slots.count > 1: groups.append(spawn.slots)
      case .asSet, .byName: continue
      }
    }
    if nameless.count > 1 { groups.append(nameless) }
    groups.sort { $0[0].rawValue < $1[0].rawValue }
    guard groups.isEmpty else { return }
    refusal = spawns.reduce(0) { $0 + $1.slots.count } > 1 ? .handles : .singleTasks
  }
}

extension Program {
  /// A `spawn` of the operator's, and the slots that its tasks will have.
  struct Spawn {
    let address: Int
    let slots: [TaskSlot]
  }

  enum UseOfHandle {
    case nothing
    case asSet
    case byName
  }

  /// Tasks that one search could have at the most.
  private static let greatestCount = 1 << 16

  /// Every `spawn`, in the order in which they are executed, each exactly once or never; nil where
  /// that can't be told.
  fileprivate var spawns: [Spawn]? {
    var found: [Spawn] = []
    var next = bootTasks.count
    for (number, function) in functions.enumerated() {
      for address in function.entry..<function.end {
        let operation = instructions[address].operation
        guard operation == .spawn || operation == .spawnOne else { continue }
        guard FunctionID(number) == operatorFunction, isOnEveryWay(address) else { return nil }
        let count = operation == .spawnOne ? 1 : spawnCount(at: address)
        guard let count, (0...Self.greatestCount).contains(count) else { return nil }
        found.append(
          Spawn(address: address, slots: (next..<(next + count)).map { TaskSlot($0) }))
        next += count
      }
    }
    return found
  }

  /// Whether a number that stands in the code passes for a handle of one that is born later. No
  /// text says such a thing; a program that was put together may.
  fileprivate var namesSlots: Bool {
    let body = functions[operatorFunction.rawValue]
    return (body.entry..<body.end).contains { address in
      let instruction = instructions[address]
      let value: Int64
      switch instruction.operation {
      case .loadImmediate: value = Int64(instruction.wide)
      case .loadConstant: value = constants[instruction.wide]
      default: return false
      }
      guard value >= Int64(bootTasks.count) else { return false }
      return readers(ofValueFrom: address).contains {
        readsAsHandle(instructions[$0.address], $0.register)
      }
    }
  }

  private func readsAsHandle(_ instruction: Instruction, _ register: Int) -> Bool {
    switch instruction.operation {
    case .signal, .signalOne: Int(instruction.a) == register
    case .taskVariable, .listElement, .listCount: Int(instruction.b) == register
    case .query:
      Query(rawValue: instruction.c)?.takesOperand == true && Int(instruction.b) == register
    default: false
    }
  }

  private struct Reader: Hashable {
    let address: Int
    let register: Int
  }

  /// Where a value that the operator's instruction at that address has written is read, by whatever
  /// way it comes there, copies included; but for the copying.
  private func readers(ofValueFrom address: Int) -> Set<Reader> {
    guard let written = instructions[address].written else { return [] }
    return readers(from: [(address + 1, [written])])
  }

  /// The same of values that stand in those registers when these addresses are come to.
  private func readers(from starts: [(address: Int, holders: Set<Int>)]) -> Set<Reader> {
    let owners = conditionOwners
    var holders: [Int: Set<Int>] = [:]
    var open = starts
    var readers: Set<Reader> = []
    while let (place, arriving) = open.popLast() {
      let known = holders[place] ?? []
      guard !arriving.isSubset(of: known), instructions.indices.contains(place) else { continue }
      let all = known.union(arriving)
      holders[place] = all
      let instruction = instructions[place]
      var left = all
      if let register = instruction.written { left.remove(register) }
      if instruction.operation == .move {
        if all.contains(Int(instruction.b)) { left.insert(Int(instruction.a)) }
      } else {
        instruction.forEachRead(in: self) {
          if all.contains($0) { readers.insert(Reader(address: place, register: $0)) }
        }
      }
      instruction.forEachSuccessor(at: place, conditionOwner: owners, in: self) {
        if !left.isEmpty { open.append(($0, left)) }
      }
    }
    // Conditions that are looked at after every step read what stands there then.
    let pinned = Set(holders.values.joined()).intersection(pinnedRegisters)
    guard !pinned.isEmpty else { return readers }
    let conditions = properties.compactMap(\.conditionStart).filter { holders[$0] == nil }
    guard !conditions.isEmpty else { return readers }
    return readers.union(self.readers(from: conditions.map { ($0, pinned) }))
  }

  /// Whether no jump of the operator's leads over the address, or back to before it.
  private func isOnEveryWay(_ address: Int) -> Bool {
    let body = functions[operatorFunction.rawValue]
    for source in body.entry..<body.end {
      let instruction = instructions[source]
      let target: Int
      switch instruction.operation {
      case .jump, .jumpIfFalse, .jumpIfTrue: target = instruction.wide
      case .jumpIfLess, .jumpIfNotLess, .countUp: target = source + instruction.small
      default: continue
      }
      if (min(source, target)...max(source, target)).contains(address) { return false }
    }
    return true
  }

  /// What the count's register holds, if that was written right before.
  private func spawnCount(at address: Int) -> Int? {
    let register = Int(instructions[address].c)
    for source in stride(from: address - 1, through: 0, by: -1) {
      let instruction = instructions[source]
      if instruction.written == register {
        switch instruction.operation {
        case .loadImmediate: return instruction.wide
        case .loadConstant: return Int(clamping: constants[instruction.wide])
        default: return nil
        }
      }
      guard !instruction.operation.isVisible, instruction.operation != .jump else { return nil }
    }
    return nil
  }

  /// What becomes of the value of a `spawn`, whatever way the operator goes.
  fileprivate func use(of spawn: Spawn, _ clearsDead: Bool) -> UseOfHandle {
    var use = UseOfHandle.nothing
    for reader in readers(ofValueFrom: spawn.address) {
      switch instructions[reader.address].operation {
      case .finish, .pause: continue
      // What a check shows when it fails changes no world.
      case .check where Int(instructions[reader.address].a) != reader.register: continue
      case .signal where Int(instructions[reader.address].a) == reader.register: use = .asSet
      case .listCount: use = .asSet
      case .listElement
      where Int(instructions[reader.address].b) == reader.register && clearsDead
        && asksAllAlike(reader.address, spawn):
        use = .asSet
      default: return .byName
      }
    }
    return use
  }

  /// Whether it is a quantifier that takes the element there, and asks each for nothing but what
  /// its own words say, which it can always answer.
  private func asksAllAlike(_ address: Int, _ spawn: Spawn) -> Bool {
    guard let quantifier = quantifiers.first(where: { $0.element == address }) else { return false }
    return readers(ofValueFrom: address).allSatisfy { reader in
      let instruction = instructions[reader.address]
      guard quantifier.range.contains(reader.address), Int(instruction.b) == reader.register else {
        return false
      }
      switch instruction.operation {
      case .taskVariable: return true
      case .query:
        switch Query(rawValue: instruction.c) {
        case .alive: return true
        // Of one that has ended this is a mistake, and which is asked first would matter.
        case .universe, .inKernel, .state: return neverEnd(spawn)
        default: return false
        }
      default: return false
      }
    }
  }

  /// Whether tasks of that `spawn` live as long as the scenario goes on: no way leads to the end of
  /// their program, and nobody kills them.
  private func neverEnd(_ spawn: Spawn) -> Bool {
    let killers: Set<Operation> = [.signal, .signalOne]
    guard !instructions.contains(where: { killers.contains($0.operation) }),
      !properties.contains(where: { $0.kind == .monitor(.oops, .reach) })
    else { return false }
    let owners = conditionOwners
    var known: Set<Int> = []
    var open = [functions[Int(instructions[spawn.address].b)].entry]
    while let address = open.popLast() {
      guard instructions.indices.contains(address), known.insert(address).inserted else { continue }
      if instructions[address].operation == .exitTask { return false }
      instructions[address].forEachSuccessor(at: address, conditionOwner: owners, in: self) {
        open.append($0)
      }
    }
    return true
  }
}
