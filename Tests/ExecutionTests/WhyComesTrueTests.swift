import Diagnostics
import Execution
import Machine
import Testing

/// What `why` says of tasks on CPUs that somebody spins on, and of those behind them, held against
/// runs: in each the operator does one thing of those that are named or denied, and nothing more.
/// Nine seconds hold four looks of the engine and the timers of these texts.
@Suite("What why says comes true") struct WhyComesTrueTests {
  /// A machine in which somebody holds a lock asleep and somebody else wants it.
  struct World: Sendable, CustomTestStringConvertible {
    var release: String
    var holder: String
    var holderCPU: Int
    var spinner: String

    var testDescription: String { "\(release), \(holder) on \(holderCPU), \(spinner)" }

    var header: String {
      """
      kernel "\(release)" {
          queue q
          queue r
          lock m
          lock n
          var done in 0..1 = 0
          fn f() { return 1 }
          syscall deaf() { lock m; wait q uninterruptible; f(); unlock m }
          syscall open() { lock m; let x = wait q; unlock m; return x }
          syscall timed() { lock m; wait q uninterruptible timeout 3s; unlock m }
          syscall wants() { lock m; f(); unlock m }
          syscall behind() { lock n; f(); unlock n }
          syscall twice() { work 5ms; wait r uninterruptible; wait q uninterruptible; f() }
          syscall spins() { irqs off { lock m; unlock m } }
          \(extra)
      }
      patch p { fn f() { return 2 } }
      program ph { \(holder)(); loop { sleep 1h } }
      program ps { work 2ms; spins(); loop { sleep 1h } }
      program pu { loop { work 1ms } }
      program pw { work 20ms; wants(); loop { sleep 1h } }
      program pb { work 25ms; behind(); loop { sleep 1h } }
      program pt { work 20ms; twice(); loop { sleep 1h } }

      """
    }

    private var extra: String {
      switch spinner {
      case "irq": "irq i every 10ms on cpu 0 { lock m; unlock m }"
      case "irq, a lock": "irq i every 10ms on cpu 0 { lock n; lock m; unlock m; unlock n }"
      case "kthread": "kthread k { loop { wait q freezable; lock m; unlock m } }"
      default: ""
      }
    }

    /// The tasks whose names a scenario has, in the order in which they are asked about.
    var names: [String] { ["h", "u", "v", "w", "b", "t"] + (spinner == "task" ? ["s"] : []) }

    func scenario(at moment: String, _ rest: String) -> String {
      header + """
        scenario "s" {
            let h = spawn ph on cpu \(holderCPU)
            let u = spawn pu on cpu 0
            let v = spawn pu on cpu 0
            let w = spawn pw on cpu 1
            let b = spawn pb on cpu 1
            let t = spawn pt
            sleep 1ms
            apply p
            \(spinner == "task" ? "let s = spawn ps on cpu 0" : "")
            sleep \(moment)
            \(rest)
        }
        """
    }
  }

  static let worlds: [World] = {
    var worlds: [World] = []
    for release in ["4.4.21-69-default", "3.12.61-52-default"] {
      for holder in ["deaf", "open", "timed"] {
        for cpu in 0..<2 {
          for spinner in ["irq", "irq, a lock", "task", "kthread", "none"] {
            worlds.append(
              World(release: release, holder: holder, holderCPU: cpu, spinner: spinner))
          }
        }
      }
    }
    return worlds
  }()

  /// When the tasks came across, or ended, by their slot; nothing where the text does not run to
  /// its end but into a deadlock.
  private func crossings(_ text: String) throws -> [Int: Int64] {
    var moments: [Int: Int64] = [:]
    for event in try ScenarioTexts.run(text).events {
      switch event.kind {
      case .migrated(let slot, _), .exited(let slot):
        moments[slot.rawValue] = moments[slot.rawValue] ?? event.time
      default: break
      }
    }
    return moments
  }

  /// What is said without the reasons: of what would move it, and of what would not.
  private static func claims(_ answer: String) -> (moves: String, denied: String) {
    var text = ""
    var depth = 0
    for character in answer {
      if character == "(" { depth += 1 }
      if depth == 0 { text.append(character) }
      if character == ")" { depth -= 1 }
    }
    let lines = text.split(separator: "\n")
    return (
      lines.first { $0.hasPrefix("it would move by") }.map(String.init) ?? "",
      lines.first { $0.hasPrefix("it would not by") }.map(String.init) ?? ""
    )
  }

  /// Whether a list of measures has that one.
  private static func has(_ measure: String, in list: String) -> Bool {
    let items = list.split(whereSeparator: { ":;,".contains($0) }).map {
      $0.drop { $0 == " " }
    }
    if measure.hasPrefix("waking ") {
      guard let first = items.firstIndex(where: { $0.hasPrefix("waking ") }) else { return false }
      if items[first].hasPrefix(measure) { return true }
      // `waking q, r`: queues have names of one letter here.
      return items[(first + 1)...].prefix { $0.trimmed.count == 1 }.contains {
        $0.trimmed == measure.dropFirst("waking ".count)
      }
    }
    return items.contains { $0.hasPrefix(measure) }
  }

  @Test(arguments: worlds, ["50ms", "4500ms"])
  func nothingIsPromisedOrDeniedInVain(_ world: World, _ moment: String) throws {
    let questions = world.names.map { "print why(\($0))" }.joined(separator: "\n")
    let record = try ScenarioTexts.run(world.scenario(at: moment, questions))
    let answers = record.events.compactMap { event -> String? in
      if case .printed(_, let text) = event.kind { text } else { nil }
    }
    // A run into a deadlock asks nothing.
    if case .failed(let failure) = record.outcome, failure.diagnostic.code == .deadlock { return }
    try #require(answers.count == world.names.count, "\(record.outcome)")
    let slots = record.events.compactMap { event -> Int? in
      if case .spawned(let slot, _) = event.kind { slot.rawValue } else { nil }
    }
    let left = try crossings(world.scenario(at: moment, "sleep 9s"))
    func judge(_ measure: String, _ statement: String, _ slot: Int, _ answer: String) throws {
      let (moves, denied) = Self.claims(answer)
      let (isNamed, isDenied) = (Self.has(measure, in: moves), Self.has(measure, in: denied))
      guard isNamed || isDenied else { return }
      let after = try crossings(world.scenario(at: moment, statement + "; sleep 9s"))
      if isNamed {
        #expect(after[slot] != nil, "\(measure) does not move it: \(answer)")
      } else if left[slot] == nil {
        #expect(after[slot] == nil, "\(measure) moves it: \(answer)")
      }
    }
    for (number, name) in world.names.enumerated() {
      let answer = answers[number]
      guard !answer.contains("blocks nothing") else { continue }
      let slot = slots[slots.count - world.names.count + number]
      for queue in ["q", "r"] {
        try judge("waking \(queue)", "wake \(queue)", slot, answer)
      }
      try judge("SIGSTOP", "signal STOP, \(name); sleep 10ms; signal CONT, \(name)", slot, answer)
      try judge("SIGCONT", "signal CONT, \(name)", slot, answer)
      try judge("a signal that ends it", "signal TERM, \(name)", slot, answer)
      for measure in ["its own next steps", "its timer", "kGraft's next look", "waiting"] {
        try judge(measure, "", slot, answer)
      }
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
