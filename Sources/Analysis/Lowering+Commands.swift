import Diagnostics
import Machine
import Syntax

/// `$ COMMAND`: the line is one text, the machine finds the command in the program's table.
extension Lowering {
  /// A command whose result nobody looks at: it must do what the text says.
  func lowerCommand(
    _ text: InterpolatedText, _ failure: ExpectedFailure?, _ range: SourceRange
  ) {
    guard let (_, status) = emitCommand(text, range) else { return }
    requireStatus(status, failure, range, verb: checked.text(of: range))
  }

  /// A result is a list of two: what was printed, and the exit status. The command must succeed,
  /// unless the text asks how it ended.
  func emitCommandResult(
    _ text: InterpolatedText, _ range: SourceRange, into wanted: Int?
  ) -> Int {
    let register = wanted ?? builder.allocate()
    guard let (line, status) = emitCommand(text, range) else { return register }
    if !isStatusRead {
      requireStatus(status, nil, range, verb: checked.text(of: range))
    }
    let parts = builder.allocate(2)
    let zero = builder.allocate()
    emit(.commandOutput, a: parts, b: line, c: status)
    emitLoad(0, into: zero)
    emit(.notEqual, a: parts + 1, b: status, c: zero)
    emit(.makeList, a: register, b: parts, c: 2)
    return register
  }

  private func emitCommand(
    _ text: InterpolatedText, _ range: SourceRange
  ) -> (line: Int, status: Int)? {
    guard !checked.commands.isEmpty else {
      missing("$", range)
      return nil
    }
    let (pieces, values) = parts(of: text)
    if values.isEmpty { return emitCommand(line: pieces.joined()) }
    return emitCommand(at: emitText(text, range, into: nil))
  }

  private func emitCommand(line: String) -> (line: Int, status: Int) {
    let register = builder.allocate()
    emitLoad(intern(line), into: register)
    return emitCommand(at: register)
  }

  private func emitCommand(at line: Int) -> (line: Int, status: Int) {
    let status = builder.allocate()
    emitLoad(0, into: status)
    emit(.command, a: status, b: line)
    return (line, status)
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
      let (_, status) = emitCommand(line: "modprobe \(name)")
      requireStatus(status, nil, module.name.range, verb: "modprobe \(name)")
      origin = outer
    }
  }

  /// `.out` and `.status` of a result.
  func emitResultMember(_ base: Expression, _ name: Name, into register: Int) -> Int {
    let result = lower(base)
    let place = builder.allocate()
    emitLoad(name.text == "out" ? 0 : 1, into: place)
    emit(.listElement, a: register, b: result, c: place)
    return register
  }

  /// Locals whose `.status` the scenario reads: their commands may fail.
  func findStatusReads() {
    forEachOperatorExpression { expression in
      guard case .member(let base, let name) = expression.kind, name.text == "status",
        self.facts.kind(at: base.range) == .result,
        case .local(let id)? = self.facts.symbols[base.range]
      else { return }
      self.statusReads.insert(id)
    }
  }

  /// Lowers the value of a local, or what is assigned to it.
  func expectingStatus<Result>(of local: LocalID?, _ lowering: () -> Result) -> Result {
    let outer = isStatusRead
    isStatusRead = local.map(statusReads.contains) ?? false
    defer { isStatusRead = outer }
    return lowering()
  }
}
