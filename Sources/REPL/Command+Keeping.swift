import Graft

extension Command {
  static let ofKeeping: [Command] = [
    Command(
      "load", "load FILE | example", .keeping, "bring in what a file declares", operand: .path
    ) {
      $0.load($1)
    },
    Command(
      "reset", "reset", .keeping, "start again: nothing loaded, nothing typed; `forward` returns"
    ) { console, _ in console.reset() },
    Command("reload", "reload", .keeping, "read the files again, and do the statements again") {
      console, _ in console.reload()
    },
    Command(
      "scenario", "scenario [NAME]", .keeping,
      "start a scenario of a loaded file, and stop at its first step; or list them",
      operand: .scenario,
      details: """
        `next` goes on to its next statement, `finish` to its end. What you type in between is done \
        where it stands. A scenario `in every schedule` opens in arbitrary time. \
        `scenario NAME TOKEN` opens at the end of a replay token that `graft run` printed.
        """
    ) { $0.scenario($1) },
    Command(
      "save", "save [--failing] [--force] FILE", .keeping,
      "write the session as a scenario, with assertions for what was seen",
      operand: .newPath,
      details: """
        What you asked becomes an assertion, and so does the state at the end. Everything is tried \
        before it is written: what does not hold in a run of its own is left out, and a text that \
        would come to another verdict is not written at all. Where the session stands at a failure, \
        the scenario fails as it did; `--failing` writes the statement that went wrong last. Where \
        time is arbitrary, what is said with the file is the command that takes the same schedule. \
        A file that is there already is written over with `--force` alone.
        """
    ) { $0.save($1) },
    Command("history", "history [N]", .keeping, "what was typed in this session") {
      $0.history($1)
    },
    Command("edit", "edit", .keeping, "edit the session's text in $EDITOR and do it again") {
      console, _ in console.edit()
    },
    Command(
      "transcript", "transcript [--force] FILE", .keeping,
      "write everything that was typed and said",
      operand: .newPath
    ) { $0.writeTranscript($1) },
  ]
}

extension Console {
  // MARK: The past

  func history(_ text: String) {
    guard text.isEmpty || Int(text) ?? 0 > 0 else { return usage("history") }
    let count = Int(text) ?? 50
    let first = max(0, inputs.count - 1 - count)
    for (number, line) in inputs.dropLast().enumerated().dropFirst(first) {
      let padding = String(repeating: " ", count: max(0, 4 - "\(number + 1)".count))
      say(paint.dim("\(padding)\(number + 1)  ") + escapingControls(line, keepingLines: true))
    }
  }

  func writeTranscript(_ text: String) {
    let request = WriteRequest(text, options: ["--force"])
    let path = path(request.path)
    guard !path.isEmpty else { return usage("transcript") }
    guard write(transcriptText, to: path, by: "transcript", request) else { return }
    say(paint.dim("written to \(escapingControls(path))"))
  }

  /// What stands behind `save` and `transcript`.
  private struct WriteRequest {
    var options: Set<String> = []
    var path: String

    init(_ text: String, options known: Set<String>) {
      var rest = Console.trimmed(text)
      while let option = known.first(where: { rest == $0 || rest.hasPrefix($0 + " ") }) {
        options.insert(option)
        rest = Console.trimmed(String(rest.dropFirst(option.count)))
      }
      path = rest
    }
  }

  /// Writes a file; one that is there already is somebody's work, and stays.
  private func write(
    _ content: String, to path: String, by command: String, _ request: WriteRequest
  ) -> Bool {
    let shown = escapingControls(path)
    if case .success = around.read(path), !request.options.contains("--force") {
      complain("\(shown) is there already; `\(command) --force \(shown)` writes over it", .broken)
      return false
    }
    guard let problem = around.write(path, content) else { return true }
    complain("can't write \(shown): \(problem)", .broken)
    return false
  }

  // MARK: Keeping the session

  func save(_ text: String) {
    let request = WriteRequest(text, options: ["--force", "--failing"])
    let path = path(request.path)
    guard !path.isEmpty else { return usage("save") }
    guard let keeping = keeping(path, isFailing: request.options.contains("--failing")) else {
      return complain("nothing has gone wrong in this session", .good)
    }
    switch keeping.tried() {
    case .bad(let reason): complain("nothing is written: \(reason)", .broken)
    case .good(let tried):
      let command = request.options.contains("--failing") ? "save --failing" : "save"
      guard write(tried.text, to: path, by: command, request) else { return }
      report(tried, keeping, path)
    }
  }

  /// What is to be kept; nil where a failure is wanted and there is none.
  private func keeping(_ path: String, isFailing: Bool) -> Keeping? {
    guard isFailing, Keeping.verdict(of: session) == nil else {
      return Keeping(session, path: path, observations: observations)
    }
    if let lastFailure {
      return Keeping(
        lastFailure.session, path: path,
        observations: observations.filter { $0.step <= lastFailure.session.steps },
        failing: (lastFailure.text, lastFailure.diagnostic))
    }
    guard session.stretches.contains(where: \.holdsFailedCheck) else { return nil }
    return Keeping(session, path: path, observations: observations, code: .checkFailed)
  }

  private func report(_ tried: Keeping.Tried, _ keeping: Keeping, _ path: String) {
    let text = keeping.session.text
    let title = Keeping.title(of: path) + (text.headerClauses.isEmpty ? "" : text.rowID)
    let rules = text.brokenRules.flatMap { ["--break", $0.rawValue] }
    let command = Failure.command(
      (tried.token.map { ["run", "\(path)::\(title)", "--replay", $0.text] } ?? ["run", path])
        + rules)
    let verdict = keeping.code.map { "; it fails with \($0.rawValue)" } ?? ""
    say(
      "written to \(escapingControls(path))\(verdict)"
        + paint.dim(": `\(escapingControls(command))`"))
    let open = keeping.session.stretches.last { $0.state == .underWay && !$0.onlyWaits }
    if let open, keeping.code == nil {
      let text = escapingControls(String(open.text.prefix { $0 != "\n" }))
      say(paint.dim("`\(text)` is not over here; in the file it is done to its end"))
    }
    guard !session.course.picks.isEmpty || !tried.dropped.isEmpty else { return }
    if !session.course.picks.isEmpty, session.time == .kept {
      say(
        paint.dim("a run keeps to the natural order: what was picked here is no part of the text"))
    }
    guard !tried.dropped.isEmpty else { return }
    let verb = tried.dropped.count == 1 ? "does not hold" : "do not hold"
    say(paint.dim("what was seen and \(verb) in a run of its own is left out:"))
    for observation in tried.dropped.prefix(5) {
      say(paint.dim("  " + escapingControls(Keeping.assertion(observation))))
    }
    if tried.dropped.count > 5 { say(paint.dim("  … and \(tried.dropped.count - 5) more")) }
  }

  func edit() {
    let before = editDraft ?? Keeping(session, claimsEnd: false).editableText
    let after: String
    switch around.edit(before) {
    case .failure(let failure): return complain(failure.reason, .broken)
    case .success(let text): after = text
    }
    guard after != before || editDraft != nil else { return say(paint.dim("nothing has changed")) }
    // Until it has become the session it is kept for the next `edit`.
    editDraft = after
    var text = SessionText()
    text.brokenRules = session.text.brokenRules
    let found = text.load("session.graft", bytes: Array(after.utf8), reader: around.reader("."))
    show(found, text.sources)
    guard !found.contains(where: { $0.severity == .error }) else { return keepDraft() }
    guard let statements = text.takeLastScenario() else {
      complain("the text has no scenario, and so no statements")
      return keepDraft()
    }
    let (next, diagnostics) = LiveSession.start(text, cancelledWhen: around.isCancelled)
    guard let next else {
      show(diagnostics, text.sources)
      return keepDraft()
    }
    let old = session
    replace(by: next)
    for statement in statements {
      let entered = enterStatement(statement)
      if session.end != nil || entered.isBad {
        future = Future(session: old, observations: [])
        return keepDraft()
      }
    }
    editDraft = nil
    say(paint.dim("at \(position)"))
  }

  private func keepDraft() {
    note(.source)
    say(paint.dim("your text is kept: `edit` opens it again; `reset` forgets it"))
  }
}
