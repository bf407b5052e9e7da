/// Objects of records: making them, giving them back, and their fields.
extension Machine {
  /// Makes an object in the first free place, or gives null when there is none, as `kmalloc` does.
  func allocate(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let site = program.allocations[Int(instruction.c)]
    let record = program.records[site.record]
    let result = process.frame + Int(instruction.a)
    let free = record.handles.first { !row.isSet(layout.objects[$0 - 1].allocated) }
    guard let handle = free else {
      row[result] = 0
      return self.record(.allocated(runner, object: nil), &row, &workspace)
    }
    let object = layout.objects[handle - 1]
    row.set(object.allocated, to: true)
    if let version = object.version {
      row[version] = site.patch.map { UInt64($0.rawValue + 1) } ?? 0
    }
    for (number, field) in record.fields.enumerated() where has(field, version: site.patch) {
      row[object.fields[number]] = encode(field.variable.initial, field.variable)
    }
    for (place, number) in site.fields.enumerated() {
      let value = Int64(bitPattern: row[process.frame + Int(instruction.b) + place])
      row[object.fields[number]] = encode(value, record.fields[number].variable)
    }
    row[result] = UInt64(handle)
    self.record(.allocated(runner, object: handle), &row, &workspace)
  }

  private func has(_ field: RecordField, version: PatchID?) -> Bool {
    field.patch == nil || field.patch == version
  }

  /// Gives the object back: its words are zero. Null may be given back too (`kfree`).
  func free(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let handle = Int(row[process.frame + Int(instruction.a)])
    guard handle > 0 else { return true }
    let object = layout.objects[handle - 1]
    guard row.isSet(object.allocated) else {
      oops(.freedObject(object: handle), runner, process, &row, &workspace)
      return false
    }
    row.set(object.allocated, to: false)
    if let version = object.version { row[version] = 0 }
    for field in object.fields { row[field] = 0 }
    record(.freed(runner, object: handle), &row, &workspace)
    return true
  }

  /// What reading or writing field `name` of the object comes to.
  private enum Access {
    case field(Field, SharedVariable)
    case wrong(Oops.Reason)
  }

  private func access(
    _ name: Int, of handle: Int, _ row: inout MutableSpan<UInt64>
  ) -> Access {
    guard handle > 0 else { return .wrong(.nullObject) }
    let object = layout.objects[handle - 1]
    guard row.isSet(object.allocated) else { return .wrong(.freedObject(object: handle)) }
    let made = object.version.map { Int(row[$0]) } ?? 0
    let version = made == 0 ? nil : PatchID(made - 1)
    let fields = program.records[object.record].fields
    let number = fields.firstIndex { $0.name == name && has($0, version: version) }
    guard let number else { return .wrong(.missingField(object: handle, name: name)) }
    return .field(object.fields[number], fields[number].variable)
  }

  /// False after an oops.
  func loadField(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let handle = Int(row[process.frame + Int(instruction.b)])
    switch access(Int(instruction.c), of: handle, &row) {
    case .field(let field, let variable):
      row[process.frame + Int(instruction.a)] =
        UInt64(bitPattern: decode(row[field], variable))
      return true
    case .wrong(let reason):
      oops(reason, runner, process, &row, &workspace)
      return false
    }
  }

  func storeField(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let handle = Int(row[process.frame + Int(instruction.b)])
    switch access(Int(instruction.c), of: handle, &row) {
    case .field(let field, let variable):
      let value = Int64(bitPattern: row[process.frame + Int(instruction.a)])
      row[field] = encode(value, variable)
      let kept = decode(row[field], variable)
      record(
        .fieldStored(runner, object: handle, name: Int(instruction.c), value: kept), &row,
        &workspace)
      return true
    case .wrong(let reason):
      oops(reason, runner, process, &row, &workspace)
      return false
    }
  }

  /// The operator looks at a field; where there is none it can't go on.
  func readField(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let handle = Int(row[process.frame + Int(instruction.b)])
    switch access(Int(instruction.c), of: handle, &row) {
    case .field(let field, let variable):
      row[process.frame + Int(instruction.a)] =
        UInt64(bitPattern: decode(row[field], variable))
    case .wrong(let reason):
      workspace.fault = .noField(address: process.programCounter, reason)
    }
  }

  // MARK: Shadow variables

  /// A shadow variable is found by the object's address, whatever lives there now
  /// (`klp_shadow_get`). False after an oops.
  func useShadow(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let number = Int(instruction.c)
    let a = process.frame + Int(instruction.a)
    let handle = Int(row[process.frame + Int(instruction.b)])
    func fail(_ reason: Oops.Reason, _ row: inout MutableSpan<UInt64>) -> Bool {
      oops(reason, runner, process, &row, &workspace)
      return false
    }
    guard handle > 0 else { return fail(.nullObject, &row) }
    let shadow = layout.shadows[number][handle]
    let isThere = shadow.map { row.isSet($0.isThere) } ?? false
    switch instruction.operation {
    case .hasShadow:
      row[a] = isThere ? 1 : 0
    case .loadShadow:
      guard let shadow, isThere else { return fail(.missingShadow(object: handle, number), &row) }
      row[a] = row[shadow.value]
    case .storeShadow:
      guard let shadow, isThere else { return fail(.missingShadow(object: handle, number), &row) }
      set(shadow, to: row[a], &row)
      record(.shadowStored(runner, object: handle, shadow: number), &row, &workspace)
    case .dropShadow:
      guard let shadow, isThere else { break }
      set(shadow, to: nil, &row)
      record(.shadowDropped(runner, object: handle, shadow: number), &row, &workspace)
    default:
      guard let shadow else { return fail(.missingShadow(object: handle, number), &row) }
      guard !isThere else {
        let name = program.shadows[number].name
        log(
          "Duplicate shadow variable <\(program.objectName(handle)), \(name)>", &row, &workspace)
        break
      }
      set(shadow, to: row[a], &row)
      record(.shadowStored(runner, object: handle, shadow: number), &row, &workspace)
    }
    return true
  }

  private func set(
    _ shadow: Layout.ShadowFields, to value: UInt64?, _ row: inout MutableSpan<UInt64>
  ) {
    row.set(shadow.isThere, to: value != nil)
    row[shadow.value] = value ?? 0
  }

  /// Drops the variable of every object (`klp_shadow_free_all`).
  func dropShadows(
    _ number: Int, _ runner: Runner, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    for handle in program.records[program.shadows[number].record].handles {
      guard let shadow = layout.shadows[number][handle], row.isSet(shadow.isThere) else { continue }
      set(shadow, to: nil, &row)
      record(.shadowDropped(runner, object: handle, shadow: number), &row, &workspace)
    }
  }
}
