import Machine
import Syntax

/// Records, their objects, and shadow variables.
extension Lowering {
  // MARK: Tables

  /// The greatest handle that there can be: 0 is null, then every place of every pool of the
  /// kernel.
  var greatestHandle: Int64 {
    if let greatestHandleKnown { return greatestHandleKnown }
    let greatest = index.kernel.map { kernel in
      kernel.records.reduce(0) { $0 + Int64(pool(of: $1)) }
    }
    greatestHandleKnown = greatest ?? 1
    return greatest ?? 1
  }

  private func pool(of record: RecordDeclaration) -> Int {
    record.pool.flatMap { compileTime.value(of: $0) }.map { Int(clamping: $0) } ?? 1
  }

  /// Every object of a record has the kernel's fields; those that a patch of the scenario adds, the
  /// objects that its code makes.
  func recordNumber(_ key: MemberKey) -> Int? {
    if let known = records[key] { return known }
    guard case .record(let declaration)? = index.kernel?.members[key]?.content else { return nil }
    var fields = declaration.fields.map { recordField($0, nil) }
    for more in moreFields[key] ?? [] {
      fields += more.declaration.fields.map { recordField($0, more.patch) }
    }
    let number = program.records.count
    records[key] = number
    program.records.append(
      Record(
        name: key.spelling, first: program.objectCount + 1, count: pool(of: declaration),
        fields: fields))
    return number
  }

  /// What the patches of the scenario add to records.
  func findMoreFields() {
    for (number, patch) in patches.enumerated() {
      for (_, more) in patch.index.records {
        guard case .record(let key)? = facts.symbols[more.name.range] else { continue }
        moreFields[key, default: []].append(MoreFields(patch: PatchID(number), declaration: more))
      }
    }
  }

  private func recordField(_ field: FieldDeclaration, _ patch: PatchID?) -> RecordField {
    let initial = field.value.flatMap { compileTime.value(of: $0) } ?? 0
    return RecordField(
      name: fieldNumber(field.name.text),
      variable: SharedVariable(
        name: field.name.text, initial: initial, range: bounds(of: field.name, field.bounds)),
      patch: patch)
  }

  private func fieldNumber(_ name: String) -> Int {
    if let known = fieldNames[name] { return known }
    let number = program.fieldNames.count
    fieldNames[name] = number
    program.fieldNames.append(name)
    return number
  }

  private func shadowNumber(_ name: String) -> Int? {
    if let known = shadows[name] { return known }
    for shadow in index.shadows[name] ?? [] {
      guard case .record(let key)? = facts.symbols[shadow.record.range],
        let record = recordNumber(key)
      else { continue }
      let number = program.shadows.count
      shadows[name] = number
      program.shadows.append(ShadowVariable(name: name, record: record))
      return number
    }
    return nil
  }

  // MARK: Objects

  func emitAllocation(_ allocation: Allocation, into wanted: Int?) -> Int {
    let first = lowerRun(allocation.fields.map(\.value))
    let register = wanted ?? builder.allocate()
    guard case .record(let key)? = facts.symbols[allocation.record.range],
      let number = recordNumber(key)
    else { return register }
    let patch = codePatch.flatMap { patchID($0) }
    var place: [Int: Int] = [:]
    if !allocation.fields.isEmpty {
      for (number, field) in program.records[number].fields.enumerated()
      where field.patch == nil || field.patch == patch {
        if place[field.name] == nil { place[field.name] = number }
      }
    }
    let places = allocation.fields.compactMap { fieldNames[$0.name.text].flatMap { place[$0] } }
    program.allocations.append(AllocationSite(record: number, fields: places, patch: patch))
    emit(.allocate, a: register, b: first, c: program.allocations.count - 1)
    return register
  }

  func emitField(_ base: Expression, _ name: Name, into register: Int) -> Int {
    let object = lower(base)
    let asks = context == .operatorBody || isInCondition
    emit(asks ? .readField : .loadField, a: register, b: object, c: fieldNumber(name.text))
    return register
  }

  func lowerStoreField(_ base: Expression, _ name: Name, _ value: Expression) {
    let word = lower(value)
    let object = lower(base)
    emit(.storeField, a: word, b: object, c: fieldNumber(name.text))
  }

  // MARK: Shadow variables

  func emitShadow(_ operation: Operation, _ shadow: ShadowReference, into wanted: Int?) -> Int {
    let object = lower(shadow.object)
    let register = wanted ?? builder.allocate()
    guard let number = shadowNumber(shadow.variable.text) else { return register }
    emit(operation, a: register, b: object, c: number)
    return register
  }

  func lowerStoreShadow(_ shadow: ShadowReference, _ value: Expression) {
    put(.storeShadow, shadow, lower(value))
  }

  func lowerAllocateShadow(_ node: ShadowAllocation) {
    let register = builder.allocate()
    if let value = node.value { lower(value, into: register) } else { emitLoad(0, into: register) }
    put(.allocateShadow, node.shadow, register)
  }

  private func put(_ operation: Operation, _ shadow: ShadowReference, _ word: Int) {
    let object = lower(shadow.object)
    guard let number = shadowNumber(shadow.variable.text) else { return }
    emit(operation, a: word, b: object, c: number)
  }

  func lowerDropShadow(_ drop: ShadowDrop) {
    switch drop {
    case .one(let shadow): put(.dropShadow, shadow, 0)
    case .all(let name):
      if let number = shadowNumber(name.text) { emit(.dropShadows, c: number) }
    }
  }

  // MARK: Masks

  func lowerMasked(_ body: Block, _ off: Operation, _ restore: Operation) {
    let before = builder.allocate()
    emit(off, a: before)
    lower(body)
    emit(restore, a: before)
  }
}
