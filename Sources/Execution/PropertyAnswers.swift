import Exploration
import Machine

/// The answers of a search, property by property: what the text claims, in its order.
struct PropertyAnswers {
  let all: [PropertyAnswer]

  init(_ program: Program, _ result: SearchResult) {
    var answers: [(origin: Origin, answer: PropertyAnswer)] = []
    func add(_ text: String, _ origin: Origin, failed: Bool, held: Bool) {
      let given: PropertyAnswer.Answer =
        switch (failed, held) {
        case (false, true): .always
        case (true, true): .sometimes
        case (true, false): .never
        case (false, false): .notReached
        }
      answers.append(
        (
          origin,
          PropertyAnswer(
            text: text, answer: given, isSatisfied: given == .always,
            isComplete: result.isComplete)
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
      add(property.text, property.origin, failed: failed, held: result.completion != nil)
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
      add(site.text, site.origin, failed: failed, held: result.completion != nil)
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
    return PropertyAnswer(
      text: property.text,
      answer: !isReached ? .never : result.missed.contains(number) ? .sometimes : .always,
      isSatisfied: isReached, isComplete: result.isComplete, witness: result.reached[number])
  }
}
