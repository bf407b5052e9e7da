import Graft

/// A session as a scenario that runs without anybody at a prompt.
///
/// What it says is tried before anybody sees it: the text runs, and comes to the verdict that the
/// session has.
struct Keeping {
  /// A line of the text, and what it is there for.
  struct Line {
    enum Origin: Hashable {
      case text
      case observation(Int)
      /// What goes wrong.
      case fault
    }

    var text: String
    var origin = Origin.text
  }

  let session: LiveSession
  let path: String
  let observations: [Console.Observation]
  /// A statement that went wrong, and was taken back.
  let failing: (text: String, diagnostic: Diagnostic)?
  /// What the text is to fail with; nil: it is to pass.
  let code: DiagnosticCode?

  /// - Parameter claimsEnd: whether what holds at the end is to be asserted.
  init(
    _ session: LiveSession, path: String = "session.graft",
    observations: [Console.Observation] = [],
    failing: (text: String, diagnostic: Diagnostic)? = nil, code wanted: DiagnosticCode? = nil,
    claimsEnd: Bool = true
  ) {
    self.session = session
    self.path = path
    self.failing = failing
    code = failing?.diagnostic.code ?? wanted ?? Self.verdict(of: session)
    self.observations =
      (session.time == .kept ? observations : [])
      + (claimsEnd && code == nil && !Self.isInside(session) ? Self.finalObservations(session) : [])
  }

  /// What is wrong with the session as it is. A check that was typed and failed is an answer; one
  /// of a scenario's is a verdict.
  static func verdict(of session: LiveSession) -> DiagnosticCode? {
    if let diagnosis = session.diagnosis() { return diagnosis.code }
    let hasFailed = session.stretches.contains { !$0.isTyped && $0.holdsFailedCheck }
    return hasFailed ? .checkFailed : nil
  }

  /// Whether time is arbitrary and the operator in the middle of a statement: the text goes on to
  /// its end, where other things hold.
  private static func isInside(_ session: LiveSession) -> Bool {
    session.time == .arbitrary
      && session.stretches.contains { $0.state == .underWay && !$0.onlyWaits }
  }

  static func title(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? "session"
    let name = file.hasSuffix(".graft") ? String(file.dropLast(6)) : file
    let words = name.replacing("-", with: " ").replacing("_", with: " ")
    let title = words.filter { !"\"\\{}".contains($0) && !$0.isNewline }
    return title.isEmpty ? "session" : title
  }

  // MARK: What holds at the end

  /// What holds at the end, worth asserting.
  private static func finalObservations(_ session: LiveSession) -> [Console.Observation] {
    var copy = session
    guard copy.end == nil || copy.end == .finished else { return [] }
    var found: [Console.Observation] = []
    func add(_ text: String, _ literal: String) {
      found.append(
        Console.Observation(
          step: copy.steps, nanoseconds: copy.now, marks: copy.course.marks.count, text: text,
          literal: literal))
    }
    guard !copy.machine.program.patches.isEmpty else { return [] }
    let isOn = copy.look { machine, row in machine.engine.isInProgress(machine, &row) }
    add("in_progress", isOn ? "true" : "false")
    guard copy.end == nil else { return found }
    for name in copy.text.names.locals {
      let question = "count(t_ in \(name): t_.universe == old)"
      if let value = copy.ask(question)?.text { add(question, value) }
    }
    return found
  }

  static func assertion(_ observation: Console.Observation) -> String {
    switch observation.literal {
    case "true": return "assert \(observation.text)"
    case "false": return "assert not (\(observation.text))"
    default: return "assert \(grouped(observation.text)) == \(observation.literal)"
    }
  }

  /// In parentheses where it has an operator of its own.
  private static func grouped(_ text: String) -> String {
    let isCall = text.hasSuffix(")") && text.prefix { $0.isLetter || $0 == "_" }.count > 0
    let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "._[]".contains($0) }
    return isCall || isPlain ? text : "(\(text))"
  }

  // MARK: Text

  /// What an editor shows: everything that was done, and the scenarios that are there.
  var editableText: String {
    let scenarios = session.text.scenarioTexts
    let lines = declarations + scenarios.flatMap { [$0, ""] } + body(leavingOut: []).map(\.text)
    return lines.joined(separator: "\n") + "\n"
  }

  func lines(leavingOut dropped: Set<Int>) -> [Line] {
    declarations.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { Line(text: String($0)) } + body(leavingOut: dropped)
  }

  private func body(leavingOut dropped: Set<Int>) -> [Line] {
    var text = KeptBody(keepsTime: session.time == .kept)
    var seen = observations.indices.filter { !dropped.contains($0) }[...]
    let stretches = session.stretches
    for (number, stretch) in stretches.enumerated() {
      while !stretch.isSetting, let next = seen.first, precedes(observations[next], stretch) {
        text.add(observations[next], next)
        seen.removeFirst()
      }
      if stretch.isFirst, stretch.mark >= 0 { text.pass(to: stretch.began) }
      let later = number + 1 < stretches.count ? stretches[number + 1] : nil
      var within: [Int] = []
      while stretch.onlyWaits, let next = seen.first, observations[next].marks == stretch.mark + 1,
        observations[next].nanoseconds < stretch.ended || stretch.state == .underWay,
        later.map({ precedes(observations[next], $0) }) ?? true
      {
        within.append(next)
        seen.removeFirst()
      }
      text.add(stretch, isFailing: code != nil, within.map { ($0, observations[$0]) })
    }
    for next in seen { text.add(observations[next], next) }
    if let failing {
      text.pass(to: session.now)
      text.add(failing.text.split(separator: "\n").map(String.init), .fault)
    } else if session.end == nil {
      text.pass(to: session.now)
    } else if session.end != .finished, !stretches.contains(where: { $0.state == .underWay }) {
      // Somebody else went wrong while the operator waited at the prompt.
      text.pass(to: session.now + 1_000_000)
    }
    let isSearched = code != nil && session.time == .arbitrary ? " in every schedule" : ""
    let header =
      "\(session.text.headerWord) \"\(Self.title(of: path))\"\(isSearched)"
      + session.text.headerClauses
    return [Line(text: header + " {")] + text.lines + [Line(text: "}")]
  }

  /// Whether something was seen before a statement was begun.
  private func precedes(
    _ observation: Console.Observation, _ stretch: LiveSession.Stretch
  ) -> Bool {
    if observation.marks <= stretch.mark { return true }
    guard observation.marks == stretch.mark + 1, !stretch.isFirst || stretch.mark < 0 else {
      return false
    }
    return observation.step <= stretch.beganStep
  }

  /// What was loaded and typed, without the scenarios and without `use`.
  private var declarations: [String] {
    session.text.declarationTexts.flatMap { [$0, ""] }
  }
}

/// The statements of a kept session, with the time that passed between them.
private struct KeptBody {
  let keepsTime: Bool
  private(set) var lines: [Keeping.Line] = []
  /// The moment that the text has come to.
  private var moment: Int64 = 0

  init(keepsTime: Bool) { self.keepsTime = keepsTime }

  mutating func add(_ texts: [String], _ origin: Keeping.Line.Origin = .text) {
    lines += texts.map { Keeping.Line(text: "    " + $0, origin: origin) }
  }

  /// The operator waited that long at the prompt.
  mutating func pass(to later: Int64) {
    guard keepsTime, later > moment else { return }
    add(["sleep \(Duration.text(nanoseconds: later - moment))"])
    moment = later
  }

  mutating func add(_ observation: Console.Observation, _ number: Int) {
    pass(to: observation.nanoseconds)
    add([Keeping.assertion(observation)], .observation(number))
  }

  mutating func add(
    _ stretch: LiveSession.Stretch, isFailing: Bool, _ within: [(Int, Console.Observation)]
  ) {
    for (number, observation) in within { add(observation, number) }
    defer { moment = max(moment, stretch.ended) }
    let isFault = stretch.isAtFault && isFailing
    let isSplit = stretch.onlyWaits && !isFault && !within.isEmpty && !stretch.awaits
    if isSplit || stretch.isTimeAlone(isFailing: isFailing) { return pass(to: stretch.ended) }
    if let condition = stretch.failedCheck, !isFailing {
      return add(["check not (\(condition))"])
    }
    let texts = stretch.text.split(separator: "\n", omittingEmptySubsequences: false)
    add(texts.map(String.init), isFault ? .fault : .text)
  }
}
