import Diagnostics
import Machine
import Syntax

/// Looking names up. What is in reach depends on who asks: kernel code sees its own object and the
/// kernel, a program what can be called and constants, the operator everything that has a name.
extension Checker {
  /// What a name means here, or nil.
  func find(_ name: String) -> Symbol? {
    if let id = local(named: name) { return .local(id) }
    if place.context == .operatorBody, let symbol = findForOperator(name) { return symbol }
    if let symbol = findMember(name) { return symbol }
    if let patch = place.patch, index.patches[patch].declaration.family?.variable.text == name {
      return .familyNumber(index.patches[patch].name)
    }
    if place.context == .operatorBody { return fixedNames[name] }
    // `thread` names one.
    if place.context == .userTask, index.program(named: name) != nil { return .program(name) }
    if let error = Errno(name: name) { return .errno(error) }
    return name == "null" ? .null : nil
  }

  private func findForOperator(_ name: String) -> Symbol? {
    if let scenario = place.scenario, let axis = axisNumbers[scenario][name] {
      return .axis(axis)
    }
    if let definition = scenarioDefinitions[name] ?? index.topDefinitions[name] {
      return .definition(definition)
    }
    if index.hasPatch(named: name) { return .patch(name) }
    if index.program(named: name) != nil { return .program(name) }
    return nil
  }

  /// The name spaces that the current body looks in are its patch's, its module's, the kernel's.
  func findMember(_ name: String, occurrence: Int = 1) -> Symbol? {
    guard place.patch != nil || place.kernel != nil else { return nil }
    if let patch = place.patch,
      let found = findMember(name, occurrence, of: .patch(index.patches[patch].name))
    {
      return found
    }
    if let module = place.module, let found = findMember(name, occurrence, of: .module(module)) {
      return found
    }
    return findMember(name, occurrence, of: .kernel)
  }

  private func findMember(_ name: String, _ occurrence: Int, of owner: Owner) -> Symbol? {
    member(MemberKey(owner: owner, name: name, occurrence: occurrence))?.symbol
  }

  func member(_ key: MemberKey) -> Member? {
    if case .patch(let name) = key.owner { return index.patch(named: name)?.own[key] }
    return place.kernel.flatMap { index.kernels[$0].members[key] }
  }

  func find(_ reference: Reference) -> Symbol? {
    let occurrence = reference.occurrence?.number ?? 1
    if let module = reference.module {
      let key = MemberKey(
        owner: .module(module.text), name: reference.name.text, occurrence: occurrence)
      return member(key)?.symbol
    }
    if occurrence != 1 { return findMember(reference.name.text, occurrence: occurrence) }
    return find(reference.name.text)
  }

  // MARK: In words

  func sort(of symbol: Symbol) -> String {
    switch symbol {
    case .local(let id):
      switch facts.locals[id.number].role {
      case .parameter: "a parameter"
      case .binding: "a value"
      case .variable: "a variable"
      case .element: "a loop's variable"
      }
    case .axis: "a variable of the matrix"
    case .constant: "a constant"
    case .variable: "a kernel variable"
    case .queue: "a queue"
    case .lock: "a lock"
    case .record: "a record"
    case .function(let key): member(key)?.function.map { sort(of: $0.flavour) } ?? "a function"
    case .patch: "a patch"
    case .familyNumber: "the number of a family's member"
    case .program: "a program"
    case .definition: "a `def`"
    case .world: "a property of the machine"
    case .universe: "a universe"
    case .engine: "an engine"
    case .errno: "an error number"
    case .null: "no object"
    case .host: "a function of the operator"
    }
  }

  func sort(of flavour: FunctionDeclaration.Flavour) -> String {
    switch flavour {
    case .function: "a function"
    case .systemCall: "a system call"
    case .interrupt: "an interrupt handler"
    case .kernelThread: "a kernel thread"
    }
  }

  func declaration(of symbol: Symbol) -> SourceRange? {
    switch symbol {
    case .local(let id): facts.locals[id.number].name.range
    case .axis(let number): place.scenario.map { matrices[$0][number].name.range }
    case .constant(let key), .variable(let key), .queue(let key), .lock(let key),
      .record(let key), .function(let key):
      member(key)?.range
    case .patch(let name): index.patch(named: name)?.declaration.name.range
    case .familyNumber(let name):
      index.patch(named: name)?.declaration.family?.variable.range
    case .program(let name): index.program(named: name)?.name.range
    case .definition(let number): index.definitions[number].name.range
    case .world, .universe, .engine, .errno, .null, .host: nil
    }
  }

  /// Looks a name up and reports it when it is unknown. Errors of the parser stay its own.
  func resolve(_ name: Name, sort: String? = nil, where isWanted: (Symbol) -> Bool = { _ in true })
    -> Symbol?
  {
    guard !name.isMissing else { return nil }
    guard let symbol = find(name.text) else {
      if isSilent(nil, name, sort) { return nil }
      let (near, listed) = suggestion(for: name.text, isListed: sort != nil, where: isWanted)
      if near == nil, broken.lacksNames { return nil }
      report(.unknownName(name, sort: sort, near: near, listed: listed))
      return nil
    }
    note(symbol, at: name.range)
    return symbol
  }

  /// Whether there is nothing to say of an unknown name: it may have been declared where the parser
  /// could not read, or the statement has it twice, or nobody is going to see it.
  private func isSilent(_ module: Name?, _ name: Name, _ sort: String?) -> Bool {
    if isDone || broken.mentions(name.text) { return true }
    guard !openBlocks.isEmpty else { return false }
    let unknown = UnknownName(module: module?.text, name: name.text, sort: sort)
    return !unknownNames.insert(unknown).inserted
  }

  /// Remembers what the name at a place means.
  func note(_ symbol: Symbol, at range: SourceRange) {
    facts.symbols[range] = symbol
    switch symbol {
    case .local(let id): facts.locals[id.number].isUsed = true
    case .axis:
      if let declared = declaration(of: symbol) { usedAxes.insert(declared) }
    default: break
    }
  }

  /// Looks for a name that must mean one sort of thing.
  func expect(_ expression: Expression, sort: String, where isWanted: (Symbol) -> Bool) -> Symbol? {
    guard case .reference(let reference) = expression.kind else {
      if case .missing = expression.kind { return nil }
      let kind = check(expression)
      if kind != .error { report(.wrongKind(found: kind, wanted: sort, at: expression.range)) }
      return nil
    }
    return expect(reference, at: expression.range, sort: sort, where: isWanted)
  }

  func expect(
    _ reference: Reference, at range: SourceRange, sort: String, where isWanted: (Symbol) -> Bool
  ) -> Symbol? {
    guard let symbol = find(reference) else {
      reportUnknown(reference, sort: sort, where: isWanted)
      return nil
    }
    note(symbol, at: range)
    guard isWanted(symbol) else {
      report(
        .wrongSort(
          reference.name, is: self.sort(of: symbol), wanted: sort,
          declared: declaration(of: symbol)))
      return nil
    }
    return symbol
  }

  /// What a module has of that name, which must be said with the module's.
  private func inSomeModule(_ name: String, where isWanted: (Symbol) -> Bool) -> MemberKey? {
    guard let kernel = place.kernel else { return nil }
    suggestions.goThrough(names: index.kernels[kernel].order.count)
    return index.kernels[kernel].order.first { key in
      guard key.name == name, key.occurrence == 1, case .module = key.owner else { return false }
      return member(key).map { isWanted($0.symbol) } ?? false
    }
  }

  /// Whether it could stand here for a value.
  func isValue(_ symbol: Symbol) -> Bool {
    switch symbol {
    case .local, .axis, .constant, .patch, .familyNumber, .world, .universe, .engine, .errno, .null:
      true
    case .variable: place.context != .userTask
    case .program(let name): name == "init"
    case .function, .definition, .host, .queue, .lock, .record: false
    }
  }

  /// - Parameter help: what to do when nothing is called nearly so.
  func reportUnknown(
    _ reference: Reference, sort: String?, help: String? = nil,
    where isWanted: (Symbol) -> Bool = { _ in true }
  ) {
    guard !reference.name.isMissing, !isSilent(reference.module, reference.name, sort) else {
      return
    }
    if let foreign = foreignAttribute(of: reference.name.text) {
      return report(.callOfForeign(reference.name, attribute: foreign))
    }
    guard !isRefusedMember(reference.name.text) else { return }
    if let module = reference.module, let kernel = place.kernel {
      let modules = index.kernels[kernel].modules
      guard modules[module.text] != nil else {
        let near = near(module.text) { modules.keys.sorted() }
        return report(.unknownName(module, sort: "a module", near: near))
      }
      let near = near(reference.name.text) {
        index.kernels[kernel].order.filter { $0.owner == .module(module.text) }.map(\.name)
      }
      return report(
        .unknownName(reference.name, sort: "a member of \(module.text)", near: near))
    }
    if sort == nil, reference.module == nil, let verb = Verb.named(reference.name.text) {
      return report(.verbAsValue(reference.name, verb))
    }
    if reference.module == nil, let later = declaredBelow(reference.name) {
      let line = sources.position(at: later.lower, in: later.file).line
      return report(.usedBeforeDeclared(reference.name, declared: later, line: line))
    }
    if reference.module == nil, !suggestions.isSpent,
      let key = inSomeModule(reference.name.text, where: isWanted)
    {
      return report(.unknownName(reference.name, sort: sort, near: key.spelling))
    }
    if reference.module == nil, let form = foreignName(reference.name.text, sort: sort) {
      return report(.foreignName(reference.name, sort: sort, form: form))
    }
    var words = sort == nil ? Self.wordsOfLanguage : []
    if sort == nil, reference.name.text.hasPrefix("E") { words += Errno.allCases.map(\.name) }
    let (near, listed) = suggestion(
      for: reference.name.text, last: words, isListed: sort != nil, where: isWanted)
    if near == nil, broken.lacksNames { return }
    var diagnostic = Diagnostic.unknownName(
      reference.name, sort: sort, near: near, listed: listed)
    if diagnostic.fixIt == nil, let help { diagnostic.help = help }
    report(diagnostic)
  }

  /// What may have been meant by a word that nothing follows.
  static let wordsOfLanguage = [
    "true", "false", "return", "break", "continue", "while", "loop", "spawn", "wait", "alloc",
  ]

  /// Whether the patch around it has a function of that name, of which something else is wrong.
  private func isRefusedMember(_ name: String) -> Bool {
    guard let patch = place.patch, !isFull else { return false }
    return index.patches[patch].declaration.members.contains {
      if case .function(let function) = $0 { function.name.text == name } else { false }
    }
  }

  /// What is written here for a value or a function that most other languages have.
  private func foreignName(_ name: String, sort: String?) -> String? {
    switch sort {
    case nil: ForeignWords.values[name]
    case "a function": ForeignWords.functions[name]
    default: nil
    }
  }
}
