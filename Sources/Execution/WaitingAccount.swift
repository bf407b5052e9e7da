import Administration
import Diagnostics
import Machine
import Patching

/// What is to be said of a request that is never answered: for which CPU, or which task, it waits,
/// and what the machine looks like meanwhile.
struct WaitingAccount {
  /// `CPU 0`, `rmmod:102`.
  private(set) var what = ""
  private(set) var notes: [String] = []
  private(set) var help = ""

  /// Nil when the operator waits for no answer.
  init?(_ session: inout Session, _ sources: SourceMap) {
    let found = session.look { machine, row, _ -> WaitingAccount? in
      guard row[machine.layout.operatorStatus] == OperatorStatus.busy.rawValue else { return nil }
      return WaitingAccount(machine, &row) { sources.place(of: $0) }
    }
    guard let found else { return nil }
    self = found
  }

  private init?(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ place: @escaping (Origin) -> String?
  ) {
    guard let engine = machine.engine as? KGraft else { return nil }
    let cpus = engine.cpusWaitedFor(machine, &row)
    guard cpus.isEmpty else {
      tellCPUs(cpus, engine, machine, &row, place)
      return
    }
    // A command's process is the last task that was born and has not ended.
    let processes = machine.program.commandProcesses.map(\.function)
    for number in (0..<machine.taskCount(&row)).reversed() {
      let slot = TaskSlot(number)
      guard processes.contains(machine.function(of: slot, &row)),
        ![.gone, .zombie].contains(machine.state(of: slot, &row))
      else { continue }
      what = machine.taskName(slot, &row)
      notes = [Self.sentence(slot, machine, &row, place)]
      help = "let what it waits for come: wake its queue, or give its lock back, before this"
      return
    }
    return nil
  }

  private mutating func tellCPUs(
    _ cpus: [Int], _ engine: KGraft, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ place: @escaping (Origin) -> String?
  ) {
    what = cpus.map { "CPU \($0)" }.joined(separator: " and ")
    help = "let that code come to an end; more CPUs do not help, for every one is asked"
    var isPreemptionOfUse = false
    for cpu in cpus.prefix(Self.toldCPUs) {
      if let spinner = machine.handlerSpinning(on: cpu, &row),
        case .handler(let number) = spinner.runner
      {
        tell(spinner, of: number, cpu, machine, &row, place)
      } else if let slot = machine.occupier(of: cpu, &row) {
        var text = Self.sentence(slot, machine, &row, place)
        if machine.neverGivesUp(slot, &row) {
          text += "; its code comes to no sleep and no boundary"
        }
        if machine.isAtomic(slot, &row) {
          notes.append(text + "; with interrupts or bottom halves off it is not preempted")
          continue
        }
        isPreemptionOfUse = true
        notes.append(text + (machine.program.isPreemptible ? "" : "; this kernel does not preempt"))
      } else if let handler = machine.busyHandler(of: cpu, &row) {
        let (name, at) = (handler.name, place(handler.origin).map { " (\($0))" } ?? "")
        notes.append("its interrupt handler \(name)\(at) leaves CPU \(cpu) no time")
        help = "let \(name) come less often, or work for less time than from one to the next"
      }
    }
    if isPreemptionOfUse, !machine.program.isPreemptible { help += "; `machine { preempt }` does" }
    notes.append(
      "meanwhile the immutable window is open: every task runs old code, in_progress reads 1, "
        + "another apply gets EAGAIN; force does not help, for the worker is not queued yet")
  }

  private mutating func tell(
    _ spinner: Spinner, of number: Int, _ cpu: Int, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ place: @escaping (Origin) -> String?
  ) {
    let (handler, lock) = (
      machine.handlerFunction(number), machine.program.locks[spinner.lock].name
    )
    let at = place(handler.origin).map { " (\($0))" } ?? ""
    let isLost = machine.isLost(cpu, &row)
    var text =
      "CPU \(cpu) is \(isLost ? "lost" : "kept"): the interrupt handler \(handler.name)\(at) "
    text += "spins for \(lock), "
    switch spinner.holder {
    case .task(let slot):
      text += "which \(machine.taskName(slot, &row)) holds"
      notes.append(text)
      if !isLost { notes.append(Self.sentence(slot, machine, &row, place)) }
    case .handler: notes.append(text + "which a handler holds")
    }
    help = "hold \(lock) with interrupts off, `irqs off { lock \(lock); …; unlock \(lock) }`"
    // Asleep nobody has them off.
    if case .task(let slot) = spinner.holder, machine.state(of: slot, &row) != .runnable {
      help += ", and give it back before any sleep"
    }
  }

  private static let toldCPUs = 3

  func diagnostic(_ range: SourceRange) -> Diagnostic {
    .requestWaits(range, for: what, notes: notes, help: help)
  }

  /// Those who have a CPU and spin on a lock, with who holds it.
  static func spinners(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ place: @escaping (Origin) -> String?
  ) -> [String] {
    var notes: [String] = []
    for number in 0..<machine.taskCount(&row)
    where notes.count < toldCPUs && machine.spunLock(of: TaskSlot(number), &row) != nil {
      notes.append(sentence(TaskSlot(number), machine, &row, place))
    }
    return notes
  }

  /// `ws:100 has CPU 0 since 0.000002, in the kernel, in wspin (…), called from ws (…)`.
  private static func sentence(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ place: @escaping (Origin) -> String?
  ) -> String {
    let blocker = Blocker(standing: slot, machine, &row)
    return blocker.standing(machine.program, place)
  }
}
