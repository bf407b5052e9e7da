extension Layout {
  /// Where one place of a pool stands. A free one is all zero, its shadow variables apart.
  package struct ObjectFields: Sendable {
    package let record: Int
    package let allocated: Field
    /// Number + 1 of the patch whose code made the object; only where some patch adds fields.
    package let version: Field?
    package let fields: [Field]
  }

  /// A shadow variable of one place.
  package struct ShadowFields: Sendable {
    package let isThere: Field
    package let value: Field
  }
}

extension [Layout.ObjectFields] {
  init(program: Program, globals: inout FieldAllocator) {
    self = []
    for (number, record) in program.records.enumerated() {
      let isExtended = record.fields.contains { $0.patch != nil }
      for _ in 0..<record.count {
        append(
          Layout.ObjectFields(
            record: number, allocated: globals.field(bits: 1),
            version: isExtended ? globals.field(upTo: program.patches.count) : nil,
            fields: record.fields.map { globals.field(for: $0.variable) }))
      }
    }
  }
}

extension [[Int: Layout.ShadowFields]] {
  /// For each shadow variable, by the object's handle.
  init(program: Program, globals: inout FieldAllocator) {
    self = []
    for shadow in program.shadows {
      var fields: [Int: Layout.ShadowFields] = [:]
      for handle in program.records[shadow.record].handles {
        fields[handle] = Layout.ShadowFields(
          isThere: globals.field(bits: 1), value: globals.field(bits: 64))
      }
      append(fields)
    }
  }
}
