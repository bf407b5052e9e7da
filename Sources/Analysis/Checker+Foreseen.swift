import Diagnostics
import Machine
import Syntax

/// What a run would come to say for certain, said before it: files that no world has, states that
/// no task is in, questions that no search answers.
extension Checker {
  // MARK: Files

  /// A path that stands in the text, of what reads or writes a file and is not expected to fail.
  func checkPath(_ argument: Expression, of form: String) {
    guard case .string(let text) = argument.unparenthesised.kind, let path = text.plain else {
      return
    }
    checkPath(path, at: argument.range, of: form, isWhole: true)
  }

  func checkPath(_ path: String, at range: SourceRange, of form: String, isWhole: Bool) {
    let place = ForeseenPath(path: path, range: range, form: form, isWhole: isWhole)
    if let diagnostic = place.objection(hosts, commandNames) { report(diagnostic) }
  }

  // MARK: Searches

  /// Whether the body is of a scenario that is searched.
  var isSearched: Bool {
    place.scenario.map { index.scenarios[$0].everySchedule != nil } ?? false
  }

  func checkCommandInSearch(_ command: ShellCommand, _ range: SourceRange) {
    if command.readsLog, isSearched { report(.noLogInSearch(command.name, at: range)) }
  }

  func checkTimeInSearch(_ name: Name, of base: Expression) {
    guard isSearched else { return }
    let place = SourceRange(file: name.range.file, lower: base.range.lower, upper: name.range.upper)
    report(.noTimeInSearch(text(of: place), at: place))
  }

  // MARK: States

  /// `t.state == "sleeping"`: a text that the state of a task never is.
  func checkFixedTexts(_ node: BinaryOperation) {
    checkFixedText(node.right, of: node.left, node.operation)
    checkFixedText(node.left, of: node.right, node.operation)
  }

  private func checkFixedText(
    _ other: Expression, of asked: Expression, _ operation: BinaryOperator
  ) {
    guard case .member(let base, let name) = asked.unparenthesised.kind, name.text == "state",
      facts.kind(at: base.range) == .task
    else { return }
    switch other.unparenthesised.kind {
    case .string: checkState(other)
    case .list(let elements) where operation == .isIn: elements.forEach(checkState)
    default: break
    }
  }

  private func checkState(_ expression: Expression) {
    guard case .string(let text) = expression.unparenthesised.kind, let state = text.plain,
      !TaskState.letters.contains(state)
    else { return }
    report(.unknownState(state, near: Self.letter(of: state), at: expression.range))
  }

  /// `t.state == sleeping`.
  func reportedStateWithoutQuotes(_ asked: Expression, _ other: Expression) -> Bool {
    guard case .member(let base, let name) = asked.unparenthesised.kind, name.text == "state",
      facts.kind(at: base.range) == .task,
      case .reference(let reference) = other.unparenthesised.kind, find(reference) == nil
    else { return false }
    let word = reference.name.text
    let letter = TaskState.letters.contains(word) ? word : Self.letter(of: word)
    report(.unknownState(word, near: letter, at: other.range))
    return true
  }

  private static func letter(of state: String) -> String? {
    switch state.lowercased() {
    case "running", "run", "runnable", "ready", "r": "R"
    case "sleeping", "sleep", "waiting", "wait", "interruptible", "s": "S"
    case "disk", "blocked", "uninterruptible", "disk sleep", "d": "D"
    case "stopped", "stop", "t": "T"
    case "zombie", "dead", "exited", "z", "x": "Z"
    default: nil
    }
  }
}

/// A path that stands in the text, of what is not expected to fail.
struct ForeseenPath {
  var path: String
  var range: SourceRange
  /// As it is written when it is meant to fail, without `fails ERRNO`.
  var form: String
  /// Whether the path is all that stands at the place.
  var isWhole: Bool

  /// What is wrong with it in any world.
  func objection(_ hosts: [HostDeclaration], _ names: CommandNames) -> Diagnostic? {
    guard let unknownPart = hosts.lazy.compactMap(\.unknownPart).first else { return nil }
    guard path.hasPrefix("/") else {
      let absolute = "/" + path
      let isKnown = !path.isEmpty && unknownPart(absolute) == nil
      return .relativePath(path, wanted: isKnown ? absolute : nil, form: form, at: range)
    }
    guard let unknown = unknownPart(path),
      !names.hasPatch(unknown.part)
    else { return nil }
    let wrong = "\(unknown.before)/\(unknown.part)"
    guard let near = nearest(to: unknown.part, among: unknown.known) else {
      // Below the root everything is known; elsewhere there are names that only a world has.
      guard unknown.before.isEmpty else { return nil }
      return .unknownRoot(wrong, known: unknown.known, form: form, at: range)
    }
    let right = "\(unknown.before)/\(near)"
    return .unknownPath(
      wrong, near: right,
      wanted: isWhole && path.hasPrefix(wrong) ? right + path.dropFirst(wrong.count) : nil,
      form: form, at: range)
  }
}
