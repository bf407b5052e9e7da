/// `on signal NAME { … }` of a program: code at the end of the program's body, which runs in the
/// program's own frame.
///
/// It comes in where the task passes the exit work, in user mode: between two instructions of the
/// program, which know nothing of it. So what any of them may still read has to stay as it is
/// while the handler runs (`Liveness`), and two registers of the handler's own keep where to go
/// back to and the work that the task still owed there.
package struct HandlerSite: Sendable {
  package var signal: Signal
  /// The program whose body it stands in.
  package var function: FunctionID
  /// The address of its first instruction; its last one is `leaveHandler`.
  package var start: Int
  /// The register with the address to go back to; the next one has the work.
  package var register: Int
  package init(signal: Signal, function: FunctionID, start: Int, register: Int) {
    self.signal = signal
    self.function = function
    self.start = start
    self.register = register
  }
}

extension Program {
  /// Signals that some program catches or ignores, in the order of their numbers.
  var managedSignals: [Signal] {
    var numbers: Set<Int> = Set(signalHandlers.map(\.signal.rawValue))
    for instruction in instructions where instruction.operation == .ignoreSignal {
      numbers.insert(Int(instruction.b))
    }
    return numbers.sorted().compactMap(Signal.init(rawValue:))
  }

  /// Whether tasks of this program have parents and children, or threads.
  var hasFamilies: Bool {
    initFunction != nil
      || instructions.contains { [.fork, .startThread, .reap].contains($0.operation) }
  }

  /// Whether a signal that dumps core may come to somebody to whom it is not the same as SIGKILL: a
  /// killable sleeper, or one of several threads.
  var tellsDumpsApart: Bool {
    instructions.contains { instruction in
      switch instruction.operation {
      case .wait, .waitFor: waitSite(of: instruction).manner.contains(.killable)
      case .signal, .signalOne:
        hasThreads && Signal(rawValue: Int(instruction.b))?.dumpsCore == true
      default: false
      }
    }
  }

  var hasThreads: Bool { instructions.contains { $0.operation == .startThread } }

  /// Calls `visit` with each address of a program where a signal handler may come in: where it
  /// stands in user mode when it has a CPU again, or comes to when it leaves the kernel.
  func forEachInterruptible(in function: FunctionID, _ visit: (Int) -> Void) {
    let body = functions[function.rawValue]
    for address in body.entry..<body.end {
      let instruction = instructions[address]
      switch instruction.operation {
      case .leaveKernel:
        visit(address + 1)
        visit(instruction.wide)
      case .leaveHandler, .sleep, .fork, .startThread, .reap, .catchSignal, .ignoreSignal,
        .callTraced:
        // It stands in the kernel here.
        continue
      default:
        if instruction.operation.isVisible { visit(address) }
      }
    }
    for handler in signalHandlers where handler.function == function { visit(handler.start) }
  }
}
