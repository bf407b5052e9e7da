import Machine

extension Independence.Refusal {
  /// Why steps that are nobody else's affair are not taken first.
  var reason: String {
    switch self {
    case .administrator: "the scenario reads files or runs commands, which may show where tasks are"
    case .modules: "modules can go, and it matters who is inside"
    case .boundTasks: "tasks are bound to CPUs"
    case .locksInInterrupts: "interrupts take locks, and whom they break in on stands still"
    case .engine: "the patching engine looks at stacks"
    case .depth: "--max-depth counts steps"
    case .time: "every step takes time, and tells when others come"
    }
  }
}
