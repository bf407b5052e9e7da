import Graft

/// A prompt without its terminal: takes a line, says what came of it.
///
/// It has no semantics of its own. What is typed is either the language, which goes to the session
/// as it is, or a command of `Command.all`: a way of looking at the session, or of moving in it.
package final class Console {
  var around: Surroundings
  var session: LiveSession
  /// The branches that are not at hand.
  var branches: [String: Branch] = [:]
  var branchName = "main"
  /// The story of the session at hand, and up to which event it has been told.
  private var story: Story
  private var toldStep = 0
  private var toldInStep = 0
  private var toldLines = 0
  /// Lines that were entered, and everything that was said.
  package private(set) var inputs: [String] = []
  private var transcript = ""
  var transcriptText: String { transcript }
  /// What was asked and answered: `save` makes assertions of it.
  var observations: [Observation] = []
  /// The last statement that went wrong, and the session before it.
  var lastFailure: (text: String, diagnostic: Diagnostic, session: LiveSession)?
  var tourStep = 0
  /// As far as one came before going back.
  var future: Future?
  /// What was edited and has not become the session.
  var editDraft: String?
  /// What a script ends with.
  private var worst = Status.good
  package var verdict: Status {
    let hasFailed = session.stretches.contains(where: \.holdsFailedCheck)
    return hasFailed ? max(worst, .failed) : worst
  }
  package private(set) var isOver = false

  package enum Status: Int, Comparable {
    case good, source, failed, broken
    package static func < (left: Status, right: Status) -> Bool { left.rawValue < right.rawValue }
  }

  struct Observation {
    var step: Int
    var nanoseconds: Int64
    var marks: Int
    var text: String
    var literal: String
  }

  struct Future {
    var session: LiveSession
    var observations: [Observation]
    /// It is another session, and not what becomes of the one at hand.
    var isElsewhere = false
  }

  struct Branch {
    var session: LiveSession
    var observations: [Observation] = []
    var future: Future?
  }

  package init(_ around: Surroundings, brokenRules: [KGraftMutation] = []) {
    self.around = around
    var text = SessionText()
    text.brokenRules = brokenRules
    // An empty text can't fail to run.
    guard let session = LiveSession.start(text).session else {
      preconditionFailure("an empty session can't be started")
    }
    self.session = session
    story = Story(session.machine.program, keepsTime: true)
    self.session.isCancelled = around.isCancelled
  }

  // MARK: Saying

  var paint: Paint { around.paint }
  var width: Int { max(30, around.width()) }

  func say(_ text: String) {
    guard !text.isEmpty else { return }
    let line = text.hasSuffix("\n") ? text : text + "\n"
    if transcript.utf8.count < Self.greatestTranscript { transcript += Self.withoutColour(line) }
    around.say(
      around.isInteractive ? Wrapping.wrapped(line, width: max(12, around.width())) : line)
  }

  private static let greatestTranscript = 4 << 20
  /// Of a message: somebody may have pasted a megabyte of one word.
  private static let greatestWord = 1_000

  /// Says what went wrong, in a line.
  func complain(_ text: String, _ status: Status = .source) {
    note(status)
    say(paint.bad("error") + ": " + text)
  }

  func note(_ status: Status) { worst = max(worst, status) }

  private static func withoutColour(_ text: String) -> String {
    var plain = ""
    var isEscape = false
    for character in text {
      if character == "\u{1b}" { isEscape = true }
      if !isEscape { plain.append(character) }
      if isEscape, character.isLetter { isEscape = false }
    }
    return plain
  }

  func show(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
    guard !diagnostics.isEmpty else { return }
    var diagnostics = diagnostics
    for number in diagnostics.indices where diagnostics[number].message.count > Self.greatestWord {
      let message = diagnostics[number].message
      diagnostics[number].message = String(message.prefix(Self.greatestWord)) + "…"
    }
    let renderer = DiagnosticRenderer(
      sources: sources, usesColour: paint.isColoured, width: width)
    say(renderer.render(diagnostics))
  }

  // MARK: Taking a line

  /// Whether something in the text may still be open: a quick look, before the parser is asked.
  package static func opens(_ text: String) -> Bool {
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
    }
    guard depth <= 0 else { return true }
    // An operator at the end waits for its operand.
    let last = text.reversed().first { !$0.isWhitespace }
    guard let last else { return false }
    return "+-*/%=<>,.".contains(last) || text.hasSuffix(" and") || text.hasSuffix(" or")
      || text.hasSuffix(" not") || text.hasSuffix(" in") || text.contains("\n")
  }

  /// Whether the text wants another line.
  package static func isIncomplete(_ text: String) -> Bool {
    if command(in: text) != nil { return false }
    return SessionText.isIncomplete(text)
  }

  /// Does one line, or the lines of one statement.
  package func take(_ text: String, silently: Bool = false) {
    let line = Self.trimmed(text)
    guard !line.isEmpty, !line.hasPrefix("#") || line.contains("\n") else { return }
    if !silently {
      inputs.append(line)
      transcript += "\(promptText)\(line)\n"
    }
    for part in Self.parts(of: line) { perform(part) }
  }

  /// A command, or the language.
  func perform(_ line: String) {
    if let (command, rest) = Self.command(in: line), !isOwnName(line) {
      command.run(self, rest)
    } else {
      enter(line)
    }
  }

  /// Whether the line is the name of something that was declared here: that is asked for then,
  /// though a command has the name as well.
  func isOwnName(_ line: String) -> Bool {
    guard Self.isName(line) else { return false }
    let names = session.text.names
    return names.locals.contains(line) || names.variables.contains(line)
  }

  /// A line at its `;`, where commands stand among statements. What takes the rest of the line, as
  /// `$` and `what if` do, takes all of it.
  static func parts(of line: String) -> [String] {
    guard line.contains(";"), !line.contains("\n"), !line.contains("$"), !line.contains("#") else {
      return [line]
    }
    if let (command, _) = command(in: line), command.operand == .statement { return [line] }
    var parts: [String] = [""]
    var depth = 0
    var isInText = false
    for character in line {
      if character == "\"" { isInText.toggle() }
      if !isInText, "{([".contains(character) { depth += 1 }
      if !isInText, "})]".contains(character) { depth -= 1 }
      if character == ";", depth == 0, !isInText {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    let whole = parts.map { Self.trimmed($0) }.filter { !$0.isEmpty }
    return whole.contains { command(in: $0) != nil } ? whole : [line]
  }

  /// The command that a line begins with, and what stands behind it.
  static func command(in line: String) -> (Command, String)? {
    let word = String(line.prefix { $0.isLetter || $0 == "?" })
    guard !word.isEmpty, let command = Command.named(word) else { return nil }
    let rest = line.dropFirst(word.count)
    if let first = rest.first, first != " ", first != "\t", first != "\n" { return nil }
    let operand = trimmed(String(rest))
    // `step == 3`, `run = 2`: somebody's own name.
    let isAsked = [.condition, .task].contains(command.operand)
    let isPath = [.path, .newPath, .virtualPath].contains(command.operand)
    let signs = isPath ? "=+*%<>(" : isAsked ? "=+*%<>." : "=+*%<>.("
    if let sign = operand.first, signs.contains(sign) { return nil }
    // `scenario "…" {` and `patch` with a body are declarations.
    if operand.contains("{"), ["scenario"].contains(word) { return nil }
    if word == "break", !operand.hasPrefix("when") { return nil }
    return (command, operand)
  }

  static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  func leave() { isOver = true }

  // MARK: The language

  func enter(_ text: String) {
    if ["$?", "echo $?", "$ echo $?"].contains(text) { return sayLastStatus() }
    if let first = text.split(separator: " ").first.map(String.init),
      Commands.all.contains(where: { $0.name == first && $0.isSimulated })
    {
      enterStatement("$ " + text)
      return
    }
    if let answer = session.ask(text) { return answerQuestion(text, answer) }
    enterStatement(text)
  }

  private func answerQuestion(_ text: String, _ answer: LiveSession.Answer) {
    guard let value = answer.text else {
      note(.source)
      show(answer.diagnostics, answer.sources)
      return sayAdvice(on: text)
    }
    say(escapingControls(value, keepingLines: true))
    // What a command has printed is no value that can be compared with.
    if !session.text.isResult(text), let literal = Self.literal(value) {
      observations.append(
        Observation(
          step: session.steps, nanoseconds: session.now, marks: session.course.marks.count,
          text: text, literal: literal))
    }
  }

  /// The value as the language writes it; nil for what has no literal.
  static func literal(_ value: String) -> String? {
    if ["true", "false", "old", "new"].contains(value) || Int64(value) != nil { return value }
    let units = ["ns", "us", "ms", "s", "min", "h"]
    let digits = value.prefix { $0.isNumber || $0 == "." }
    if !digits.isEmpty, units.contains(String(value.dropFirst(digits.count))) { return value }
    if value.contains(":") || value.hasPrefix("[") || value.count > 60 { return nil }
    guard !value.contains(where: { $0 == "\"" || $0 == "\\" || $0 == "{" || $0.isNewline }) else {
      return nil
    }
    return "\"\(value)\""
  }

  @discardableResult
  func enterStatement(_ text: String) -> LiveSession.Entered {
    let entered = session.enter(text)
    report(entered, of: text)
    return entered
  }

  private func report(_ entered: LiveSession.Entered, of text: String) {
    for note in entered.notes { say(paint.dim("· " + note)) }
    if entered.isReopened { forgetEnd(of: entered) }
    tellNews()
    let isBad = entered.diagnostics.contains { $0.severity == .error }
    show(entered.diagnostics, entered.sources)
    switch entered.outcome {
    case .refused:
      // What can't be done where the session stands was understood.
      note(isBad || entered.notes.isEmpty ? .source : .broken)
      if !isBad, entered.notes.isEmpty { complain("nothing that can be done here") }
      if isBad { sayAdvice(on: text) }
    case .failed:
      note(entered.isVerdict ? .failed : .broken)
      if let diagnostic = entered.diagnostics.last {
        lastFailure = (text, diagnostic, session)
      }
      say(paint.dim("the statement was taken back; the session is as it was before it"))
    case .done:
      if entered.refusals > 0 { note(.broken) }
      for name in entered.bound {
        if let value = session.ask(name)?.text { say("\(name) = \(value)") }
      }
      for name in entered.results {
        if let value = session.ask("\(name).status")?.text { say("\(name).status = \(value)") }
      }
      if entered.bound.isEmpty { sayBorn(since: entered.firstStep) }
      sayFailures(since: entered.firstStep, named: !entered.results.isEmpty)
      if let title = entered.scenarios.last {
        say(paint.dim("ok; `scenario \(escapingControls(title))` starts it"))
      } else if entered.hasDeclarations, entered.statements == 0 {
        say(paint.dim("ok"))
      }
    case .left(let stop):
      noteNeverending(stop)
      say(words(stop))
    }
    sayEnd()
  }

  /// A run with such an end has failed, or could not go on.
  func noteNeverending(_ stop: LiveSession.Stop) {
    switch stop {
    case .nothingHappens, .recurs: note(.failed)
    case .limit, .unanswered: note(.broken)
    case .reached, .ended, .cancelled, .broke, .quiet: break
    }
  }

  /// Tasks that nobody has a name for yet: programs that were spawned, and not what a command or a
  /// boot has started.
  private func sayBorn(since step: Int) {
    var born: [TaskSlot] = []
    for event in session.chronicle.events(from: step) {
      guard case .spawned(let slot, let function) = event.kind else { continue }
      let program = session.machine.program
      let isProgram = program.functions[function.rawValue].kind == .userProgram
      if isProgram, !program.commandProcesses.contains(where: { $0.function == function }) {
        born.append(slot)
      }
    }
    guard let first = born.first, let last = born.last else { return }
    let names = session.look { machine, row in
      [machine.taskName(first, &row), machine.taskName(last, &row)]
    }
    say(paint.dim(born.count == 1 ? names[0] : "\(born.count) tasks: \(names[0]) … \(names[1])"))
  }

  /// Why a run stopped, in words.
  func words(_ stop: LiveSession.Stop) -> String {
    switch stop {
    case .reached, .ended: ""
    case .nothingHappens: paint.odd("nobody will ever act again") + ": this would wait for ever"
    case .cancelled: paint.odd("interrupted") + " at \(position)"
    case .broke(let number):
      paint.odd("break")
        + (session.watches.first { $0.number == number }.map { " when \($0.question.text)" } ?? "")
        + ", at \(position)"
    case .limit:
      paint.odd("no further")
        + ": the session's budget of steps or of time is used up; `back` goes back from here"
    case .quiet: "nothing to tell comes for long"
    case .recurs(let period):
      paint.odd("this would wait for ever") + ": " + LiveSession.recurrence(period)
    case .unanswered(let steps):
      paint.odd("no further") + ": it has not come in \(steps) steps; again, it goes on waiting"
    }
  }

  /// What ended the session, the first time that it is at its end.
  func sayEnd() {
    guard let end = session.end else { return }
    if end == .cancelled { return say(words(.cancelled)) }
    if end == .finished { return say(paint.good("the scenario is over") + ", at \(position)") }
    guard let diagnosis = session.diagnosis() else { return }
    show([diagnosis], session.text.sources)
    note(session.endsInVerdict() ? .failed : .broken)
    say(paint.dim("nothing goes on from here; `back` does"))
  }

  // MARK: News

  /// Tells what has happened since the last time.
  func tellNews(limit: Int = 24) {
    catchUp()
    let text = story.text(
      from: toldLines, tellingStatements: session.text.isScenario, asPrinted: true, limit: limit,
      width: .max, paint: paint)
    toldLines = story.lineCount
    say(text)
    for change in session.takeChanges() {
      let when =
        session.time == .kept ? Duration.moment(nanoseconds: change.nanoseconds) : "#\(change.step)"
      say(paint.dim("   watch ") + "\(change.watch) = \(change.text)" + paint.dim("  at \(when)"))
    }
  }

  private func catchUp() {
    let events = session.chronicle.events(from: toldStep)
    let isSame = events.first?.step == toldStep
    let news = isSame ? events.dropFirst(toldInStep) : events
    story.go(on: news, session.machine.program, sources: session.text.sources)
    noteTold()
  }

  /// What has happened was told already, in other words.
  func skipNews() {
    catchUp()
    toldLines = story.lineCount
  }

  /// The past has changed: what was told of it is told again, silently.
  func retell() {
    story = Story(session.machine.program, keepsTime: session.time == .kept)
    let events = session.chronicle.events
    story.go(on: events, session.machine.program, sources: session.text.sources)
    noteTold()
    toldLines = story.lineCount
  }

  /// The session has gone back to an earlier step of its own.
  func forgetTold() {
    // What was said since the last step bears the number of the next; what was said before the
    // last step of a scenario, when that was taken back, bears that one's.
    guard session.chronicle.events(from: session.steps).isEmpty, session.end != .finished,
      story.cut(toStep: session.steps)
    else { return retell() }
    if toldStep >= session.steps { noteTold() }
    toldLines = story.lineCount
  }

  /// The end of the scenario was taken back for a statement, which has told more since.
  private func forgetEnd(of entered: LiveSession.Entered) {
    guard story.cut(toStep: entered.firstStep) else { return retell() }
    (toldStep, toldInStep) = (entered.firstStep, 0)
    toldLines = story.lineCount
  }

  private func noteTold() {
    guard let last = session.chronicle.events.last else {
      (toldStep, toldInStep) = (0, 0)
      return
    }
    toldStep = last.step
    toldInStep = session.chronicle.events(from: last.step).count
  }

  /// The whole story.
  func storyText(limit: Int) -> String {
    catchUp()
    return story.text(from: 0, tellingStatements: true, limit: limit, width: .max, paint: paint)
  }
}

extension LiveSession.Entered {
  /// It was refused, or went wrong.
  var isBad: Bool {
    switch outcome {
    case .refused, .failed: true
    case .done, .left: false
    }
  }
}

extension LiveSession {
  /// What each task is called, of the first many.
  mutating func taskNames() -> [TaskSlot: String] {
    look { machine, row in
      var names: [TaskSlot: String] = [:]
      for number in 0..<min(machine.taskCount(&row), 10_000) {
        names[TaskSlot(number)] = machine.taskName(TaskSlot(number), &row)
      }
      return names
    }
  }
}

/// A text of several lines without control characters, tabs apart.
func escapingControls(_ text: String, keepingLines: Bool) -> String {
  guard keepingLines else { return escapingControls(text) }
  return text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { line in
      // A tab is nothing that a terminal has to be kept from.
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { escapingControls(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
}
