import Machine

/// One place of a pool, and what is beside it.
package struct ReferenceObject: Hashable, Sendable {
  package var isAllocated = false
  package var madeBy: Int?
  /// By the number of the field in its record; a field that the object has not got is not there.
  package var fields: [Int: Int64] = [:]
  /// Shadow variables: they stay when the object goes.
  package var shadows: [Int: Int64] = [:]

  package init(shadows: [Int: Int64] = [:]) { self.shadows = shadows }
}

/// Objects of records, and shadow variables.
extension ReferenceStep {
  mutating func allocate(_ instruction: Instruction, _ runner: Runner, _ frame: ReferenceFrame)
    -> Int64
  {
    let site = program.allocations[Int(instruction.c)]
    let record = program.records[site.record]
    let places = (record.first..<(record.first + record.count))
    guard let handle = places.first(where: { !world.objects[$0 - 1].isAllocated }) else {
      note("allocated \(runner.name) 0")
      return 0
    }
    world.objects[handle - 1].isAllocated = true
    let extends = record.fields.contains { $0.patch != nil }
    if extends { world.objects[handle - 1].madeBy = site.patch?.rawValue }
    for (number, field) in record.fields.enumerated()
    where field.patch == nil || field.patch == site.patch {
      let given = site.fields.firstIndex(of: number).map {
        frame.registers[Int(instruction.b) + $0]
      }
      let value = machine.keep(given ?? field.variable.initial, in: field.variable.range)
      world.objects[handle - 1].fields[number] = value
    }
    note("allocated \(runner.name) \(handle)")
    return Int64(handle)
  }

  /// False when the runner is no more.
  mutating func free(_ handle: Int, _ runner: Runner, _ stack: [ReferenceFrame])
    throws(ReferenceFault) -> Bool
  {
    if handle == 0 { return true }
    guard world.objects[handle - 1].isAllocated else {
      try oops("use after free of \(name(handle))", runner, stack)
      return false
    }
    let shadows = world.objects[handle - 1].shadows
    world.objects[handle - 1] = ReferenceObject(shadows: shadows)
    note("freed \(runner.name) \(handle)")
    return true
  }

  func name(_ handle: Int) -> String {
    for record in program.records where handle >= record.first {
      if handle < record.first + record.count { return "\(record.name)[\(handle - record.first)]" }
    }
    return "null"
  }

  /// The number of the named field in the object's record, or why there is none.
  func field(_ name: Int, of handle: Int) -> (number: Int?, complaint: String) {
    guard handle > 0 else { return (nil, "NULL pointer dereference") }
    guard world.objects[handle - 1].isAllocated else {
      return (nil, "use after free of \(self.name(handle))")
    }
    let record = record(of: handle)
    let number = record.fields.indices.first {
      record.fields[$0].name == name && world.objects[handle - 1].fields[$0] != nil
    }
    return (number, "\(self.name(handle)) has no field \(program.fieldNames[name])")
  }

  private func record(of handle: Int) -> Record {
    program.records.last { $0.first <= handle } ?? program.records[0]
  }

  /// False when the runner is no more.
  mutating func useField(
    _ instruction: Instruction, _ runner: Runner, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    let handle = Int(stack[top].registers[Int(instruction.b)])
    let name = Int(instruction.c)
    let found = field(name, of: handle)
    guard let number = found.number else {
      try oops(found.complaint, runner, stack)
      return false
    }
    let a = Int(instruction.a)
    if instruction.operation == .loadField {
      stack[top].registers[a] = world.objects[handle - 1].fields[number] ?? 0
    } else {
      let range = record(of: handle).fields[number].variable.range
      let value = machine.keep(stack[top].registers[a], in: range)
      world.objects[handle - 1].fields[number] = value
      note("field \(runner.name) \(handle) \(name) \(value)")
    }
    stack[top].address += 1
    return true
  }

  mutating func useShadow(
    _ instruction: Instruction, _ runner: Runner, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    let a = Int(instruction.a)
    let number = Int(instruction.c)
    let handle = Int(stack[top].registers[Int(instruction.b)])
    guard handle > 0 else {
      try oops("NULL pointer dereference", runner, stack)
      return false
    }
    let known = world.objects[handle - 1].shadows[number]
    let record = program.records[program.shadows[number].record]
    let isOfRecord = handle >= record.first && handle < record.first + record.count
    let missing = "\(name(handle)) has no shadow variable \(program.shadows[number].name)"
    switch instruction.operation {
    case .hasShadow: stack[top].registers[a] = known == nil ? 0 : 1
    case .loadShadow, .storeShadow:
      guard let known else {
        try oops(missing, runner, stack)
        return false
      }
      if instruction.operation == .loadShadow {
        stack[top].registers[a] = known
      } else {
        put(stack[top].registers[a], handle, number, runner)
      }
    case .dropShadow:
      if known != nil { drop(handle, number, runner) }
    default:
      guard isOfRecord else {
        try oops(missing, runner, stack)
        return false
      }
      if known == nil {
        put(stack[top].registers[a], handle, number, runner)
      } else {
        log("Duplicate shadow variable <\(name(handle)), \(program.shadows[number].name)>")
      }
    }
    stack[top].address += 1
    return true
  }

  private mutating func put(_ value: Int64, _ handle: Int, _ number: Int, _ runner: Runner) {
    world.objects[handle - 1].shadows[number] = value
    note("shadow \(runner.name) \(handle) \(number)")
  }

  private mutating func drop(_ handle: Int, _ number: Int, _ runner: Runner) {
    world.objects[handle - 1].shadows[number] = nil
    note("no shadow \(runner.name) \(handle) \(number)")
  }

  mutating func dropShadows(_ number: Int, _ runner: Runner) {
    for place in world.objects.indices where world.objects[place].shadows[number] != nil {
      drop(place + 1, number, runner)
    }
  }
}
