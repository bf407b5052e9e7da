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
      case .constant: _ = constant(key)
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
    if case .binary(let node) = declaration.value.kind, node.operation == .isIn,
      case .integer = node.left.kind, case .range = node.right.kind
    {
      let bounds = text(of: node.right.range)
      let form = "var \(declaration.name.text) in \(bounds) = \(text(of: node.left.range))"
      report(.boundsBehindValue(form, at: declaration.value.range))
      facts.kinds[declaration.name.range] = .integer
    }
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
    if case .list(let element) = kind { checkInitialList(value, facts.table.resolve(element)) }
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

  /// The kernel's memory for a list is laid out before the run.
  private func checkInitialList(_ value: Expression, _ element: Kind) {
    switch element {
    case .integer, .boolean, .duration, .record, .unknown, .error: break
    default:
      return report(
        .wrongKind(
          found: .list(element), wanted: "a list of ints, bools or durations", at: value.range))
    }
    let what = "the length of a list"
    let allowed = "1 to \(Lowering.greatestArray)"
    switch value.kind {
    case .emptyList(let length):
      guard let count = facts.constants[length.range] else {
        if let place = firstDependent(length) { report(.notConstant(what, at: place)) }
        return
      }
      if !(1...Int64(Lowering.greatestArray)).contains(count) {
        report(.outOfRange(what, value: count, allowed: allowed, at: length.range))
      }
    case .list(let elements) where elements.isEmpty || elements.count > Lowering.greatestArray:
      report(.outOfRange(what, value: Int64(elements.count), allowed: allowed, at: value.range))
    case .range(let low, let high):
      guard let first = facts.constants[low.range], let last = facts.constants[high.range] else {
        break
      }
      let (distance, overflow) = last.subtractingReportingOverflow(first)
      if overflow || !(0..<Int64(Lowering.greatestArray)).contains(distance) {
        report(
          .outOfRange(
            what, value: overflow || distance == .max ? .max : distance + 1, allowed: allowed,
            at: value.range))
      }
    default: break
    }
    if case .emptyList = value.kind { return }
    if let dependent = firstDependent(value) {
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
  func constant(_ key: MemberKey) -> (Kind, Int64?) {
    guard case .constant(let declaration) = member(key)?.content else { return (.error, nil) }
    if facts.kinds[declaration.name.range] == nil { checkConstants(to: key) }
    return (
      facts.kinds[declaration.name.range] ?? .error, facts.constants[declaration.value.range]
    )
  }

  /// A constant, and before it all that it is made of and that is not known yet.
  private func checkConstants(to key: MemberKey) {
    let outer = place
    let outerScopes = scopes
    scopes = []
    place = Place(context: .kernel, kernel: outer.kernel)
    let order = ConstantChain.order(to: key, parts: constants(in:)) { part in
      guard let declaration = constantDeclaration(part.key),
        facts.kinds[declaration.name.range] == nil
      else { return }
      facts.kinds[declaration.name.range] = .error
      report(.circularConstant(declaration.name, at: part.place))
    }
    for key in order {
      enterModule(key)
      if let declaration = constantDeclaration(key) { checkConstant(declaration) }
    }
    place = outer
    scopes = outerScopes
  }

  private func constantDeclaration(_ key: MemberKey) -> ConstantDeclaration? {
    if case .constant(let declaration)? = member(key)?.content { declaration } else { nil }
  }

  /// The constants that the value of one names; none where it is known.
  private func constants(in key: MemberKey) -> [ConstantChain.Part] {
    guard let declaration = constantDeclaration(key), facts.kinds[declaration.name.range] == nil
    else { return [] }
    enterModule(key)
    var parts: [ConstantChain.Part] = []
    declaration.value.forEachPart { part in
      guard case .reference(let reference) = part.kind,
        case .constant(let key)? = find(reference)
      else { return }
      parts.append(ConstantChain.Part(key: key, place: part.range))
    }
    return parts
  }

  private func checkConstant(_ declaration: ConstantDeclaration) {
    let isInCircle = facts.kinds[declaration.name.range] != nil
    // What it is made of is known, but for what would come back to it.
    if !isInCircle { facts.kinds[declaration.name.range] = .error }
    let kind = check(declaration.value)
    if !isInCircle { facts.kinds[declaration.name.range] = kind }
    if kind != .error, let dependent = firstDependent(declaration.value) {
      report(.notConstant("the value of a constant", at: dependent))
    }
  }

  func checkFunctions(_ number: Int) {
    for key in index.kernels[number].order {
      guard let function = index.kernels[number].members[key]?.function else { continue }
      place = Place(context: .kernel, kernel: number)
      enterModule(key)
      checkRepeated(function)
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
      if let period {
        checkPeriod(period)
      } else if place.patch == nil, !broken.touches(function.range) {
        report(.interruptWithoutPeriod(function.name))
      }
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
