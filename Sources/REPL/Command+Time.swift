import Graft

extension Command {
  static let ofTime: [Command] = [
    Command(
      "step", "step [N]", .time, "make the next step, of whoever is next; or N of them",
      aliases: ["s"],
      details: """
        A step is one visible action: a task enters the kernel, falls asleep, calls a function that \
        some patch names; an interrupt; one step of the patching worker; a statement of yours.
        """
    ) { $0.step($1) },
    Command(
      "next", "next", .time,
      "on to your next statement; where there is none, to the next thing worth telling",
      aliases: ["n"]
    ) { $0.next($1) },
    Command(
      "run", "run DURATION", .time, "let that much time pass; the same as `sleep DURATION`"
    ) { $0.runTime($1) },
    Command(
      "until", "until CONDITION", .time,
      "let time pass until the condition holds; the same as `await CONDITION`", operand: .condition
    ) { console, rest in
      guard !rest.isEmpty else { return console.usage("until") }
      console.enterStatement("await \(rest)")
    },
    Command(
      "finish", "finish", .time,
      "let the scenario, or the statement at hand, come to its end; else the transition"
    ) { $0.finish($1) },
    Command(
      "back", "back [N | DURATION | until CONDITION]", .time,
      "go back a step, N steps, a while, or to where the condition last held",
      operand: .condition,
      details: """
        Going back is exact: the same steps are taken again from a checkpoint, up to there. What \
        came later is forgotten, the statements included; `forward` returns. `back until C` goes to \
        the last moment at which C held; where it holds now, to the moment at which it came true.
        """
    ) { $0.back($1) },
    Command(
      "undo", "undo", .time, "go back to before your last statement", aliases: ["u"]
    ) { $0.undo($1) },
    Command(
      "forward", "forward", .time, "return from `back`, `undo` and `goto`: as far as one came"
    ) {
      $0.forward($1)
    },
    Command(
      "goto", "goto TIME", .time, "go to a moment: `goto 10ms`, `goto 5.01s`; or `goto #STEP`"
    ) { $0.go($1) },
  ]
}

extension Console {
  func usage(_ name: String) {
    guard let command = Command.named(name) else { return }
    complain("usage: \(command.usage)")
  }

  /// A number of steps; nil, with a complaint, for anything else.
  private func count(_ text: String, _ command: String) -> Int? {
    if text.isEmpty { return 1 }
    guard let number = Int(text), number > 0 else {
      usage(command)
      return nil
    }
    return number
  }

  /// A duration as the language writes it, in nanoseconds.
  static func duration(_ text: String) -> Int64? {
    let source = SourceText(name: "prompt", text)
    guard let expression = parseExpression(source, file: SourceFileID(0)),
      case .duration(let nanoseconds) = expression.kind
    else { return nil }
    return nanoseconds
  }

  private static let shownSteps = 40

  func step(_ text: String) {
    guard let count = count(text, "step") else { return }
    session = goingOn
    let first = session.steps
    let stop = session.advance(to: .steps(count))
    if session.steps - first <= Self.shownSteps {
      tellSteps(from: first)
      skipNews()
    } else {
      tellNews()
    }
    conclude(stop)
    if session.steps - first > 1, session.end == nil { say(paint.dim("at \(position)")) }
  }

  /// Every event since a step, step by step.
  func tellSteps(from first: Int) {
    let names = taskNames
    let words = EventText(
      session.machine.program, sources: session.text.sources, names: names)
    var last = -1
    var text = ""
    for event in session.chronicle.events(from: first) {
      guard let line = words.text(event.kind) else { continue }
      let label =
        event.step == last
        ? ""
        : session.time == .kept
          ? "#\(event.step) \(Duration.moment(nanoseconds: event.time))" : "#\(event.step)"
      last = event.step
      let width = session.time == .kept ? 20 : 8
      let padding = String(repeating: " ", count: max(1, width - label.count))
      text += paint.dim(label + padding) + line + "\n"
    }
    say(text)
  }

  /// A line cut to the terminal.
  func fitted(_ line: String, indent: Int = 0) -> String {
    let room = max(16, width - indent)
    guard around.isInteractive, line.count > room else { return line }
    return String(line.prefix(room - 1)) + "…"
  }

  var taskNames: [TaskSlot: String] { session.taskNames() }

  func conclude(_ stop: LiveSession.Stop) {
    say(words(stop))
    if stop == .ended { sayEnd() }
  }

  func next(_ text: String) {
    guard text.isEmpty else { return usage("next") }
    let isTyped = session.isPaused()
    guard isTyped, !hasMoreEntries else {
      if isTyped { session.releaseNext() }
      let stop = session.advance(to: .statement)
      tellNews()
      conclude(stop)
      return sayNextStatement()
    }
    nextEvent()
  }

  /// On to what a story tells of; where nothing comes, nobody moves.
  private func nextEvent() {
    var ahead = session
    let stop = ahead.advance(to: .event)
    guard stop != .quiet else {
      return say(
        "nothing that a story tells of happens "
          + (session.time == .kept
            ? "in the next \(Duration.text(nanoseconds: Self.rounded(ahead.now - session.now)))"
            : "in the next \(ahead.steps - session.steps) steps")
          + paint.dim("; `run 10ms` lets time pass, `step` makes a step"))
    }
    session = ahead
    tellNews()
    conclude(stop)
  }

  /// The session, let go on from a pause before a statement of the scenario's own: whose turn that
  /// is steps next.
  var goingOn: LiveSession {
    guard session.end == nil, session.text.isScenario, hasMoreEntries else { return session }
    var ahead = session
    ahead.releaseNext()
    return ahead
  }

  private var hasMoreEntries: Bool {
    if case .paused(let after) = session.place() { return after + 1 < session.text.entries.count }
    return false
  }

  /// Shows the statement whose turn it is.
  func sayNextStatement() {
    guard session.end == nil, session.text.isScenario else { return }
    switch session.place() {
    case .paused(let after): sayStatement(after + 1)
    case .before(let entry): sayStatement(entry)
    case .inside(let entry): sayStatement(entry, "in")
    }
  }

  private func sayStatement(_ number: Int, _ label: String = "next") {
    guard session.text.entries.indices.contains(number) else { return }
    let entry = session.text.entries[number]
    let range = entry.statement.range
    let line = session.text.sources[range.file].line(at: range.lower)
    let first = String(entry.text.prefix { $0 != "\n" })
    say(paint.dim("\(label) \(line) │ ") + paint.bold(fitted(escapingControls(first), indent: 12)))
  }

  func runTime(_ text: String) {
    guard Self.duration(text) != nil else {
      return complain("`run` takes a duration, as `run 10ms`; `load FILE` brings in a file")
    }
    if session.text.isScenario, session.end != .finished, !session.isPaused() {
      guard let duration = Self.duration(text), session.time == .kept else {
        return complain("where time is arbitrary none passes; `step` and `choices` go on")
      }
      let stop = session.advance(to: .moment(session.now + duration))
      tellNews()
      conclude(stop)
      return sayNextStatement()
    }
    enterStatement("sleep \(text)")
    if session.end == nil { say(paint.dim("at \(position)")) }
  }

  func finish(_ text: String) {
    guard text.isEmpty else { return usage("finish") }
    if session.text.isScenario || !session.isPaused() {
      while session.isPaused(), hasMoreEntries { session.releaseNext() }
      var stop = session.advance(to: .pause)
      while stop == .reached, session.isPaused(), hasMoreEntries {
        session.releaseNext()
        stop = session.advance(to: .pause)
      }
      tellNews()
      noteNeverending(stop)
      return conclude(stop)
    }
    enterStatement("await not in_progress")
  }

  // MARK: Back

  func back(_ text: String) {
    let before = session
    if text.hasPrefix("until") {
      let condition = Self.trimmed(String(text.dropFirst(5)))
      guard !condition.isEmpty else { return usage("back") }
      switch session.lookBack(for: condition) {
      case .never: return complain("`\(condition)` never held before", .failed)
      case .refused(let answer):
        note(.source)
        if answer.diagnostics.isEmpty { return complain("`\(condition)` is no condition") }
        return show(answer.diagnostics, answer.sources)
      case .at(let step, let became):
        guard step < session.steps else {
          return say(paint.dim("it came true with the last step; nothing to go back to"))
        }
        session.back(toStep: step)
        arrive(from: before, became ? "it came true here" : "the last moment at which it held")
      }
      return
    }
    if let duration = Self.duration(text) {
      guard session.time == .kept else {
        return complain("where time is arbitrary none passes; `back N` goes back N steps")
      }
      session.back(toStep: session.step(after: max(0, session.now - duration)))
      return arrive(from: before)
    }
    guard let count = count(text, "back") else { return }
    guard session.steps > 0 else { return complain("this is the beginning", .good) }
    session.back(toStep: session.steps - count)
    arrive(from: before)
  }

  func undo(_ text: String) {
    let before = session
    guard session.undo() else { return complain("there is no statement to take back", .good) }
    arrive(from: before)
  }

  func go(_ text: String) {
    let before = session
    if text.hasPrefix("#"), let step = Int(text.dropFirst()), step >= 0 {
      if step > session.steps { return self.step("\(step - session.steps)") }
      session.back(toStep: step)
      return arrive(from: before)
    }
    guard let moment = Self.duration(text) else { return usage("goto") }
    guard session.time == .kept else {
      return complain("where time is arbitrary there are no moments; `goto #STEP`")
    }
    if moment > session.now {
      return runTime(Duration.text(nanoseconds: moment - session.now))
    }
    session.back(toStep: session.step(after: moment))
    arrive(from: before)
  }

  func forward(_ text: String) {
    guard let later = future else { return complain("there is nothing to return to", .good) }
    // What was typed behind a scenario's end took its last step back.
    var here = session
    if here.end == .finished, !later.isElsewhere { here.reopen() }
    let isAhead =
      later.isElsewhere
      || (here.isBeginning(of: later.session)
        && (later.session.steps, later.session.course.marks.count)
          != (here.steps, here.course.marks.count))
    guard isAhead else {
      return complain(
        here.isBeginning(of: later.session)
          ? "this is as far as one came" : "another way was taken since; `fork` keeps both ways",
        .good)
    }
    let watches = session.watches
    session = later.session
    observations = later.observations
    for watch in watches where !session.watches.contains(where: { $0.number == watch.number }) {
      _ = session.watch(watch.question.text, watch.purpose)
    }
    future = nil
    retell()
    say(paint.dim("at \(position)"))
    sayNextStatement()
  }

  private func arrive(from before: LiveSession, _ words: String = "") {
    let isOnTheWay = future.map { !$0.isElsewhere && before.isBeginning(of: $0.session) } ?? false
    if !isOnTheWay { future = Future(session: before, observations: observations) }
    let lost = before.text.entries.count - session.text.entries.count
    observations.removeAll { $0.marks > session.course.marks.count || $0.step > session.steps }
    forgetTold()
    let statements = lost == 1 ? "a statement" : "\(lost) statements"
    say(
      paint.dim("at \(position)") + (words.isEmpty ? "" : ": \(words)")
        + (lost > 0 ? paint.dim("; \(statements) less in the session") : ""))
    sayNextStatement()
  }
}
