/// Which registers of its frame a process may still read, at each address where it can rest.
///
/// A register that no path reads any more is cleared when the process comes to rest, so that two
/// worlds which differ only in what nobody will look at are one row. The classic backward
/// data-flow analysis, one function at a time, over sets of registers.
struct Liveness: Sendable {
  /// For each address, the function it belongs to.
  let functionOf: [Int32]
  /// For each function, where its sets start in `sets`, and how many words each has.
  private var offsets: [Int]
  private var widths: [Int]
  /// For each address of a function with at most 64 registers, those that are not live before it;
  /// elsewhere `unknown`.
  private var narrowDead: [UInt64]
  @inline(__always) static var unknown: UInt64 { .max }
  /// Bits of the registers that are live before the instruction at an address.
  private var sets: [UInt64]

  /// - Parameter findsDead: otherwise every register passes for live everywhere.
  init(program: Program, findsDead: Bool = true) {
    var functionOf = [Int32](repeating: -1, count: program.instructions.count)
    offsets = []
    widths = []
    sets = []
    for (number, function) in program.functions.enumerated() {
      for address in function.entry..<function.end { functionOf[address] = Int32(number) }
      let width = max(1, (function.registerCount + 63) / 64)
      offsets.append(sets.count)
      widths.append(width)
      sets.append(contentsOf: repeatElement(0, count: width * (function.end - function.entry)))
    }
    self.functionOf = functionOf
    narrowDead = [UInt64](repeating: Self.unknown, count: program.instructions.count)
    let owners = program.conditionOwners
    let pinned = program.pinnedRegisters
    for number in program.functions.indices {
      solve(FunctionID(number), program, owners, pinned)
    }
    if !findsDead { for word in sets.indices { sets[word] = .max } }
    for (number, function) in program.functions.enumerated() where widths[number] == 1 {
      let all = Self.registers(below: function.registerCount)
      for address in function.entry..<function.end {
        narrowDead[address] = ~live(at: address, word: 0) & all
      }
    }
  }

  /// The set of all registers up to a number, 64 at the most.
  static func registers(below count: Int) -> UInt64 {
    count >= 64 ? .max : (1 << UInt64(count)) - 1
  }

  /// The registers that are not live before the instruction at `address`; or `unknown`.
  @inline(__always)
  func dead(at address: Int) -> UInt64 { narrowDead[address] }

  /// Word `index` of the set of registers live before the instruction at `address`.
  func live(at address: Int, word index: Int) -> UInt64 {
    let function = Int(functionOf[address])
    return sets[offsets[function] + (address - entry(of: function)) * widths[function] + index]
  }

  func width(of function: Int) -> Int { widths[function] }

  private var entries: [Int] = []
  private func entry(of function: Int) -> Int { entries[function] }

  private mutating func solve(
    _ id: FunctionID, _ program: Program, _ owners: [Int: Int], _ pinned: Set<Int>
  ) {
    let function = program.functions[id.rawValue]
    entries.append(function.entry)
    let handlers = program.signalHandlers.filter { $0.function == id }
    var interruptible: Set<Int> = []
    if !handlers.isEmpty { program.forEachInterruptible(in: id) { interruptible.insert($0) } }
    let width = widths[id.rawValue]
    let base = offsets[id.rawValue]
    var changed = true
    while changed {
      changed = false
      for address in stride(from: function.end - 1, through: function.entry, by: -1) {
        let instruction = program.instructions[address]
        var live = [UInt64](repeating: 0, count: width)
        instruction.forEachSuccessor(at: address, conditionOwner: owners, in: program) { next in
          guard next >= function.entry, next < function.end else { return }
          for word in 0..<width {
            live[word] |= sets[base + (next - function.entry) * width + word]
          }
        }
        if let written = instruction.written { live[written >> 6] &= ~(1 << UInt64(written & 63)) }
        instruction.forEachRead(in: program) { live[$0 >> 6] |= 1 << UInt64($0 & 63) }
        if interruptible.contains(address) {
          for handler in handlers {
            let start = base + (handler.start - function.entry) * width
            for word in 0..<width {
              live[word] |= sets[start + word] & ~handler.ownRegisters(word: word)
            }
          }
        }
        for variable in program.taskVariables {
          guard let register = variable.registers[id] else { continue }
          live[register >> 6] |= 1 << UInt64(register & 63)
        }
        if id == program.operatorFunction {
          for register in pinned { live[register >> 6] |= 1 << UInt64(register & 63) }
        }
        let place = base + (address - function.entry) * width
        for word in 0..<width where sets[place + word] != live[word] {
          sets[place + word] = live[word]
          changed = true
        }
      }
    }
  }
}

extension HandlerSite {
  /// The registers that hold something from the moment it comes in, and nothing before.
  fileprivate func ownRegisters(word: Int) -> UInt64 {
    var bits: UInt64 = 0
    for number in [register, register + 1] where number >> 6 == word {
      bits |= 1 << UInt64(number & 63)
    }
    return bits
  }
}

extension Program {
  /// For the `conditionEnd` of the condition of each `await` and `waitFor`, their address.
  var conditionOwners: [Int: Int] {
    var owners: [Int: Int] = [:]
    for (address, instruction) in instructions.enumerated() {
      let start: Int? =
        switch instruction.operation {
        case .await: awaits[Int(instruction.c)].start
        case .waitFor: waits[Int(instruction.c)].start
        default: nil
        }
      guard var end = start else { continue }
      while instructions[end].operation != .conditionEnd { end += 1 }
      owners[end] = address
    }
    return owners
  }

  /// Registers of the operator's bottom frame that an `always`, `never` or `reach` reads: they stay
  /// as they are to the scenario's end. What its own code writes is not among them.
  var pinnedRegisters: Set<Int> {
    var pinned: Set<Int> = []
    for property in properties {
      guard let start = property.conditionStart else { continue }
      var address = start
      var written: Set<Int> = []
      while true {
        let instruction = instructions[address]
        instruction.forEachRead(in: self) { if !written.contains($0) { pinned.insert($0) } }
        if let register = instruction.written { written.insert(register) }
        if instruction.operation == .conditionEnd { break }
        address += 1
      }
    }
    return pinned
  }
}

extension Property {
  /// The address of its condition's code, if it has one.
  package var conditionStart: Int? {
    switch kind {
    case .monitor: nil
    case .always(let start), .never(let start), .reach(let start): start
    }
  }
}
