import Machine
import ReferenceMachine

@testable import Machine

extension RowReader {
  /// Every place of every pool. A field that an object has not got, and every field of a free
  /// place, must be zero.
  func objects(_ row: inout MutableSpan<UInt64>) -> [ReferenceObject] {
    var objects: [ReferenceObject] = []
    for (place, fields) in machine.layout.objects.enumerated() {
      var object = ReferenceObject()
      object.isAllocated = row.isSet(fields.allocated)
      let version = fields.version.map { Int(row[$0]) } ?? 0
      object.madeBy = version == 0 ? nil : version - 1
      let record = machine.program.records[fields.record]
      for (number, field) in record.fields.enumerated() {
        let word = row[fields.fields[number]]
        let isThere =
          object.isAllocated && (field.patch == nil || field.patch?.rawValue == object.madeBy)
        let value = Int64(bitPattern: word) + (field.variable.range?.lowerBound ?? 0)
        if isThere || word != 0 { object.fields[number] = value }
      }
      for number in machine.layout.shadows.indices {
        guard let shadow = machine.layout.shadows[number][place + 1] else { continue }
        let word = row[shadow.value]
        if row.isSet(shadow.isThere) || word != 0 {
          object.shadows[number] = Int64(bitPattern: word)
        }
      }
      objects.append(object)
    }
    return objects
  }
}
