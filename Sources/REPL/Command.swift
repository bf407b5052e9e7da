/// One command of the prompt: the row of the table that help, completion, the reference and the
/// manual page read.
package struct Command: Sendable {
  package enum Topic: String, CaseIterable, Sendable {
    case time = "time"
    case choosing = "choosing"
    case seeing = "seeing"
    case keeping = "keeping"
    case prompt = "the prompt"

    static func named(_ text: String) -> Topic? {
      allCases.first { $0.rawValue == text || $0.rawValue == "the " + text }
    }
  }

  /// What may stand behind its name, for completion.
  package enum Operand: Hashable, Sendable {
    case nothing, task, path, newPath, virtualPath, scenario, branch, topic, condition, statement
    case filter, function, timeModel, watch
  }

  package var name: String
  package var aliases: [String] = []
  /// As help shows it: `back [N | DURATION | until CONDITION]`.
  package var usage: String
  /// One line.
  package var summary: String
  /// More, for `help NAME`.
  package var details = ""
  package var topic: Topic
  package var operand = Operand.nothing
  let run: @Sendable (Console, String) -> Void

  init(
    _ name: String, _ usage: String, _ topic: Topic, _ summary: String, aliases: [String] = [],
    operand: Operand = .nothing, details: String = "",
    run: @escaping @Sendable (Console, String) -> Void
  ) {
    self.name = name
    self.aliases = aliases
    self.usage = usage
    self.topic = topic
    self.summary = summary
    self.operand = operand
    self.details = details
    self.run = run
  }

  func isCalled(_ word: String) -> Bool { name == word || aliases.contains(word) }
}

extension Command {
  package static let all: [Command] = ofTime + ofChoosing + ofSeeing + ofKeeping + ofPrompt

  package static func named(_ word: String) -> Command? { all.first { $0.isCalled(word) } }
}

extension Command {
  /// All commands as tables, one a topic: what `Grammar/prompt.md` holds.
  package static var tables: String {
    Topic.allCases.map { topic in
      let rows = all.filter { $0.topic == topic }.map { command -> String in
        let usage = command.usage.replacing("|", with: "\\|")
        let aliases = command.aliases.map { "`\($0)`" }.joined(separator: ", ")
        return "| `\(usage)` | \(command.summary)\(aliases.isEmpty ? "" : " (also \(aliases))") |"
      }
      return "## \(topic.rawValue.prefix(1).uppercased())\(topic.rawValue.dropFirst())\n\n"
        + "| command | what it does |\n|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}
