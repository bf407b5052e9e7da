import Machine

@testable import Machine

/// Everybody but the operator, going on from any world: tasks, handlers and the engine. What the
/// machine comes to by itself.
final class Everybody {
  private let machine: Machine
  private let greatest: Int
  private var numbers: [[UInt64]: Int] = [:]
  private var worlds: [[UInt64]] = []
  private var steps: [[Int]] = []
  /// Worlds from which some step led where there was no room.
  private var cut: [Int] = []

  init(_ machine: Machine, greatest: Int) {
    self.machine = machine
    self.greatest = greatest
  }

  /// The number of a world; nil when there are enough of them.
  func number(of world: [UInt64]) -> Int? {
    if let known = numbers[world] { return known }
    guard worlds.count < greatest else { return nil }
    numbers[world] = worlds.count
    worlds.append(world)
    return worlds.count - 1
  }

  /// Every step from every world, as long as there is room. What is found to be possible is
  /// possible; of what isn't found nothing is said where there was no room.
  func goOn(_ workspace: Workspace) {
    var workspace = workspace
    while steps.count < worlds.count {
      let world = worlds[steps.count]
      steps.append([])
      var words = world
      var row = words.mutableSpan
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for choice in choices where choice.actor != .operator {
        var words = world
        var row = words.mutableSpan
        let progress = machine.step(choice, &row, &workspace)
        workspace.fault = nil
        guard progress != .faulted else { continue }
        guard let number = number(of: words) else {
          cut.append(steps.count - 1)
          continue
        }
        steps[steps.count - 1].append(number)
      }
    }
  }

  /// For each world, whether some way leads on to one in which nothing waits for the task.
  ///
  /// - Parameter hoping: where there was no room it might.
  func ways(across slot: TaskSlot, hoping: Bool = false) -> [Bool] {
    var sources: [[Int]] = worlds.map { _ in [] }
    for (world, targets) in steps.enumerated() {
      for target in targets { sources[target].append(world) }
    }
    var leads = worlds.map { world in
      var words = world
      var row = words.mutableSpan
      return !machine.engine.isWaitedFor(slot, machine, &row)
    }
    if hoping { for world in cut { leads[world] = true } }
    var open = leads.indices.filter { leads[$0] }
    while let world = open.popLast() {
      for source in sources[world] where !leads[source] {
        leads[source] = true
        open.append(source)
      }
    }
    return leads
  }
}
