import Diagnostics
import Machine
import Syntax

extension Checker {
  /// Finds the kind of an expression that stands where a value is needed.
  @discardableResult
  func check(_ expression: Expression) -> Kind {
    // In two steps: the table must be looked at after what the expression does to it.
    let outer = facts.table.place
    facts.table.place = expression.range
    let found = kindOf(expression)
    facts.table.place = outer
    let kind = facts.table.resolve(found)
    facts.kinds[expression.range] = kind
    return kind
  }

  /// As `check`, and what is found must be of that kind.
  func check(_ expression: Expression, is wanted: Kind, help: String? = nil) {
    let found = check(expression)
    require(found, is: wanted, expression, help: help)
  }

  func require(_ found: Kind, is wanted: Kind, _ expression: Expression, help: String? = nil) {
    let outer = facts.table.place
    facts.table.place = expression.range
    defer { facts.table.place = outer }
    guard !facts.table.unify(found, wanted) else { return }
    let origin = facts.table.origin(of: wanted)
    let wanted = facts.table.resolve(wanted)
    if let origin, origin != expression.range {
      return reportTwoKinds(facts.table.resolve(found), wanted, expression, origin, help)
    }
    if wanted == .duration, found == .integer,
      case .integer(let number) = expression.unparenthesised.kind
    {
      report(.missingUnit("\(number)", at: expression.unparenthesised.range))
      return
    }
    report(
      .wrongKind(
        found: facts.table.resolve(found),
        wanted: wanted.isOpen ? "a task or a list of tasks" : wanted.words, at: expression.range,
        because: whereKindComesFrom(expression),
        help: help ?? helpForKind(found, wanted, expression)))
  }

  /// What must be of one kind has got another elsewhere: a parameter that two calls disagree about,
  /// or the elements of a list.
  private func reportTwoKinds(
    _ found: Kind, _ wanted: Kind, _ expression: Expression, _ origin: SourceRange,
    _ help: String?
  ) {
    if wanted == .duration, found == .integer, case .integer(let number) = expression.kind {
      return report(.missingUnit("\(number)", at: expression.range))
    }
    report(
      .wrongKind(
        found: found, wanted: wanted.words, at: expression.range,
        because: .secondary(origin, "it is \(wanted.words) because of this"),
        help: help ?? helpForKind(found, wanted, expression)))
  }

  private func helpForKind(_ found: Kind, _ wanted: Kind, _ expression: Expression) -> String? {
    switch (wanted, found) {
    case (.boolean, .integer): "compare it: `\(text(of: expression.range)) != 0`"
    case (.boolean, .patch): "a transition is over when `not in_progress` holds"
    case (.boolean, .task): "ask it something: `\(text(of: expression.range)).alive`"
    case (.boolean, .list): "ask them all: `every(x in LIST: CONDITION)`, some or count"
    case (.boolean, .string):
      "compare it, `VALUE == \"TEXT\"`, or look into it, `\"TEXT\" in VALUE`"
    case (.boolean, .record): "compare it: `\(text(of: expression.range)) != null`"
    case (.boolean, .result): "whether it succeeded: `.status == 0`"
    case (.boolean, .duration): "to let time pass, write `sleep \(text(of: expression.range))`"
    case (.string, .integer): "put it into a text: `\(quoted(expression))`"
    case (.patch, .string): "the name of a patch stands without quotes"
    case (.engine, .string): "the name of an engine stands without quotes"
    case (.duration, .integer): "multiply it by a duration: `\(text(of: expression.range)) * 1ms`"
    case (.list, .task): "put it into a list: `[\(text(of: expression.range))]`"
    case (.list(let element), _) where facts.table.resolve(element) == found:
      "put it into a list: `[\(text(of: expression.range))]`"
    case (.task, .list): "take one of them with `for t in …`, or ask with `every(t in …: …)`"
    default: nil
    }
  }

  /// `"1"` for a literal, `"{n}"` for what has a value.
  private func quoted(_ expression: Expression) -> String {
    let inner = text(of: expression.range)
    if case .integer = expression.kind { return "\"\(inner)\"" }
    return "\"{\(inner)}\""
  }

  /// The declaration of the local that an expression is, as a label.
  private func whereKindComesFrom(_ expression: Expression) -> Label? {
    guard case .local(let id) = facts.symbols[expression.range] else { return nil }
    return .secondary(facts.locals[id.number].name.range, "declared here")
  }

  private func kindOf(_ expression: Expression) -> Kind {
    switch expression.kind {
    case .integer(let value):
      facts.constants[expression.range] = value
      return .integer
    case .duration(let nanoseconds):
      facts.constants[expression.range] = nanoseconds
      return .duration
    case .boolean(let value):
      facts.constants[expression.range] = value ? 1 : 0
      return .boolean
    case .string(let text):
      check(text, expression.range)
      return .string
    case .list(let elements): return checkList(elements, expression.range)
    case .emptyList(let capacity):
      check(capacity, is: .integer)
      return .list(facts.table.fresh())
    case .reference(let reference): return checkReference(reference, expression)
    case .member(let base, let name): return checkMember(base, name)
    case .index(let base, let place): return checkIndex(base, place)
    case .call(let callee, let arguments): return checkCall(callee, arguments, expression)
    case .unary(let operation, let operand): return checkUnary(operation, operand, expression)
    case .binary(let operation): return checkBinary(operation, expression)
    case .range(let low, let high): return checkRange(low, high)
    case .parenthesised(let inner):
      let kind = check(inner)
      facts.constants[expression.range] = facts.constants[inner.range]
      return kind
    case .quantified(let quantification): return checkQuantified(quantification)
    case .missing: return .error
    default: return checkAction(expression)
    }
  }

  /// Values that a list which is written out has at the most, and a text: they stand side by side
  /// in the frame of their body.
  private static let greatestRun = FunctionBuilder.registerLimit
  /// The same of a list that is no body's: a matrix has no more rows.
  private static let greatestLooseRun = greatestRowCount

  func check(_ text: InterpolatedText, _ range: SourceRange) {
    let count = text.segments.count { if case .expression = $0 { true } else { false } }
    guard count <= Self.greatestRun else {
      return report(
        .tooLarge("the number of values in this text", limit: Self.greatestRun, at: range))
    }
    for case .expression(let value) in text.segments {
      let kind = check(value)
      if kind == .nothing { report(.noValue("this", at: value.range, declared: nil)) }
    }
  }

  private func checkList(_ elements: [Expression], _ range: SourceRange) -> Kind {
    let limit = openBlocks.isEmpty ? Self.greatestLooseRun : Self.greatestRun
    guard elements.count <= limit else {
      report(.tooLarge("this list", limit: limit, at: range))
      return .error
    }
    let element = facts.table.fresh()
    for expression in elements { check(expression, is: element) }
    return .list(element)
  }

  private func checkReference(_ reference: Reference, _ expression: Expression) -> Kind {
    guard let symbol = find(reference) else {
      if reference.isReap { return checkReap(expression.range) }
      reportUnknown(reference, sort: nil, where: isValue)
      return .error
    }
    note(symbol, at: expression.range)
    switch symbol {
    case .local(let id): return facts.locals[id.number].kind
    case .axis(let number):
      return place.scenario.map { matrices[$0][number].kind } ?? .error
    case .constant(let key):
      let (kind, value) = constant(key)
      facts.constants[expression.range] = value
      return kind
    case .variable(let key):
      guard place.context != .userTask else {
        report(
          .notVisible(
            reference.name, sort: "the kernel variable", from: place.context,
            declared: declaration(of: symbol),
            help: "write a `syscall` that returns it, and call that"))
        return .error
      }
      return kernelVariableKind(key)
    // Pid 1 is there from the start: nobody has a handle of it but its name.
    case .program("init"): return .task
    case .patch(let name): return checkPatchAlone(name, reference)
    case .familyNumber: return .integer
    case .world(let property): return property.kind
    case .universe(let isNew):
      facts.constants[expression.range] = isNew ? 1 : 0
      return .universe
    case .engine: return .engine
    case .null:
      facts.constants[expression.range] = 0
      return .record
    case .errno(let error):
      facts.constants[expression.range] = Int64(error.rawValue)
      return .integer
    case .function, .definition, .host, .program, .queue, .lock, .record:
      report(
        .wrongSort(
          reference.name, is: sort(of: symbol), wanted: "a value",
          declared: declaration(of: symbol),
          help: adviceOnThing(symbol, reference.name.text)))
      return .error
    }
  }

  /// What to do with a thing that is no value.
  private func adviceOnThing(_ symbol: Symbol, _ name: String) -> String? {
    if isCallable(symbol) { return "call it: `\(name)(…)`" }
    if case .program = symbol, place.context == .operatorBody {
      return "a task of it is what `spawn \(name)` gives"
    }
    return nil
  }

  func kernelVariableKind(_ key: MemberKey) -> Kind {
    guard case .variable(let declaration) = member(key)?.content else { return .error }
    return facts.kinds[declaration.name.range] ?? .error
  }

  private func checkMember(_ base: Expression, _ name: Name) -> Kind {
    if case .reference(let reference) = base.kind, reference.name.text == "transition",
      place.context == .operatorBody, find(reference) == nil
    {
      if let property = TransitionProperty.named(name.text) {
        checkTimeInSearch(name, of: base)
        return property.kind
      }
      if name.isMissing { return .duration }
      let names = TransitionProperty.all.map(\.name)
      report(
        .unknownMember(
          name, of: "a transition", near: nearest(to: name.text, among: names),
          known: names))
      return .error
    }
    if reportedAsModule(base, name) { return .error }
    let kind = check(base)
    guard !name.isMissing else { return .error }
    switch kind {
    case .error: return .error
    case .unknown where place.context == .operatorBody && isField(name):
      return checkField(name, of: kind)
    case .task where place.context == .operatorBody, .unknown where place.context == .operatorBody:
      if let property = TaskProperty.all.first(where: { $0.name == name.text }) {
        _ = facts.table.unify(kind, .task)
        return property.kind
      }
      // A program's own variables can be read from outside.
      if let variable = programVariable(name.text) {
        _ = facts.table.unify(kind, .task)
        return variable
      }
      let known = TaskProperty.all.map(\.name) + programVariables
      let advice = adviceOnMember(name, of: .task)
      let near = advice == nil ? nearest(to: name.text, among: known) : nil
      var diagnostic = Diagnostic.unknownMember(name, of: "a task", near: near, known: known)
      diagnostic.help = advice ?? diagnostic.help
      report(diagnostic)
    case .list:
      var diagnostic = Diagnostic.unknownMember(name, of: kind.words, near: nil, known: [])
      let list = text(of: base.range)
      if ["len", "length", "size", "count"].contains(name.text) {
        diagnostic = .lengthElsewhere(name, of: list)
      } else {
        diagnostic.help =
          adviceOnMember(name, of: kind)
          ?? "ask each of them: `every(t in \(list): t.\(name.text) …)`, some or count"
      }
      report(diagnostic)
    case .result where name.text == "out": return .string
    case .result where name.text == "status": return .integer
    case .record, .unknown: return checkField(name, of: kind)
    default: reportNoMember(name, of: kind)
    }
    return .error
  }

  /// Of what has no properties, or two.
  private func reportNoMember(_ name: Name, of kind: Kind) {
    let known = kind == .result ? ["out", "status"] : []
    var diagnostic = Diagnostic.unknownMember(
      name, of: kind.words, near: nearest(to: name.text, among: known), known: known)
    if kind != .result { diagnostic.help = adviceOnMember(name, of: kind) }
    report(diagnostic)
  }

  /// Names of variables that stand directly in bodies of programs, as many as one reads.
  private var programVariables: [String] {
    var names: [String] = []
    for program in index.programs.prefix(20) {
      for case .variable(let variable) in program.body.statements.lazy.map(\.kind)
      where !names.contains(variable.name.text) && names.count < 20 {
        names.append(variable.name.text)
      }
    }
    return names
  }

  /// The kind of a variable that stands directly in the body of some program.
  private func programVariable(_ name: String) -> Kind? {
    for program in index.programs {
      for case .variable(let variable) in program.body.statements.map(\.kind)
      where variable.name.text == name {
        return facts.localAt[variable.name.range].map { facts.locals[$0.number].kind } ?? .error
      }
    }
    return nil
  }

  private func checkIndex(_ base: Expression, _ place: Expression) -> Kind {
    if case .reference(let reference) = base.kind, case .patch(let name)? = find(reference) {
      return checkFamilyMember(name, base, place)
    }
    if case .reference(let reference) = base.kind, reference.name.text == "list",
      find(reference) == nil
    {
      check(place, is: .integer)
      report(.listElsewhere(at: base.range))
      return .error
    }
    let found = check(base)
    if found == .task {
      report(.taskIndexed(text(of: base.range), text(of: place.range), at: base.range))
      return .error
    }
    let element = facts.table.fresh()
    require(found, is: .list(element), base)
    check(place, is: .integer)
    checkBounds(of: place, in: base)
    return element
  }

  /// An index that is known before the run, of a list whose length is.
  private func checkBounds(of place: Expression, in base: Expression) {
    guard let index = facts.constants[place.range] else { return }
    let count = length(of: base)
    guard index < 0 || index >= Int64(count ?? .max) else { return }
    report(.indexOutside(index, count: count, at: place.range))
  }

  /// How many elements a list has, where the text says so: it is written there, or in the `let`
  /// that the name stands for.
  private func length(of list: Expression) -> Int? {
    switch list.unparenthesised.kind {
    case .list(let elements): return elements.count
    case .reference:
      guard case .local(let id)? = facts.symbols[list.unparenthesised.range] else { return nil }
      return certainLengths[id]
    default: return nil
    }
  }

  private func checkUnary(
    _ operation: UnaryOperator, _ operand: Expression, _ expression: Expression
  ) -> Kind {
    switch operation {
    case .not:
      check(operand, is: .boolean)
      if let value = facts.constants[operand.range] {
        facts.constants[expression.range] = value == 0 ? 1 : 0
      }
      return .boolean
    case .negate:
      let kind = check(operand)
      guard isNumber(kind) else {
        report(.wrongKind(found: kind, wanted: "an int or a duration", at: operand.range))
        return .error
      }
      if let value = facts.constants[operand.range] {
        let (negated, overflow) = Int64(0).subtractingReportingOverflow(value)
        if overflow { report(.constantOverflow(at: expression.range)) }
        facts.constants[expression.range] = negated
      }
      return kind
    }
  }

  func isNumber(_ kind: Kind) -> Bool {
    switch kind {
    case .integer, .duration, .unknown, .error: true
    default: false
    }
  }

  private func checkRange(_ low: Expression, _ high: Expression) -> Kind {
    let kind = check(low)
    check(high, is: kind)
    guard isNumber(kind) else {
      report(.wrongKind(found: kind, wanted: "an int or a duration", at: low.range))
      return .error
    }
    return .list(kind)
  }

  /// What is gone through, and not only looked into with `in`, comes to an end.
  func checkEnd(of sequence: Expression) {
    guard case .range(_, let high) = sequence.unparenthesised.kind,
      facts.constants[high.range] == .max
    else { return }
    report(.endlessRange(at: high.range))
  }

  private func checkQuantified(_ quantification: Quantification) -> Kind {
    let element = facts.table.fresh()
    check(quantification.sequence, is: .list(element))
    checkEnd(of: quantification.sequence)
    inScope {
      declare(quantification.variable, .element, element)
      check(quantification.condition, is: .boolean)
    }
    return quantification.quantifier == .count ? .integer : .boolean
  }
}
