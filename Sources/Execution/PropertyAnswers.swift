import Exploration
import Machine

/// The answers of a search, property by property: what the text claims, in its order.
struct PropertyAnswers {
  let all: [PropertyAnswer]

  init(_ program: Program, _ result: SearchResult) {
    var answers: [(origin: Origin, answer: PropertyAnswer)] = []
    func add(_ text: String, _ origin: Origin, failed: Bool, held: Bool) {
      let given = Self.answer(failed: failed, held: held, result.isComplete)
      answers.append(
        (
          origin,
          PropertyAnswer(
            text: text, answer: given, isSatisfied: !failed && held,
            isComplete: result.isComplete || given == .sometimes)
        ))
    }
    let faults = result.witnesses.map(\.flaw)
    for (number, property) in program.properties.enumerated() {
      if property.isGoal {
        answers.append((property.origin, Self.goal(number, property, result)))
        continue
      }
      let failed = faults.contains {
        switch ($0, property.kind) {
        case (.fault(.violated(number, _)), _), (.stalled(number), _),
          (.fault(.oops), .monitor(.oops, .never)),
          (.fault(.deadlock), .monitor(.deadlock, .never)):
          true
        default: false
        }
      }
      // Some schedule that came to the end kept it all the way.
      let held = result.completion != nil
      let isWatched = !failed && !result.isComplete && result.armed.contains(number)
      add(property.text, property.origin, failed: failed, held: held || isWatched)
    }
    for (number, assertion) in program.assertions.enumerated() {
      let failed =
        faults.contains(.fault(.assertionFailed(assertion: number)))
        || faults.contains(.checkFailed(assertion: number))
      let held = result.assertionsHeld.indices.contains(number) && result.assertionsHeld[number]
      add(assertion.text, assertion.origin, failed: failed, held: held)
    }
    for (number, site) in program.awaits.enumerated() {
      let addresses = program.instructions.indices.filter {
        program.instructions[$0].operation == .await && program.instructions[$0].c == number
      }
      let failed = addresses.contains {
        faults.contains(.deadEnd(address: $0)) || faults.contains(.starved(address: $0))
      }
      let isWaiting =
        !failed && !result.isComplete && addresses.contains { result.awaited.contains($0) }
      add(site.text, site.origin, failed: failed, held: result.completion != nil || isWaiting)
      let hasLimit = addresses.contains {
        Int(program.instructions[$0].a) != Instruction.noRegister
      }
      answers[answers.count - 1].answer.hasUnjudgedLimit = hasLimit
    }
    all = answers.sorted {
      ($0.origin.file, $0.origin.lower) < ($1.origin.file, $1.origin.lower)
    }.map(\.answer)
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
      isComplete: result.isComplete || given == .sometimes, witness: result.reached[number])
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
