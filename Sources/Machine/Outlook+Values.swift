/// What is known of registers on the way through code: the results of waits, constants, and what is
/// compared with them. Enough for `let r = wait q; if r < 0 { … }`, and too little ever to count.
extension Instruction {
  /// What is known after it of what was known before.
  func known(after known: [Int: Int64], in program: Program) -> [Int: Int64] {
    guard let written else { return known }
    var after = known
    after[written] = value(knowing: known, in: program)
    return after
  }

  private func value(knowing known: [Int: Int64], in program: Program) -> Int64? {
    let (left, right) = (known[Int(b)], known[Int(c)])
    switch operation {
    case .loadImmediate: return Int64(wide)
    case .loadConstant: return program.constants[wide]
    case .move: return left
    case .not: return left.map { $0 == 0 ? 1 : 0 }
    default: break
    }
    guard let left, let right else { return nil }
    switch operation {
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    default: return nil
    }
  }

  /// Where a jump goes, if that is known.
  func jump(at address: Int, knowing known: [Int: Int64]) -> Int? {
    guard let value = known[Int(a)] else { return nil }
    switch operation {
    case .jumpIfFalse: return value == 0 ? wide : address + 1
    case .jumpIfTrue: return value != 0 ? wide : address + 1
    default: return nil
    }
  }
}

extension OutlookReading.Node {
  /// The same, with the result of that instruction.
  func knowing(_ instruction: Instruction, _ result: Int64) -> Self {
    var node = self
    if let written = instruction.written { node.known[written] = result }
    return node
  }
}

extension Machine {
  /// −ERESTARTSYS.
  static let restartValue = Int64(-Errno.ERESTARTSYS.rawValue)
}
