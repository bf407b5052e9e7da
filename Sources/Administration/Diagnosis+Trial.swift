import Machine
import Patching

/// What the code ahead of a task promises is held against the machine, which knows of everybody
/// else too: of who holds its lock, and who has its CPU.
extension Diagnosis {
  /// Takes back what does not come true, and what is denied and does.
  mutating func hold(against trial: Trial, _ row: inout MutableSpan<UInt64>) {
    // It needs nobody, and nothing else is claimed: unless nobody gets anywhere.
    guard !movesAlone || trial.isWindowOpen else { return }
    var bench = Bench(trial, sendsFakeSignals: sendsFakeSignals)
    let (claimed, denied) = (remedies, futile)
    remedies = []
    futile = []
    for remedy in claimed {
      switch verdict(on: remedy.measure, &bench, &row) {
      case .fails(let reason):
        let reason = reviewed[remedy.measure] ?? reason
        futile.append(.init(measure: remedy.measure, reason: reason))
      case .isAnothers: keep(remedy, of: bench)
      case .helps, .open: remedies.append(remedy)
      }
    }
    for denied in denied {
      guard denied.reason != .kernelThread,
        case .helps = verdict(on: denied.measure, &bench, &row)
      else {
        futile.append(denied)
        continue
      }
      remedies.append(
        .init(
          measure: denied.measure, isCertain: false, byWayOf: others(by: denied.measure, &row)))
    }
    // It comes by itself: through those who are named then.
    let isWaitingNamed = remedies.contains {
      if case .timer = $0.measure { true } else { $0.measure == .itself }
    }
    if bench.comesByItself, !isWaitingNamed {
      futile.removeAll { $0.measure == .itself }
      remedies.append(
        .init(measure: .itself, isCertain: false, byWayOf: others(by: .itself, &row)))
    }
    isWindowStuck = bench.looked.reason == .windowStaysOpen
  }

  /// What is claimed of a measure comes about without it. In a run that takes nothing away from
  /// whatever brings it about, and the measure is not named; in a search there are many ways.
  private mutating func keep(_ remedy: Blocker.Remedy, of bench: Bench) {
    guard remedy.measure != .itself else { return }
    if let reason = reviewed[remedy.measure] {
      futile.append(.init(measure: remedy.measure, reason: reason))
    } else if !bench.trial.keepsTime {
      remedies.append(remedy)
    }
  }

  /// Who has it done for the task: who may get it going, and whoever is woken first.
  private func others(
    by measure: Blocker.Measure, _ row: inout MutableSpan<UInt64>
  ) -> Movers {
    var movers = machine.movers(of: slot, &row)
    guard case .wake(let queue) = measure else { return movers }
    var woken: [TaskSlot] = []
    for number in 0..<machine.taskCount(&row) {
      let other = TaskSlot(number)
      if other != slot, machine.isAsleep(other, in: queue, &row) { woken.append(other) }
    }
    movers.tasks = woken + movers.tasks.filter { !woken.contains($0) }
    return movers
  }

  /// What the machine says to a measure.
  private enum Verdict {
    case helps
    case fails(Blocker.Reason)
    /// It comes about without it, by what another measure names.
    case isAnothers
    case open
  }

  private func verdict(
    on measure: Blocker.Measure, _ bench: inout Bench, _ row: inout MutableSpan<UInt64>
  ) -> Verdict {
    switch measure {
    case .itself, .timer:
      switch bench.idle {
      case .moves: return .helps
      case .unknown: return bench.looked.reason.map { .fails($0) } ?? .open
      case .stays(let reason, _):
        if case .stays = bench.looked { return .fails(reason) }
        return measure == .itself ? .isAnothers : .open
      }
    case .look:
      if bench.looked.isEarlier(than: bench.idle) { return .helps }
      if case .moves = bench.idle, case .moves = bench.looked { return .isAnothers }
      return bench.looked.reason.map { .fails($0) } ?? .open
    case .wake(let queue):
      return bench.verdict(on: .wake(queue: queue), like: nil, false)
    case .signal(let signal):
      let effect = machine.effect(of: signal, on: slot, &row)
      guard effect != .nothing else { return .fails(.ignored) }
      // SIGKILL alone ends what is stopped.
      let like = signal == .KILL ? nil : effect
      return bench.verdict(on: .signal(signal, slot), like: like, machine.isDump(signal))
    case .unlock, .reap, .childEnd, .threadsEnd, .force: return .open
    }
  }

  /// The trials of one task.
  private struct Bench {
    let trial: Trial
    /// With nobody's help, without the engine's looks and with them.
    let idle: Trial.Outcome
    let looked: Trial.Outcome
    private let sendsFakeSignals: Bool

    /// In a run it comes across with nobody's help.
    var comesByItself: Bool {
      if case .moves = idle { trial.keepsTime } else { false }
    }

    private var known: [Key: Verdict] = [:]

    /// Signals that do the same are tried once.
    private enum Key: Hashable {
      case alone(Disturbance)
      case like(Machine.SignalEffect, isDump: Bool)
    }

    init(_ trial: Trial, sendsFakeSignals: Bool) {
      self.trial = trial
      self.sendsFakeSignals = sendsFakeSignals
      idle = trial.outcome(of: .none, withLooks: false)
      looked = sendsFakeSignals ? trial.outcome(of: .none, withLooks: true) : idle
    }

    mutating func verdict(
      on disturbance: Disturbance, like effect: Machine.SignalEffect?,
      _ isDump: Bool
    ) -> Verdict {
      var key = Key.alone(disturbance)
      if let effect, effect != .handled { key = .like(effect, isDump: isDump) }
      if let verdict = known[key] { return verdict }
      let verdict = judge(disturbance)
      known[key] = verdict
      return verdict
    }

    private func judge(_ disturbance: Disturbance) -> Verdict {
      guard trial.isOfConsequence(disturbance) else {
        return idle.reason.map { .fails($0) } ?? .open
      }
      let alone = trial.outcome(of: disturbance, withLooks: false)
      if alone.isEarlier(than: idle) {
        // A look comes in any case, and may do the same.
        if case .moves = looked, !alone.isEarlier(than: looked) { return .isAnothers }
        return .helps
      }
      if case .moves = alone, case .moves = idle { return .isAnothers }
      guard case .stays(let reason, let isAwake) = alone else { return .open }
      // A signal that has not got it awake, and looks that don't either, don't together.
      if case .signal = disturbance, !isAwake, case .stays(_, false) = looked {
        return .fails(reason)
      }
      guard sendsFakeSignals else { return .fails(reason) }
      let both = trial.outcome(of: disturbance, withLooks: true)
      if both.isEarlier(than: looked) { return .helps }
      switch both {
      case .stays: return .fails(reason)
      case .moves: return looked == .unknown ? .open : .fails(reason)
      case .unknown: return .open
      }
    }
  }
}

extension Blocker {
  /// Drops what does not get those going who are waited for.
  mutating func holdChain(
    against terms: TrialTerms, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    for number in chain.indices {
      let link = chain[number]
      guard !link.ways.isEmpty, let trial = Trial(.step, of: link.slot, machine, terms, &row)
      else { continue }
      chain[number].ways = link.ways.filter { way in
        if case .stays = outcome(of: way, to: link.slot, trial) { false } else { true }
      }
    }
  }

  private func outcome(
    of way: Link.Way, to slot: TaskSlot, _ trial: Trial
  ) -> Trial.Outcome {
    switch way {
    case .ownSteps, .timer: trial.outcome(of: .none, withLooks: false)
    case .look: trial.outcome(of: .none, withLooks: true)
    case .wake(let queue): trial.outcome(of: .wake(queue: queue), withLooks: false)
    case .signal: trial.outcome(of: .signal(.STOP, slot), withLooks: false)
    case .fatalSignal: trial.outcome(of: .signal(.KILL, slot), withLooks: false)
    case .resume: trial.outcome(of: .signal(.CONT, slot), withLooks: false)
    case .childEnd: .unknown
    }
  }
}
