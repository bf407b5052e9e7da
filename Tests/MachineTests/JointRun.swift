import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine
@testable import Patching

/// SplitMix64: a seed is all there is to a test's choices.
struct Dice {
  private var state: UInt64
  init(seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }

  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((word ^ (word >> 31)) % UInt64(sides))
  }

  mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }
}

/// One run in kept time, on both machines side by side.
struct JointRun {
  let pair: Pair
  let label: String
  /// Nil: the natural run. Otherwise the seed picks among the steps that are due.
  let seed: Int?
  var greatest = 2_000
  /// Whether to step on a row with more room, and with an agenda made anew at each step.
  var checksLaws = true
  /// Whether more tasks than the row has room for are given room.
  var growsRows = false
  /// Choices, events and outcomes are compared at each step; beyond the first 1,000 the whole
  /// worlds only now and then.
  var stepsBetweenPortraits = 1

  /// Number of steps made, and how it ended; nil after a difference.
  func run() -> (steps: Int, outcome: ReferenceOutcome)? {
    var workspace = pair.workspace(recording: true)
    var row = pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)
    guard var world = try? pair.slow.initial() else { return nil }
    var dice = Dice(seed: seed ?? 0)
    for step in 0..<greatest {
      let isLookedAt = step < 1_000 || step.isMultiple(of: stepsBetweenPortraits)
      guard !isLookedAt || isSame(row, world, step) else { return nil }
      pair.host?.forget()
      var rebuilt: Workspace?
      var copy: [UInt64] = []
      if checksLaws {
        copy = row + [UInt64](repeating: 0, count: 2 * pair.fast.layout.taskStride)
        var made = pair.workspace()
        rebuild(&copy, &made)
        rebuilt = made
      }
      let choices = due(&row, &workspace)
      guard let (moved, expected) = expected(world) else {
        if !choices.isEmpty { Issue.record("\(label), step \(step): the reference stands still") }
        return choices.isEmpty ? (step, .running) : nil
      }
      guard choices.map(Pair.translate) == expected, !choices.isEmpty else {
        Issue.record("\(label), step \(step): due \(choices) against \(expected)")
        return nil
      }
      let choice = choices[dice.roll(choices.count)]
      _ = workspace.events.takeEvents()
      let progress = self.step(choice, &row, &workspace)
      let outcome = Pair.translate(progress, workspace.fault)
      let reference = pair.slow.step(moved, Pair.translate(choice), isRecording: true)
      guard outcome == reference.outcome else {
        Issue.record("\(label), step \(step): \(outcome) against \(reference.outcome)")
        return nil
      }
      let told = workspace.events.events.compactMap { EventText.text($0.kind) }
      guard told == reference.events else {
        Issue.record("\(label), step \(step): \(told) against \(reference.events)")
        return nil
      }
      if outcome != .running { return (step + 1, outcome) }
      if let rebuilt, !isSameAfterRebuild(copy, rebuilt, choice, choices, row, step) { return nil }
      world = reference.world
    }
    return (greatest, .running)
  }

  /// A step that needs more room has not been made.
  private func step(
    _ choice: Choice, _ row: inout [UInt64], _ workspace: inout Workspace
  ) -> Progress {
    while true {
      var span = row.mutableSpan
      let progress = pair.fast.step(choice, &span, &workspace)
      guard growsRows, case .needsCapacity(let tasks)? = workspace.fault else { return progress }
      workspace.fault = nil
      let more = pair.fast.layout.rowWords(tasks: tasks) - row.count
      row += [UInt64](repeating: 0, count: max(0, more))
    }
  }

  /// The natural step alone, or all that a seed may pick from.
  private func due(_ row: inout [UInt64], _ workspace: inout Workspace) -> [Choice] {
    var span = row.mutableSpan
    guard seed == nil else {
      let due = pair.fast.dueChoices(&span, &workspace)
      return (0..<due.count).map { due[$0] }
    }
    return pair.fast.nextChoice(&span, &workspace).map { [$0] } ?? []
  }

  private func expected(_ world: ReferenceWorld) -> (ReferenceWorld, [ReferenceChoice])? {
    guard seed == nil else { return pair.slow.due(world) }
    return pair.slow.next(world).map { ($0.0, [$0.1]) }
  }

  private func rebuild(_ row: inout [UInt64], _ workspace: inout Workspace) {
    var span = row.mutableSpan
    pair.fast.rebuildAgenda(&span, &workspace)
  }

  private func isSame(_ row: [UInt64], _ world: ReferenceWorld, _ step: Int) -> Bool {
    let portrait = pair.reader.portrait(row)
    let expected = pair.slow.portrait(world)
    guard portrait != expected else { return true }
    Issue.record("\(label), before step \(step):\n\(portrait)\nagainst\n\(expected)")
    return false
  }

  /// The same step from the same row, but with more room in it and an agenda made from the row
  /// alone: the same choices, the same row.
  private func isSameAfterRebuild(
    _ row: [UInt64], _ workspace: Workspace, _ choice: Choice, _ choices: [Choice],
    _ expected: [UInt64], _ step: Int
  ) -> Bool {
    var row = row
    var workspace = workspace
    let again = due(&row, &workspace)
    var span = row.mutableSpan
    _ = pair.fast.step(choice, &span, &workspace)
    let isSame = again == choices && Array(row.prefix(expected.count)) == expected
    if !isSame { Issue.record("\(label), step \(step): the agenda made anew goes another way") }
    return isSame && row.dropFirst(expected.count).allSatisfy { $0 == 0 }
  }
}

extension Pair {
  /// What happens in the natural run under 4.4's rules.
  static func events(of program: Program) throws -> [Event] {
    let pair = Pair(program, KGraftRules(generation: .current), time: .kept)
    var workspace = pair.workspace(recording: true)
    var row = pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)
    var span = row.mutableSpan
    var progress = Progress.running
    for _ in 0..<5_000 where progress == .running {
      let choice = try #require(pair.fast.nextChoice(&span, &workspace))
      progress = pair.fast.step(choice, &span, &workspace)
    }
    try #require(progress == .finished)
    return workspace.events.events
  }
}

/// The fast machine's events in the words of the reference.
enum EventText {
  static func text(_ kind: Event.Kind) -> String? {
    switch kind {
    case .spawned(let slot, let function): "spawned \(slot.rawValue) \(function.rawValue)"
    case .enteredKernel(let slot, _): "entered \(slot.rawValue)"
    case .leftKernel(let slot, let restarts): "left \(slot.rawValue) restarting \(restarts)"
    case .slept(let slot, let queue, let isDeep):
      "slept \(slot.rawValue) in \(queue ?? -1) as \(isDeep ? "uninterruptible" : "sleeping")"
    case .woken(let slot, let reason): "woken \(slot.rawValue) \(reason)"
    case .signalled(let slot, let signal): "signalled \(slot.rawValue) \(signal.rawValue)"
    case .signalMissed(let slot, let signal): "missed \(slot.rawValue) \(signal.rawValue)"
    case .stopped(let slot): "stopped \(slot.rawValue)"
    case .continued(let slot): "continued \(slot.rawValue)"
    case .preempted(let slot): "preempted \(slot.rawValue)"
    case .reachedSafePoint(let slot): "safe \(slot.rawValue)"
    case .exited(let slot): "exited \(slot.rawValue)"
    case .forked(let parent, let child, let isThread):
      "forked \(parent.rawValue) \(child.rawValue) \(isThread)"
    case .reaped(let parent, let child):
      "reaped \(parent.map { "\($0.rawValue)" } ?? "init") \(child.rawValue)"
    case .caught(let slot, let signal): "caught \(slot.rawValue) \(signal.rawValue)"
    case .called(let runner, let traced, let chosen):
      "called \(name(runner)) \(traced.rawValue) \(chosen.rawValue)"
    case .returned(let runner, let function): "returned \(name(runner)) \(function.rawValue)"
    case .worked(let runner, let length): "worked \(name(runner)) \(length)"
    case .stored(let runner, let variable, let value): "stored \(name(runner)) \(variable) \(value)"
    case .locked(let runner, let lock, _): "locked \(name(runner)) \(lock)"
    case .unlocked(let runner, let lock): "unlocked \(name(runner)) \(lock)"
    case .lockOrdered(let runner, let held, let lock, _):
      "order \(name(runner)) \(held) \(lock)"
    case .allocated(let runner, let object): "allocated \(name(runner)) \(object ?? 0)"
    case .freed(let runner, let object): "freed \(name(runner)) \(object)"
    case .fieldStored(let runner, let object, let field, let value):
      "field \(name(runner)) \(object) \(field) \(value)"
    case .shadowStored(let runner, let object, let shadow):
      "shadow \(name(runner)) \(object) \(shadow)"
    case .shadowDropped(let runner, let object, let shadow):
      "no shadow \(name(runner)) \(object) \(shadow)"
    case .oopsed(let oops): "oops \(name(oops.runner))"
    case .panicked: "panic"
    case .interruptBegan(let handler, let cpu): "irq \(handler) on \(cpu)"
    case .interruptEnded(let handler, let cpu): "irq end \(handler) on \(cpu)"
    case .patching(let stage, _): text(stage)
    case .marked(let slot): "marked \(slot.rawValue)"
    case .migrated(let slot, let cause):
      "migrated \(slot.rawValue) by "
        + [
          .kernelEntry: "entry", .kernelExit: "exit", .interruption: "interruption",
          .safePoint: "safe", .exit: "end", .force: "force",
        ][cause, default: "?"]
    case .kernelLog(let line): "log \(line)"
    case .requested(_, .accepted): "accepted"
    case .requested(_, .refused(let error)): "refused \(error)"
    case .reported(let site, _, _): "reported \(site)"
    case .cued(let cue, _): "cued \(cue)"
    case .asserted(let assertion): "asserted \(assertion)"
    case .checkFailed(let assertion): "check \(assertion) failed"
    case .reached(let property): "reached \(property)"
    case .finished: "finished"
    case .module(let module, let state): "module \(module.rawValue) \(state)"
    case .moduleFunctionPatched(let traced): "function \(traced.rawValue) caught up"
    case .lostText(let lost): "lost \(lost.slot.rawValue)"
    case .rebooted: "rebooted"
    default: nil
    }
  }

  private static func text(_ stage: PatchingStage) -> String {
    switch stage {
    case .windowOpened(let reverting): "window opened \(reverting ? "to revert" : "to apply")"
    case .functionRedirected(let traced): "function \(traced.rawValue) redirected"
    case .functionSkipped(let traced, _): "function \(traced.rawValue) skipped"
    case .inProgress: "in progress"
    case .cpuSwitched(let cpu): "switched \(cpu)"
    case .marked: "all marked"
    case .windowClosed: "window closed"
    case .kernelThreadWoken(let slot): "poked \(slot.rawValue)"
    case .looked(let left): "looked \(left)"
    case .fakeSignal(let slot): "fake signal \(slot.rawValue)"
    case .functionFinalised(let traced): "function \(traced.rawValue) finalised"
    case .functionReverting(let traced): "function \(traced.rawValue) reverting"
    case .functionReverted(let traced): "function \(traced.rawValue) reverted"
    case .functionRestored(let traced): "function \(traced.rawValue) restored"
    case .failed(let error, let isOpen):
      "transition failed \(error)" + (isOpen ? ", window open" : "")
    case .finished: "transition finished"
    }
  }

  private static func name(_ runner: Runner) -> String {
    switch runner {
    case .task(let slot): "task \(slot.rawValue)"
    case .handler(let number): "handler \(number)"
    }
  }
}
