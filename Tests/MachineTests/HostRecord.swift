import Machine
import ReferenceMachine
import Synchronization

/// Writes down what the fast machine's host functions said, for the reference machine to read.
final class HostRecord: ReferenceHost {
  private struct Call: Hashable {
    var name: String
    var arguments: [Int64]
  }

  private struct Deed: Hashable {
    var line: String
    var progress: Int
  }

  private struct Said {
    var results: [Call: HostResult] = [:]
    var answers: [Call: HostAnswer] = [:]
    var starts: [String: CommandStart] = [:]
    var deeds: [Deed: CommandAct] = [:]
    var outputs: [String: String] = [:]
    var pipes: [String: (CommandStatus, String)] = [:]
    var texts: [Int64: String] = [:]
    var lists: [Int64: [Int]] = [:]
  }

  private let said = Mutex(Said())

  /// The same program, whose host functions are overheard.
  func overhearing(_ program: Program) -> Program {
    var program = program
    program.hostFunctions = program.hostFunctions.map { function in
      HostFunction(name: function.name, parameterCount: function.parameterCount) {
        arguments, machine, row, workspace in
        let result = function.body(arguments, machine, &row, &workspace)
        let call = Call(name: function.name, arguments: arguments)
        var words: [Int64] = []
        if case .value(let word) = result { words = [word] }
        if case .list(let elements) = result { words = elements }
        let texts = words.compactMap { workspace.strings.string(for: $0) }
        self.said.withLock { said in said.results[call] = result }
        for text in texts { self.remember(text) }
        return result
      }
    }
    program.hostActions = program.hostActions.map { action in
      HostAction(name: action.name, parameterCount: action.parameterCount) {
        arguments, machine, row, workspace in
        let answer = action.body(arguments, machine, &row, &workspace)
        let call = Call(name: action.name, arguments: arguments)
        self.said.withLock { said in said.answers[call] = answer }
        return answer
      }
    }
    program.commands = program.commands.map(overhearing)
    for string in program.strings { remember(string) }
    return program
  }

  private func overhearing(_ command: ShellCommand) -> ShellCommand {
    var heard = command
    heard.start = { line, machine, row, workspace in
      let start = command.start(line, machine, &row, workspace)
      self.said.withLock { said in said.starts[line.text] = start }
      return start
    }
    if let act = command.act {
      heard.act = { line, progress, answer, machine, row in
        let deed = act(line, progress, answer, machine, &row)
        self.said.withLock { said in
          said.deeds[Deed(line: line.text, progress: progress)] = deed
        }
        return deed
      }
    }
    heard.output = { line, status, machine, row in
      let output = command.output(line, status, machine, &row)
      self.said.withLock { said in said.outputs[line.text] = output }
      return output
    }
    if let pipe = command.pipe {
      heard.pipe = { line, status, output, machine, row, workspace in
        let end = pipe(line, status, output, machine, &row, workspace)
        self.said.withLock { said in said.pipes[line.text] = end }
        return end
      }
    }
    return heard
  }

  /// What was said before is no answer to what is asked from now on.
  func forget() {
    said.withLock { said in
      said.results = [:]
      said.answers = [:]
      said.starts = [:]
      said.deeds = [:]
      said.outputs = [:]
      said.pipes = [:]
    }
  }

  func result(of name: String, _ arguments: [Int64]) -> HostResult? {
    said.withLock { $0.results[Call(name: name, arguments: arguments)] }
  }

  func answer(of name: String, _ arguments: [Int64]) -> HostAnswer? {
    said.withLock { $0.answers[Call(name: name, arguments: arguments)] }
  }

  func text(for word: Int64) -> String? { said.withLock { $0.texts[word] } }

  func remember(_ text: String) {
    said.withLock { said in said.texts[StringTable.word(for: text)] = text }
  }

  func start(of line: String) -> CommandStart? { said.withLock { $0.starts[line] } }

  func deed(of line: String, _ progress: Int) -> CommandAct? {
    said.withLock { $0.deeds[Deed(line: line, progress: progress)] }
  }

  func output(of line: String) -> String? { said.withLock { $0.outputs[line] } }

  func piped(_ line: String) -> (status: CommandStatus, output: String)? {
    said.withLock { said in said.pipes[line].map { ($0.0, $0.1) } }
  }

  func list(for word: Int64) -> [Int]? { said.withLock { $0.lists[word] } }

  func remember(_ list: [Int]) -> Int64 {
    var table = ListTable()
    let word = Int64(bitPattern: table.intern(list.map { Int64($0) }))
    said.withLock { said in said.lists[word] = list }
    return word
  }
}
