import Diagnostics
import Machine
import Syntax

/// What the checker found out about the text, for the lowering: keyed by place, for no two names
/// and no two expressions stand at the same one.
struct Facts: Sendable {
  var symbols = PlaceTable<Symbol>()
  var kinds = PlaceTable<Kind>()
  /// Expressions whose value is the same in every run, matrix apart.
  var constants = PlaceTable<Int64>()
  var locals: [Local] = []
  /// Where a local is declared, by its name's place.
  var localAt = PlaceTable<LocalID>()
  /// The places of commands in their table.
  var commandNumbers: [String: Int] = [:]
  /// The commands of a line, with what stands literally in each.
  var commandLists = PlaceTable<[ListedCommand]>()
  /// `def`s by their name's place.
  var definitionAt: [SourceRange: Int] = [:]
  /// Kinds of the fields of records, by name: two records that have a field of one name have it of
  /// one kind, so that it need not be known which record an object is of.
  var fieldKinds: [String: Kind] = [:]
  var shadowKinds: [String: Kind] = [:]
  var table = KindTable()

  func kind(at range: SourceRange) -> Kind { table.resolve(kinds[range] ?? .error) }
}

/// A name of a body.
struct Local: Sendable {
  enum Role: Sendable { case parameter, binding, variable, element }

  var name: Name
  var role: Role
  var kind: Kind
  var isUsed = false
}

/// What a body of code takes and gives.
struct CallKinds {
  var parameters: [Kind]
  var result: Kind
}

/// Whose body the checker is in.
struct Place {
  var context: Context
  var kernel: Int?
  var module: String?
  var patch: Int?
  var scenario: Int?
  /// What `return` must give.
  var result: Kind = .nothing
  var isDefinition = false

  /// Directly in a scenario, and not in a `def`.
  var isScenarioBody: Bool { context == .operatorBody && scenario != nil && !isDefinition }
}

/// Resolves every name, finds every kind, and reports everything that is wrong, in one walk.
///
/// One mistake is one diagnostic: whatever could not be made out has the kind *error*, which goes
/// with anything. A parameter has no kind in the text; it is found out from its uses and from the
/// arguments it is given, over all files (`KindTable`), so that `sleep d` in a program makes `d` a
/// duration and `spawn p(5)` a mistake.
final class Checker {
  let sources: SourceMap
  let hosts: [HostDeclaration]
  let commands: [ShellCommand]
  // What is touched at every name is not asked for exclusive access at run time, as in `Lowering`.
  @exclusivity(unchecked) var index = Index()
  @exclusivity(unchecked) var facts = Facts()
  @exclusivity(unchecked) var diagnostics: [Diagnostic] = []
  @exclusivity(unchecked) private var hasKeptError = false
  /// What the parser could not read and has reported.
  @exclusivity(unchecked) var broken = BrokenText()

  /// Names of the bodies around the current statement, innermost last.
  @exclusivity(unchecked) var scopes: [Scope] = []
  /// The blocks around the current statement, innermost last.
  @exclusivity(unchecked) var openBlocks: [OpenBlock] = []
  /// What has been said of names in the statement at hand: a name that is there twice is one
  /// mistake.
  @exclusivity(unchecked) var saidOfNames: Set<String> = []
  /// Those of them that nothing has.
  @exclusivity(unchecked) var unknownNames: Set<UnknownName> = []
  @exclusivity(unchecked) var suggestions = SuggestionBudget()
  @exclusivity(unchecked) var place = Place(context: .operatorBody)
  @exclusivity(unchecked) var loopDepth = 0
  /// The verb whose condition is being checked: `await`, `always`, `never`.
  @exclusivity(unchecked) var conditionVerb: String?
  /// Whether the statement at hand says that it fails.
  @exclusivity(unchecked) var expectsFailure = false
  /// Calls that stand in conditions: what they call may only ask.
  @exclusivity(unchecked) var conditionCalls: [ConditionCall] = []
  /// How deep the current statement stands inside others of its body.
  @exclusivity(unchecked) var nesting = 0
  @exclusivity(unchecked) var matrices: [[Axis]] = []
  /// Rows of all matrices so far, and whether that has been found to be too many.
  @exclusivity(unchecked) var totalRowCount = 0
  @exclusivity(unchecked) var hasTooManyRows = false
  @exclusivity(unchecked) var callKinds: [BodyID: CallKinds] = [:]
  /// Functions that are declared twice, which has been said: either of the two may be meant.
  @exclusivity(unchecked) var twiceDeclared: Set<MemberKey> = []
  @exclusivity(unchecked) var usedAxes: Set<SourceRange> = []
  /// Numbers of the matrices' variables, by name.
  @exclusivity(unchecked) var axisNumbers: [[String: Int]] = []
  @exclusivity(unchecked) var knownFields = KnownFields()
  /// Members that a family may have; each that a scenario names is a patch of its own.
  static let greatestFamily = 1_000
  /// `def`s of the scenario that is being checked.
  @exclusivity(unchecked) var scenarioDefinitions: [String: Int] = [:]
  /// Commands as they stand in the text.
  @exclusivity(unchecked) var commandTexts: [String] = []
  /// Values of `let`s that are the same in every run.
  @exclusivity(unchecked) var certainLocals: [LocalID: Int64] = [:]
  /// Lengths of the lists that `let`s give.
  @exclusivity(unchecked) var certainLengths: [LocalID: Int] = [:]
  /// What patches put in the place of each function; asked for when the index is complete.
  lazy var replacements: [MemberKey: [FunctionDeclaration]] = {
    var found: [MemberKey: [FunctionDeclaration]] = [:]
    for patch in index.patches {
      for key in patch.replacedOrder {
        if let function = patch.replaced[key] { found[key, default: []].append(function) }
      }
    }
    return found
  }()

  /// What the operator can name that no text declares.
  lazy var fixedNames: [String: Symbol] = {
    var names: [String: Symbol] = [:]
    for error in Errno.allCases { names[error.name] = .errno(error) }
    names["null"] = .null
    for host in hosts { names[host.name] = .host(host.name) }
    for engine in EngineName.all { names[engine.name] = .engine(engine.name) }
    names["old"] = .universe(isNew: false)
    names["new"] = .universe(isNew: true)
    for property in WorldProperty.all { names[property.name] = .world(property) }
    return names
  }()

  /// What commands and paths can name; asked for when the patches have been checked.
  lazy var commandNames = CommandNames(index)

  /// What the operator can name wherever it stands; asked for when the index is complete.
  lazy var namesOfOperator: [String] =
    index.topDefinitions.keys.sorted() + index.patches.map(\.name)
    + index.programs.map(\.name.text) + WorldProperty.all.map(\.name) + hosts.map(\.name)
    + EngineName.all.map(\.name)

  init(sources: SourceMap, hosts: [HostDeclaration], commands: [ShellCommand]) {
    self.sources = sources
    self.hosts = hosts
    self.commands = commands
    let names = commands.enumerated().map { ($0.element.name, $0.offset) }
    facts.commandNumbers = Dictionary(names) { first, _ in first }
  }

  /// Diagnostics kept at the most; what is shown of them is fewer (`sortedDiagnostics`).
  private static let greatestKeptCount = 1_000

  var isFull: Bool { diagnostics.count >= Self.greatestKeptCount }

  /// Whether nothing that is still said will be kept.
  var isDone: Bool { isFull && hasKeptError }

  /// What is reported is made only where somebody is going to see it.
  func report(_ making: @autoclosure () -> Diagnostic) {
    if isDone { return }
    let diagnostic = making()
    if let range = diagnostic.range, broken.contains(range) { return }
    if Self.codesOfNames.contains(diagnostic.code), !openBlocks.isEmpty,
      !saidOfNames.insert(diagnostic.message).inserted
    {
      return
    }
    let isKept = !isFull
    // An error is always kept: it is what says that nothing can run.
    if isKept || (diagnostic.severity == .error && !hasKeptError) { diagnostics.append(diagnostic) }
    if diagnostic.severity == .error { hasKeptError = true }
  }

  private static let codesOfNames: [DiagnosticCode] = [.unknownName, .wrongSort, .notVisibleHere]

  /// Whether something in there has been found wrong.
  func hasError(in range: SourceRange) -> Bool {
    diagnostics.contains { $0.severity == .error && $0.range.map(range.holds) ?? false }
  }

  /// The text of a stretch of source.
  func text(of range: SourceRange) -> String {
    String(decoding: sources[range.file].bytes[range.bytes], as: UTF8.self)
  }

  // MARK: Scopes

  func inScope<Result>(_ body: () -> Result) -> Result {
    scopes.append(Scope())
    let result = body()
    closeScope()
    return result
  }

  private func closeScope() {
    guard let scope = scopes.popLast() else { return }
    for (_, id) in scope.declared {
      let local = facts.locals[id.number]
      guard !local.isUsed, !local.name.text.hasPrefix("_"), !local.name.isMissing else { continue }
      switch local.role {
      case .binding: report(.unused("the value", local.name))
      case .variable where place.context != .userTask: report(.unused("variable", local.name))
      // A program's variables can be read from outside, a kernel function takes what it is given.
      case .parameter where place.isDefinition: report(.unused("parameter", local.name))
      case .variable, .parameter, .element: break
      }
    }
  }

  @discardableResult
  func declare(_ name: Name, _ role: Local.Role, _ kind: Kind) -> LocalID {
    let id = LocalID(number: facts.locals.count)
    // What could not be read may have said of what kind it is.
    let isBroken = broken.hasErrors && broken.contains(name.range)
    let kind = isBroken ? .error : kind
    facts.locals.append(Local(name: name, role: role, kind: kind))
    facts.localAt[name.range] = id
    guard !name.isMissing else { return id }
    if let other = find(name.text), isInReach(other) {
      report(.hides(name, sort: sort(of: other), at: declaration(of: other)))
      // Either of the two may be meant where the name is used.
      facts.locals[id.number].isUsed = true
      facts.locals[id.number].kind = .error
    }
    if !scopes.isEmpty { scopes[scopes.count - 1][name.text] = id }
    return id
  }

  /// Whether code here could use what the symbol means. A program finds the kernel's variables
  /// only to be told that it can't have them, so it may use their names.
  private func isInReach(_ symbol: Symbol) -> Bool {
    guard place.context == .userTask else { return true }
    switch symbol {
    case .variable, .queue, .lock, .record: return false
    case .function(let key): return member(key)?.function?.flavour == .systemCall
    default: return true
    }
  }

  func local(named name: String) -> LocalID? {
    for scope in scopes.reversed() {
      if let id = scope[name] { return id }
    }
    return nil
  }
}

/// Names a body of code that takes arguments, for its kinds.
enum BodyID: Hashable {
  case function(MemberKey, kernel: Int)
  case program(String)
  case definition(Int)
}

/// One variable of a scenario's matrix.
struct Axis: Sendable {
  var name: Name
  var kind: Kind
  var values: [AxisValue]
}

/// A value of a matrix variable, as the row's id spells it.
struct AxisValue: Hashable, Sendable {
  enum Meaning: Hashable, Sendable {
    case word(Int64)
    case string(String)
    case engine(String)
    case patch(PatchReference)
  }

  var meaning: Meaning
  var text: String
}
