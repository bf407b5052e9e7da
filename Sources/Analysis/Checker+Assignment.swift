import Diagnostics
import Syntax

/// What can be assigned, and to what.
extension Checker {
  func checkAssignment(_ assignment: Assignment) {
    let place = assignment.place
    if case .reference(let reference) = place.kind {
      guard let symbol = find(reference) else {
        reportUnknown(
          reference, sort: nil, help: "declare it first: `var \(reference.name.text) = …`",
          where: isPlace)
        check(assignment.value)
        return declareAnyhow(reference)
      }
      facts.symbols[place.range] = symbol
      guard let kind = assignable(symbol, reference.name) else {
        note(symbol, at: place.range)
        check(assignment.value)
        return
      }
      return check(assignment.value, is: kind)
    }
    let isOutside = self.place.context == .operatorBody || self.place.context == .userTask
    if case .index(let base, _) = place.kind, !canChangeElement(of: base) {
      check(assignment.value)
      return
    }
    if case .member(let base, let name) = place.kind, isOutside {
      let kind = check(place)
      check(assignment.value)
      guard kind != .error else { return }
      return report(.fieldFromOutside(name, isOfTask: facts.kind(at: base.range) == .task))
    }
    let kind = check(place)
    check(assignment.value, is: kind)
  }

  /// What was assigned counts as declared in the body: its mistake has been told.
  private func declareAnyhow(_ reference: Reference) {
    let name = reference.name
    guard reference.module == nil, !name.isMissing, !scopes.isEmpty, declaredBelow(name) == nil
    else { return }
    let id = declare(name, .variable, .error)
    facts.locals[id.number].isUsed = true
    // The one that was declared last: it goes at no cost, however many there are.
    scopes[scopes.count - 1][name.text] = nil
    scopes[0][name.text] = id
  }

  /// Whether it can be assigned here.
  private func isPlace(_ symbol: Symbol) -> Bool {
    switch symbol {
    case .local(let id):
      facts.locals[id.number].role == .variable || facts.locals[id.number].role == .parameter
    case .variable: place.context != .operatorBody && place.context != .userTask
    default: false
    }
  }

  /// Whether a list is a variable, whose elements can be assigned; reports it when not.
  private func canChangeElement(of base: Expression) -> Bool {
    guard case .reference(let reference) = base.kind else {
      if check(base) != .error { report(.elementOfValue(at: base.range)) }
      return false
    }
    guard let symbol = find(reference), assignable(symbol, reference.name) == nil else {
      return true
    }
    note(symbol, at: base.range)
    return false
  }

  /// The kind of a place that can be assigned, or nil, reported.
  private func assignable(_ symbol: Symbol, _ name: Name) -> Kind? {
    let declared = declaration(of: symbol)
    switch symbol {
    case .local(let id) where facts.locals[id.number].role == .variable:
      return facts.locals[id.number].kind
    case .local(let id) where facts.locals[id.number].role == .parameter:
      return facts.locals[id.number].kind
    case .local(let id):
      let isLet = facts.locals[id.number].role == .binding
      report(
        .notAssignable(
          name.text, why: isLet ? "a `let`" : "the loop's own", at: name.range, declared: declared,
          help: isLet ? "declare it with `var` to change it" : "copy it into a `var` first"))
      facts.locals[id.number].isUsed = true
    case .variable(let key):
      switch place.context {
      case .operatorBody, .userTask:
        report(
          .notAssignable(
            name.text, why: "a kernel variable", at: name.range, declared: declared,
            help: "only kernel code changes it: write a `syscall` that does"))
      default: return kernelVariableKind(key)
      }
    default:
      report(
        .notAssignable(
          name.text, why: sort(of: symbol), at: name.range, declared: declared,
          help: "assign to a `var`"))
    }
    return nil
  }
}
