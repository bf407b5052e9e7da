import Graft

/// Where we are.
extension Console {
  package var promptText: String { branchName == "main" ? "graft> " : "graft:\(branchName)> " }

  /// As long as the prompt, for the lines that follow.
  package var continuationText: String {
    String(repeating: " ", count: max(0, promptText.count - 4)) + "...> "
  }

  var position: String {
    session.time == .kept
      ? "\(Self.moment(session.now)), step \(session.steps)" : "step \(session.steps)"
  }

  /// A moment as `goto` takes it: to the microsecond, as the story has it, and in seconds from the
  /// first one on.
  static func moment(_ nanoseconds: Int64) -> String {
    let whole = nanoseconds / 1000 * 1000
    guard whole >= 1_000_000_000 else { return Duration.text(nanoseconds: whole) }
    var text = Duration.moment(nanoseconds: whole)
    while text.hasSuffix("0") { text.removeLast() }
    return (text.hasSuffix(".") ? String(text.dropLast()) : text) + "s"
  }

  /// To five digits: how long something took.
  static func rounded(_ nanoseconds: Int64) -> Int64 {
    var unit: Int64 = 1
    while nanoseconds / unit >= 100_000 { unit *= 10 }
    return nanoseconds / unit * unit
  }

  /// Time and progress, for the right end of the prompt's line.
  package var status: String {
    var parts = [
      session.time == .kept
        ? Self.moment(session.now) : "#\(session.steps)"
    ]
    let (old, all, isInProgress) = session.look { machine, row -> (Int, Int, Bool) in
      let old = (machine.engine as? KGraft)?.oldCount(machine, &row) ?? 0
      return (old, machine.liveTaskCount(&row), machine.engine.isInProgress(machine, &row))
    }
    if isInProgress { parts.append("\(max(0, all - old))/\(all) migrated") }
    if let end = session.end { parts.append(end == .finished ? "over" : "failed") }
    return parts.joined(separator: " · ")
  }
}
