import Diagnostics
import Machine
import Syntax

/// `$ COMMAND`: the line is one text, the machine finds the command in the program's table.
extension Lowering {
  /// A command whose result nobody looks at: it must do what the text says, unless somebody sits
  /// there and sees what it has done.
  func lowerCommand(
    _ text: InterpolatedText, _ failure: ExpectedFailure?, _ range: SourceRange
  ) {
    let isSeen = failure == nil && isTyped(range)
    if failure == nil, !isSeen { checkCommand(text, range) }
    // What a command that acts has printed stands in a register until it has ended.
    let known = facts.words(of: text, range).known.first
    let command = known.flatMap(checked.command)
    let printed = known == nil || command?.act != nil ? emitZero() : Instruction.noRegister
    guard let status = emitCommand(text, range, printed: printed), !isSeen else { return }
    requireStatus(status, failure, range, verb: checked.text(of: range))
  }

  private func isTyped(_ range: SourceRange) -> Bool {
    session?.typedFiles.contains(range.file) ?? false
  }

  /// A result is a list of two: what was printed, and the exit status. The command must succeed,
  /// unless the text asks how it ended.
  func emitCommandResult(
    _ text: InterpolatedText, _ range: SourceRange, into wanted: Int?
  ) -> Int {
    let register = wanted ?? builder.allocate()
    let parts = builder.allocate(2)
    emitLoad(0, into: parts)
    guard let status = emitCommand(text, range, printed: parts) else { return register }
    if !isStatusRead, !isTyped(range) {
      requireStatus(status, nil, range, verb: checked.text(of: range))
    }
    emit(.commandStatus, a: parts + 1, b: status)
    emit(.makeList, a: register, b: parts, c: 2)
    return register
  }

  private func emitZero() -> Int {
    let register = builder.allocate()
    emitLoad(0, into: register)
    return register
  }

  /// - Parameter printed: the register of what it prints, or none.
  private func emitCommand(
    _ text: InterpolatedText, _ range: SourceRange, printed: Int
  ) -> Int? {
    guard !checked.commands.isEmpty else {
      missing("$", range)
      return nil
    }
    let (pieces, values) = parts(of: text)
    if values.isEmpty { return emitCommand(line: pieces.joined(), printed: printed) }
    return emitCommand(at: emitText(text, range, into: nil), printed: printed)
  }

  private func emitCommand(line: String, printed: Int) -> Int {
    let register = builder.allocate()
    emitLoad(intern(line), into: register)
    return emitCommand(at: register, printed: printed)
  }

  func emitCommand(at line: Int, printed: Int) -> Int {
    let status = emitZero()
    emit(.command, a: status, b: line, c: printed)
    return status
  }

  /// Modules `at boot` that have an init are loaded as the first thing that the scenario sees.
  func emitProbes() {
    for name in modulesToProbe {
      guard let module = index.kernel?.modules[name], !checked.commands.isEmpty else {
        missing("on init", scenario.origin)
        continue
      }
      let outer = origin
      origin = module.name.range.origin
      let status = emitCommand(line: "modprobe \(name)", printed: Instruction.noRegister)
      requireStatus(status, nil, module.name.range, verb: "modprobe \(name)")
      origin = outer
    }
  }

  /// `.out` and `.status` of a result.
  func emitResultMember(_ base: Expression, _ name: Name, into register: Int) -> Int {
    emitResultPart(base, name.text == "out" ? 0 : 1, into: register)
  }

  /// Values that become part of a text, one register after the other. A command's result reads as
  /// what it has printed.
  func lowerShown(_ values: [Expression]) -> (first: Int, kinds: [ValueKind]) {
    let first = builder.allocate(values.count)
    var kinds: [ValueKind] = []
    for (number, value) in values.enumerated() {
      let kind = facts.kind(at: value.range)
      if kind == .result {
        _ = emitResultPart(value, 0, into: first + number)
        kinds.append(.string)
      } else {
        lower(value, into: first + number)
        kinds.append(valueKind(kind))
      }
    }
    return (first, kinds)
  }

  private func emitResultPart(_ base: Expression, _ part: Int64, into register: Int) -> Int {
    let result = lower(base)
    let place = builder.allocate()
    emitLoad(part, into: place)
    emit(.listElement, a: register, b: result, c: place)
    return register
  }

  /// Lowers the value of a local, or what is assigned to it.
  func expectingStatus<Result>(of local: LocalID?, _ lowering: () -> Result) -> Result {
    let outer = isStatusRead
    isStatusRead = local.map(scenario.survey.statusReads.contains) ?? false
    defer { isStatusRead = outer }
    return lowering()
  }
}
