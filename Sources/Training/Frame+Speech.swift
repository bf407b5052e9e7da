import Diagnostics
import Machine

/// What is said to whoever watches: the narration, a question with its answers, what has happened.
extension Frame {
  typealias SpeechLine = (text: String, ink: Ink)

  var speechTitle: String {
    switch moment.kind {
    case .question: return "what do you think?"
    case .answers: return "the answer"
    case .pause: return "pause"
    default: break
    }
    return moment.chapter.map { escapingControls(lesson.chapters[$0].title) } ?? ""
  }

  func speechLines() -> [SpeechLine] {
    let width = screen.width - 2
    var lines: [SpeechLine] = []
    switch moment.kind {
    case .begin:
      lines += plain(lesson.id.title, width, .bold)
      if !lesson.chapters.isEmpty {
        let list = lesson.chapters.map(\.title).joined(separator: " · ")
        lines += plain(list, width, .dim)
      }
    case .end: lines += endLines(width)
    case .chapter:
      if let chapter = moment.chapter {
        lines += plain(
          "\(chapter + 1). \(lesson.chapters[chapter].title)", width, .bold)
      }
    default: lines += openLines(width)
    }
    if extras.showsNotes, !moment.notes.isEmpty {
      lines += plain("» " + moment.notes, width, .dim)
    }
    return lines
  }

  private func openLines(_ width: Int) -> [SpeechLine] {
    var lines: [SpeechLine] = []
    if let number = moment.question {
      lines += questionLines(number, width, isAnswered: moment.kind == .answers)
    } else if !moment.narration.isEmpty {
      lines += plain(moment.narration, width, .bold)
    }
    for line in moment.lines { lines += happened(line, width) }
    if moment.kind == .pause {
      lines += plain(moment.prompt.isEmpty ? "…" : moment.prompt, width, .accent)
    }
    return lines
  }

  private func endLines(_ width: Int) -> [SpeechLine] {
    guard let failure = lesson.failure else {
      return plain("The end. Everything that was claimed holds.", width, .good)
    }
    return plain("The lesson fails: " + failure, width, .bad)
  }

  private func plain(_ text: String, _ width: Int, _ ink: Ink) -> [SpeechLine] {
    text.split(separator: "\n").flatMap { line in
      wrapped(escapingControls(String(line)), to: width).map { ($0, ink) }
    }
  }

  private func happened(_ line: Moment.Line, _ width: Int) -> [SpeechLine] {
    let ink: Ink =
      switch line.tone {
      case .operatorLine: .accent
      case .machine, .output: .plain
      case .log: .dim
      case .old: .old
      case .new: .new
      }
    return [(cut("\(line.mark) \(line.text)", to: width), ink)]
  }

  private func questionLines(_ number: Int, _ width: Int, isAnswered: Bool) -> [SpeechLine] {
    let question = lesson.questions[number]
    let choice = extras.choices[number]
    var lines = plain(question.text, width, .bold)
    for (place, answer) in question.answers.enumerated() {
      let mark = isAnswered ? (answer.isRight ? "✓" : "✗") : choice == place ? "›" : " "
      let ink: Ink =
        isAnswered
        ? (answer.isRight ? .good : choice == place ? .bad : .dim)
        : choice == place ? .accent : .plain
      let texts = wrapped(escapingControls(answer.text), to: width - 5)
      for (row, text) in texts.enumerated() {
        lines.append((row == 0 ? "\(mark) \(place + 1)  \(text)" : "     " + text, ink))
      }
      guard isAnswered, answer.isRight || choice == place, let reason = answer.explanation else {
        continue
      }
      for text in wrapped(escapingControls(reason), to: width - 5) {
        lines.append(("     " + text, .plain))
      }
    }
    if !isAnswered {
      for hint in question.hints.prefix(extras.hints[number] ?? 0) {
        lines += plain("hint: " + hint, width, .dim)
      }
    }
    return lines
  }
}
