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
  /// Functions that are `notrace`, and not inline.
  private var untraced: Set<MemberKey> = []
  /// Of an inline function two of those that have a copy of it and are not inline themselves, as
  /// far as there are any; and of those that are `notrace`, one.
  private var roots: [MemberKey: Roots] = [:]
  private var untracedRoots: [MemberKey: MemberKey] = [:]
  /// Constants that some function depends on, and of those with a `notrace` one, that function.
  private var read: Set<MemberKey> = []
  private var untracedReaders: [MemberKey: MemberKey] = [:]

  private struct Roots {
    var first: MemberKey
    var second: MemberKey?
  }

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
      if function.attribute(.inline) != nil {
        inline.insert(key)
      } else if function.attribute(.notrace) != nil {
        untraced.insert(key)
      }
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
    findRoots(in: kernel.order)
    findRead(in: kernel.order)
  }

  // MARK: For every function and constant at once

  /// Each function passes on what it has a copy of, and each inline one at most two of its roots:
  /// so the walk is as long as the kernel.
  private mutating func findRoots(in order: [MemberKey]) {
    guard !inline.isEmpty else { return }
    var open: [(key: MemberKey, root: MemberKey)] = []
    for key in order.reversed() where numbers[key] != nil && !inline.contains(key) {
      open.append((key, key))
    }
    var ofUntraced = open.filter { untraced.contains($0.key) }
    while let (key, root) = open.popLast() {
      for called in callees[key] ?? [] where inline.contains(called) {
        guard let known = roots[called] else {
          roots[called] = Roots(first: root)
          open.append((called, root))
          continue
        }
        guard known.second == nil, known.first != root else { continue }
        roots[called]?.second = root
        open.append((called, root))
      }
    }
    while let (key, root) = ofUntraced.popLast() {
      for called in callees[key] ?? [] where inline.contains(called) {
        guard untracedRoots[called] == nil else { continue }
        untracedRoots[called] = root
        ofUntraced.append((called, root))
      }
    }
  }

  /// A constant is read where one is that is made of it.
  private mutating func findRead(in order: [MemberKey]) {
    var parts: [MemberKey: [MemberKey]] = [:]
    for (part, whole) in made { for key in whole { parts[key, default: []].append(part) } }
    var open: [MemberKey] = []
    for (constant, readers) in readers
    where readers.contains(where: { !inline.contains($0) || roots[$0] != nil }) {
      if read.insert(constant).inserted { open.append(constant) }
    }
    while let key = open.popLast() {
      for part in parts[key] ?? [] where read.insert(part).inserted { open.append(part) }
    }
    guard !untraced.isEmpty else { return }
    for key in order where untracedReaders[key] == nil {
      guard let reader = untracedReader(among: readers[key] ?? []) else { continue }
      untracedReaders[key] = reader
      open = [key]
      while let key = open.popLast() {
        for part in parts[key] ?? [] where untracedReaders[part] == nil {
          untracedReaders[part] = reader
          open.append(part)
        }
      }
    }
  }

  /// The first `notrace` function that one of these is, or is copied into.
  private func untracedReader(among readers: [MemberKey]) -> MemberKey? {
    for reader in readers {
      if untraced.contains(reader) { return reader }
      if let root = untracedRoots[reader] { return root }
    }
    return nil
  }

  // MARK: Asking

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

  /// Whether some function's code depends on a constant.
  func isRead(_ key: MemberKey) -> Bool { read.contains(key) }

  /// A `notrace` function whose code depends on a constant.
  func untracedReader(of key: MemberKey) -> MemberKey? { untracedReaders[key] }

  /// Some of the functions that have a copy of an inline one, are not inline themselves and are not
  /// replaced, the first ones in the kernel's order that are come to. Cost: little where a root is
  /// left as it is, and else as much as there are functions between.
  ///
  /// - Parameter most: after so many the rest is not looked for.
  func copies(
    of key: MemberKey, without isReplaced: (MemberKey) -> Bool, most: Int
  ) -> [MemberKey] {
    guard let known = roots[key], !isReplaced(known.first) || known.second != nil else { return [] }
    var seen: Set<MemberKey> = [key]
    var found: [MemberKey] = []
    var open = [key]
    var next = 0
    while next < open.count, found.count < most {
      for caller in callers[open[next]] ?? [] where seen.insert(caller).inserted {
        if inline.contains(caller) {
          open.append(caller)
        } else if !isReplaced(caller) {
          found.append(caller)
          if found.count == most { break }
        }
      }
      next += 1
    }
    return found.sorted { (numbers[$0] ?? 0) < (numbers[$1] ?? 0) }
  }

  /// Whether there is one of those.
  func isCopied(_ key: MemberKey, without isReplaced: (MemberKey) -> Bool) -> Bool {
    guard let known = roots[key] else { return false }
    if !isReplaced(known.first) { return true }
    guard let second = known.second else { return false }
    return !isReplaced(second) || !copies(of: key, without: isReplaced, most: 1).isEmpty
  }

  /// Constants that are made of one of these.
  func constants(madeOf keys: [MemberKey]) -> Set<MemberKey> {
    var found: Set<MemberKey> = []
    var open = keys
    while let key = open.popLast() {
      for other in made[key] ?? [] where found.insert(other).inserted { open.append(other) }
    }
    return found
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
