import Diagnostics
import Syntax

/// Kernels, their functions, and constants.
extension Checker {
  /// Kinds of variables first: bodies of any order may use them.
  func checkKernelVariables(_ number: Int) {
    place = Place(context: .kernel, kernel: number)
    for key in index.kernels[number].order {
      guard let member = index.kernels[number].members[key] else { continue }
      enterModule(key)
      switch member.content {
      case .variable(let declaration): checkKernelVariable(declaration)
      case .constant: _ = constant(key, at: nil)
      case .record(let record): checkRecord(record)
      default: break
      }
    }
  }

  private func enterModule(_ key: MemberKey) {
    if case .module(let module) = key.owner { place.module = module } else { place.module = nil }
  }

  func checkKernelVariable(_ declaration: VariableDeclaration) {
    checkKernelVariable(declaration.name, declaration.bounds, declaration.value)
  }

  /// A kernel variable, or a field of a record.
  func checkKernelVariable(_ name: Name, _ bounds: Expression?, _ value: Expression) {
    var kind = check(value)
    switch kind {
    case .integer, .boolean, .list, .error, .duration, .record, .unknown: break
    default:
      report(.wrongKind(found: kind, wanted: "an int, a bool or null", at: value.range))
      kind = .error
    }
    facts.kinds[name.range] = kind
    if let bounds {
      checkBounds(bounds)
      let element = if case .list(let element) = kind { element } else { kind }
      require(element, is: .integer, value)
      checkInitial(value, bounds)
    }
    if let dependent = firstDependent(value), kind != .error, !kind.isList {
      report(.notConstant("the first value of a kernel variable", at: dependent))
    }
  }

  private func checkInitial(_ initial: Expression, _ bounds: Expression) {
    guard case .range(let low, let high) = bounds.kind,
      let value = facts.constants[initial.range],
      let first = facts.constants[low.range], let last = facts.constants[high.range],
      first <= last, !(first...last).contains(value)
    else { return }
    report(
      .outOfRange(
        "the first value", value: value, allowed: "within \(first)..\(last)", at: initial.range))
  }

  /// The kind and value of a kernel constant; evaluated once, in whatever order they are written.
  func constant(_ key: MemberKey, at use: SourceRange?) -> (Kind, Int64?) {
    guard case .constant(let declaration) = member(key)?.content else { return (.error, nil) }
    if let known = facts.kinds[declaration.name.range] {
      return (known, facts.constants[declaration.value.range])
    }
    guard openConstants.insert(key).inserted else {
      report(.circularConstant(declaration.name, at: use ?? declaration.value.range))
      return (.error, nil)
    }
    let outer = place
    let outerScopes = scopes
    scopes = []
    place = Place(context: .kernel, kernel: outer.kernel)
    enterModule(key)
    let kind = check(declaration.value)
    if facts.kinds[declaration.name.range] == nil { facts.kinds[declaration.name.range] = kind }
    if kind != .error, let dependent = firstDependent(declaration.value) {
      report(.notConstant("the value of a constant", at: dependent))
    }
    place = outer
    scopes = outerScopes
    openConstants.remove(key)
    return (kind, facts.constants[declaration.value.range])
  }

  func checkFunctions(_ number: Int) {
    for key in index.kernels[number].order {
      guard let function = index.kernels[number].members[key]?.function else { continue }
      place = Place(context: .kernel, kernel: number)
      enterModule(key)
      checkBody(of: function, key)
    }
    for module in index.kernels[number].modules.values.sorted(by: {
      $0.range.lower < $1.range.lower
    }) {
      for case .handler(let handler) in module.members {
        place = Place(context: .kernel, kernel: number, module: module.name.text)
        // Its errno is what `insmod` fails with.
        if handler.moment == .initialisation, handler.body.givesValue { place.result = .integer }
        check(handler.body)
      }
    }
  }

  /// Checks a function's body in the current place; `key` names the kernel's function that it is,
  /// or replaces.
  func checkBody(of function: FunctionDeclaration, _ key: MemberKey) {
    guard let kernel = place.kernel else { return }
    place.context = function.context
    let kinds = callKinds(.function(key, kernel: kernel))
    place.result = kinds.result
    if case .interrupt(let period, let cpu) = function.flavour {
      if let period { checkPeriod(period) }
      if let cpu { check(cpu, is: .integer) }
    }
    inScope {
      for (number, parameter) in function.parameters.enumerated() {
        let kind = kinds.parameters.indices.contains(number) ? kinds.parameters[number] : .error
        declare(parameter, .parameter, kind)
      }
      checkStatements(function.body.statements)
    }
  }

  private func checkPeriod(_ period: Expression) {
    checkDurations(period)
    guard facts.constants[period.range] == nil else {
      if let value = facts.constants[period.range], value <= 0 {
        report(
          .outOfRange(
            "the period of an interrupt", value: value, allowed: "above 0", at: period.range))
      }
      return
    }
    if case .range = period.kind { return }
    if let dependent = firstDependent(period) {
      report(.notConstant("the period of an interrupt", at: dependent))
    }
  }

  // MARK: Sleeping in interrupts

  /// An interrupt handler must not sleep, and neither may anything that it calls.
  func checkInterrupts(_ number: Int) {
    for key in index.kernels[number].order {
      guard let function = index.kernels[number].members[key]?.function,
        case .interrupt = function.flavour
      else { continue }
      place = Place(context: .kernel, kernel: number)
      var visited: Set<MemberKey> = [key]
      for body in bodies(of: key) {
        searchSleep(body, handler: function.name, path: [], &visited)
      }
    }
  }

  private func searchSleep(
    _ function: FunctionDeclaration, handler: Name, path: [(name: String, range: SourceRange)],
    _ visited: inout Set<MemberKey>
  ) {
    function.body.forEachExpression { expression in
      switch expression.kind {
      case .wait where !path.isEmpty:
        report(
          .sleepsInInterrupt(handler: handler, path: path, verb: "wait", at: expression.range))
      case .call(let callee, _):
        guard case .function(let key)? = facts.symbols[callee.range],
          visited.insert(key).inserted
        else { return }
        let path = path + [(name: key.spelling, range: callee.range)]
        for body in bodies(of: key) { searchSleep(body, handler: handler, path: path, &visited) }
      default: break
      }
    }
  }

  /// The kernel's function and what patches put in its place.
  func bodies(of key: MemberKey) -> [FunctionDeclaration] {
    var bodies: [FunctionDeclaration] = []
    if let function = member(key)?.function { bodies.append(function) }
    if place.kernel == index.booted { bodies += index.patches.compactMap { $0.replaced[key] } }
    return bodies
  }
}

extension Kind {
  var isList: Bool { if case .list = self { true } else { false } }
}

extension FunctionDeclaration {
  var context: Context {
    switch flavour {
    case .function, .systemCall: .kernel
    case .interrupt: .interrupt
    case .kernelThread: .kernelThread
    }
  }

  func attribute(_ kind: FunctionAttribute.Kind) -> SourceRange? {
    attributes.first { $0.kind == kind }?.range
  }
}
