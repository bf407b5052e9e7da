import Machine
import ReferenceMachine
import Synchronization

/// Writes down what the fast machine's host functions said, for the reference machine to read.
final class HostRecord: ReferenceHost {
  private struct Call: Hashable {
    var name: String
    var arguments: [Int64]
  }

  private struct Said {
    var results: [Call: HostResult] = [:]
    var answers: [Call: HostAnswer] = [:]
    var texts: [Int64: String] = [:]
  }

  private let said = Mutex(Said())

  /// The same program, whose host functions are overheard.
  func overhearing(_ program: Program) -> Program {
    var program = program
    program.hostFunctions = program.hostFunctions.map { function in
      HostFunction(name: function.name, parameterCount: function.parameterCount) {
        arguments, machine, row, strings in
        let result = function.body(arguments, machine, &row, &strings)
        let call = Call(name: function.name, arguments: arguments)
        var text: (Int64, String)?
        if case .value(let word) = result { text = strings.string(for: word).map { (word, $0) } }
        self.said.withLock { said in
          said.results[call] = result
          if let text { said.texts[text.0] = text.1 }
        }
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
    for string in program.strings { remember(string) }
    return program
  }

  /// What was said before is no answer to what is asked from now on.
  func forget() {
    said.withLock { said in
      said.results = [:]
      said.answers = [:]
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
}
