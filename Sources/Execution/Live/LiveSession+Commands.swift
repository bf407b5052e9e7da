import Diagnostics
import Machine
import Syntax

extension SessionText {
  /// Whether a name was given to what became of a command.
  package func isResult(_ name: String) -> Bool {
    entries.contains { entry in
      guard case .binding(let binding) = entry.statement.kind, binding.name.text == name,
        case .shell = binding.value.kind
      else { return false }
      return true
    }
  }
}

/// Commands that were typed: they end as they end in a shell, and nothing is taken back for it.
extension LiveSession {
  /// How a command ended.
  package struct CommandEnd {
    /// As it was done, with values in the place of their names.
    package var line: String
    package var status: CommandStatus
    /// The statement, or the part of it, that it stands in.
    package var range: SourceRange
  }

  /// The commands that have ended from a step on, in their order.
  package func commandEnds(from step: Int) -> [CommandEnd] {
    var found: [CommandEnd] = []
    for event in chronicle.events(from: step) {
      guard case .commandEnded(let address, let line, let status, _) = event.kind else { continue }
      found.append(
        CommandEnd(line: line, status: status, range: machine.program.origins[address].range))
    }
    return found
  }

  /// What a shell calls `$?`: of the last command that has ended; nil: none has.
  package var lastStatus: CommandStatus? { commandEnds(from: 0).last?.status }

  /// A typed statement as a file has it, where a command that fails ends a scenario: how its
  /// commands ended is part of it then.
  func keptText(of place: Int) -> String {
    let entry = text.entries[place]
    guard entry.isTyped else { return entry.text }
    var failed: [CommandEnd] = []
    var last: [SourceRange: CommandEnd] = [:]
    for end in commandEnds(from: 0) where entry.statement.range.holds(end.range) {
      last[end.range] = end
      guard end.status != .success else { continue }
      if !failed.contains(where: { $0.range == end.range }) { failed.append(end) }
    }
    // Of several commands on a line the last one counts.
    let isLine: Bool
    switch entry.statement.kind {
    case .binding, .expression: isLine = true
    default: isLine = false
    }
    if isLine { failed = failed.compactMap { last[$0.range] }.filter { $0.status != .success } }
    guard !failed.isEmpty else { return entry.text }
    switch entry.statement.kind {
    case .binding(let binding):
      guard case .shell = binding.value.kind, let end = failed.last else { return entry.text }
      return entry.text + "\nassert \(binding.name.text).status == \(end.status.exit)"
    case .expression(let node):
      guard case .shell = node.expression.kind, node.failure == nil, let end = failed.last else {
        return entry.text
      }
      if let error = end.status.error { return entry.text + " fails \(error.name)" }
      let name = freeName(place, 0)
      return "let \(name) = \(entry.text)\nassert \(name).status == \(end.status.exit)"
    default: return keptText(of: entry, place, failed)
    }
  }

  /// Commands inside a loop or a condition: each may end one way the first time and another the
  /// next.
  private func keptText(of entry: SessionText.Entry, _ place: Int, _ failed: [CommandEnd]) -> String
  {
    let start = Int(entry.statement.range.lower)
    var bytes = Array(entry.text.utf8)
    let sorted = failed.sorted { $0.range.lower > $1.range.lower }
    for (number, end) in sorted.enumerated() {
      let (lower, upper) = (Int(end.range.lower) - start, Int(end.range.upper) - start)
      guard lower >= 0, upper <= bytes.count, lower < upper, bytes[lower] == UInt8(ascii: "$")
      else {
        continue
      }
      let name = freeName(place, number)
      let command = String(decoding: bytes[lower..<upper], as: UTF8.self)
      let kept = "let \(name) = \(command)\ncheck \(name).status < 256\n"
      bytes.replaceSubrange(lower..<upper, with: Array(kept.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func freeName(_ place: Int, _ number: Int) -> String {
    let names = text.names
    let taken = Set(
      names.locals + names.programs + names.patches + names.definitions + names.queues
        + names.variables + names.functions)
    var name = number == 0 ? "typed_\(place + 1)" : "typed_\(place + 1)_\(number)"
    while taken.contains(name) { name += "_" }
    return name
  }
}
