import Diagnostics
import Machine

/// What a crash or a deadlock was about, told from the events: who, in which functions, and where
/// each lock of a circle was taken.
struct CrashAccount {
  private let program: Program
  private let cast: Cast
  /// For each lock, by whom and where it was last taken.
  private var takings: [Int: (runner: Runner, address: Int)] = [:]
  /// The lines of the kernel log.
  private var log: [String] = []

  init(_ events: [Event], _ program: Program) {
    self.program = program
    cast = Cast(events, program)
    for event in events {
      switch event.kind {
      case .locked(let runner, let lock, let address): takings[lock] = (runner, address)
      case .kernelLog(let line): log.append(line)
      default: break
      }
    }
  }

  private func range(_ address: Int) -> SourceRange { program.origins[address].range }

  func diagnostic(_ oops: Oops) -> Diagnostic {
    let prefix = "BUG: "
    let line = log.last { $0.hasPrefix(prefix) } ?? prefix + "kernel BUG"
    let reason =
      oops.reason == .initEnded
      ? "pid 1 has ended" : escapingControls(String(line.dropFirst(prefix.count)))
    return .oops(
      range(oops.address), who: "\(cast.name(oops.runner)), in \(cast.place(oops.address)),",
      reason: reason, notes: [])
  }

  /// The circle: who waits for what, and who has it since where.
  func diagnostic(_ waits: [LockWait]) -> Diagnostic {
    var labels: [Label] = []
    var notes: [String] = []
    for (number, wait) in waits.enumerated() {
      let lock = program.locks[wait.lock].name
      let text = "\(cast.name(wait.runner)) waits for \(lock)"
      labels.append(
        number == 0
          ? .primary(range(wait.address), text) : .secondary(range(wait.address), text))
      var note = "\(cast.name(wait.runner)), in \(cast.place(wait.address)), waits for \(lock)"
      if let taking = takings[wait.lock] {
        let holder = cast.name(taking.runner)
        labels.append(.secondary(range(taking.address), "\(holder) took \(lock)"))
        note += ", which \(holder) took in \(cast.place(taking.address))"
        let next = waits[(number + 1) % waits.count].runner
        switch wait.holdersNeed {
        case nil: break
        case .handlersEnd: note += " before \(cast.name(next)) interrupted it"
        case .cpu: note += " and which needs the CPU that \(cast.name(next)) keeps"
        }
      }
      notes.append(note)
    }
    var seen: Set<SourceRange> = []
    return .deadlock(
      labels.filter { seen.insert($0.range).inserted }, notes: notes, help: help(waits))
  }

  private func help(_ waits: [LockWait]) -> String {
    let needs = waits.compactMap(\.holdersNeed)
    if needs.contains(.cpu) {
      return
        "who is spun for must not lose its CPU: it holds the lock with interrupts off as well, "
        + "`irqs off { … }`, and not over a sleep"
    }
    if needs.contains(.handlersEnd) {
      return "hold what a handler takes with interrupts off, `irqs off { … }`"
    }
    return waits.count == 1
      ? "give the lock back before it is taken again" : "take locks in one order everywhere"
  }
}
