import Diagnostics
import Syntax

/// Calls, and the expressions that act: `spawn`, `wait`, `choose`, `alloc`, `$ …`.
extension Checker {
  func checkCall(_ callee: Expression, _ arguments: [Expression], _ expression: Expression) -> Kind
  {
    guard case .reference(let reference) = callee.kind else {
      return checkCallOfValue(callee, arguments)
    }
    guard let symbol = find(reference) else {
      if let form = Verb.elsewhere[reference.name.text] {
        reportForeignVerb(reference.name, form: form)
        return .error
      }
      if reportVerbCalled(reference, arguments) { return .error }
      if reportUnknownCall(reference, arguments) { checkUnknownArguments(arguments) }
      return .error
    }
    note(symbol, at: callee.range)
    guard mayCall(symbol, reference.name) else {
      for argument in arguments { check(argument) }
      return .error
    }
    switch symbol {
    case .host(let name):
      guard let host = hosts.first(where: { $0.name == name }) else { return .error }
      let isShort = host.lastDefault != nil && arguments.count + 1 == host.parameters.count
      checkArguments(
        arguments, against: isShort ? host.parameters.dropLast() : host.parameters,
        of: "`\(name)`", at: expression.range, declared: nil, names: [])
      if let path = arguments.first, !expectsFailure, host.unknownPart != nil {
        checkPath(path, of: "\(name)(…)")
      }
      return host.result
    case .definition(let number):
      noteConditionCall(symbol, reference.name, expression.range)
      let definition = index.definitions[number]
      let kinds = callKinds(.definition(number))
      checkArguments(
        arguments, against: kinds.parameters, of: "`\(definition.name.text)`",
        at: expression.range, declared: definition.name.range, names: definition.parameters)
      return kinds.result
    case .function(let key):
      guard let function = member(key)?.function, let kernel = place.kernel else { return .error }
      noteConditionCall(symbol, reference.name, expression.range)
      let kinds = callKinds(.function(key, kernel: kernel))
      checkArguments(
        arguments, against: kinds.parameters, of: "`\(key.spelling)`", at: expression.range,
        declared: function.name.range, names: function.parameters)
      return kinds.result
    default: return .error
    }
  }

  /// `table.lock()`, `3()`: nothing that can be called.
  private func checkCallOfValue(_ callee: Expression, _ arguments: [Expression]) -> Kind {
    if case .member(_, let name) = callee.kind, let verb = Verb.named(name.text) {
      report(.incompleteVerb(name, form: verb.signature))
      return .error
    }
    if case .member(let base, let name) = callee.kind, case .reference(let reference) = base.kind,
      reference.name.text != "transition", !name.isMissing, find(reference) == nil,
      !reportedAsModule(base, name)
    {
      reportUnknown(
        reference, sort: nil,
        help: "what a module has is called with `::`: `\(reference.name.text)::\(name.text)()`",
        where: isValue)
      return .error
    }
    let kind = check(callee)
    // What is asked of something unknown, or of what has no such property, has been told.
    guard kind != .error else { return .error }
    var help: String?
    if case .member = callee.kind { help = "a property stands without `()`" }
    report(.wrongKind(found: kind, wanted: "a function", at: callee.range, help: help))
    for argument in arguments { check(argument) }
    return .error
  }

  /// Returns whether its arguments are worth a look: not where something else is meant.
  private func reportUnknownCall(_ reference: Reference, _ arguments: [Expression]) -> Bool {
    if place.context == .operatorBody || place.context == .userTask, reference.module == nil,
      Verb.named(reference.name.text) != nil
    {
      report(.wrongPlaceForVerb(reference.name))
      return false
    }
    if reportedAsLength(reference, arguments) { return false }
    reportUnknown(reference, sort: "a function", where: isCallable)
    return ForeignWords.functions[reference.name.text] == nil
  }

  /// Whether code of this context can call it.
  func isCallable(_ symbol: Symbol) -> Bool {
    switch symbol {
    case .host, .definition: return true
    case .function(let key):
      switch (member(key)?.function?.flavour, place.context) {
      case (nil, _), (.interrupt, _), (.kernelThread, _), (_, .operatorBody),
        (.function, .userTask):
        return false
      default: return true
      }
    default: return false
    }
  }

  /// Whether code of this context can call the thing; reports when it can't.
  func mayCall(_ symbol: Symbol, _ name: Name) -> Bool {
    if isCallable(symbol) { return true }
    let declared = declaration(of: symbol)
    switch symbol {
    case .function(let key):
      guard let function = member(key)?.function else { return false }
      switch (function.flavour, place.context) {
      case (.interrupt, _):
        report(
          .notCallable(
            name, is: "an interrupt handler", declared: declared,
            help: "it runs by itself, every so often"))
      case (.kernelThread, _):
        report(
          .notCallable(
            name, is: "a kernel thread", declared: declared,
            help: "it runs by itself, from the start"))
      case (_, .operatorBody):
        report(.kernelCodeFromOperator(name, declared: declared))
      default:
        report(.kernelFunctionFromProgram(name, declared: declared))
      }
    case .program:
      report(
        .notCallable(
          name, is: "a program", declared: declared, help: "start it with `spawn \(name.text)`"))
    case .patch:
      report(
        .notCallable(
          name, is: "a patch", declared: declared, help: "write `apply \(name.text)`"))
    default:
      report(
        .notCallable(
          name, is: sort(of: symbol), declared: declared, help: "leave the parentheses out"))
    }
    return false
  }

  func checkArguments(
    _ arguments: [Expression], against parameters: [Kind], of what: String, at range: SourceRange,
    declared: SourceRange?, names: [Name]
  ) {
    guard arguments.count == parameters.count else {
      for argument in arguments { check(argument) }
      // How many it takes was not read for certain.
      if names.contains(where: { broken.contains($0.range) }) { return }
      let list = names.map(\.text).joined(separator: ", ")
      report(
        .wrongArity(
          what, takes: parameters.count.counted("argument"), found: arguments.count, at: range,
          declared: declared, help: names.isEmpty ? nil : "it takes (\(list))"))
      return
    }
    for (argument, parameter) in zip(arguments, parameters) { check(argument, is: parameter) }
  }

  func callKinds(_ id: BodyID) -> CallKinds {
    if let known = callKinds[id] { return known }
    let made: CallKinds
    switch id {
    case .function(let key, _):
      guard let function = member(key)?.function else {
        return CallKinds(parameters: [], result: .error)
      }
      if !twiceDeclared.isEmpty, twiceDeclared.contains(key) {
        return CallKinds(parameters: function.parameters.map { _ in .error }, result: .error)
      }
      let givesValue = function.body.givesValue || isSystemCall(function)
      made = CallKinds(
        parameters: function.parameters.map { _ in facts.table.fresh() },
        result: givesValue
          ? (isSystemCall(function) && !function.body.givesValue ? .integer : facts.table.fresh())
          : .nothing)
    case .program(let name):
      let count = index.program(named: name)?.parameters.count ?? 0
      made = CallKinds(parameters: (0..<count).map { _ in facts.table.fresh() }, result: .nothing)
    case .definition(let number):
      let definition = index.definitions[number]
      made = CallKinds(
        parameters: definition.parameters.map { _ in facts.table.fresh() },
        result: definition.body.givesValue ? facts.table.fresh() : .nothing)
    }
    callKinds[id] = made
    return made
  }

  private func isSystemCall(_ function: FunctionDeclaration) -> Bool {
    function.flavour == .systemCall
  }

  // MARK: Expressions that act

  func checkAction(_ expression: Expression) -> Kind {
    switch expression.kind {
    case .spawn(let spawn):
      guard allow("spawn", at: expression.range) else { return .error }
      refuseActionInCondition("`spawn`", expression.range)
      return checkSpawn(spawn)
    case .wait(let wait):
      guard allow("wait", at: expression.range) else { return .error }
      refuseActionInCondition("`wait`", expression.range)
      checkWait(wait)
      return .integer
    case .reap(let child):
      check(child, is: .integer)
      return checkReap(expression.range)
    case .choose(let options):
      guard allow("choose", at: expression.range) else { return .error }
      guard !options.isEmpty else {
        report(
          .wrongArity("`choose`", takes: "at least 1 argument", found: 0, at: expression.range))
        return .error
      }
      refuseActionInCondition("`choose`", expression.range)
      let kind = facts.table.fresh()
      for option in options { check(option, is: kind) }
      return kind
    case .shell(let text):
      commandTexts.append(self.text(of: expression.range))
      guard allow("$", at: expression.range) else { return .error }
      refuseActionInCondition("a command", expression.range)
      check(text, expression.range)
      checkCommand(text, expression.range)
      return .result
    case .allocate(let allocation):
      guard allow("alloc", at: expression.range) else { return .error }
      refuseActionInCondition("`alloc`", expression.range)
      return checkAllocation(allocation)
    case .shadow(let shadow):
      guard allow("shadow", at: expression.range) else { return .error }
      return checkShadow(shadow)
    case .hasShadow(let shadow):
      guard allow("has shadow", at: expression.range) else { return .error }
      _ = checkShadow(shadow)
      return .boolean
    case .state(let id):
      guard allow("state", at: expression.range) else { return .error }
      check(id, is: .integer)
      return .integer
    case .previousState(let id):
      guard allow("prev_state", at: expression.range) else { return .error }
      check(id, is: .integer)
      return .integer
    default: return .error
    }
  }

  /// `reap` where a value stands.
  func checkReap(_ range: SourceRange) -> Kind {
    guard allow("reap", at: range) else { return .error }
    refuseActionInCondition("`reap`", range)
    return .integer
  }

  private func checkSpawn(_ spawn: Spawn) -> Kind {
    if let count = spawn.count {
      check(count, is: .integer)
      if let value = facts.constants[count.range], value < 0 {
        report(
          .outOfRange("a number of tasks", value: value, allowed: "0 or more", at: count.range))
      }
    }
    if let cpu = spawn.cpu { check(cpu, is: .integer) }
    checkProgramCall(spawn.call)
    return spawn.count == nil ? .task : .list(.task)
  }

  func checkProgramCall(_ call: ProgramCall) {
    let isProgram: (Symbol) -> Bool = { if case .program = $0 { true } else { false } }
    guard let symbol = resolve(call.program, sort: "a program", where: isProgram) else {
      for argument in call.arguments { check(argument) }
      return
    }
    guard case .program(let name) = symbol, let program = index.program(named: name) else {
      for argument in call.arguments { check(argument) }
      // What is wrong with it has been said where it was declared.
      if case .local(let id) = symbol, facts.locals[id.number].kind == .error { return }
      return report(
        .wrongSort(
          call.program, is: sort(of: symbol), wanted: "a program", declared: declaration(of: symbol)
        ))
    }
    if name == "init" { report(.initIsThere(call.program, declared: program.name.range)) }
    checkArguments(
      call.arguments, against: callKinds(.program(name)).parameters, of: "program `\(name)`",
      at: call.range, declared: program.name.range, names: program.parameters)
  }

  private func checkWait(_ wait: Wait) {
    _ = expect(wait.queue, sort: "a queue") { if case .queue = $0 { true } else { false } }
    if let timeout = wait.timeout { check(timeout, is: .duration) }
    if let until = wait.until { asking("until") { check(until, is: .boolean) } }
  }

  func refuseActionInCondition(_ what: String, _ range: SourceRange) {
    if let verb = conditionVerb { report(.actsInCondition(what, verb: verb, at: range)) }
  }

  /// Whether the verb may stand here; reports when not, naming the right place.
  func allow(_ name: String, at range: SourceRange) -> Bool {
    guard let verb = Verb.named(name) else { return false }
    guard !verb.contexts.contains(place.context) else { return true }
    report(.wrongContext(verb, at: range, in: place.context, help: advice(verb)))
    return false
  }

  /// What to write instead.
  private func advice(_ verb: Verb) -> String? {
    switch (verb.name, place.context) {
    case ("wait", .userTask): "call a `syscall` that waits"
    case ("wait", .operatorBody): "the operator waits with `await CONDITION` or `sleep D`"
    case ("wait", .interrupt): "an interrupt can't sleep; wake a kernel thread instead"
    case ("wake", .userTask): "call a `syscall` that wakes the queue"
    case ("work", .operatorBody): "let time pass with `sleep`"
    case ("sleep", .kernel): "use `work` to spend time, or let a `kthread` sleep"
    case ("sleep", .interrupt): "an interrupt can't sleep; use `work`"
    case ("safe point", .kernel): "a task in a system call migrates when it leaves the kernel"
    case ("print", .kernel), ("print", .interrupt), ("print", .kernelThread), ("say", .kernel):
      "kernel code writes to the log with `printk`"
    case ("assert", .kernel), ("assert", .kernelThread), ("assert", .interrupt):
      "kernel code stops with `if not CONDITION { oops }`"
    case ("exit", .kernel): "a function ends with `return`"
    case ("exit", .operatorBody): "a scenario ends after its last statement"
    default: nil
    }
  }
}
