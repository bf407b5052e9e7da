/// A word as people read it.
extension Machine {
  /// - Parameter kind: what the word means.
  package func text(
    _ word: Int64, _ kind: ValueKind, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> String {
    switch kind {
    case .integer: return "\(word)"
    case .boolean: return word == 0 ? "false" : "true"
    case .duration: return Duration.text(nanoseconds: word)
    case .string: return workspace.strings.string(for: word) ?? "?"
    case .task: return taskName(TaskSlot(Int(word)), &row)
    case .object: return program.objectName(Int(word))
    case .patch: return program.patches[Int(word)].name
    case .universe: return word == 0 ? "old" : "new"
    case .status: return word == 0 ? "0" : Errno(rawValue: Int(-word)).map { "-\($0)" } ?? "\(word)"
    case .list(let element):
      let list = UInt64(bitPattern: word)
      let count = workspace.lists.count(list)
      let shown = (0..<min(count, Self.greatestListShown)).map {
        text(workspace.lists.element($0, of: list), element, &row, workspace)
      }
      let rest = count > shown.count ? ", … \(count) in all" : ""
      return "[" + shown.joined(separator: ", ") + rest + "]"
    }
  }

  static let greatestListShown = 8

  /// `server:100`, its program and its PID.
  package func taskName(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> String {
    let function = program.functions[function(of: slot, &row).rawValue]
    return "\(function.name):\(program.pid(of: slot))"
  }
}

extension Duration {
  /// A moment as the kernel log writes it: seconds with microseconds.
  package static func moment(nanoseconds: Int64) -> String {
    let microseconds = nanoseconds / 1_000
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count)
      + fraction
  }

  /// The shortest way the language would write it: `10ms`, `1.5s`, `2us`. Minutes and hours have
  /// sixty parts, and are only for what is a tenth of them: `1.5min`, but `61.01s`.
  package static func text(nanoseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"),
      (1_000_000, "ms"), (1_000, "us"), (1, "ns"),
    ]
    guard nanoseconds != 0 else { return "0s" }
    let magnitude = nanoseconds.magnitude
    let fitting = units.first { size, _ in
      magnitude >= UInt64(size)
        && (size <= 1_000_000_000 || magnitude % UInt64(size / 10) == 0)
    }
    let (size, name) = fitting ?? (1, "ns")
    let whole = magnitude / UInt64(size)
    let rest = magnitude % UInt64(size)
    var fraction = ""
    if rest > 0 {
      var remainder = rest
      while remainder > 0, fraction.utf8.count < 9 {
        remainder *= 10
        fraction += "\(remainder / UInt64(size))"
        remainder %= UInt64(size)
      }
    }
    return (nanoseconds < 0 ? "-" : "") + "\(whole)" + (fraction.isEmpty ? "" : ".\(fraction)")
      + name
  }
}
