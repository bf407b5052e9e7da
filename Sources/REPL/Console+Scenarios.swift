import Graft

/// Scenarios of files and of the prompt, and how they are started.
extension Console {
  func scenario(_ text: String) {
    let scenarios = session.text.scenarios
    guard !scenarios.isEmpty else {
      return complain(
        "no scenario is here; `load FILE` brings in those of a file, and one can be typed")
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
      guard scenarios.count == 1 else { return scenarios.forEach(list) }
      name = scenarios[0].title.text
    }
    start(name, rowID: "", token: token)
  }

  private func list(_ scenario: ScenarioDeclaration) {
    var more: [String] = []
    if scenario.flavour == .lesson { more.append("lesson") }
    if scenario.everySchedule != nil { more.append("in every schedule") }
    if !scenario.axes.isEmpty { more.append("rows \(rows(of: scenario).joined(separator: " "))") }
    let suffix = more.isEmpty ? "" : paint.dim("  " + more.joined(separator: ", "))
    say("  " + escapingControls(scenario.title.text) + suffix)
  }

  private func rows(of scenario: ScenarioDeclaration) -> [String] {
    let all = session.text.rowIDs(of: scenario)
    return all.prefix(8).map { escapingControls($0) } + (all.count > 8 ? ["…"] : [])
  }

  /// The row of the matrix that is meant; nil, with a complaint, where there is none such.
  private func row(_ text: String, of scenario: ScenarioDeclaration) -> String? {
    let all = session.text.rowIDs(of: scenario)
    guard !text.isEmpty else { return all.first ?? "" }
    let wanted = text.filter { !$0.isWhitespace }
    if let row = all.first(where: { $0.filter { !$0.isWhitespace } == wanted }) { return row }
    complain(
      "the scenario has no row \(escapingControls(text)); it has "
        + rows(of: scenario).joined(separator: " "))
    return nil
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
      title = Self.trimmed(String(name[..<bracket]))
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
    guard let row = row(rowID, of: scenario) else { return }
    var text = session.text
    let isArbitrary = scenario.everySchedule != nil || token != nil
    text.start(scenario, rowID: row, isExact: isArbitrary)
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
    if row != rowID, scenario.axes.count > 0 {
      say(paint.dim("rows \(rows(of: scenario).joined(separator: " "))"))
    }
    if let token { open(token) }
    sayNextStatement()
  }

  /// Goes to the end of a replay token, with a schedule that passes as another branch.
  private func open(_ token: ReplayToken) {
    if token.timed != nil {
      return complain("this is a schedule in kept time: `graft run --replay` shows it")
    }
    if token.textHash != session.token.textHash {
      note(.source)
      say(
        paint.odd("this schedule belongs to another text, or to other rules")
          + "; what it shows may be something else")
    }
    var beginning = session
    let stop = session.follow(token.choices)
    tellNews(limit: 40)
    conclude(stop)
    if stop == .nothingHappens {
      return complain("the schedule goes no further than step \(session.steps) here")
    }
    say(
      paint.dim(
        "at step \(session.steps) of the schedule; `back` goes back in it"))
    guard let passing = beginning.passingSchedule(states: 300_000) else { return }
    _ = beginning.follow(passing)
    branches["passing"] = Branch(session: beginning)
    say(
      paint.dim(
        "a schedule that passes is the branch `passing`: `switch passing`, `compare passing`"))
  }
}
