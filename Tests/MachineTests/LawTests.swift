import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine
@testable import Patching

/// What must be true of the fast machine's rows, over every world that can be reached. That equal
/// situations are equal words, and that asking for the choices changes none, `JointSearch` checks.
@Suite("Laws of rows")
struct LawTests {
  /// A step depends on the row and the choice alone: not on the workspace, nor on how much room
  /// the row has.
  @Test(arguments: Golden.all)
  func stepIsAFunctionOfTheRow(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    var workspace = pair.workspace()
    let padding = [UInt64](repeating: 0, count: 3 * pair.fast.layout.taskStride)
    var been: Set<[UInt64]> = []
    var open = [pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)]
    while let row = open.popLast() {
      let choices = choices(row, pair, &workspace)
      var fresh = pair.workspace(recording: true)
      #expect(self.choices(row + padding, pair, &fresh) == choices)
      for choice in choices {
        let (next, progress) = step(row, choice, pair, &workspace)
        let (longer, again) = step(row + padding, choice, pair, &fresh)
        try #require(again == progress && fresh.fault == workspace.fault)
        guard progress != .faulted else { continue }
        try #require(longer == next + padding)
        if been.insert(next).inserted, progress == .running { open.append(next) }
      }
    }
    #expect(been.count + 1 >= golden.states)
  }

  /// A spawn that finds no room leaves the row as it was; the same step on a longer one succeeds.
  @Test func growth() throws {
    let pair = Pair(Worlds.pairs(), KGraftRules(generation: .current), time: .arbitrary)
    var workspace = pair.workspace()
    let row = pair.fast.initialRow(taskCapacity: 0, &workspace)
    let spawn = Choice(actor: .operator)
    workspace.events.isRecording = true
    let (same, refused) = step(row, spawn, pair, &workspace)
    #expect(workspace.events.events.isEmpty)
    #expect(refused == .faulted)
    #expect(workspace.fault == .needsCapacity(tasks: 2))
    #expect(same == row)
    let room = [UInt64](repeating: 0, count: 2 * pair.fast.layout.taskStride)
    let (grown, progress) = step(row + room, spawn, pair, &workspace)
    #expect(progress == .running)
    let roomy = pair.fast.initialRow(taskCapacity: 2, &workspace)
    #expect(step(roomy, spawn, pair, &workspace).row == grown)
  }

  private func choices(
    _ row: [UInt64], _ pair: Pair, _ workspace: inout Workspace
  ) -> [Choice] {
    var row = row
    var span = row.mutableSpan
    var choices: [Choice] = []
    pair.fast.forEachChoice(&span, &workspace) { choices.append($0) }
    return choices
  }

  private func step(
    _ row: [UInt64], _ choice: Choice, _ pair: Pair, _ workspace: inout Workspace
  ) -> (row: [UInt64], progress: Progress) {
    var row = row
    var span = row.mutableSpan
    let progress = pair.fast.step(choice, &span, &workspace)
    return (row, progress)
  }
}
