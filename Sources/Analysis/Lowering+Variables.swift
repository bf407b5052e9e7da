import Diagnostics
import Machine
import Syntax

/// Kernel variables, lists among them.
extension Lowering {
  private func variable(_ key: MemberKey) -> VariableDeclaration? {
    let member =
      if case .patch(let name) = key.owner { index.patch(named: name)?.own[key] } else {
        index.kernel?.members[key]
      }
    guard case .variable(let declaration)? = member?.content else { return nil }
    return declaration
  }

  private func owned(_ key: MemberKey) -> OwnedKey {
    OwnedKey(key: key, member: key.isOfPatch ? codePatch?.member : nil)
  }

  private func bounds(of declaration: VariableDeclaration) -> ClosedRange<Int64>? {
    bounds(of: declaration.name, declaration.bounds)
  }

  /// What a variable can hold; of one for objects, every handle.
  func bounds(of name: Name, _ bounds: Expression?) -> ClosedRange<Int64>? {
    if facts.kind(at: name.range) == .record { return 0...greatestHandle }
    guard case .range(let low, let high)? = bounds?.kind,
      let first = compileTime.value(of: low), let last = compileTime.value(of: high),
      first <= last
    else { return nil }
    return first...last
  }

  func variableNumber(_ key: MemberKey, _ range: SourceRange) -> Int? {
    if let known = variables[owned(key)] { return known }
    guard let declaration = variable(key) else { return nil }
    guard let initial = compileTime.value(of: declaration.value) else {
      report(.notConstant("the first value of a kernel variable", at: declaration.value.range))
      return nil
    }
    let number = program.variables.count
    variables[owned(key)] = number
    add(key.spelling, key, initial: initial, bounds(of: declaration))
    return number
  }

  private func add(
    _ name: String, _ key: MemberKey, initial: Int64, _ bounds: ClosedRange<Int64>?
  ) {
    var made = SharedVariable(name: name, initial: initial, range: bounds)
    switch key.owner {
    case .kernel: break
    case .module: if case .changing(let module) = presence(of: key) { made.home = .module(module) }
    case .patch: made.home = codePatch.flatMap(patchID).map { .patch($0) }
    }
    program.variables.append(made)
  }

  // MARK: Lists

  /// More elements than a frame has registers can't be taken as one value.
  static let greatestArray = 1_024

  /// The number of the list that an expression names, if it is a kernel variable that is one.
  func arrayNumber(_ expression: Expression) -> Int? {
    guard case .variable(let key)? = facts.symbols[expression.range],
      let declaration = variable(key), facts.kind(at: declaration.name.range).isList
    else { return nil }
    if let known = arrays[owned(key)] { return known }
    guard let initials = initials(declaration) else { return nil }
    let number = program.arrays.count
    arrays[owned(key)] = number
    program.arrays.append(SharedArray(first: program.variables.count, count: initials.count))
    let bounds = bounds(of: declaration)
    for (place, initial) in initials.enumerated() {
      add("\(key.spelling)[\(place)]", key, initial: initial, bounds)
    }
    return number
  }

  private func initials(_ declaration: VariableDeclaration) -> [Int64]? {
    let value = declaration.value
    switch value.kind {
    case .emptyList(let capacity):
      guard let count = compileTime.value(of: capacity) else {
        report(.notConstant("the length of a list", at: capacity.range))
        return nil
      }
      guard (1...Int64(Self.greatestArray)).contains(count) else {
        report(
          .outOfRange(
            "the length of a list", value: count, allowed: "1 to \(Self.greatestArray)",
            at: capacity.range))
        return nil
      }
      return Array(repeating: 0, count: Int(count))
    case .list(let elements):
      let values = elements.compactMap { compileTime.value(of: $0) }
      if values.count == elements.count, !values.isEmpty { return values }
    case .range(let low, let high):
      if let first = compileTime.value(of: low), let last = compileTime.value(of: high),
        first <= last, last - first < Int64(Self.greatestArray)
      {
        return Array(first...last)
      }
    default: break
    }
    report(.notConstant("the first value of a kernel variable", at: value.range))
    return nil
  }

  /// The operator, and a condition, look at an element; for kernel code each read is a step.
  private var readsElement: Operation {
    context == .operatorBody || isInCondition ? .sharedElement : .loadElement
  }

  func emitElement(of array: Int, _ place: Expression, into wanted: Int?) -> Int {
    let number = lower(place)
    let register = wanted ?? builder.allocate()
    emit(readsElement, a: register, b: array, c: number)
    return register
  }

  /// All elements, as a list.
  func emitElements(of array: Int, into wanted: Int?) -> Int {
    let count = program.arrays[array].count
    let place = builder.allocate()
    let first = builder.allocate(count)
    for number in 0..<count {
      emitLoad(Int64(number), into: place)
      emit(readsElement, a: first + number, b: array, c: place)
    }
    let register = wanted ?? builder.allocate()
    emit(.makeList, a: register, b: first, c: count)
    return register
  }
}
