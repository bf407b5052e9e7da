import Execution
import Machine
import Testing

/// A scenario in which an administrator types something: what the commands printed, byte for byte,
/// what the scenario itself printed, and how it failed.
struct Typed {
  var outputs: [String]
  var printed: [String]
  var failure: String?

  init(_ declarations: String, _ body: String, inEverySchedule: Bool = false) throws {
    let head = "scenario \"s\"" + (inEverySchedule ? " in every schedule" : "")
    let record = try ScenarioTexts.run("\(declarations)\n\(head) {\n\(body)\n}\n")
    outputs = record.events.compactMap {
      if case .commandEnded(_, _, _, let output) = $0.kind { output } else { nil }
    }
    printed = record.events.compactMap {
      if case .printed(_, let text) = $0.kind { text } else { nil }
    }
    failure = record.outcome.failure.map {
      "\($0.diagnostic.code.rawValue) \($0.diagnostic.message)"
    }
  }

  /// What one command prints, whatever its exit status, after `before` has been done.
  static func output(
    of command: String, _ declarations: String, after before: String = ""
  ) throws -> String {
    let typed = try Typed(declarations, "\(before)\nlet r = $ \(command)\nprint \"{r.status}\"")
    #expect(typed.failure == nil)
    return try #require(typed.outputs.last)
  }

  static func status(
    of command: String, _ declarations: String, after before: String = ""
  ) throws -> String {
    let typed = try Typed(declarations, "\(before)\nlet r = $ \(command)\nprint \"{r.status}\"")
    #expect(typed.failure == nil)
    return try #require(typed.printed.last)
  }
}
