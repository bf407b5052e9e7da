import Machine

extension Blocker {
  /// Says it in three sentences: where the task is, what would move it, what would not.
  ///
  /// - Parameter place: a place of the text as people write it; nil where there is none.
  package func sentences(
    _ program: Program, _ place: @escaping (Origin) -> String?
  ) -> [String] {
    let text = BlockerText(blocker: self, program: program, place: place)
    return [text.whereabouts, text.remedies, text.futile].compactMap { $0 } + text.chain
  }
}

struct BlockerText {
  let blocker: Blocker
  let program: Program
  let place: (Origin) -> String?

  // MARK: Where it is

  var whereabouts: String {
    let state = state(blocker.place, isKernelThread: blocker.isKernelThread)
    let text = "\(name) is in the old universe: \(state)"
    return text + since(blocker.since, blocker.place) + object + calls(blocker.stack)
  }

  /// ` since 0.070001`: as long as it has been there. Who runs changes its place as it goes, and
  /// since when it wants a CPU says nothing of that.
  func since(_ moment: Int64?, _ place: Machine.Place) -> String {
    guard let moment, place != .userMode, place != .kernel else { return "" }
    return " since \(Duration.moment(nanoseconds: moment))"
  }

  /// `, in recv (file:1:2), called from server (file:3:4)`.
  func calls(_ stack: [Machine.StackFrame]) -> String {
    var text = ""
    for (depth, frame) in stack.enumerated() {
      let function = program.functions[frame.function.rawValue]
      let patch = function.patch.map { " of \(program.patches[$0.rawValue].name)" } ?? ""
      let at = place(program.origins[frame.address]).map { " (\($0))" } ?? ""
      text += "\(depth == 0 ? ", in" : ", called from") \(function.name)\(patch)\(at)"
    }
    return text
  }

  private var name: String {
    let body = program.functions[blocker.function.rawValue].name
    return "\(body):\(program.pid(of: blocker.slot))"
  }

  func state(_ place: Machine.Place, isKernelThread: Bool) -> String {
    switch place {
    case .userMode: return "running (R) in user mode"
    case .kernel:
      return isKernelThread ? "a kernel thread, running (R)" : "running (R) in the kernel"
    case .waiting(let queue, let manner, let timer):
      let letter = manner.isDisjoint(with: [.uninterruptible, .killable]) ? "S" : "D"
      let killable = manner.contains(.killable) ? ", killable" : ""
      let thread = isKernelThread ? "a kernel thread, " : ""
      let until = timer == .none ? "" : " with a timer"
      return "\(thread)asleep (\(letter)\(killable)) on \(program.queues[queue])\(until)"
    case .locked:
      return (isKernelThread ? "a kernel thread, " : "") + "asleep (D)"
    case .sleeping:
      return (isKernelThread ? "a kernel thread, " : "") + "asleep (S) for some time"
    case .reaping: return "asleep (S)"
    case .stopped: return "stopped (T)"
    case .zombie: return "a zombie (Z)"
    case .gone: return "gone"
    }
  }

  /// What it waits for, where that is more than a queue.
  private var object: String {
    switch blocker.place {
    case .locked(let lock, let holder):
      return " for the lock \(program.locks[lock].name)\(held(by: holder))"
    case .reaping:
      return " in wait4 for the end of \(children.isEmpty ? "a child" : children)"
    case .userMode, .kernel:
      guard !blocker.cpuHolders.isEmpty else { return "" }
      let holders = blocker.cpuHolders.prefix(3).map(runnerName).joined(separator: ", ")
      if let own = blocker.ownCPU { return ", waiting for CPU \(own), which \(holders) has" }
      return ", waiting for a CPU; \(holders) "
        + (blocker.cpuHolders.count == 1 ? "has the only one" : "have them")
    default: return ""
    }
  }

  private var children: String {
    for remedy in blocker.remedies {
      if case .childEnd(let children) = remedy.measure {
        return children.prefix(3).map(taskName).joined(separator: " or ")
      }
    }
    return ""
  }

  func taskName(_ slot: TaskSlot) -> String {
    blocker.names[slot] ?? "PID \(program.pid(of: slot))"
  }

  func runnerName(_ runner: Runner) -> String {
    switch runner {
    case .task(let slot): taskName(slot)
    case .handler(let number): blocker.handlerNames[number] ?? "an interrupt handler"
    }
  }

  /// `, which ph:101 holds`.
  private func held(by holder: Runner?) -> String {
    switch holder {
    case .task(let slot): ", which \(taskName(slot)) holds"
    case .handler: ", which an interrupt handler holds"
    case nil: ""
    }
  }

  // MARK: What would move it

  var remedies: String? {
    guard !blocker.remedies.isEmpty else { return nil }
    var parts: [String] = []
    for isCertain in [true, false] {
      let measures = blocker.remedies.filter {
        $0.isCertain == isCertain && $0.byWayOf == nil
      }.map(\.measure)
      let words = phrases(measures, moves: true)
      guard !words.isEmpty else { continue }
      parts.append(
        words.joined(separator: "; ")
          + (isCertain ? "" : ": if its code then comes to \(crossing) at once"))
    }
    var text = "it would move by: " + parts.joined(separator: "; perhaps by: ")
    if let indirect { text += (parts.isEmpty ? "" : "; ") + indirect }
    return text
  }

  private var crossing: String { blocker.isKernelThread ? "a safe point" : "the kernel's boundary" }

  // MARK: What would not

  var futile: String? {
    var reasons: [Blocker.Reason] = []
    for futile in blocker.futile where !reasons.contains(futile.reason) {
      reasons.append(futile.reason)
    }
    let parts = reasons.flatMap { reason in
      let measures = blocker.futile.filter { $0.reason == reason }.map(\.measure)
      let words = phrases(measures, moves: false)
      return words.isEmpty ? [] : ["\(words.joined(separator: ", ")) (\(self.words(reason)))"]
    }
    return parts.isEmpty ? nil : "it would not by: " + parts.joined(separator: "; ")
  }

  private func words(_ reason: Blocker.Reason) -> String {
    switch reason {
    case .deafSleep: return "no signal wakes it out of state D"
    case .onlyFatal: return "only a signal that ends it wakes it out of this sleep"
    case .dumpsCore: return "it dumps core, which wakes nobody out of this sleep"
    case .ownerIsDead: return "that one is dead, and nobody can give it back"
    case .kernelThread: return "a kernel thread does not see signals"
    case .notStopped: return "it wakes only what is stopped"
    case .unkillable: return "pid 1 hears only what it has a handler for"
    case .ignored: return "the program ignores it"
    case .stopped: return "a stopped task makes no step"
    case .zombie: return "it has exited already"
    case .sleepsAgain(let addresses):
      let places = addresses.prefix(2).compactMap { place(program.origins[$0]) }
      let at = places.isEmpty ? "" : " at " + places.joined(separator: " or ")
      return "it would fall asleep again\(at) before it comes to \(crossing)"
    case .noCrossing:
      return "its code comes to no \(blocker.isKernelThread ? "safe point" : "call")"
    case .goesRound: return "it would go round in a loop and not come to \(crossing)"
    case .noCPU(let keepers):
      let names = keepers.prefix(Blocker.toldMovers).map(runnerName).joined(separator: ", ")
      return "it needs a CPU, and \(names) never \(keepers.count == 1 ? "gives" : "give") one up"
    case .spins(let spinner): return words(spinner)
    case .elsewhere: return "it does not sleep there"
    case .conditionFalse: return "what it waits for does not hold"
    case .noTimer: return "nothing ends its sleep by itself"
    case .bareWait: return "what it waits for has not come, and it sleeps on"
    case .sleepsOn: return "what it waits for does not come of that"
    case .endsInDeadlock: return "that ends in a deadlock"
    case .endsInCrash: return "that ends in a crash"
    case .windowStaysOpen: return "the immutable window stays open, and marks everybody again"
    case .notDone:
      return blocker.isKernelThread
        ? "it woke kernel threads once, while it marked them" : "it sends no fake signals"
    }
  }

  private func words(_ spinner: Spinner) -> String {
    let lock = program.locks[spinner.lock].name
    let holder: String
    switch spinner.holder {
    case spinner.runner: holder = "it holds itself"
    case .task(let slot): holder = "\(slot == blocker.slot ? "it" : taskName(slot)) holds"
    case .handler: holder = "a handler holds"
    }
    switch spinner.runner {
    case .task(blocker.slot): return "it spins for \(lock), which \(holder)"
    default:
      let name = runnerName(spinner.runner)
      return "\(name) has its CPU, and spins there for \(lock), which \(holder)"
    }
  }

  // MARK: Measures

  /// Signals and queues in groups, the rest one by one.
  func phrases(_ measures: [Blocker.Measure], moves: Bool) -> [String] {
    var phrases: [String] = []
    for measure in measures {
      switch measure {
      case .itself:
        let own = blocker.cpuHolders.isEmpty ? "" : " once it has a CPU"
        phrases.append(moves ? "its own next steps\(own)" : "waiting")
      case .timer(.at(let moment)):
        phrases.append("its timer, at \(Duration.moment(nanoseconds: moment))")
      case .timer: phrases.append("its timer")
      case .look:
        phrases.append(
          !moves
            ? "kGraft's next look"
            : "kGraft's next look, which "
              + (blocker.isKernelThread ? "wakes it" : "sends it a fake signal"))
      case .unlock(let lock, let holder):
        phrases.append("getting the lock \(program.locks[lock].name)\(held(by: holder))")
      case .reap: phrases.append("being reaped by its parent")
      case .childEnd(let children):
        phrases.append("the end of \(children.prefix(3).map(taskName).joined(separator: " or "))")
      case .threadsEnd(let threads):
        let names = threads.prefix(3).map(taskName).joined(separator: ", ")
        phrases.append(
          "the end of the other threads of its process (\(names)), which SIGKILL asks for")
      case .wake, .signal, .force: break
      }
    }
    let queues = measures.compactMap { measure -> String? in
      if case .wake(let queue) = measure { program.queues[queue] } else { nil }
    }
    if !queues.isEmpty { phrases.insert("waking " + queues.joined(separator: ", "), at: 0) }
    let signals = measures.compactMap { measure -> Signal? in
      if case .signal(let signal) = measure { signal } else { nil }
    }
    phrases += self.phrases(signals, moves: moves)
    if measures.contains(.force) { phrases.append("force") }
    return phrases
  }

  private func phrases(_ signals: [Signal], moves: Bool) -> [String] {
    guard !signals.isEmpty else { return [] }
    let handlesSome = moves && blocker.effects.values.contains(.handled)
    if signals.count == Blocker.signals.count, !handlesSome { return ["a signal"] }
    var phrases: [String] = []
    var rest = signals
    if moves, signals.contains(.STOP) {
      phrases.append("SIGSTOP (and SIGCONT, to let it go on)")
      rest.removeAll { $0 == .STOP }
    }
    let handled = rest.filter { blocker.effects[$0] == .handled }
    if moves, !handled.isEmpty {
      phrases.append(handled.map { "SIG\($0.name)" }.joined(separator: ", ") + ", which it handles")
      rest.removeAll(where: handled.contains)
    }
    let fatal = Blocker.signals.filter { blocker.effects[$0] == .ends }
    let quiet = fatal.filter { !$0.dumpsCore }
    if !quiet.isEmpty, Set(rest).isSuperset(of: quiet) {
      let isAny = Set(rest).isSuperset(of: fatal)
      phrases.append("a signal that ends it" + (isAny ? "" : " and dumps no core"))
      rest.removeAll(where: fatal.contains)
    }
    if !rest.isEmpty {
      phrases.append(rest.map { "SIG\($0.name)" }.joined(separator: ", "))
    }
    return phrases
  }
}
