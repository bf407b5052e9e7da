/// `record NAME[POOL] { … }`: objects of a kind, as many at once as the pool has places.
///
/// A value is a handle: 0 is null, then the places of all pools side by side. A place that is free
/// again is taken by the next object, so that an old handle may come to mean another object, as a
/// stale pointer does.
package struct Record: Sendable {
  package var name: String
  /// The handle of its first place.
  package var first: Int
  package var count: Int
  package var fields: [RecordField]
  package init(name: String, first: Int, count: Int, fields: [RecordField]) {
    self.name = name
    self.first = first
    self.count = count
    self.fields = fields
  }

  package var handles: Range<Int> { first..<(first + count) }
}

package struct RecordField: Sendable {
  /// Its place in `Program.fieldNames`.
  package var name: Int
  package var variable: SharedVariable
  /// The patch whose code makes objects that have the field; nil: all have it.
  package var patch: PatchID?
  package init(name: Int, variable: SharedVariable, patch: PatchID? = nil) {
    self.name = name
    self.variable = variable
    self.patch = patch
  }
}

/// `alloc NAME { field = value, … }`: what has no room in the instruction.
package struct AllocationSite: Sendable {
  package var record: Int
  /// The fields that get a value, by their place in the record.
  package var fields: [Int]
  /// Whose code it is: the layout that the object is given.
  package var patch: PatchID?
  package init(record: Int, fields: [Int], patch: PatchID? = nil) {
    self.record = record
    self.fields = fields
    self.patch = patch
  }
}

/// `shadow NAME on RECORD`: a variable beside an object, found by the object's address. Its value
/// outlives the object, and the patch that brought it.
package struct ShadowVariable: Sendable {
  package var name: String
  package var record: Int
  package init(name: String, record: Int) {
    self.name = name
    self.record = record
  }
}

extension Program {
  /// Number of the places of all pools.
  package var objectCount: Int { records.reduce(0) { $0 + $1.count } }

  /// `inode[3]`, or null.
  package func objectName(_ handle: Int) -> String {
    guard let number = record(of: handle) else { return "null" }
    return "\(records[number].name)[\(handle - records[number].first)]"
  }

  /// The record whose pool the place belongs to.
  func record(of handle: Int) -> Int? {
    records.firstIndex { $0.handles.contains(handle) }
  }
}
