import Syntax

/// Which functions of the booted kernel call which, and which constants they read: what a patch of
/// an inline function or of a constant has to know. Found in one walk over the kernel.
struct KernelUses: Sendable {
  private var callers: [MemberKey: [MemberKey]] = [:]
  private var callees: [MemberKey: [MemberKey]] = [:]
  private var readers: [MemberKey: [MemberKey]] = [:]
  /// Constants that are made of another.
  private var made: [MemberKey: [MemberKey]] = [:]
  /// Places in the kernel's order.
  private var numbers: [MemberKey: Int] = [:]
  private var inline: Set<MemberKey> = []

  init() {}

  init(of kernel: KernelIndex, _ facts: Facts) {
    for (number, key) in kernel.order.enumerated() {
      if case .constant(let declaration)? = kernel.members[key]?.content {
        declaration.value.forEachPart { part in
          if case .constant(let read)? = facts.symbols[part.range] {
            made[read, default: []].append(key)
          }
        }
      }
      guard let function = kernel.members[key]?.function else { continue }
      numbers[key] = number
      if function.attribute(.inline) != nil { inline.insert(key) }
      var seen: Set<Symbol> = []
      function.body.forEachExpression { expression in
        switch expression.kind {
        case .call(let callee, _):
          guard let symbol = facts.symbols[callee.range], case .function(let called) = symbol,
            seen.insert(symbol).inserted
          else { return }
          callers[called, default: []].append(key)
          callees[key, default: []].append(called)
        default:
          guard let symbol = facts.symbols[expression.range], case .constant(let read) = symbol,
            seen.insert(symbol).inserted
          else { return }
          readers[read, default: []].append(key)
        }
      }
    }
  }

  /// The functions with a copy of a call of `key`: its callers, an inline one of them replaced by
  /// its own. In the kernel's order.
  func callers(of key: MemberKey) -> [MemberKey] { outOfLine(callers[key] ?? []) }

  /// The functions whose code depends on a constant: those that read it or a constant that is made
  /// of it, an inline one of them replaced by its callers. In the kernel's order.
  func readers(of key: MemberKey) -> [MemberKey] {
    var seen: Set<MemberKey> = [key]
    var found: [MemberKey] = []
    var open = [key]
    while let next = open.popLast() {
      found += readers[next] ?? []
      for other in made[next] ?? [] where seen.insert(other).inserted { open.append(other) }
    }
    return outOfLine(found)
  }

  /// Inline functions of which some function has a copy that is not inline itself and for which
  /// `isLeftOut` holds.
  func copied(where isLeftOut: (MemberKey) -> Bool) -> Set<MemberKey> {
    var copied: Set<MemberKey> = []
    var open = numbers.keys.filter { !inline.contains($0) && isLeftOut($0) }
    while let key = open.popLast() {
      for called in callees[key] ?? [] where inline.contains(called) {
        if copied.insert(called).inserted { open.append(called) }
      }
    }
    return copied
  }

  private func outOfLine(_ directly: [MemberKey]) -> [MemberKey] {
    var seen: Set<MemberKey> = []
    var result: [MemberKey] = []
    var open = directly
    while let key = open.popLast() {
      guard seen.insert(key).inserted else { continue }
      if inline.contains(key) { open += callers[key] ?? [] } else { result.append(key) }
    }
    return result.sorted { (numbers[$0] ?? 0) < (numbers[$1] ?? 0) }
  }
}
