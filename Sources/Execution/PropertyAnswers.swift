import Exploration
import Machine

/// The answers of a search, property by property: what the text claims, in its order.
struct PropertyAnswers {
  private let program: Program
  private let result: SearchResult
  private var answers: [(origin: Origin, answer: PropertyAnswer)] = []

  init(_ program: Program, _ result: SearchResult) {
    self.program = program
    self.result = result
    addProperties()
    addAssertions()
    addAwaits()
  }

  var all: [PropertyAnswer] {
    answers.sorted {
      ($0.origin.file, $0.origin.lower) < ($1.origin.file, $1.origin.lower)
    }.map(\.answer)
  }

  private mutating func addProperties() {
    for (number, property) in program.properties.enumerated() {
      if property.isAboutStalling, !result.judgesStalling {
        let answer = PropertyAnswer(
          text: property.text, answer: .notJudged, isSatisfied: true, isComplete: true)
        answers.append((property.origin, answer))
        continue
      }
      if property.isGoal {
        answers.append((property.origin, Self.goal(number, property, result)))
        continue
      }
      let failing = witness { flaw in
        switch (flaw, property.kind) {
        case (.fault(.violated(number, _)), _), (.stalled(number), _),
          (.fault(.oops), .monitor(.oops, .never)),
          (.fault(.deadlock), .monitor(.deadlock, .never)):
          true
        default: false
        }
      }
      // Some schedule that came to the end kept it all the way; unless none has come to it.
      let isWatched = result.armed.contains(number)
      // Of one about stalling it must be one whose transition could still finish at its end.
      let keeping = property.isAboutStalling ? result.missing[number] : result.completion
      add(
        property.text, property.origin, failing: failing, keeping: isWatched ? keeping : nil,
        isHeld: isWatched && failing == nil && !result.isComplete)
    }
  }

  private mutating func addAssertions() {
    for (number, assertion) in program.assertions.enumerated() {
      let failing = witness { flaw in
        flaw == .fault(.assertionFailed(assertion: number))
          || flaw == .checkFailed(assertion: number) || isUnanswered(assertion, flaw)
      }
      add(assertion.text, assertion.origin, failing: failing, keeping: result.held[number])
    }
  }

  /// Whether a schedule can't say what the assertion asks for, as of a task that is gone.
  private func isUnanswered(_ assertion: ConditionSite, _ flaw: Flaw) -> Bool {
    let address: Int
    switch flaw {
    case .fault(.deadTask(let place, _)), .fault(.noTaskVariable(let place, _, _)): address = place
    default: return false
    }
    let origin = program.origins[address]
    return origin.file == assertion.origin.file && assertion.origin.lower <= origin.lower
      && origin.upper <= assertion.origin.upper
  }

  private mutating func addAwaits() {
    for (number, site) in program.awaits.enumerated() {
      let addresses = program.instructions.indices.filter {
        program.instructions[$0].operation == .await && program.instructions[$0].c == number
      }
      let failing = witness { flaw in
        if case .fault(.awaitExpired(site: number, _)) = flaw { return true }
        return addresses.contains {
          flaw == .deadEnd(address: $0) || flaw == .starved(address: $0)
        }
      }
      let isAwaited = addresses.contains { result.awaited.contains($0) }
      add(
        site.text, site.origin, failing: failing, keeping: isAwaited ? result.completion : nil,
        isHeld: isAwaited && failing == nil && !result.isComplete)
      let hasLimit = addresses.contains {
        Int(program.instructions[$0].a) != Instruction.noRegister
      }
      answers[answers.count - 1].answer.hasUnjudgedLimit = hasLimit && result.timed == nil
    }
  }

  /// - Parameters:
  ///   - failing: what shows that it does not hold.
  ///   - keeping: a schedule that keeps it.
  ///   - isHeld: nothing speaks against it.
  private mutating func add(
    _ text: String, _ origin: Origin, failing: Witness?, keeping: [Int]?, isHeld: Bool = false
  ) {
    let given = Self.answer(
      failed: failing != nil, held: keeping != nil || isHeld, result.isComplete)
    var answer = PropertyAnswer(
      text: text, answer: given, isSatisfied: failing == nil && (keeping != nil || isHeld),
      isComplete: result.isComplete || given == .sometimes, range: origin.range)
    answer.isKept = given == .holds && keeping != nil
    if given == .sometimes { (answer.witness, answer.counterexample) = (keeping, failing?.shown) }
    answers.append((origin, answer))
  }

  /// The first witness of one of these flaws.
  private func witness(_ isOne: (Flaw) -> Bool) -> Witness? {
    result.witnesses.first { isOne($0.flaw) }
  }

  /// `reach` claims one schedule; more than that is no more right.
  private static func goal(
    _ number: Int, _ property: Property, _ result: SearchResult
  ) -> PropertyAnswer {
    let isReached = result.reached[number] != nil
    let isMissed = result.missed.contains(number)
    let given: PropertyAnswer.Answer =
      if isReached {
        isMissed ? .sometimes : result.isComplete ? .always : .holds
      } else {
        result.isComplete ? .never : .notReached
      }
    return PropertyAnswer(
      text: property.text, answer: given, isSatisfied: isReached,
      isComplete: result.isComplete || given == .sometimes, range: property.origin.range,
      witness: result.reached[number],
      counterexample: result.missing[number])
  }

  /// What was seen of a property. Of everything when it was cut off, only SOMETIMES is certain.
  private static func answer(
    failed: Bool, held: Bool, _ isComplete: Bool
  ) -> PropertyAnswer.Answer {
    switch (failed, held) {
    case (false, true): isComplete ? .always : .holds
    case (true, true): .sometimes
    case (true, false): isComplete ? .never : .fails
    case (false, false): .notReached
    }
  }
}
