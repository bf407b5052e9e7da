import Machine

/// What an administrator types that gives a value; each is an entry of the program's table of host
/// functions, so that a searched scenario may `cat` without the search knowing what a file is.
package enum OperatorFunctions {
  /// `cat(PATH)`: the file's content without its last newline, as `$(cat PATH)` gives it.
  package static let cat = HostFunction(name: "cat", parameterCount: 1) {
    arguments, machine, row, strings in
    guard let path = strings.string(for: arguments[0]) else { return .failure(.ENOENT) }
    switch VirtualFile.at(path, machine, &row) {
    case .success(let file):
      let content = file.content(machine, &row)
      return .value(strings.intern(content.hasSuffix("\n") ? String(content.dropLast()) : content))
    case .failure(let error):
      return .failure(error.errno)
    }
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
    HostFunction(name: "why", parameterCount: 1) { arguments, machine, row, strings in
      let lines =
        arguments[0] < 0
        ? Why.sentences(machine, &row, place)
        : [Why.answer(TaskSlot(Int(arguments[0])), machine, &row, place)]
      return .value(strings.intern(lines.joined(separator: "\n")))
    }
  }
}
