import Machine
import Syntax

/// Locks, and crashes.
extension Lowering {
  func lowerLocking(_ node: VerbStatement) {
    if node.verb.text == "oops" { return lowerOops(node) }
    guard let argument = node.arguments.first, let lock = lockNumber(argument) else { return }
    emit(node.verb.text == "lock" ? .lock : .unlock, b: lock)
  }

  private func lowerOops(_ node: VerbStatement) {
    guard let value = node.arguments.first else {
      emit(.oops, c: textSite(["kernel BUG"], [], node.verb.range))
      return
    }
    let (first, site) = lowerText(value)
    emit(.oops, a: first, c: site)
  }

  private func lockNumber(_ expression: Expression) -> Int? {
    guard case .lock(let key)? = facts.symbols[expression.range] else { return nil }
    if let known = locks[key] { return known }
    let number = program.locks.count
    locks[key] = number
    program.locks.append(Lock(name: key.spelling, queue: program.queues.count))
    program.queues.append(key.spelling)
    return number
  }
}
