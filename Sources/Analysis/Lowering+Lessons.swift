import Diagnostics
import Machine
import Syntax

/// A lesson's own statements: each is a cue, an event for whoever shows the lesson. They run in the
/// step of the statement before them, so that no schedule has a step more for being told.
extension Lowering {
  /// `say TEXT[, TEXT]`, `notes …`, `pause [TEXT]`: several texts are one, with blanks between.
  func lowerCue(_ kind: Cue.Kind, _ texts: [Expression]) {
    observe(texts)
    var pieces = [""]
    var values: [Expression] = []
    for (number, text) in texts.enumerated() {
      if number > 0 { pieces[pieces.count - 1] += " " }
      add(text, to: &pieces, &values)
    }
    emitCue(kind, pieces, values)
  }

  private func add(_ text: Expression, to pieces: inout [String], _ values: inout [Expression]) {
    if case .string(let content) = text.unparenthesised.kind {
      let (between, inside) = parts(of: content)
      pieces[pieces.count - 1] += between[0]
      pieces += between.dropFirst()
      values += inside
    } else if let spelled = spelling(text) {
      pieces[pieces.count - 1] += spelled
    } else {
      values.append(text)
      pieces.append("")
    }
  }

  private func emitCue(_ kind: Cue.Kind, _ pieces: [String] = [""], _ values: [Expression] = []) {
    let (first, kinds) = lowerShown(values)
    program.texts.append(TextSite(origin: origin, pieces: pieces, kinds: kinds))
    program.cues.append(Cue(kind, origin: origin))
    emit(.cue, a: first, b: program.cues.count - 1, c: program.texts.count - 1)
  }

  func lower(_ chapter: Chapter) {
    emitCue(.chapter, [chapter.title.text])
    for statement in chapter.body.statements { lower(statement) }
    emitCue(.chapterEnd, [chapter.title.text])
  }

  func lower(_ question: Question) {
    let number = program.questions.count
    program.questions.append(
      QuestionSite(
        text: question.text.text,
        answers: question.answers.map {
          QuestionSite.Answer(
            isRight: $0.isRight, text: $0.text.text, explanation: $0.explanation?.text,
            isChecked: $0.condition != nil)
        },
        hints: question.hints.map(\.text), origin: origin))
    emitCue(.asked(question: number))
    if let reveal = question.reveal { lower(reveal) }
    observe(question.answers.compactMap(\.condition))
    for answer in question.answers { lowerCheck(of: answer) }
    emitCue(.answered(question: number))
  }

  /// What a right answer says holds, what a wrong one says does not.
  private func lowerCheck(of answer: Question.Answer) {
    guard let condition = answer.condition else { return }
    let mark = builder.next
    let start = here
    let (value, captured) = capturing(condition)
    var register = value
    if !answer.isRight {
      register = builder.allocate()
      emit(.not, a: register, b: value)
    }
    // Why it is so is no part of what is claimed.
    var claim = answer.range
    claim.upper = condition.range.upper
    program.assertions.append(
      ConditionSite(
        text: checked.text(of: claim), origin: claim.origin, start: start, captures: captured))
    emit(.require, a: register, c: program.assertions.count - 1)
    builder.release(to: mark)
  }

  func lower(_ show: Show) {
    switch LessonView(rawValue: show.view.text) {
    case .timeline: emitCue(.show(.timeline))
    case .log: emitCue(.show(.log))
    case .tasks: lowerCue(.show(.tasks), show.subjects)
    case .files: for path in show.subjects { lowerCue(.show(.file), [path]) }
    case .source:
      let place = show.subjects.first.flatMap { facts.symbols[$0.range] }.flatMap(place)
      let name = show.subjects.first.map { checked.text(of: $0.range) } ?? ""
      emitCue(.show(.source(place?.origin)), [name])
    case nil: break
    }
  }

  /// The whole declaration of what a name means.
  private func place(of symbol: Symbol) -> SourceRange? {
    switch symbol {
    case .patch(let name): index.patch(named: name)?.declaration.range
    case .program(let name): index.program(named: name)?.range
    case .definition(let number): index.definitions[number].range
    case .function(let key): function(key, patch: nil)?.range
    case .constant(let key), .variable(let key), .record(let key):
      index.kernel?.members[key]?.range
    default: nil
    }
  }
}
