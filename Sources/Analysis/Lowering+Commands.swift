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
    guard !checked.commands.isEmpty else { return missing("$", range) }
    let status = builder.allocate()
    for (number, listed) in facts.commands(of: text, range).enumerated() {
      emit(listed, status: status, isFirst: number == 0) {
        // What a command that acts has printed stands in a register until it has ended.
        let command = listed.words.name.flatMap(checked.command)
        let acts = listed.words.name == nil || command?.act != nil
        let printed = acts ? emitZero() : Instruction.noRegister
        emitCommand(listed.text, range, printed: printed, status: status)
      }
    }
    guard !isSeen else { return }
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
    guard !checked.commands.isEmpty else {
      missing("$", range)
      return register
    }
    let parts = builder.allocate(2)
    let list = facts.commands(of: text, range)
    emitLoad(list.count == 1 ? 0 : intern(""), into: parts)
    let status = builder.allocate()
    for (number, listed) in list.enumerated() {
      emit(listed, status: status, isFirst: number == 0) {
        let printed = list.count == 1 ? parts : emitZero()
        emitCommand(listed.text, range, printed: printed, status: status)
        if list.count > 1 { emitAppend(printed, to: parts, range) }
      }
    }
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

  /// One of a line's commands, if those before it have ended as it wants.
  private func emit(
    _ listed: ListedCommand, status: Int, isFirst: Bool, _ emitCommand: () -> Void
  ) {
    let end = newTarget()
    var earlier: Int?
    switch listed.joint {
    case .always: break
    case .ifSuccess: emitBranch(.jumpIfTrue, status, to: end)
    case .ifFailure: emitBranch(.jumpIfFalse, status, to: end)
    case .next:
      let register = builder.allocate()
      emit(.move, a: register, b: status)
      earlier = register
    }
    emitLoad(0, into: status)
    emitCommand()
    if let earlier {
      emitBranch(.jumpIfFalse, earlier, to: end)
      emit(.move, a: status, b: earlier)
    }
    place(end)
  }

  /// What one command has printed comes behind what those before it have: `.out` has no newline at
  /// its end.
  private func emitAppend(_ printed: Int, to all: Int, _ range: SourceRange) {
    let (isEmpty, empty, pair) = (builder.allocate(), builder.allocate(), builder.allocate(2))
    let (end, alone) = (newTarget(), newTarget())
    emitLoad(intern(""), into: empty)
    emit(.equal, a: isEmpty, b: printed, c: empty)
    emitBranch(.jumpIfTrue, isEmpty, to: end)
    emit(.equal, a: isEmpty, b: all, c: empty)
    emitBranch(.jumpIfTrue, isEmpty, to: alone)
    emit(.move, a: pair, b: all)
    emit(.move, a: pair + 1, b: printed)
    let site = textSite(["", "\n", ""], [.string, .string], range)
    emit(.format, a: all, b: pair, c: site)
    emitJump(end)
    place(alone)
    emit(.move, a: all, b: printed)
    place(end)
  }

  /// - Parameter printed: the register of what it prints, or none.
  private func emitCommand(
    _ text: InterpolatedText, _ range: SourceRange, printed: Int, status: Int
  ) {
    let (pieces, values) = parts(of: text)
    let line: Int
    if values.isEmpty {
      line = builder.allocate()
      emitLoad(intern(pieces.joined()), into: line)
    } else {
      line = emitText(text, range, into: nil)
    }
    emit(.command, a: status, b: line, c: printed)
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
    isStatusRead = local.map(survey.statusReads.contains) ?? false
    defer { isStatusRead = outer }
    return lowering()
  }
}
