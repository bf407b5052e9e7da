import Machine

/// What an administrator types: what gives a value is an entry of the program's table of host
/// functions, what acts one of its host actions, so that a searched scenario may `cat` and `write`
/// without the search knowing what a file is.
package enum OperatorFunctions {
  /// `cat(PATH)`: the file's content without its last newline, as `$(cat PATH)` gives it.
  package static let cat = HostFunction(name: "cat", parameterCount: 1) {
    arguments, machine, row, workspace in
    guard let path = workspace.strings.string(for: arguments[0]) else { return .failure(.ENOENT) }
    switch FileNode.content(of: path, machine, &row) {
    case .success(let content):
      return .value(
        workspace.strings.intern(content.hasSuffix("\n") ? String(content.dropLast()) : content))
    case .failure(.errno(let error)): return .failure(error)
    case .failure(.noClock): return .noClock
    }
  }

  /// `ls(PATH)`: the names in a directory, in their order; of a file its path.
  package static let ls = HostFunction(name: "ls", parameterCount: 1) {
    arguments, machine, row, workspace in
    guard let path = workspace.strings.string(for: arguments[0]) else { return .failure(.ENOENT) }
    switch FileNode.at(path, machine, &row) {
    case .success(.directory(let directory)):
      return .list(directory.names(machine, &row).sorted().map { workspace.strings.intern($0) })
    case .success: return .list([arguments[0]])
    case .failure(.errno(let error)): return .failure(error)
    case .failure(.noClock): return .noClock
    }
  }

  /// `write PATH, TEXT`: the text is written to the file in one piece, as `echo -n TEXT > PATH`
  /// does.
  package static let write = HostAction(name: "write", parameterCount: 2) {
    arguments, machine, row, workspace in
    guard let path = workspace.strings.string(for: arguments[0]),
      let text = workspace.strings.string(for: arguments[1])
    else { return .refused(.ENOENT) }
    return FileNode.write(text, to: path, machine, &row)
  }
}

extension OperatorFunctions {
  /// `why(TASK)`: where the task is that a transition waits for, and what would move it; `why()`:
  /// the same of every task that it waits for, the first few. Slot −1 stands for no task.
  ///
  /// - Parameter place: a place of the text, as people write it.
  package static func why(
    _ place: @escaping @Sendable (Origin) -> String?
  ) -> HostFunction {
    HostFunction(name: "why", parameterCount: 1) { arguments, machine, row, workspace in
      let terms = workspace.isLookingAhead ? nil : TrialTerms.quick(workspace.strings)
      let lines =
        arguments[0] < 0
        ? Why.sentences(machine, &row, trying: terms, place)
        : [
          Why.answer(TaskSlot(Int(arguments[0])), machine, &row, trying: terms, place)
        ]
      return .value(workspace.strings.intern(lines.joined(separator: "\n")))
    }
  }
}
