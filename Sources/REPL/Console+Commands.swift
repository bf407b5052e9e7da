import Graft

/// What is to be said of commands beyond what they say themselves.
extension Console {
  /// How commands ended that did not end well, as a shell keeps it in `$?`; and what their own
  /// words leave out.
  ///
  /// - Parameter isNamed: their status has been shown by its name.
  func sayFailures(since step: Int, named isNamed: Bool) {
    let ends = session.commandEnds(from: step)
    for (place, end) in ends.enumerated() where end.status != .success {
      // Of several commands on a line the last one's status is the line's.
      let isLast = place + 1 == ends.count || ends[place + 1].range != end.range
      if !isNamed, isLast { say(paint.dim("exit status \(end.status.exit)")) }
      if let advice = advice(about: end) { say(paint.dim("· " + advice)) }
    }
  }

  private func advice(about end: LiveSession.CommandEnd) -> String? {
    let program = session.machine.program
    if let advice = CommandAdvice.sentence(about: end.line, end.status, program) { return advice }
    guard end.status.exit == 127, let name = CommandLine(end.line).words.first else { return nil }
    let near = nearest(to: name, among: Commands.all.filter(\.isSimulated).map(\.name))
    return near.map { "did you mean `\($0)`?" }
  }

  /// `$?`
  func sayLastStatus() {
    guard let status = session.lastStatus else { return say("0") }
    say("\(status.exit)")
  }
}
