import Diagnostics
import Syntax

/// The fields that objects have which the code of one patch makes, or the kernel's own: by record,
/// as they are asked for.
struct KnownFields {
  var kernel: Int?
  var patch: Int?
  /// What the patch adds.
  var more: [MemberKey: [String]] = [:]
  var names: [MemberKey: Set<String>] = [:]
}

/// Records, their objects, and shadow variables.
///
/// Which record an object is of is not told from the text: all objects are of one kind, and a field
/// is looked for in the object that is there when the code runs.
extension Checker {
  private static let greatestPool: Int64 = 256

  func checkRecord(_ record: RecordDeclaration) {
    if let pool = record.pool {
      check(pool, is: .integer)
      if let count = facts.constants[pool.range], !(1...Self.greatestPool).contains(count) {
        report(
          .outOfRange(
            "the number of objects", value: count, allowed: "1 to \(Self.greatestPool)",
            at: pool.range))
      } else if let dependent = firstDependent(pool) {
        report(.notConstant("the number of objects", at: dependent))
      }
    } else if place.patch == nil {
      report(.recordWithoutPool(record.name))
    }
    checkFields(record.fields, known: [:])
  }

  private func checkFields(_ fields: [FieldDeclaration], known: [String: SourceRange]) {
    var known = known
    for field in fields where !field.name.isMissing {
      if let first = known.updateValue(field.name.range, forKey: field.name.text) {
        report(.duplicate("field", field.name.text, at: field.name.range, first: first))
      }
      var kind = Kind.integer
      if let value = field.value {
        checkKernelVariable(field.name, field.bounds, value)
        kind = facts.kinds[field.name.range] ?? .error
        if kind.isList {
          report(.wrongKind(found: kind, wanted: "an int, a bool or null", at: value.range))
          kind = .error
        }
      } else if let bounds = field.bounds {
        checkBounds(bounds)
      }
      guard let other = facts.fieldKinds[field.name.text] else {
        facts.fieldKinds[field.name.text] = kind
        continue
      }
      if !facts.table.unify(other, kind) {
        report(
          .wrongKind(
            found: kind, wanted: "\(other.words), as a field of that name elsewhere",
            at: field.value?.range ?? field.range))
      }
    }
  }

  /// `record NAME { more }` and `shadow NAME on RECORD` of a patch.
  func checkMoreFields(_ number: Int) {
    guard let kernel = index.booted else { return }
    for (module, record) in index.patches[number].records {
      place = Place(context: .kernel, kernel: kernel, module: module, patch: number)
      guard let symbol = resolve(record.name, sort: "a record") else { continue }
      guard case .record(let key) = symbol, case .record(let original)? = member(key)?.content
      else {
        report(
          .wrongSort(
            record.name, is: sort(of: symbol), wanted: "a record",
            declared: declaration(of: symbol)))
        continue
      }
      let known = original.fields.map { ($0.name.text, $0.name.range) }
      checkFields(record.fields, known: Dictionary(known) { first, _ in first })
    }
  }

  // MARK: Fields

  func isField(_ name: Name) -> Bool { facts.fieldKinds[name.text] != nil }

  /// The kind of a field that some record has.
  func checkField(_ name: Name, of kind: Kind) -> Kind {
    guard let field = facts.fieldKinds[name.text] else {
      if isDone { return .error }
      let known = suggestions.isSpent ? [] : facts.fieldKinds.keys.sorted()
      report(.unknownMember(name, of: "a record", near: near(name.text) { known }, known: known))
      return .error
    }
    _ = facts.table.unify(kind, .record)
    return field
  }

  func checkAllocation(_ allocation: Allocation) -> Kind {
    let symbol = resolve(allocation.record, sort: "a record")
    var record: MemberKey?
    if let symbol {
      if case .record(let key) = symbol {
        record = key
      } else {
        report(
          .wrongSort(
            allocation.record, is: sort(of: symbol), wanted: "a record",
            declared: declaration(of: symbol)))
      }
    }
    var seen: [String: SourceRange] = [:]
    for field in allocation.fields {
      if let first = seen.updateValue(field.name.range, forKey: field.name.text) {
        report(.duplicate("field", field.name.text, at: field.name.range, first: first))
      }
      guard let record, !field.name.isMissing else {
        check(field.value)
        continue
      }
      guard hasField(field.name.text, record), let kind = facts.fieldKinds[field.name.text] else {
        check(field.value)
        reportUnknownField(field.name, of: record, allocation.record)
        continue
      }
      check(field.value, is: kind)
    }
    return .record
  }

  private func reportUnknownField(_ name: Name, of record: MemberKey, _ spelling: Name) {
    if isDone { return }
    let known = suggestions.isSpent ? [] : fields(of: record) + moreFields(of: record)
    report(
      .unknownMember(
        name, of: "record `\(spelling.text)`", near: near(name.text) { known }, known: known))
  }

  private func fields(of key: MemberKey) -> [String] {
    guard case .record(let record)? = member(key)?.content else { return [] }
    return record.fields.map(\.name.text)
  }

  /// What the patch whose code this is adds to the record.
  private func moreFields(of key: MemberKey) -> [String] { fieldsKnownHere.more[key] ?? [] }

  /// Whether an object that code here makes has the field.
  private func hasField(_ name: String, _ record: MemberKey) -> Bool {
    if let known = fieldsKnownHere.names[record] { return known.contains(name) }
    let names = Set(fields(of: record) + moreFields(of: record))
    knownFields.names[record] = names
    return names.contains(name)
  }

  private var fieldsKnownHere: KnownFields {
    if knownFields.patch == place.patch, knownFields.kernel == place.kernel { return knownFields }
    knownFields = KnownFields(kernel: place.kernel, patch: place.patch)
    guard let patch = place.patch else { return knownFields }
    for (_, record) in index.patches[patch].records {
      guard case .record(let key)? = facts.symbols[record.name.range] else { continue }
      knownFields.more[key, default: []] += record.fields.map(\.name.text)
    }
    return knownFields
  }

  // MARK: Shadow variables

  func checkShadow(_ shadow: ShadowReference) -> Kind {
    check(shadow.object, is: .record)
    return shadowKind(shadow.variable)
  }

  /// The kind of a shadow variable, by its name: the kernel knows them by number, whoever asks.
  func shadowKind(_ name: Name) -> Kind {
    guard !name.isMissing else { return .error }
    guard index.shadows[name.text] != nil else {
      if isDone { return .error }
      let known = index.shadowNames
      let near = near(name.text) { known }
      if near == nil, broken.lacksNames { return .error }
      report(.unknownFixedName(name, sort: "shadow variable", near: near, known: known))
      return .error
    }
    if let kind = facts.shadowKinds[name.text] { return kind }
    let kind = facts.table.fresh()
    facts.shadowKinds[name.text] = kind
    return kind
  }
}
