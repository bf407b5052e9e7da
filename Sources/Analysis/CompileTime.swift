import Machine
import Syntax

/// Values that are known before the run: literals, constants (a patch's own where its code is
/// meant), and the variables of the matrix.
///
/// A class, for it is asked of every expression: as a part of the lowering, a struct was copied
/// each time, with all its tables.
final class CompileTime {
  let index: Index
  let facts: Facts
  let row: [AxisValue]
  /// Whose constants count, beside the kernel's, and which member's of a family.
  private(set) var reference: PatchReference?
  private var patch: PatchIndex?
  /// What constants came to in the kernel's code, and in that of the last patch: each is made of
  /// others, and those of others again.
  private var knownInKernel: [MemberKey: Int64?] = [:]
  private var knownInPatch: (patch: PatchReference?, values: [MemberKey: Int64?]) = (nil, [:])

  init(index: Index, facts: Facts, row: [AxisValue]) {
    self.index = index
    self.facts = facts
    self.row = row
  }

  /// From now on the code of a patch is meant, or, with nil, everybody else's.
  func mean(_ reference: PatchReference?) {
    guard reference != self.reference else { return }
    self.reference = reference
    patch = reference.flatMap { index.patch(named: $0.patch) }
    if let reference, knownInPatch.patch != reference { knownInPatch = (reference, [:]) }
  }

  private func known(_ key: MemberKey) -> Int64?? {
    reference == nil ? knownInKernel[key] : knownInPatch.values[key]
  }

  private func keep(_ value: Int64?, of key: MemberKey) {
    if reference == nil {
      knownInKernel[key] = .some(value)
    } else {
      knownInPatch.values[key] = .some(value)
    }
  }

  /// The word of an expression, or nil when only the run can tell, or when it can't be computed.
  func value(of expression: Expression) -> Int64? {
    switch expression.kind {
    case .integer(let value): return value
    case .duration(let nanoseconds): return nanoseconds
    case .boolean(let value): return value ? 1 : 0
    case .string(let text): return text.plain.map(StringTable.word)
    case .parenthesised(let inner): return value(of: inner)
    case .reference: return facts.symbols[expression.range].flatMap(value)
    case .unary(.not, let operand): return value(of: operand).map { $0 == 0 ? 1 : 0 }
    case .unary(.negate, let operand):
      guard let value = value(of: operand), value != .min else { return nil }
      return -value
    case .binary(let node):
      if node.operation == .isIn { return containment(node) }
      guard let left = value(of: node.left), let right = value(of: node.right),
        case .value(let result) = fold(node.operation, left, right)
      else { return nil }
      return result
    default: return nil
    }
  }

  private func containment(_ node: BinaryOperation) -> Int64? {
    guard let element = value(of: node.left) else { return nil }
    switch node.right.kind {
    case .list(let elements):
      let values = elements.map(value)
      guard !values.contains(nil) else { return nil }
      return values.contains(element) ? 1 : 0
    case .range(let low, let high):
      guard let first = value(of: low), let last = value(of: high) else { return nil }
      return first <= element && element <= last ? 1 : 0
    default: return nil
    }
  }

  private func value(of symbol: Symbol) -> Int64? {
    switch symbol {
    case .axis(let number):
      guard row.indices.contains(number) else { return nil }
      switch row[number].meaning {
      case .word(let value): return value
      case .string(let text): return StringTable.word(for: text)
      case .engine(let name): return EngineName.number(of: name)
      case .patch: return nil
      }
    case .engine(let name): return EngineName.number(of: name)
    case .familyNumber: return reference?.member
    case .constant(let key): return value(ofConstant: key)
    case .universe(let isNew): return isNew ? 1 : 0
    case .errno(let error): return Int64(error.rawValue)
    case .null: return 0
    default: return nil
    }
  }

  /// The kernel's constants were reckoned by the checker; those that a patch may have changed are
  /// reckoned here.
  private func value(of declaration: ConstantDeclaration) -> Int64? {
    if patch?.constants.isEmpty ?? true, let value = facts.constants[declaration.value.range] {
      return value
    }
    return value(of: declaration.value)
  }

  /// Each constant is reckoned once, and what it is made of before it.
  private func value(ofConstant key: MemberKey) -> Int64? {
    if let value = known(key) { return value }
    let order = ConstantChain.order(to: key, parts: constants(in:)) { _ in }
    // One that comes back to itself has no value.
    for key in order where known(key) == nil { keep(nil, of: key) }
    for key in order { keep(declaration(of: key).flatMap(value), of: key) }
    return known(key) ?? nil
  }

  /// What a constant is made of that is not known.
  func constants(in key: MemberKey) -> [ConstantChain.Part] {
    guard known(key) == nil, let declaration = declaration(of: key) else { return [] }
    var parts: [ConstantChain.Part] = []
    declaration.value.forEachPart { part in
      guard case .constant(let key)? = facts.symbols[part.range] else { return }
      parts.append(ConstantChain.Part(key: key, place: part.range))
    }
    return parts
  }

  /// A constant's declaration, as this code sees it.
  func declaration(of key: MemberKey) -> ConstantDeclaration? {
    if let own = patch?.constants[key] { return own }
    if case .constant(let declaration) = index.kernel?.members[key]?.content { return declaration }
    return nil
  }
}

extension EngineName {
  static func number(of name: String) -> Int64? {
    all.firstIndex { $0.name == name }.map(Int64.init)
  }
}
