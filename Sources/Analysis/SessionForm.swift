import Diagnostics
import Machine
import Syntax

/// How the body of a session that grows is lowered: it pauses where the text has an end for now,
/// and keeps its locals for what may still be written.
///
/// Everything else comes before the operator's body, and of that body only the end is new when the
/// text has grown: so that a live world can be carried over to the longer program as it is.
package struct SessionForm: Sendable, Hashable {
  /// Whether it pauses before its first statement.
  package var pausesFirst = false
  /// The statements, by their place in the body, after which it pauses.
  package var pauses: Set<Int> = []
  /// How many of the body's last statements are `await`s that nobody comes to: their conditions
  /// are what somebody asks of a world.
  package var questions = 0
  /// Where the statements stand that were typed: a command in them ends as it ends in a shell, and
  /// who wants to know looks at its status.
  package var typedFiles: Set<SourceFileID> = []
  /// Whether everything that is declared belongs to the program, or only what the text names. The
  /// former keeps what a step is when a patch is named that was declared long ago.
  package var takesAll = true

  package init() {}

  /// Whether it pauses before its first action: what is no action, as `machine`, takes no step.
  func pausesBeforeActions(of statements: [Statement]) -> Bool {
    let first = statements.firstIndex(where: \.isAction) ?? statements.count
    return pausesFirst || pauses.contains { $0 < first }
  }
}

extension Lowering {
  /// Everything that the operator could name, so that its own body comes last.
  func lowerBeforeOperator() {
    if session?.takesAll == true {
      for program in index.programs { _ = functionID(.program(program.name.text)) }
      for number in index.topDefinitions.values.sorted() { _ = functionID(.definition(number)) }
    }
    pending.removeAll { $0 == .operator }
    while let next = pending.popLast() { lower(next) }
    pending.append(.operator)
  }

  /// The patches of a session: all that are declared, families apart.
  var patchesOfSession: [PatchReference] {
    guard session?.takesAll == true else { return [] }
    return index.patches.filter { $0.family == nil }.map { PatchReference(patch: $0.name) }
  }

  func lowerOperatorBody() {
    guard let session else { return lower(declaration.body) }
    if session.pausesFirst { emitPause() }
    let statements = declaration.body.statements
    let last = statements.count - session.questions
    for (place, statement) in statements[..<last].enumerated() {
      lower(statement)
      if session.pauses.contains(place) { emitPause() }
    }
    guard session.questions > 0 else { return }
    emitFinish()
    statements[last...].forEach(lower)
  }

  /// What is allocated between two statements of a body are its locals.
  private func emitPause() { emit(.pause, c: builder.next) }

  func emitFinish() { emit(.finish, c: session == nil ? 0 : builder.next) }

  /// Addresses for more code than there is, so that the field of the program counter seldom has to
  /// become wider. Nobody comes to what stands there.
  func leaveRoom() {
    origin = .none
    while program.instructions.count % Self.instructionsAtOnce != 0 { emit(.finish) }
  }

  private static let instructionsAtOnce = 2_048

  /// A session's operator has room for more than it needs now.
  func registerCount(last: Int) -> Int {
    guard session != nil, body == .operator else { return last + 1 }
    return (last / Self.registersAtOnce + 1) * Self.registersAtOnce
  }

  private static let registersAtOnce = 64
}
