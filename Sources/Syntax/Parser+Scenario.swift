import Diagnostics

extension Parser {
  /// scenario = ( "scenario" | "lesson" ) text { "in" "every" "schedule" | "for" axes | tag } block
  mutating func scenarioDeclaration(
    _ flavour: ScenarioDeclaration.Flavour
  ) -> ScenarioDeclaration {
    let start = current
    let what = text(of: start)
    advance()
    let title = textLiteral("the title of a \(what)")
    var everySchedule: SourceRange?
    var axes: [MatrixAxis] = []
    var tags: [Name] = []
    clauses: while !isAtLineBreak, !isPanicking {
      let clause = current
      switch clause.kind {
      case _ where clause.word == .in || clause.word == .for && isAtEverySchedule:
        readEverySchedule()
        if let first = everySchedule {
          correct(.repeatedClause("`in every schedule`", first: first, at: range(from: clause)))
        }
        everySchedule = range(from: clause)
      case _ where clause.word == .for:
        advance()
        axes += self.axes()
      case .atSign:
        advance()
        tags.append(name(of: "a tag"))
      default: break clauses
      }
    }
    let body = block(what)
    return ScenarioDeclaration(
      flavour: flavour, title: title, everySchedule: everySchedule, axes: axes, tags: tags,
      body: body, range: range(from: start))
  }

  /// `for every schedule`.
  private var isAtEverySchedule: Bool { peek().word == .every && peek(2).word == .schedule }

  /// `in every schedule`, and what people write who have forgotten how it goes.
  private mutating func readEverySchedule() {
    let start = current
    if at(.in), peek().word == .every, peek(2).word == .schedule, !isAtLineBreak {
      for _ in 0..<3 { advance() }
      return
    }
    let meant: Set<String> = [
      "every", "each", "all", "any", "the", "possible", "schedule", "schedules", "order", "orders",
      "interleaving", "interleavings",
    ]
    let word = peek()
    guard word.kind == .word, !word.followsLineBreak, meant.contains(text(of: word)) else {
      advance()
      expect(.every, "after `in`")
      return
    }
    advance()
    while at(.word), !isAtLineBreak,
      meant.contains(text(of: current))
        || nearest(to: text(of: current), among: ["schedule"]) != nil
    {
      advance()
    }
    let place = range(from: start)
    correct(
      .everySchedule(found: String(decoding: bytes[place.bytes], as: UTF8.self), at: place))
  }

  private mutating func axes() -> [MatrixAxis] {
    var axes = [axis()]
    while !isAtLineBreak, !isPanicking, eat(.comma) {
      if let last = axes.last, !at(.word), startsOperand(current) {
        report(.valuesWithoutBrackets(last.variable.text, at: last.values.range))
        break
      }
      if at(.for), peek().kind == .word {
        correct(.filler("for", after: "a comma", at: range(of: current)))
        advance()
      }
      bracketDepth += 1
      axes.append(axis())
      bracketDepth -= 1
    }
    return axes
  }

  /// axis = name "in" range
  mutating func axis() -> MatrixAxis {
    let start = current
    let variable = name(of: "a variable")
    if at(.assign), !isAtLineBreak {
      report(.valuesWithoutBrackets(variable.text, at: range(of: current)))
      advance()
    } else {
      expectIn("and the values of the variable")
    }
    let values = rangeExpression(after: "in")
    return MatrixAxis(variable: variable, values: values, range: range(from: start))
  }

  /// machine = "machine" "{" { name { range } } "}"
  mutating func machineBlock() -> MachineBlock {
    let start = current
    advance()
    var settings: [MachineSetting] = []
    _ = braced("machine", endsAt: .keyword) { parser in
      settings.append(parser.machineSetting())
      parser.endStatement("setting")
    }
    return MachineBlock(settings: settings, range: range(from: start))
  }

  private mutating func machineSetting() -> MachineSetting {
    let start = current
    let key = nameOnAnyLine(of: "a setting")
    var values: [Expression] = []
    if at(.assign) || at(.colon), !key.isMissing {
      correct(.settingWithSign(key.text, at: range(of: current)))
      advance()
    }
    let isKnown = WordGroup.machineSettings.spellings.contains(key.text)
    while !key.isMissing, !isAtStatementEnd, !isPanicking, startsOperand(current) {
      // Of a setting that there is not nobody knows what it takes.
      if !isKnown { silenced.append(range(of: current)) }
      let release = key.text == "patching" ? bareRelease("the generation of an engine") : nil
      values.append(release ?? rangeExpression(after: key.text))
    }
    return MachineSetting(key: key, values: values, range: range(from: start))
  }

  // MARK: Lessons

  /// chapter = "chapter" text block
  mutating func chapter() -> Statement.Kind {
    advance()
    let title = textLiteral("the title of a chapter")
    return .chapter(Chapter(title: title, body: block("chapter")))
  }

  /// question = "ask" text "{" { answer | "hint" text | "reveal" block } "}"
  mutating func question() -> Statement.Kind {
    advance()
    let text = textLiteral("the question")
    var question = Question(text: text, answers: [], hints: [])
    _ = braced("ask", endsAt: .keyword) { parser in
      parser.questionElement(&question)
      parser.endStatement("answer")
    }
    return .question(question)
  }

  private mutating func questionElement(_ question: inout Question) {
    let start = current
    switch start.word {
    case .right, .wrong:
      advance()
      let text = textLiteral("an answer")
      let condition = eatClause(.if) ? expression(after: "if") : nil
      let explanation = eatClause(.because) ? textLiteral("the explanation") : nil
      question.answers.append(
        Question.Answer(
          isRight: start.word == .right, text: text, condition: condition, explanation: explanation,
          range: range(from: start)))
    case .hint:
      advance()
      question.hints.append(textLiteral("a hint"))
    case .reveal:
      advance()
      if let first = question.reveal {
        report(.repeatedClause("`reveal`", first: first.range, at: range(of: start)))
      }
      question.reveal = block("reveal")
    default:
      let word = start.kind == .word ? text(of: start) : ""
      let words = ["right", "wrong", "hint", "reveal"]
      report(
        .unknownMember(
          of: "question", foundHere, near: nearest(to: word, among: words), among: words,
          at: range(of: start)))
      skipStatement()
    }
  }

  /// A clause of an answer. None begins anything else in a question, so that it may stand on a line
  /// of its own.
  private mutating func eatClause(_ word: Word) -> Bool {
    guard at(word) else { return false }
    if isAtLineBreak { marks.continuations.append(current.offset) }
    advance()
    return true
  }

  /// show = "show" name { range }
  mutating func show() -> Statement.Kind {
    advance()
    let view = name(of: "a view")
    var subjects: [Expression] = []
    while !isAtStatementEnd, !isPanicking, startsOperand(current) {
      subjects.append(rangeExpression(after: view.text))
      if at(.comma) { advance() }
    }
    return .show(Show(view: view, subjects: subjects))
  }
}
