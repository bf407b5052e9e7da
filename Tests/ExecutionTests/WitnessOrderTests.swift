import Exploration
import Machine
import Patching
import Testing

@testable import Execution

/// The order in which the steps of a witness are shown.
@Suite struct WitnessOrderTests {
  private func machine(
    _ body: String, breaking broken: [KGraftMutation] = []
  ) throws -> (machine: Machine, result: SearchResult) {
    let text = SearchAnswerTests.loopers + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    let machine = scenario.machine(.arbitrary)
    return (machine, BreadthFirstSearch.run(machine, bounds: SearchBounds()))
  }

  private let window = "spawn 3 of looper\nnever mixed\napply fix\nawait not in_progress"

  /// It is as short, ends in the same flaw, and costs no more.
  @Test func aBetterOrderIsAsShortAndShowsTheSame() throws {
    let (machine, result) = try machine(window, breaking: [.immutableWindow])
    let witness = try #require(result.witnesses.first)
    var order = WitnessOrder(machine, tasks: 16, limits: .ci)
    let better = order.improved(witness)
    #expect(better.schedule.count == witness.schedule.count)
    let costs = [order.cost(of: witness), order.cost(of: better)]
    let (before, after) = (try #require(costs[0]), try #require(costs[1]))
    #expect(after <= before)
    guard case .fault(.violated(let one, _)) = witness.flaw,
      case .fault(.violated(let other, _)) = better.flaw
    else { return #expect(Bool(false)) }
    #expect(one == other)
  }

  /// The lost update of two tasks: of all schedules as short, every one of which is looked at here,
  /// none is made worse, and the worst is made better.
  @Test func noOrderIsMadeWorse() throws {
    let text = """
      kernel "4.4.21-69-default" {
          var seen in 0..3 = 0
          var done in 0..3 = 0
          syscall count() { let old = seen; seen = old + 1; done = done + 1 }
      }
      program counter { count() }
      scenario "s" in every schedule { spawn 2 of counter; await done == 2; check seen == 2 }
      """
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    let machine = scenario.machine(.arbitrary)
    let result = BreadthFirstSearch.run(machine, bounds: SearchBounds())
    let witness = try #require(result.witnesses.first)
    guard case .checkFailed(let check) = witness.flaw else { return #expect(Bool(false)) }
    var order = WitnessOrder(machine, tasks: 16, limits: .ci)
    let all = Self.schedules(machine, length: witness.schedule.count, failing: check)
    let costs = all.compactMap { order.cost(of: Witness(flaw: witness.flaw, schedule: $0)) }
    #expect(costs.count == all.count && all.contains(witness.schedule))
    let most = try #require(costs.max())
    let worst = try #require(zip(costs, all).first { $0.0 == most }?.1)
    let mended = order.improved(Witness(flaw: witness.flaw, schedule: worst))
    let cost = order.cost(of: mended)
    let now = try #require(cost)
    #expect(now < most)
    for schedule in all {
      let worse = Witness(flaw: witness.flaw, schedule: schedule)
      let better = order.improved(worse)
      let pair = [order.cost(of: better), order.cost(of: worse)]
      let (cost, before) = (try #require(pair[0]), try #require(pair[1]))
      #expect(cost <= before)
    }
  }

  /// Every schedule of that length in whose last step the check fails.
  private static func schedules(_ machine: Machine, length: Int, failing check: Int) -> [[Int]] {
    var workspace = Workspace(program: machine.program, recording: false, limits: .ci)
    let start = machine.initialRow(taskCapacity: 16, &workspace)
    var found: [[Int]] = []
    func go(_ world: [UInt64], _ schedule: [Int]) {
      var words = world
      var row = words.mutableSpan
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for (number, choice) in choices.enumerated() {
        var words = world
        var row = words.mutableSpan
        workspace.fuel.restart(operations: workspace.limits.operations)
        workspace.failedChecks.removeAll()
        guard machine.step(choice, &row, &workspace) != .faulted else { continue }
        if schedule.count + 1 == length {
          if workspace.failedChecks.contains(where: { $0.assertion == check }) {
            found.append(schedule + [number])
          }
        } else {
          go(words, schedule + [number])
        }
      }
    }
    go(start, [])
    return found
  }
}
