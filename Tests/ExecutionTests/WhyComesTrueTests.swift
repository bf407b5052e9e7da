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
    try hold(world.names) { world.scenario(at: moment, $0) }
  }

  /// What else has been promised in vain once: conditions that nobody makes true, code that goes
  /// round beside the task, lengths of time that are open, and timers that do it anyway.
  @Test(arguments: [
    // A timer, and then a condition for which the other never does enough.
    (
      "syscall a() { let e = wait q uninterruptible timeout 3s; "
        + "wait r uninterruptible until x >= 2; f() }",
      "syscall b() { x = 1; work 400ms }"
    ),
    // Nobody writes what it waits for; whoever wakes it takes its time.
    (
      "syscall a() { wait q uninterruptible until x == 1; f() }",
      "syscall b() { let e = wait r; work 1ms..500ms; wake q }"
    ),
    (
      "syscall a() { let e = wait q killable until x == 3; work 100ms; f() }",
      "syscall b() { work 400ms; wake q, 1; f() }"
    ),
    (
      "syscall a() { let e = wait q until x >= 2; wait r uninterruptible until x == 1; f() }",
      "syscall b() { x = x - 1; work 300ms }"
    ),
    // The setter's timer does it, whatever else is done.
    (
      "syscall a() { wait r uninterruptible until x == 1; f() }",
      "syscall b() { let e = wait q uninterruptible timeout 3s; x = 1; wake r; f() }"
    ),
    // Out of its sleep it wants a lock that comes back at 5 s.
    (
      "syscall a() { let e = wait q until x == 3; lock m; f(); unlock m }",
      "syscall b() { lock m; let e = wait r uninterruptible timeout 5s; unlock m }"
    ),
    // Short rounds beside it, and values that never fit.
    (
      "syscall a() { let e = wait r until x == 3; wait r uninterruptible until x == 3; f() }",
      "syscall b() { work 1ms; f() }"
    ),
    (
      "syscall a() { wait r uninterruptible until x == 1; f() }",
      "syscall b() { x = 0; work 300ms; f() }; "
        + "kthread kt { loop { sleep 900ms; wake q; f(); safe point } }"
    ),
    // An interrupt counts up to it.
    (
      "syscall a() { let e = wait r until x == 3; f() }",
      "irq i every 400ms on cpu 0 { x = x + 1; wake r }; syscall b() { work 1ms }"
    ),
  ])
  func norElsewhere(_ first: String, _ second: String) throws {
    try hold(["t", "o"]) { rest in
      """
      kernel "4.4.21-69-default" {
          var x in 0..3 = 0
          queue q
          queue r
          lock m
          fn f() { return 1 }
          \(first)
          \(second)
      }
      patch p { fn f() { return 2 } }
      program pa { a(); loop { work 1ms; sleep 1h } }
      program pb { loop { b(); work 1ms } }
      scenario "s" {
          let o = spawn pb on cpu 0
          let t = spawn pa on cpu 1
          sleep 2ms
          apply p
          sleep 15ms
          \(rest)
      }
      """
    }
  }

  /// Asks about the tasks of a text, and runs it once for each measure that is named or denied.
  ///
  /// - Parameter text: the text with these statements at its end.
  private func hold(_ names: [String], _ text: (String) -> String) throws {
    // In the order of the spawns, whatever the names' is.
    let questions = names.map { "print why(\($0)); print \($0).pid" }.joined(separator: "\n")
    let record = try ScenarioTexts.run(text(questions))
    let printed = record.events.compactMap { event -> String? in
      if case .printed(_, let text) = event.kind { text } else { nil }
    }
    // A run into a deadlock asks nothing.
    if case .failed(let failure) = record.outcome, failure.diagnostic.code == .deadlock { return }
    try #require(printed.count == 2 * names.count, "\(record.outcome)")
    let spawned = record.events.compactMap { event -> Int? in
      if case .spawned(let slot, _) = event.kind { slot.rawValue } else { nil }
    }
    // PIDs and slots count alike.
    let pids = try names.indices.map { try #require(Int(printed[2 * $0 + 1])) }
    let (least, first) = (try #require(pids.min()), spawned.sorted().suffix(names.count).first ?? 0)
    let left = try crossings(text("sleep 9s"))
    for (number, name) in names.enumerated() {
      let answer = printed[2 * number]
      guard !answer.contains("blocks nothing") else { continue }
      let slot = first + pids[number] - least
      func judge(_ measure: String, _ statement: String) throws {
        let (moves, denied) = Self.claims(answer)
        let (isNamed, isDenied) = (Self.has(measure, in: moves), Self.has(measure, in: denied))
        guard isNamed || isDenied else { return }
        let after = try crossings(text(statement + "; sleep 9s"))
        if isNamed {
          #expect(after[slot] != nil, "\(measure) does not move it: \(answer)")
        } else if left[slot] == nil {
          #expect(after[slot] == nil, "\(measure) moves it: \(answer)")
        }
      }
      for queue in ["q", "r"] { try judge("waking \(queue)", "wake \(queue)") }
      try judge("SIGSTOP", "signal STOP, \(name); sleep 10ms; signal CONT, \(name)")
      try judge("SIGCONT", "signal CONT, \(name)")
      try judge("a signal that ends it", "signal TERM, \(name)")
      for measure in ["its own next steps", "its timer", "kGraft's next look", "waiting"] {
        try judge(measure, "")
      }
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
