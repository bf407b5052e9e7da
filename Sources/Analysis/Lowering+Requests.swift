import Diagnostics
import Machine
import Syntax

/// What the operator asks of the patching engine, and whether it was to fail.
extension Lowering {
  func lowerPatching(_ node: VerbStatement, _ range: SourceRange, _ operation: Operation) {
    guard let argument = node.arguments.first else { return }
    observe([argument])
    let patch = lower(argument)
    let status = builder.allocate()
    emit(operation, a: status, b: patch)
    let name = spelling(argument) ?? checked.text(of: argument.range)
    requireStatus(status, node.failure, range, verb: "\(node.verb.text) \(name)")
  }

  func lowerForce(_ node: VerbStatement, _ range: SourceRange) {
    if let patch = node.arguments.first { report(.forceOfPatch(at: patch.range)) }
    let status = builder.allocate()
    emit(.force, a: status)
    requireStatus(status, node.failure, range, verb: "force")
  }

  /// A verb that the host lends.
  func lowerAction(_ node: VerbStatement, _ range: SourceRange) {
    guard let number = actionNumber(node.verb.text) else {
      return missing(node.verb.text, node.verb.range)
    }
    observe(node.arguments)
    let first = lowerRun(node.arguments)
    let status = builder.allocate()
    emit(.hostAction, a: status, b: first, c: number)
    requireStatus(status, node.failure, range, verb: "\(node.verb.text) \(shown(node.arguments))")
  }

  /// As they are written; where that is long, the first alone.
  private func shown(_ arguments: [Expression]) -> String {
    let texts = arguments.map { checked.text(of: $0.range) }
    let all = texts.joined(separator: ", ")
    return all.utf8.count <= 80 ? all : "\(texts[0]), …"
  }

  private func actionNumber(_ name: String) -> Int? {
    if let known = program.hostActions.firstIndex(where: { $0.name == name }) { return known }
    guard let action = checked.actions.first(where: { $0.name == name }) else { return nil }
    program.hostActions.append(action)
    return program.hostActions.count - 1
  }

  func requireStatus(
    _ register: Int, _ failure: ExpectedFailure?, _ range: SourceRange, verb: String
  ) {
    program.outcomes.append(
      ExpectedOutcome(
        origin: range.origin, verb: verb,
        errors: failure?.errors.compactMap { Errno(name: $0.text) } ?? []))
    emit(.requireStatus, a: register, c: program.outcomes.count - 1)
  }
}
