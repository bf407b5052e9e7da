import Machine

extension Blocker {
  /// Movers that are named.
  static let toldMovers = 3

  mutating func nameHandlers(_ machine: Machine) {
    for number in machine.layout.handlers.indices {
      handlerNames[number] = machine.handlerFunction(number).name
    }
  }

  /// What the machine does of its own accord has been seen not to help.
  mutating func dropWhatComesByItself() {
    remedies.removeAll { remedy in
      guard !remedy.isCertain else { return false }
      switch remedy.measure {
      case .itself, .look, .timer, .reap: return true
      default: return remedy.byWayOf.map { !$0.hear && $0.queues.isEmpty } ?? false
      }
    }
  }
}

extension Blocker {
  /// A task for whoever wants to tell where it is, blocker or not.
  package init(
    standing slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    let place = machine.place(of: slot, &row)
    self.init(
      slot: slot, function: machine.function(of: slot, &row),
      isKernelThread: machine.isKernelThread(slot, &row), place: place,
      stack: place == .gone || place == .zombie ? [] : machine.stack(of: slot, &row),
      since: machine.since(slot, &row), remedies: [], futile: [])
    cpu = machine.cpuNumber(of: slot, &row)
    names[slot] = machine.taskName(slot, &row)
    chain = Self.chain(from: slot, place, machine, &row)
    spunLock = machine.spunLock(of: slot, &row)
    for link in chain { names[link.slot] = link.name }
  }

  /// Where it is, in one sentence.
  package func standing(
    _ program: Program, _ place: @escaping (Origin) -> String?
  ) -> String {
    BlockerText(blocker: self, program: program, place: place).standing
  }
}

extension BlockerText {
  var standing: String {
    let name = taskName(blocker.slot)
    var text = name
    switch blocker.place {
    case .userMode, .kernel:
      text += blocker.cpu.map { " has CPU \($0)" } ?? " runs"
      text += blocker.place == .kernel ? ", in the kernel" : ", in user mode"
    default:
      text += " is \(state(blocker.place, isKernelThread: blocker.isKernelThread))"
      text += since(blocker.since, blocker.place)
    }
    text += calls(blocker.stack)
    if let lock = blocker.spunLock { text += "; it spins for \(program.locks[lock].name)" }
    if case .locked(let lock, _) = blocker.place {
      text += "; it waits for \(program.locks[lock].name)"
    }
    for link in blocker.chain {
      guard case .holder(let lock) = link.tie else { continue }
      text += "; \(link.name) holds \(program.locks[lock].name), "
      text += state(link.place, isKernelThread: link.isKernelThread)
      text += since(link.since, link.place)
    }
    return text
  }
}

/// What depends on others, and who they are.
extension BlockerText {
  /// `perhaps, by way of h:100, by: waking q; kGraft's next look`.
  var indirect: String? {
    let remedies = blocker.remedies.filter { $0.byWayOf != nil }
    let words = phrases(remedies.map(\.measure), moves: false)
    guard !words.isEmpty else { return nil }
    var names: [String] = []
    for movers in remedies.compactMap(\.byWayOf) {
      for task in movers.tasks.prefix(Blocker.toldMovers) where names.count < Blocker.toldMovers {
        let name = taskName(task)
        if !names.contains(name) { names.append(name) }
      }
      for number in movers.handlers where names.count < Blocker.toldMovers {
        guard let name = blocker.handlerNames[number] else { continue }
        if !names.contains("irq \(name)") { names.append("irq \(name)") }
      }
    }
    let way = names.isEmpty ? "with time" : "by way of \(names.joined(separator: ", "))"
    return "perhaps, \(way), by: \(words.joined(separator: "; "))"
  }

  /// A sentence for each who is waited for: where it is, and what gets it going.
  var chain: [String] {
    blocker.chain.map { link in
      let tie: String
      switch link.tie {
      case .holder(let lock): tie = "which holds \(program.locks[lock].name)"
      case .parent: tie = "its parent"
      }
      var text = "\(link.name), \(tie), is "
      text += state(link.place, isKernelThread: link.isKernelThread)
      text += since(link.since, link.place)
      text += calls(link.stack)
      let ways = link.ways.map(words)
      if !ways.isEmpty { text += "; it goes on by: \(ways.joined(separator: "; "))" }
      if link.tie == .parent { text += "; at its end init reaps" }
      return text
    }
  }

  private func words(_ way: Blocker.Link.Way) -> String {
    switch way {
    case .ownSteps: "its own next steps"
    case .wake(let queue): "waking \(program.queues[queue])"
    case .timer(.at(let moment)): "its timer, at \(Duration.moment(nanoseconds: moment))"
    case .timer: "its timer"
    case .signal: "a signal"
    case .fatalSignal: "a signal that ends it"
    case .resume: "SIGCONT"
    case .look: "kGraft's next look"
    case .childEnd: "the end of a child"
    }
  }
}
