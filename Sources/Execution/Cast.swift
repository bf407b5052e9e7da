import Diagnostics
import Machine

/// Who took part in a run, and where they were, in the words of every account.
struct Cast {
  let program: Program
  private var names: [Runner: String] = [:]
  private let keepsTime: Bool

  init(_ events: [Event], _ program: Program) {
    self.program = program
    keepsTime = events.contains { $0.time > 0 }
    for event in events {
      switch event.kind {
      case .spawned(let slot, let function):
        names[.task(slot)] = "\(program.functions[function.rawValue].name):\(program.pid(of: slot))"
      case .interruptBegan(let handler, let cpu):
        names[.handler(handler)] = "an interrupt handler on CPU \(cpu)"
      default: break
      }
    }
  }

  func name(_ runner: Runner) -> String {
    if let name = names[runner] { return name }
    switch runner {
    case .task(let slot): return "the task with PID \(program.pid(of: slot))"
    case .handler: return "an interrupt handler"
    }
  }

  /// The function that the address is in, with the patch that brought it.
  func place(_ address: Int) -> String {
    let function = program.functions.first { $0.entry <= address && address < $0.end }
    guard let function else { return "the kernel" }
    guard let patch = function.patch else { return function.name }
    return "\(function.name) of \(program.patches[patch.rawValue].name)"
  }

  /// When it happened: a search keeps no time, and counts steps.
  func moment(_ event: Event) -> String {
    keepsTime
      ? "at \(Duration.moment(nanoseconds: event.time)), in step #\(event.step)"
      : "in step #\(event.step)"
  }
}
