import Machine

/// Locks, objects and crashes.
extension Trace {
  func addObject(_ kind: Event.Kind, _ line: inout JSONLine) {
    switch kind {
    case .locked(let runner, let lock, let address):
      add(.locked, runner, &line)
      line.add("lock", program.locks[lock].name)
      line.add("at", place(program.origins[address]))
    case .unlocked(let runner, let lock):
      add(.unlocked, runner, &line)
      line.add("lock", program.locks[lock].name)
    case .lockOrdered(let runner, let held, let lock, let address):
      add(.lockOrdered, runner, &line)
      line.add("held", program.locks[held].name)
      line.add("lock", program.locks[lock].name)
      line.add("at", place(program.origins[address]))
    case .allocated(let runner, let object):
      add(.allocated, runner, &line)
      line.add("object", object.map(program.objectName))
    case .freed(let runner, let object):
      add(.freed, runner, &line)
      line.add("object", program.objectName(object))
    case .fieldStored(let runner, let object, let name, let value):
      add(.fieldStored, runner, &line)
      line.add("object", program.objectName(object))
      line.add("field", program.fieldNames[name])
      line.add("value", value)
    case .shadowStored(let runner, let object, let shadow):
      add(.shadowStored, runner, &line)
      line.add("object", program.objectName(object))
      line.add("shadow", program.shadows[shadow].name)
    case .shadowDropped(let runner, let object, let shadow):
      add(.shadowDropped, runner, &line)
      line.add("object", program.objectName(object))
      line.add("shadow", program.shadows[shadow].name)
    case .oopsed(let oops):
      add(.oops, oops.runner, &line)
      line.add("at", place(program.origins[oops.address]))
    case .panicked: add(.panic, &line)
    default: break
    }
  }
}
