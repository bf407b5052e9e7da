import Exploration
import Machine
import Patching
import Testing

@testable import Execution

/// The witness that is shown against every other schedule that shows the same.
@Suite struct WitnessMinimumTests {
  private typealias Cost = WitnessMinimum.Cost

  private func machine(
    _ text: String, breaking broken: [KGraftMutation] = []
  ) throws -> (machine: Machine, result: SearchResult) {
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    let machine = scenario.machine(.arbitrary)
    return (machine, BreadthFirstSearch.run(machine, bounds: SearchBounds()))
  }

  private static func update(_ tasks: Int, _ check: String) -> String {
    """
    kernel "4.4.21-69-default" {
        var seen in 0..3 = 0
        var done in 0..3 = 0
        syscall count() { let old = seen; seen = old + 1; done = done + 1 }
    }
    program counter { count() }
    scenario "s" in every schedule {
        spawn \(tasks) of counter
        await done == \(tasks)
        \(check)
    }
    """
  }

  /// Every schedule of at most that length, in whose last step the flaw comes about: what each
  /// costs, and how long it is. Plain recursion, and nothing is remembered.
  ///
  /// - Parameter preemptions: those with more are left out.
  private func costs(
    _ machine: Machine, to check: Int, length: Int, preemptions: Int = .max
  ) -> [(cost: WitnessMinimum.Cost, steps: Int)] {
    var workspace = Workspace(program: machine.program, recording: false, limits: .ci)
    let start = machine.initialRow(taskCapacity: 16, &workspace)
    var found: [(Cost, Int)] = []
    func go(_ world: [UInt64], _ last: Actor?, _ tasks: Set<Int>, _ cost: Cost, _ steps: Int) {
      var words = world
      var row = words.mutableSpan
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for choice in choices {
        var next = world
        var span = next.mutableSpan
        var (cost, tasks) = (cost, tasks)
        if let last, last != choice.actor {
          cost.turns += 1
          if choices.contains(where: { $0.actor == last }) { cost.preemptions += 1 }
        }
        guard cost.preemptions <= preemptions else { continue }
        if case .task(let slot) = choice.actor { tasks.insert(slot.rawValue) }
        cost.tasks = tasks.count
        workspace.failedChecks.removeAll()
        let progress = machine.step(choice, &span, &workspace)
        if workspace.failedChecks.contains(where: { $0.assertion == check }) {
          found.append((cost, steps + 1))
        } else if progress == .running, steps + 1 < length {
          go(next, choice.actor, tasks, cost, steps + 1)
        }
      }
    }
    go(start, nil, [], .none, 0)
    return found
  }

  /// Of all schedules that are as short none is cheaper, by all that there are.
  @Test(arguments: ["check seen == 2", "check done != 2 or seen == 1"])
  func noneIsCheaper(_ check: String) throws {
    let (machine, result) = try machine(Self.update(2, check))
    let witness = try #require(result.witnesses.first)
    guard case .checkFailed(let number) = witness.flaw else { return #expect(Bool(false)) }
    let length = witness.schedule.count
    let all = costs(machine, to: number, length: length)
    #expect(all.allSatisfy { $0.steps == length })
    var minimum = WitnessMinimum(machine, tasks: 16, limits: .ci)
    let found = minimum.minimum(of: witness)
    let (least, cost) = try #require(found)
    #expect(cost == all.map(\.cost).min())
    #expect(least.schedule.count == length)
    var order = WitnessOrder(machine, tasks: 16, limits: .ci)
    let again = order.cost(of: least)
    #expect(again?.preemptions == cost.preemptions)
  }

  /// Nor has a longer one fewer preemptions, where it is said that none has.
  @Test func noneOfAnyLengthHasFewer() throws {
    let (machine, result) = try machine(Self.update(2, "check seen == 2"))
    let witness = try #require(result.witnesses.first)
    guard case .checkFailed(let number) = witness.flaw else { return #expect(Bool(false)) }
    var minimum = WitnessMinimum(machine, tasks: 16, limits: .ci)
    let least = minimum.leastPreemptions(of: witness.flaw)
    // One task is interrupted between its look and its note, and both go to their ends, which takes
    // some steps more than the shortest schedule has.
    let all = costs(machine, to: number, length: witness.schedule.count + 8, preemptions: 1)
    #expect(least == all.map(\.cost.preemptions).min())
    #expect(least == 1)
  }

  /// What would take too long is left alone.
  @Test func whatIsTooMuchIsNotClaimed() throws {
    let (machine, result) = try machine(Self.update(2, "check seen == 2"))
    let witness = try #require(result.witnesses.first)
    var minimum = WitnessMinimum(machine, tasks: 16, limits: .ci, steps: 10)
    let none = minimum.minimum(of: witness)
    #expect(none?.cost == nil)
    var least = WitnessMinimum(machine, tasks: 16, limits: .ci, steps: 10)
    let unknown = least.leastPreemptions(of: witness.flaw)
    #expect(unknown == nil)
  }

  /// The window's witness stays as short as breadth first proves, and says so.
  @Test func theWindowsWitnessIsAShortestOne() throws {
    let body = "spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress"
    let text = SearchAnswerTests.loopers + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(
      try ScenarioTexts.scenarios(text, breaking: [.immutableWindow]).first)
    let whole = BreadthFirstSearch.run(scenario.machine(.arbitrary), bounds: SearchBounds())
    let record = ScenarioRunner(scenario, RunOptions()).run()
    guard case .everySchedule(let report) = record.mode, case .failed(let failure) = record.outcome
    else { return #expect(Bool(false)) }
    let shown = try #require(report.result.witnesses.first)
    #expect(shown.schedule.count == whole.witnesses.first?.schedule.count)
    #expect(shown.figures?.isLeast == true)
    let note = "\(shown.schedule.count) steps, as few as in any schedule that shows this; "
    #expect(failure.diagnostic.notes.contains { $0.hasPrefix(note) })
  }
}
