import Diagnostics
import Syntax

/// Families of patches: `patch bump for n in 1..15 { … }`, whose members are called `bump[3]`.
extension Checker {
  /// Finds the numbers of the members. They stand in the text: what a member is called and does
  /// depends on them.
  func checkFamily(_ number: Int) {
    guard let family = index.patches[number].declaration.family else { return }
    place = Place(context: .kernel, kernel: index.booted)
    if let other = find(family.variable.text), !family.variable.isMissing {
      report(.hides(family.variable, sort: sort(of: other), at: declaration(of: other)))
    }
    check(family.values, is: .list(.integer), help: "write `1..15` or `[1, 2, 4]`")
    guard case .list(let element)? = facts.kinds[family.values.range],
      facts.table.unify(element, .integer), let numbers = numbers(of: family.values)
    else { return }
    if numbers.isEmpty || numbers.count > Self.greatestFamily {
      report(
        .badFamily(
          index.patches[number].declaration.name, count: numbers.count, most: Self.greatestFamily,
          at: family.values.range))
    }
    var seen: Set<Int64> = []
    index.patches[number].family = numbers.prefix(Self.greatestFamily).filter {
      seen.insert($0).inserted
    }
  }

  /// Nil, reported, when they don't stand in the text.
  private func numbers(of expression: Expression) -> [Int64]? {
    switch expression.kind {
    case .parenthesised(let inner): return numbers(of: inner)
    case .list(let elements):
      let values = elements.compactMap { facts.constants[$0.range] }
      if values.count == elements.count { return values }
    case .range(let low, let high):
      guard let first = facts.constants[low.range], let last = facts.constants[high.range] else {
        break
      }
      let (width, overflow) = last.subtractingReportingOverflow(first)
      guard !overflow, width <= Int64(Self.greatestFamily) else {
        // As many as are too many.
        return first <= last ? Array(0...Int64(Self.greatestFamily)) : []
      }
      return first <= last ? Array(first...last) : []
    case .missing: return nil
    default: break
    }
    if facts.kinds[expression.range] != .error, let dependent = firstDependent(expression) {
      report(.notConstant("the numbers of a family", at: dependent, help: "write `1..15`"))
    }
    return nil
  }

  /// `bump[3]`.
  func checkFamilyMember(_ name: String, _ base: Expression, _ place: Expression) -> Kind {
    note(.patch(name), at: base.range)
    facts.kinds[base.range] = .patch
    check(place, is: .integer)
    guard let patch = index.patch(named: name), case .reference(let reference) = base.kind else {
      return .error
    }
    guard let family = patch.family else {
      report(.noFamily(reference.name, declared: patch.declaration.name.range))
      return .error
    }
    if let number = facts.constants[place.range], !family.isEmpty, !family.contains(number) {
      report(
        .noFamilyMember(
          name, number, numbers: family, at: place.range,
          declared: patch.declaration.family?.values.range))
      return .error
    }
    return .patch
  }

  /// A family alone is no patch that could be applied.
  func checkPatchAlone(_ name: String, _ reference: Reference) -> Kind {
    guard let patch = index.patch(named: name), let family = patch.family,
      !broken.touches(patch.declaration.range)
    else { return .patch }
    report(
      .familyWithoutNumber(
        reference.name, first: family.first, declared: patch.declaration.name.range))
    return .error
  }
}
