import Machine

/// The lines of modules.
extension Trace {
  func addModule(_ kind: Event.Kind, _ line: inout JSONLine) {
    switch kind {
    case .module(let module, let state):
      add(.moduleChanged, &line)
      line.add("module", program.modules[module.rawValue].name)
      line.add("state", "\(state)")
    case .moduleFunctionPatched(let function):
      add(.moduleFunctionPatched, &line)
      line.add("function", program.tracedFunctions[function.rawValue].name)
    case .lostText(let lost):
      add(.lostText, lost.slot, &line)
      line.add("at", place(program.origins[lost.address]))
    default: break
    }
  }
}
