import Graft

extension Command {
  static let ofChoosing: [Command] = [
    Command(
      "choices", "choices", .choosing,
      "what can happen next: which task, interrupt, step of the patching worker",
      details: """
        Where time is kept these are the steps that are due at the next moment; `time arbitrary` \
        allows every order.
        """
    ) { console, _ in console.choices() },
    Command("pick", "pick N", .choosing, "take the choice with that number") { $0.pick($1) },
    Command(
      "time", "time kept | arbitrary", .choosing,
      "keep time, or let any step that is possible come next; starts the session's text again",
      operand: .timeModel
    ) { $0.changeTime($1) },
    Command(
      "fork", "fork NAME", .choosing, "go on in a branch of that name; this one stays as it is"
    ) { $0.fork($1) },
    Command(
      "switch", "switch NAME", .choosing, "go on in another branch", operand: .branch
    ) { $0.change($1) },
    Command("branches", "branches", .choosing, "the branches of the session") { console, _ in
      console.listBranches()
    },
    Command(
      "compare", "compare A B", .choosing, "where two branches differ, and where they parted",
      operand: .branch
    ) { $0.compare($1) },
    Command(
      "what", "what if STATEMENT", .choosing, "what would come of a statement, without doing it",
      operand: .statement
    ) { $0.whatIf($1) },
  ]
}

extension Console {
  private static let greatestChoices = 40

  func choices() {
    if session.end != nil { return complain("nothing can happen here: this is the end", .good) }
    var ahead = goingOn
    let (all, count) = ahead.possibilities(limit: Self.greatestChoices)
    guard !all.isEmpty else { return say("nothing can happen any more") }
    let words = EventText(
      session.machine.program, sources: session.text.sources, names: taskNames)
    var text = ""
    for possibility in all {
      let events = possibility.events.compactMap { words.text($0.kind) }
      let what = events.isEmpty ? who(possibility.choice) : events.joined(separator: "; ")
      let number = String(possibility.number)
      let padding = String(repeating: " ", count: max(1, 4 - number.count))
      text += padding + paint.bold(number) + "  " + what + "\n"
    }
    if count > all.count { text += paint.dim("     … and \(count - all.count) more") + "\n" }
    if session.time == .kept {
      text +=
        paint.dim("     0 is what comes by itself; `time arbitrary` allows every order") + "\n"
    }
    say(text)
  }

  private func who(_ choice: Choice) -> String {
    switch choice.actor {
    case .operator: "you, with the next statement"
    case .engine: "the patching worker"
    case .handler(let number): "interrupt handler \(number)"
    case .task(let slot): "\(taskNames[slot] ?? "a task") goes on"
    }
  }

  func pick(_ text: String) {
    guard let number = Int(text), number >= 0 else { return usage("pick") }
    guard session.end == nil else {
      return complain("nothing can happen here: this is the end", .good)
    }
    var ahead = goingOn
    let count = ahead.possibleChoices().count
    guard number < count else {
      return complain("there \(count == 1 ? "is 1 choice" : "are \(count) choices"): see `choices`")
    }
    session = ahead
    let first = session.steps
    let stop = session.pick(number)
    tellSteps(from: first)
    skipNews()
    conclude(stop)
  }

  func changeTime(_ text: String) {
    guard ["kept", "arbitrary"].contains(text) else { return usage("time") }
    let wanted: TimeModel = text == "kept" ? .kept : .arbitrary
    guard wanted != session.time else { return say(paint.dim("so it is")) }
    var content = session.text
    let statements = content.entries.filter(\.isTyped).map(\.text)
    if content.isScenario {
      content.isExact = wanted == .arbitrary
    } else {
      content.entries = []
    }
    let (next, diagnostics) = LiveSession.start(
      content, time: wanted, cancelledWhen: around.isCancelled)
    guard let next else { return show(diagnostics, content.sources) }
    let old = session
    replace(by: next)
    if !content.isScenario {
      for statement in statements {
        let entered = session.enter(statement)
        if case .done = entered.outcome { continue }
        session = old
        retell()
        show(entered.diagnostics, entered.sources)
        return complain("`\(statement)` can't be done there; nothing has changed")
      }
    }
    retell()
    say(
      wanted == .kept
        ? "time is kept: the earliest step comes next"
        : "time is arbitrary: any step that is possible may come next (`choices`, `pick N`)")
    sayNextStatement()
  }

  /// Another session in the place of the one at hand.
  func replace(by next: LiveSession) {
    session = next
    session.isCancelled = around.isCancelled
    future = nil
    observations = []
    lastFailure = nil
    retell()
  }

  /// The branch that is at hand, as it is kept while another one is.
  var atHand: Branch {
    Branch(session: session, observations: observations, future: future)
  }

  // MARK: Branches

  private static let greatestBranches = 16

  func fork(_ text: String) {
    guard Self.isName(text) else { return usage("fork") }
    guard text != branchName, branches[text] == nil else {
      return complain("there is a branch `\(text)` already")
    }
    guard branches.count < Self.greatestBranches else {
      return complain("\(Self.greatestBranches) branches are as many as there can be")
    }
    branches[branchName] = atHand
    say(paint.dim("`\(branchName)` stays at \(position)"))
    branchName = text
  }

  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 40
      && text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
  }

  func change(_ text: String) {
    guard text != branchName else { return say(paint.dim("here we are")) }
    guard let other = branches.removeValue(forKey: text) else {
      let near = nearest(to: text, among: branches.keys.sorted())
      return complain("no branch `\(text)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }
    branches[branchName] = atHand
    branchName = text
    session = other.session
    observations = other.observations
    future = other.future
    retell()
    say(paint.dim("`\(text)` is at \(position)"))
    sayNextStatement()
  }

  func listBranches() {
    var all = branches
    all[branchName] = atHand
    for name in all.keys.sorted() {
      guard let branch = all[name]?.session else { continue }
      let mark = name == branchName ? "*" : " "
      let when =
        branch.time == .kept
        ? "\(Self.moment(branch.now)), step \(branch.steps)"
        : "step \(branch.steps)"
      say(" \(mark) \(paint.bold(name))  \(paint.dim(when))")
    }
  }

  func compare(_ text: String) {
    let names = text.split(separator: " ").map(String.init)
    guard names.count == 2 || names.count == 1 else { return usage("compare") }
    let pair = names.count == 1 ? [branchName, names[0]] : names
    guard pair[0] != pair[1] else { return complain("`\(pair[0])` is the same as itself", .good) }
    var sessions: [LiveSession] = []
    for name in pair {
      guard let branch = name == branchName ? session : branches[name]?.session else {
        return complain("no branch `\(name)`; see `branches`")
      }
      sessions.append(branch)
    }
    let text = Comparison(pair, &sessions, paint).text(width: width)
    say(text)
  }

  // MARK: What if

  func whatIf(_ text: String) {
    guard text.hasPrefix("if "), text.count > 3 else { return usage("what") }
    guard let statement = Self.statement(for: Self.trimmed(String(text.dropFirst(3)))) else {
      return complain("`what if` takes a statement, or a command of the machine's shell")
    }
    let prospect = session.prospect(statement, nanoseconds: 10_000_000_000, steps: 5_000_000)
    for note in prospect.entered.notes { say(paint.dim("· " + note)) }
    show(prospect.entered.diagnostics, prospect.entered.sources)
    guard case .done = prospect.entered.outcome, prospect.entered.statements > 0 else {
      if prospect.entered.hasDeclarations { return complain("`what if` takes a statement") }
      if case .refused = prospect.entered.outcome { note(.source) }
      return
    }
    var after = prospect.session
    var told = Story(after.machine.program, keepsTime: after.time == .kept)
    told.go(
      on: session.chronicle.events, after.machine.program, sources: after.text.sources)
    let first = told.lineCount
    told.go(
      on: after.chronicle.events.dropFirst(session.chronicle.events.count), after.machine.program,
      sources: after.text.sources)
    say(
      told.text(
        from: first, tellingStatements: false, limit: 24, width: .max, paint: paint))
    say(verdict(of: &after) + paint.dim("; nothing was done"))
  }

  /// What is typed as a command of the prompt or of the shell, as the statement that it is; nil for
  /// a command that does nothing to the machine.
  private static func statement(for text: String) -> String? {
    let first = text.split(separator: " ").first.map(String.init) ?? ""
    if Commands.all.contains(where: { $0.name == first && $0.isSimulated }) { return "$ " + text }
    guard let (command, rest) = command(in: text) else { return text }
    switch command.name {
    case "run": return "sleep " + rest
    case "until": return "await " + rest
    case "finish": return "await not in_progress"
    default: return nil
    }
  }

  private func verdict(of after: inout LiveSession) -> String {
    if let diagnosis = after.diagnosis() { return paint.bad("it would fail: ") + diagnosis.message }
    let (isOn, left) = after.look { machine, row in
      (
        machine.engine.isInProgress(machine, &row),
        (machine.engine as? KGraft)?.oldCount(machine, &row) ?? 0
      )
    }
    let wasOn = session.look { machine, row in machine.engine.isInProgress(machine, &row) }
    func place(_ nanoseconds: Int64, _ step: Int) -> String {
      after.time == .kept ? "at \(Self.moment(nanoseconds))" : "at step \(step)"
    }
    let over = after.chronicle.events(from: session.steps).last { event in
      if case .patching(.finished, _) = event.kind { true } else { false }
    }
    let when = place(over?.time ?? after.now, over?.step ?? after.steps)
    if isOn {
      return paint.odd("the transition would still wait \(place(after.now, after.steps))")
        + ": \(left) in the old universe"
    }
    return wasOn
      ? paint.good("the transition would be over \(when)") : "no transition is on its way"
  }
}
