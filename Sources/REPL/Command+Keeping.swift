import Graft

extension Command {
  static let ofKeeping: [Command] = [
    Command(
      "load", "load FILE | example", .keeping, "bring in what a file declares", operand: .path
    ) {
      $0.load($1)
    },
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
      "write the session as a scenario that passes, with assertions for what was seen",
      operand: .path,
      details: """
        What you asked becomes an assertion, and so does the state at the end. Everything is tried \
        before it is written: what does not hold in a run of its own is left out. `--failing` writes \
        the statement that went wrong last, as a scenario that fails. A file that is there already \
        is written over with `--force` alone.
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
      operand: .path
    ) { $0.writeTranscript($1) },
  ]
}

extension Console {
  /// A path as a shell would take it: without quotes, and `~/` from home.
  private func path(_ text: String) -> String {
    var path = text
    for quote in ["\"", "'"] where path.count > 1 && path.hasPrefix(quote) && path.hasSuffix(quote)
    {
      path = String(path.dropFirst().dropLast())
    }
    if path.hasPrefix("~/"), let home = around.home { path = home + path.dropFirst() }
    return path
  }

  func load(_ text: String) {
    let path = path(text)
    guard !path.isEmpty else { return usage("load") }
    if path == "example" { return bring(path, Array(Example.text.utf8)) }
    switch around.read(path) {
    case .failure(let failure):
      complain("can't read \(escapingControls(path)): \(failure.reason)")
    case .success(let bytes): bring(path, bytes)
    }
  }

  private func bring(_ path: String, _ bytes: [UInt8]) {
    guard !session.text.loadedFiles.contains(path) else {
      return complain("\(path) is loaded already; `reload` reads it again")
    }
    let (failed, found, sources) = session.load(path, bytes: bytes, reader: around.reader(path))
    show(found, sources)
    guard !failed else { return note(.source) }
    files.append(path)
    retell()
    sayLoaded(path)
  }

  private func sayLoaded(_ path: String) {
    let names = session.text.names
    func list(_ what: String, _ names: [String]) -> String? {
      guard !names.isEmpty else { return nil }
      let shown = names.prefix(8).joined(separator: ", ")
      return "\(what) " + shown + (names.count > 8 ? ", …" : "")
    }
    let parts = [
      list(names.programs.count == 1 ? "program" : "programs", names.programs),
      list(names.patches.count == 1 ? "patch" : "patches", names.patches),
    ].compactMap { $0 }
    if !parts.isEmpty { say(fitted(parts.joined(separator: "; "))) }
    let scenarios = session.text.scenarios
    if scenarios.count == 1 {
      say(
        paint.dim("scenario \"\(escapingControls(scenarios[0].title.text))\"; `scenario` starts it")
      )
    } else if !scenarios.isEmpty {
      say(paint.dim("\(scenarios.count) scenarios; `scenario` lists them"))
    }
  }

  func reload() {
    guard !session.text.inputs.isEmpty || !session.text.entries.isEmpty else {
      return complain("nothing is loaded", .good)
    }
    var text = SessionText()
    text.brokenRules = session.text.brokenRules
    for input in session.text.inputs {
      switch input {
      case .typed(let typed): _ = text.read(typed)
      case .file(let path):
        guard let bytes = bytes(of: path) else { return }
        let found = text.load(path, bytes: bytes, reader: around.reader(path))
        guard !found.contains(where: { $0.severity == .error }) else {
          note(.source)
          return show(found, text.sources)
        }
      }
    }
    let statements = session.text.entries.filter(\.isTyped).map(\.text)
    let title = session.text.isScenario ? session.text.header.title.text : nil
    let rowID = session.text.rowID
    let (next, diagnostics) = LiveSession.start(text, cancelledWhen: around.isCancelled)
    guard let next else {
      note(.source)
      return show(diagnostics, text.sources)
    }
    replace(by: next)
    if let title { return start(title, rowID: rowID, token: nil) }
    for statement in statements where session.end == nil { enterStatement(statement) }
    say(paint.dim("at \(position)"))
  }

  private func bytes(of path: String) -> [UInt8]? {
    if path == "example" { return Array(Example.text.utf8) }
    switch around.read(path) {
    case .success(let bytes): return bytes
    case .failure(let failure):
      complain("can't read \(escapingControls(path)): \(failure.reason)")
      return nil
    }
  }

  // MARK: Scenarios

  func scenario(_ text: String) {
    let scenarios = session.text.scenarios
    guard !scenarios.isEmpty else {
      return complain("no scenario is loaded; `load FILE` brings in those of a file")
    }
    var name = text
    var token: ReplayToken?
    if let last = text.split(separator: " ").last, let found = ReplayToken(String(last)) {
      token = found
      name = Self.trimmed(String(text.dropLast(last.count)))
    }
    if name.hasPrefix("\""), name.hasSuffix("\""), name.count > 1 {
      name = String(name.dropFirst().dropLast())
    }
    if name.isEmpty {
      guard scenarios.count == 1 else {
        for scenario in scenarios {
          let every = scenario.everySchedule == nil ? "" : paint.dim("  in every schedule")
          say("  " + escapingControls(scenario.title.text) + every)
        }
        return
      }
      name = scenarios[0].title.text
    }
    start(name, rowID: "", token: token)
  }

  /// Starts a scenario: by its title, or the beginning of it.
  func start(_ name: String, rowID: String, token: ReplayToken?) {
    let scenarios = session.text.scenarios
    var title = name
    var rowID = rowID
    if let bracket = name.lastIndex(of: "["), name.hasSuffix("]"),
      !scenarios.contains(where: { $0.title.text == name })
    {
      rowID = String(name[bracket...])
      title = String(name[..<bracket])
    }
    let found =
      scenarios.filter { $0.title.text == title }.first.map { [$0] }
      ?? scenarios.filter { $0.title.text.hasPrefix(title) }
    guard let scenario = found.first, found.count == 1 else {
      if found.count > 1 {
        return complain("`\(title)` begins the names of \(found.count) scenarios")
      }
      let near = nearest(to: title, among: scenarios.map(\.title.text))
      return complain(
        "no scenario '\(escapingControls(title))'"
          + (near.map { "; did you mean '\(escapingControls($0))'?" } ?? ""), .source)
    }
    var text = session.text
    text.start(scenario, rowID: rowID)
    let isArbitrary = scenario.everySchedule != nil || token != nil
    let (next, diagnostics) = LiveSession.start(
      text, time: isArbitrary ? .arbitrary : .kept, cancelledWhen: around.isCancelled)
    guard let next else {
      note(.source)
      return show(diagnostics, text.sources)
    }
    replace(by: next)
    branches = [:]
    branchName = "main"
    say(
      paint.bold(escapingControls(scenario.title.text + session.text.rowID))
        + (isArbitrary ? paint.dim("  time is arbitrary: `choices`, `pick N`, `step`") : ""))
    if let token { open(token) }
    sayNextStatement()
  }

  /// Goes to the end of a replay token, with a schedule that passes as another branch.
  private func open(_ token: ReplayToken) {
    var beginning = session
    let stop = session.follow(token.choices)
    tellNews(limit: 40)
    conclude(stop)
    say(
      paint.dim(
        "at step \(session.steps) of the schedule; `back` goes back in it"))
    guard let passing = beginning.passingSchedule(states: 300_000) else { return }
    _ = beginning.follow(passing)
    branches["passing"] = beginning
    say(
      paint.dim(
        "a schedule that passes is the branch `passing`: `switch passing`, `compare passing`"))
  }

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

  func edit() {
    let before = Keeping(session, observations: []).text(title: "session", failing: nil)
    guard let after = around.edit(before) else {
      return complain("no editor could be started; set EDITOR", .broken)
    }
    guard after != before else { return say(paint.dim("nothing has changed")) }
    var text = SessionText()
    text.brokenRules = session.text.brokenRules
    let found = text.load("session.graft", bytes: Array(after.utf8), reader: around.reader("."))
    show(found, text.sources)
    guard !found.contains(where: { $0.severity == .error }),
      let scenario = text.scenarios.last
    else { return note(.source) }
    let source = text.sources[scenario.range.file]
    let statements = scenario.body.statements.map { source.text(in: $0.range) }
    let (next, diagnostics) = LiveSession.start(text, cancelledWhen: around.isCancelled)
    guard let next else { return show(diagnostics, text.sources) }
    replace(by: next)
    for statement in statements where session.end == nil { enterStatement(statement) }
    say(paint.dim("at \(position)"))
  }

  func save(_ text: String) {
    let request = WriteRequest(text, options: ["--force", "--failing"])
    let isFailing = request.options.contains("--failing")
    let path = path(request.path)
    guard !path.isEmpty else { return usage("save") }
    if isFailing, lastFailure == nil {
      return complain("nothing has gone wrong in this session", .good)
    }
    guard session.time == .kept else {
      return complain(
        "a schedule in arbitrary time is saved by its token: \(session.token.text)", .good)
    }
    let keeping = Keeping(session, observations: observations)
    let title = Keeping.title(of: path)
    let (content, dropped, problem) = keeping.verified(
      title: title, failing: isFailing ? lastFailure?.text : nil)
    guard write(content, to: path, by: isFailing ? "save --failing" : "save", request) else {
      return
    }
    let command = Failure.command(["run", path])
    say("written to \(escapingControls(path))" + paint.dim(": `\(escapingControls(command))`"))
    if dropped > 0 {
      let verb = dropped == 1 ? "does not hold" : "do not hold"
      let were = dropped == 1 ? "was" : "were"
      say(
        paint.dim("\(dropped) of what was seen \(verb) in a run of its own, and \(were) left out"))
    }
    if let problem { complain(problem, .good) }
  }
}
