import Machine

/// What the host's functions said. Files are rendered from the fast machine's row, which the
/// reference has not got: it takes the answers that the fast one was given in the same step.
package protocol ReferenceHost: Sendable {
  /// Nil when nobody has asked that in this step.
  func result(of name: String, _ arguments: [Int64]) -> HostResult?
  func answer(of name: String, _ arguments: [Int64]) -> HostAnswer?
  /// How a command began, what it did next, and what it has printed at its end.
  func start(of line: String) -> CommandStart?
  func deed(of line: String, _ progress: Int) -> CommandAct?
  func output(of line: String) -> String?
  /// What others have made of it, behind a `|`.
  func piped(_ line: String) -> (status: CommandStatus, output: String)?
  /// The list that a word stands for, if it is none of consecutive numbers.
  func list(for word: Int64) -> [Int]?
  func remember(_ list: [Int]) -> Int64
  /// The text that a word stands for, if the host or the program has made it.
  func text(for word: Int64) -> String?
  func remember(_ text: String)
}

extension ReferenceStep {
  func askHost(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Int64 {
    let function = program.hostFunctions[Int(instruction.c)]
    let first = Int(instruction.b)
    let arguments = Array(frame.registers[first..<(first + function.parameterCount)])
    guard let result = machine.host?.result(of: function.name, arguments) else {
      throw .unsupported(address: frame.address)
    }
    switch (result, instruction.operation) {
    case (.noClock, _): throw .noClock(address: frame.address)
    case (.value, .hostStatus), (.list, .hostStatus): return 0
    case (.list(let elements), _): return try word(elements.map { Int($0) }, frame.address)
    case (.failure(let error), .hostStatus): return -Int64(error.rawValue)
    case (.value(let value), _): return value
    case (.failure, _): throw .host(address: frame.address)
    }
  }

  /// What the operator wants of kGraft: said by a verb, or written into a file.
  func request(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> HostAnswer {
    let first = Int(instruction.b)
    switch instruction.operation {
    case .apply: return .request(.apply(PatchID(Int(frame.registers[first]))))
    case .revert: return .request(.revert(PatchID(Int(frame.registers[first]))))
    case .force: return .request(.force)
    default: break
    }
    let action = program.hostActions[Int(instruction.c)]
    let arguments = Array(frame.registers[first..<(first + action.parameterCount)])
    guard let answer = machine.host?.answer(of: action.name, arguments) else {
      throw .unsupported(address: frame.address)
    }
    return answer
  }

  /// The pieces of a text with the values between them.
  func text(
    of site: Int, first: Int, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> String {
    let site = program.texts[site]
    var made = site.pieces[0]
    for (number, kind) in site.kinds.enumerated() {
      let word = frame.registers[first + number]
      switch kind {
      case .integer: made += "\(word)"
      case .boolean: made += word == 0 ? "false" : "true"
      case .string: made += try text(word, frame.address)
      case .patch: made += program.patches[Int(word)].name
      case .universe: made += word == 0 ? "old" : "new"
      default: throw .unsupported(address: frame.address)
      }
      made += site.pieces[number + 1]
    }
    machine.host?.remember(made)
    return made
  }
}
