/// How long a moment stays where a lesson plays by itself. A function of what is to be read, and of
/// how much machine time has passed: the same each time.
extension Lesson {
  /// In milliseconds, at the speed of a reader.
  package func milliseconds(at index: Int) -> Int {
    let moment = moments[index]
    switch moment.kind {
    case .begin: return 800
    case .chapter: return 1_800
    case .say: return Self.reading(moment.narration)
    case .pause: return 1_500 + Self.reading(moment.prompt) / 2
    case .question:
      let question = moment.question.map { questions[$0] }
      let answers = question?.answers.map(\.text).joined(separator: " ") ?? ""
      return 2_000 + Self.reading((question?.text ?? "") + answers)
    case .answers:
      let question = moment.question.map { questions[$0] }
      let reasons = question?.answers.compactMap(\.explanation).joined(separator: " ") ?? ""
      return 2_000 + Self.reading(reasons)
    case .statement: return 900
    case .event: return 350 + 60 * waitingDigits(before: index)
    case .end: return 3_000
    }
  }

  /// A second, and sixty milliseconds a letter, up to twelve seconds.
  private static func reading(_ text: String) -> Int { min(12_000, 1_000 + 60 * text.count) }

  /// How many digits the microseconds have that have passed since the moment before.
  private func waitingDigits(before index: Int) -> Int {
    guard index > 0, keepsTime else { return 0 }
    var digits = 0
    var rest = (moments[index].time - moments[index - 1].time) / 1_000
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    return digits
  }
}
