import Diagnostics
import Machine
import Syntax

/// Verbs: what acts.
extension Lowering {
  func lowerVerb(_ node: VerbStatement, _ range: SourceRange) {
    if case .function? = facts.symbols[node.verb.range] {
      lower(node.call(at: range))
      return
    }
    guard let verb = Verb.named(node.verb.text) else { return }
    guard verb.isSimulated else { return missing(verb.name, node.verb.range) }
    switch verb.name {
    case "apply": lowerPatching(node, range, .apply)
    case "revert": lowerPatching(node, range, .revert)
    case "force": lowerForce(node, range)
    case "reboot": lowerReboot(node, range)
    case "write": lowerAction(node, range)
    case "signal": lowerSignal(node, range)
    case "wake": lowerWake(node)
    case "work": lowerWork(node)
    case "sleep": lowerSleep(node)
    case "exit": emitExit()
    case "reap": lowerReap(node)
    case "ignore": lowerIgnore(node)
    case "assert": lowerAssert(node, range, .require)
    case "check": lowerAssert(node, range, .check)
    case "always", "never", "reach": lowerProperty(node, verb, range)
    case "print": lowerPrint(node)
    case "say": lowerCue(.say, node.arguments)
    case "notes": lowerCue(.notes, node.arguments)
    case "pause": lowerCue(.pause, node.arguments)
    case "report": lowerReport(node)
    case "printk": lowerPrintk(node)
    case "lock", "unlock", "oops": lowerLocking(node)
    case "free":
      if let object = node.arguments.first { emit(.free, a: lower(object)) }
    default: missing(verb.name, node.verb.range)
    }
  }

  private func lowerSignal(_ node: VerbStatement, _ range: SourceRange) {
    guard node.arguments.count == 2, case .reference(let reference) = node.arguments[0].kind,
      let signal = Signal(name: reference.name.text)
    else { return }
    observe([node.arguments[1]])
    let tasks = lower(node.arguments[1])
    let isList = facts.kind(at: node.arguments[1].range).isList
    let status = builder.allocate()
    if isList { emit(.loadImmediate, a: status, wide: 0) }
    emit(isList ? .signal : .signalOne, a: tasks, b: signal.rawValue, c: status)
    let whom = checked.text(of: node.arguments[1].range)
    requireStatus(status, node.failure, range, verb: "signal \(signal.name), \(whom)")
  }

  private func lowerWake(_ node: VerbStatement) {
    guard let argument = node.arguments.first, let queue = queueNumber(argument) else { return }
    guard node.arguments.count > 1 else {
      emit(.wake, a: Instruction.noRegister, b: queue)
      return
    }
    observe([node.arguments[1]])
    let limit = lower(node.arguments[1])
    emit(.wake, a: limit, b: queue)
  }

  /// The registers of the two ends of a duration.
  private func lowerDurations(_ expression: Expression) -> (low: Int, high: Int) {
    guard case .range(let low, let high) = expression.unparenthesised.kind else {
      let register = lower(expression)
      return (register, register)
    }
    return (lower(low), lower(high))
  }

  private func lowerWork(_ node: VerbStatement) {
    guard let argument = node.arguments.first else { return }
    let (low, high) = lowerDurations(argument)
    emit(.work, a: low, b: high)
  }

  /// A user task sleeps in the kernel: by way of a system call, which a signal starts anew.
  private func lowerSleep(_ node: VerbStatement) {
    guard let argument = node.arguments.first else { return }
    observe([argument])
    let (low, high) = lowerDurations(argument)
    switch context {
    case .operatorBody: emit(.operatorSleep, a: low, b: high)
    case .userTask:
      let result = builder.allocate()
      let start = emit(.enterKernel, b: Instruction.noRegister)
      emit(.sleep, a: low, b: high, c: result)
      emit(.leaveKernel, a: result, wide: start)
    default: emit(.sleep, a: low, b: high, c: Instruction.noRegister)
    }
  }

  // MARK: Waiting

  /// `wait q` as a statement: a signal leaves the system call with it. A kernel thread has none to
  /// leave, and signals pass it by.
  func emitBareWait(_ wait: Wait, _ range: SourceRange) {
    var manner = manner(of: wait)
    if context != .kernelThread, manner != .uninterruptible { manner.insert(.leavesOnSignal) }
    emitWait(wait, Instruction.noRegister, manner)
  }

  func emitWait(_ wait: Wait, _ range: SourceRange, into wanted: Int?) -> Int {
    let register = wanted ?? builder.allocate()
    emitWait(wait, register, manner(of: wait))
    return register
  }

  private func manner(of wait: Wait) -> WaitManner {
    switch wait.mode {
    case .uninterruptible: return .uninterruptible
    case .killable: return .killable
    case .freezable: return .freezable
    default: break
    }
    return []
  }

  private func emitWait(_ wait: Wait, _ register: Int, _ manner: WaitManner) {
    guard let queue = queueNumber(wait.queue) else { return }
    guard wait.timeout != nil || wait.until != nil else {
      emit(.wait, a: register, b: queue, c: manner.rawValue)
      return
    }
    let timeout = wait.timeout.map { lower($0) } ?? Instruction.noRegister
    let number = program.waits.count
    program.waits.append(WaitSite(queue: queue, manner: manner))
    if let until = wait.until {
      refuseShadows(in: until)
      conditions.append(PendingCondition(owner: .wait(number), condition: until))
    }
    emit(.waitFor, a: register, b: timeout, c: number)
  }

  /// What of an object's could be asked is not yet there.
  private func refuseShadows(in condition: Expression) {
    switch condition.kind {
    case .shadow, .hasShadow:
      missing("wait … until shadow(…)", condition.range)
    default: condition.forEachChild(refuseShadows)
    }
  }

  // MARK: Tasks

  func emitSpawn(_ spawn: Spawn, into wanted: Int?) -> Int {
    let cpu = spawn.cpu.flatMap { number(ofCPU: $0, "the CPU of a task") }
    defer { if let cpu { program.spawnCPUs[here - 1] = cpu } }
    let register = wanted ?? builder.allocate()
    guard case .program(let name)? = facts.symbols[spawn.call.program.range] else {
      return register
    }
    let function = functionID(.program(name)).rawValue
    guard let count = spawn.count else {
      let first = lowerRun(spawn.call.arguments)
      emit(.spawnOne, a: register, b: function, c: first)
      return register
    }
    let first = lowerRun([count] + spawn.call.arguments)
    emit(.spawn, a: register, b: function, c: first)
    return register
  }

  // MARK: What must hold

  private func lowerAssert(
    _ node: VerbStatement, _ range: SourceRange, _ operation: Operation
  ) {
    guard let condition = node.arguments.first else { return }
    observe([condition])
    let start = here
    marksSkipped = operation == .check
    let (register, captured) = capturing(condition)
    marksSkipped = false
    program.assertions.append(
      ConditionSite(
        text: checked.text(of: range), origin: range.origin, start: start, captures: captured))
    emit(operation, a: register, c: program.assertions.count - 1)
  }

  func lowerExpectLog(_ node: ExpectLog, _ range: SourceRange) {
    guard case .string(let text) = node.text.unparenthesised.kind, let plain = plainText(text)
    else { return lowerExpectMadeText(node.text, range) }
    let pattern = logPatterns[plain] ?? program.logPatterns.count
    if logPatterns.updateValue(pattern, forKey: plain) == nil { program.logPatterns.append(plain) }
    emit(.observe)
    let start = here
    let register = builder.allocate()
    emit(.query, a: register, b: pattern, c: Int(Query.logged.rawValue))
    program.assertions.append(
      ConditionSite(
        text: checked.text(of: range), origin: range.origin, start: start, captures: []))
    emit(.require, a: register, c: program.assertions.count - 1)
  }

  /// The text has a value of the run in it: the log itself is looked through.
  private func lowerExpectMadeText(_ text: Expression, _ range: SourceRange) {
    emit(.observe)
    let start = here
    captures = []
    let wanted = lower(text)
    let captured = captures ?? []
    captures = nil
    let register = builder.allocate()
    emit(.logContains, a: register, b: wanted)
    program.assertions.append(
      ConditionSite(
        text: checked.text(of: range), origin: range.origin, start: start, captures: captured))
    emit(.require, a: register, c: program.assertions.count - 1)
  }

  /// A text whose values are known before the run.
  private func plainText(_ text: InterpolatedText) -> String? {
    var result = ""
    for segment in text.segments {
      switch segment {
      case .text(let text): result += text
      case .expression(let value):
        if let spelled = spelling(value) {
          result += spelled
        } else if let word = compileTime.value(of: value),
          facts.kind(at: value.range) == .integer
        {
          result += "\(word)"
        } else {
          return nil
        }
      }
    }
    return result
  }

  func lowerAwait(_ node: Await, _ range: SourceRange) {
    var limit = Instruction.noRegister
    if let expression = node.limit {
      observe([expression])
      limit = lower(expression)
    }
    let number = program.awaits.count
    program.awaits.append(
      ConditionSite(text: checked.text(of: range), origin: range.origin, start: 0, captures: []))
    conditions.append(PendingCondition(owner: .await(number), condition: node.condition))
    emit(.await, a: limit, c: number)
  }

  private func lowerProperty(_ node: VerbStatement, _ verb: Verb, _ range: SourceRange) {
    guard let condition = node.arguments.first else { return }
    let number = program.properties.count
    let text = checked.text(of: range)
    if case .reference(let reference) = condition.kind, facts.symbols[condition.range] == nil {
      guard let monitor = MonitorName.named(reference.name.text)?.monitor else {
        return missing(reference.name.text, range)
      }
      let claim: MonitorClaim = verb.name == "reach" ? .reach : .never
      program.properties.append(
        Property(kind: .monitor(monitor, claim), text: text, origin: range.origin))
      emit(.arm, c: number)
      return
    }
    let kind: Property.Kind =
      switch verb.name {
      case "always": .always(start: 0)
      case "never": .never(start: 0)
      default: .reach(start: 0)
      }
    program.properties.append(Property(kind: kind, text: text, origin: range.origin))
    conditions.append(PendingCondition(owner: .property(number), condition: condition))
    emit(.arm, c: number)
  }

  // MARK: Output

  private func lowerPrint(_ node: VerbStatement) {
    guard let value = node.arguments.first else { return }
    observe([value])
    let (first, site) = lowerText(value)
    emit(.print, a: first, c: site)
  }

  private func lowerReport(_ node: VerbStatement) {
    guard node.arguments.count == 2 else { return }
    observe(node.arguments)
    let name = lower(node.arguments[0])
    let (first, site) = lowerText(node.arguments[1])
    emit(.report, a: name, b: first, c: site)
  }

  private func lowerPrintk(_ node: VerbStatement) {
    guard let value = node.arguments.first else { return }
    let (first, site) = lowerText(value)
    emit(.printk, a: first, c: site)
  }

  /// A value as text: the register of the first value in it, and the text's number.
  func lowerText(_ value: Expression) -> (first: Int, site: Int) {
    if case .string(let text) = value.unparenthesised.kind {
      let (pieces, values) = parts(of: text)
      let (first, kinds) = lowerShown(values)
      return (first, textSite(pieces, kinds, value.range))
    }
    if let spelled = spelling(value) { return (0, textSite([spelled], [], value.range)) }
    guard facts.kind(at: value.range) != .result else {
      let (first, kinds) = lowerShown([value])
      return (first, textSite(["", ""], kinds, value.range))
    }
    let register = lower(value)
    let kinds = [valueKind(facts.kind(at: value.range))]
    return (register, textSite(["", ""], kinds, value.range))
  }
}

extension Checked {
  func text(of range: SourceRange) -> String {
    String(decoding: sources[range.file].bytes[range.bytes], as: UTF8.self)
  }
}
