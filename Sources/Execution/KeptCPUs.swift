import Machine
import Patching

/// CPUs of a run that somebody keeps: what a search that forgets the clock must not give away.
///
/// Where time is arbitrary every task steps as if it had a CPU of its own. That is too much where a
/// run has come to kernel code that never gives its CPU up: who needs that CPU makes no step any
/// more, at whatever speed.
struct KeptCPUs: Sendable, Equatable {
  /// Code that comes to no sleep and no boundary has it, whatever it computes.
  private(set) var forEver: [Int: TaskSlot] = [:]
  /// The engine waits for it, and whoever is in the kernel there has not given it up since. When
  /// it does the engine is first in line.
  private(set) var meanwhile: [Int: TaskSlot] = [:]
  private let engine: KGraft
  private let cpuCount: Int

  static func == (left: Self, right: Self) -> Bool {
    left.forEver == right.forEver && left.meanwhile == right.meanwhile
  }

  init(_ machine: Machine, _ engine: KGraft, _ row: inout MutableSpan<UInt64>) {
    self.engine = engine
    cpuCount = machine.program.cpuCount
    let isSwitching = engine.phase(machine, &row) == .switchCPUs
    for cpu in 0..<cpuCount {
      guard let slot = machine.keeper(of: cpu, &row) else { continue }
      if machine.neverGivesUp(slot, &row) {
        forEver[cpu] = slot
      } else if isSwitching, !engine.isSwitched(cpu: cpu, machine, &row) {
        meanwhile[cpu] = slot
      }
    }
  }

  var isEmpty: Bool { forEver.isEmpty && meanwhile.isEmpty }

  /// Who has the CPU, in a world without a clock that comes after.
  private func keeper(
    of cpu: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> TaskSlot? {
    if let slot = forEver[cpu] { return slot }
    guard let slot = meanwhile[cpu], engine.phase(machine, &row) == .switchCPUs,
      !engine.isSwitched(cpu: cpu, machine, &row), machine.keepsCPU(slot, &row)
    else { return nil }
    return slot
  }

  /// Whether that step needs a CPU that somebody has for good.
  func rulesOut(
    _ choice: Choice, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard !isEmpty else { return false }
    switch choice.actor {
    case .operator, .handler: return false
    case .task(let slot):
      if let own = machine.ownCPU(of: slot, &row) {
        return keeper(of: own, machine, &row).map { $0 != slot } ?? false
      }
      for cpu in 0..<cpuCount {
        guard let keeper = keeper(of: cpu, machine, &row), keeper != slot else { return false }
      }
      return true
    case .engine:
      switch engine.phase(machine, &row) {
      case .switchCPUs:
        return engine.cpu(ofAlternative: choice.alternative, machine, &row)
          .map { keeper(of: $0, machine, &row) != nil } ?? false
      case .look:
        for cpu in 0..<cpuCount where keeper(of: cpu, machine, &row) == nil { return false }
        return engine.rules.workerNeedsCPU
      default: return false
      }
    }
  }
}
