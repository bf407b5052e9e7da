import Graft
import Synchronization

/// The scenarios of a suite that pass with every rule in place, and what they say of one that is
/// taken out. Who does the work, and how many do, changes nothing of what is said.
struct MutationSuite {
  let trials: [MutationTrial]
  private let crew: SearchThreads
  /// Whether everybody who notices is named, or the first in source order.
  var namesAll = false
  var text: @Sendable (SourceMap) -> TextReport

  /// A scenario that has been selected.
  struct Selected: Sendable {
    var unit: ScenarioUnit
    var entry: ScenarioEntry
  }

  /// Runs each of them with every rule in place.
  ///
  /// - Parameter leftOut: told of those that can't be asked, with their outcome; nil: they can't be
  ///   run.
  init(
    _ selected: [Selected], _ options: RunOptions, crew: SearchThreads,
    text: @escaping @Sendable (SourceMap) -> TextReport,
    leftOut: (ScenarioEntry, RunOutcome?) -> Void
  ) {
    self.crew = crew
    self.text = text
    let made = Self.each(selected.count, by: crew) { number in
      MutationTrial(selected[number].unit, selected[number].entry, options)
    }
    var sound: [MutationTrial] = []
    for (number, trial) in made.enumerated() {
      switch trial??.intact {
      case .passed, .failedAsExpected: if let trial = trial ?? nil { sound.append(trial) }
      case .skipped: break
      case let outcome: leftOut(selected[number].entry, outcome)
      }
    }
    trials = sound
  }

  /// What the suite says of one rule.
  func report(without rule: KGraftMutation) -> RuleReport {
    let trials = trials
    let namesAll = namesAll
    let first = Mutex(Int.max)
    let answers = Self.each(trials.count, by: crew) { number in
      guard namesAll || number < first.withLock({ $0 }) else { return MutationTrial.Answer?.none }
      let answer = trials[number].answer(without: rule)
      if case .caught = answer { first.withLock { $0 = min($0, number) } }
      return answer
    }
    var report = RuleReport(rule)
    for (number, answer) in answers.enumerated() {
      let id = trials[number].entry.id
      switch answer ?? nil {
      case .caught(let words) where namesAll || report.caught.isEmpty:
        report.caught.append(.init(id: id, words: words))
      case .open(let words): report.open.append(.init(id: id, words: words))
      default: break
      }
    }
    if report.isMissed, !Interruption.isCancelled { report.exposure = exposure(without: rule) }
    return report
  }

  /// How it would show that the rule is missing: a schedule in which a monitor sees it, or else a
  /// run that goes another way; the first in source order.
  private func exposure(without rule: KGraftMutation) -> RuleReport.Exposure? {
    let text = text
    let schedule = first { trial -> RuleReport.Exposure? in
      trial.exposingSchedule(without: rule).flatMap {
        .init(schedule: $0, text(trial.sources))
      }
    }
    if let schedule { return schedule }
    return first { trial -> RuleReport.Exposure? in
      trial.exposingRun(without: rule).flatMap {
        .init(intact: $0.intact, broken: $0.broken, without: rule, sources: trial.sources)
      }
    }
  }

  private func first<Found: Sendable>(
    _ look: @escaping @Sendable (MutationTrial) -> Found?
  ) -> Found? {
    let trials = trials
    let least = Mutex(Int.max)
    let found = Self.each(trials.count, by: crew) { number -> Found? in
      guard number < least.withLock({ $0 }) else { return nil }
      let found = look(trials[number])
      if found != nil { least.withLock { $0 = min($0, number) } }
      return found
    }
    return found.lazy.compactMap { $0 ?? nil }.first
  }

  /// Does something for each number below a count, and gives what came of it in their order; nil
  /// for what was not begun before somebody asked for the end.
  private static func each<Result: Sendable>(
    _ count: Int, by crew: SearchThreads, _ work: @escaping @Sendable (Int) -> Result
  ) -> [Result?] {
    let state = Shared<Result>(count)
    crew.each { _ in
      while !Interruption.isCancelled, let number = state.next() {
        state.keep(work(number), at: number)
      }
    }
    return state.results
  }

  /// What the hands have in common.
  private final class Shared<Result: Sendable>: Sendable {
    private let state: Mutex<(next: Int, results: [Result?])>

    init(_ count: Int) {
      state = Mutex((0, Array(repeating: nil, count: count)))
    }

    func next() -> Int? {
      state.withLock { state in
        guard state.next < state.results.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func keep(_ result: Result, at number: Int) {
      state.withLock { $0.results[number] = result }
    }

    var results: [Result?] { state.withLock { $0.results } }
  }
}
