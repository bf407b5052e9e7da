import Diagnostics
import Machine
import Patching
import Syntax

/// Turns one row of a scenario into the machine's program.
///
/// Only what the scenario can reach is lowered: the operator's body, the programs that it spawns,
/// the system calls that those make, the functions that these call, and what the kernel runs by
/// itself. So a member of the kernel that nobody touches may use what can't be simulated yet.
///
/// Bodies are lowered one after the other from a queue; a body gets its `FunctionID` when it is
/// first mentioned. A kernel function that a patch of the scenario names is *traced*: it has one
/// body for the kernel and one for each such patch, and every call of it goes through the engine.
final class Lowering {
  let checked: Checked
  let scenario: Checked.Scenario
  let row: Checked.Row
  let survey: OperatorSurvey
  /// Of a session that grows.
  let session: SessionForm?
  /// Set where the program is thrown away.
  let trial: Trial?
  var index: Index { checked.index }
  var facts: Facts { checked.facts }

  // What is written at every instruction is not asked for exclusive access at run time, which was a
  // tenth of a check's time: no closure is held, and one thread works on a lowering.
  @exclusivity(unchecked) var program = Program()
  @exclusivity(unchecked) var rules = KGraftRules(generation: .manual)
  /// Whether the scenario asks for no other engine.
  @exclusivity(unchecked) var isKGraft = true
  @exclusivity(unchecked) var diagnostics: [Diagnostic] = []
  @exclusivity(unchecked) private var hasError = false
  /// Whether more was found than is kept.
  @exclusivity(unchecked) private(set) var isCut = false
  /// What was done beside writing instructions, in about as many of them.
  @exclusivity(unchecked) var effort = 0
  /// Features that were reported already: one diagnostic each.
  @exclusivity(unchecked) var missingFeatures: Set<String> = []

  /// The patches that the scenario names, in written order; a `PatchID` is the place here.
  @exclusivity(unchecked) var patches: [UsedPatch] = []
  @exclusivity(unchecked) var patchIDs: [PatchReference: PatchID] = [:]
  @exclusivity(unchecked) var traced: [MemberKey: TracedFunctionID] = [:]
  @exclusivity(unchecked) var functionIDs: [Body: FunctionID] = [:]
  @exclusivity(unchecked) var pending: [Body] = []
  @exclusivity(unchecked) var variables: [OwnedKey: Int] = [:]
  @exclusivity(unchecked) var arrays: [OwnedKey: Int] = [:]
  /// Numbers that a local of the operator can have: it counts over a range of constants.
  @exclusivity(unchecked) var countedLocals: [LocalID: ClosedRange<Int64>] = [:]
  @exclusivity(unchecked) var queues: [MemberKey: Int] = [:]
  @exclusivity(unchecked) var locks: [MemberKey: Int] = [:]
  @exclusivity(unchecked) var records: [MemberKey: Int] = [:]
  @exclusivity(unchecked) var moreFields: [MemberKey: [MoreFields]] = [:]
  @exclusivity(unchecked) var greatestHandleKnown: Int64?
  @exclusivity(unchecked) var fieldNames: [String: Int] = [:]
  @exclusivity(unchecked) var shadows: [String: Int] = [:]
  @exclusivity(unchecked) var constants: [Int64: Int] = [:]
  @exclusivity(unchecked) var logPatterns: [String: Int] = [:]
  @exclusivity(unchecked) var hostNumbers: [String: Int] = [:]
  @exclusivity(unchecked) var strings: Set<String> = []
  @exclusivity(unchecked) var moduleIDs: [String: ModuleID] = [:]
  /// Those that can come and go, in order.
  @exclusivity(unchecked) var changingModules: [ModuleID] = []
  /// What the scenario's commands may load and remove.
  @exclusivity(unchecked) var targets = CommandTargets()
  /// Modules `at boot` whose init runs as the scenario begins.
  @exclusivity(unchecked) var modulesToProbe: [String] = []
  /// Whether the command at hand may fail.
  @exclusivity(unchecked) var isStatusRead = false
  /// Variables of programs that the operator reads, by name.
  @exclusivity(unchecked) var taskVariables: [String: Int] = [:]

  // The body that is being lowered.
  @exclusivity(unchecked) var builder = FunctionBuilder(parameterCount: 0)
  @exclusivity(unchecked) var body = Body.operator
  /// The patch whose code is being lowered.
  @exclusivity(unchecked) var codePatch: PatchReference?
  let compileTime: CompileTime
  /// Where the current statement stands, for the origins of its instructions.
  @exclusivity(unchecked) var origin = Origin.none
  /// Registers of the current body that the operator reads. They take a value by a move alone: one
  /// that a call is still to give would stand there as 0 meanwhile.
  @exclusivity(unchecked) var exposed: Set<Int> = []
  /// Constants of a loop condition that were loaded before the loop, by their place.
  @exclusivity(unchecked) var hoistedConstants: [SourceRange: Int] = [:]
  @exclusivity(unchecked) var isOverfull = false
  /// Conditions of the current body whose code is still to be written.
  @exclusivity(unchecked) var conditions: [PendingCondition] = []
  /// The same of its handlers for signals. While there are any, the registers of a block's locals
  /// stay theirs when the block ends: a handler of that block may come in later.
  @exclusivity(unchecked) var handlers: [PendingHandler] = []
  @exclusivity(unchecked) var keepsLocals = false
  /// Where `return` leads in the handler that is being written.
  @exclusivity(unchecked) var handlerEnd: FunctionBuilder.Target?
  /// Bounded variables of the current body.
  @exclusivity(unchecked) var bounded: [LocalID: ClosedRange<Int64>] = [:]
  /// What an assertion collects; nil elsewhere.
  @exclusivity(unchecked) var captures: [Capture]?
  /// Whether the registers of what `and` and `or` leave out say so: a `check` reads them at once,
  /// while the condition of an `assert` can be evaluated once more in the world that it ended in.
  @exclusivity(unchecked) var marksSkipped = false
  /// Whether a condition is lowered that is evaluated within one step: reading a kernel variable
  /// is no step of its own there.
  @exclusivity(unchecked) var isInCondition = false

  /// While a function's body is written into a condition: where its value goes, and the way on.
  @exclusivity(unchecked) var inlined: (register: Int, end: FunctionBuilder.Target)?
  /// Calls that have been written into the current condition.
  @exclusivity(unchecked) var inlinedCount = 0
  /// Whose condition it is, for messages.
  @exclusivity(unchecked) var conditionVerb = ""

  /// A body of code that becomes a function of the program.
  enum Body: Hashable {
    case `operator`
    case definition(Int)
    case program(String)
    /// A kernel function; with a patch, that patch's variant.
    case function(MemberKey, patch: PatchReference?)
    /// What starts an interrupt handler or a kernel thread whose body a patch names.
    case starter(MemberKey)
    /// `on init` or `on exit` of a module.
    case moduleHandler(String, ModuleHandler.Moment)
    /// What a command runs to load or remove a module, a patch's module.
    case commandProcess(command: String, module: String)
    case patchRemoval(command: String, patch: PatchReference)
  }

  /// A patch that the scenario names.
  struct UsedPatch {
    var reference: PatchReference
    var index: PatchIndex
  }

  /// What a patch adds to a record.
  struct MoreFields {
    var patch: PatchID
    var declaration: RecordDeclaration
  }

  /// A kernel variable, or a patch's own: each member of a family has one.
  struct OwnedKey: Hashable {
    var key: MemberKey
    var member: Int64?
  }

  init(
    _ checked: Checked, _ scenario: Checked.Scenario, _ row: Checked.Row,
    _ session: SessionForm? = nil, survey: OperatorSurvey? = nil, trial: Trial? = nil
  ) {
    self.trial = trial
    self.survey = survey ?? checked.surveyor.survey(of: scenario)
    self.checked = checked
    self.scenario = scenario
    self.row = row
    self.session = session
    compileTime = CompileTime(index: checked.index, facts: checked.facts, row: row.values)
  }

  /// Kept at the most; an error always is, for it says that nothing can run.
  static let greatestCount = 100

  /// Whether what is still found would be shown to nobody.
  var isFull: Bool { diagnostics.count >= Self.greatestCount && hasError }

  func report(_ diagnostic: Diagnostic) {
    let isError = diagnostic.severity == .error
    if diagnostics.count < Self.greatestCount || (isError && !hasError) {
      diagnostics.append(diagnostic)
    } else {
      isCut = true
    }
    if isError { hasError = true }
  }

  /// Says once that a feature can't be simulated yet.
  func missing(_ feature: String, _ range: SourceRange) {
    if missingFeatures.insert(feature).inserted { report(.notSimulated(feature, at: range)) }
  }

  /// Says once of each thing that kGraft has nothing like it. Where another engine is asked for,
  /// that is what is missing.
  func reportLivepatch(_ feature: String, _ range: SourceRange) {
    guard isKGraft, missingFeatures.insert(feature).inserted else { return }
    report(.ofLivepatch(feature, at: range))
  }

  var declaration: ScenarioDeclaration { index.scenarios[scenario.number] }

  func run() {
    program.name = scenario.name + row.id
    applySettings()
    findModules()
    findPatches()
    findMoreFields()
    numberPackages()
    traceFunctions()
    bootKernel()
    addCommandProcesses()
    findTaskVariables()
    program.operatorFunction = functionID(.operator)
    if session != nil { lowerBeforeOperator() }
    while let next = pending.popLast(), !isEnough {
      if trial?.knows(next, in: self) != true { lower(next) }
    }
    if session != nil { leaveRoom() }
    finishTables()
  }

  /// Whether a trial has done as much as it is to do.
  var isEnough: Bool { trial?.isEnough(with: workDone) ?? false }

  /// What has been done so far, in instructions.
  var workDone: Int { program.instructions.count + effort }

  private func finishTables() {
    program.strings = strings.sorted()
    if program.instructions.count > Self.instructionLimit {
      report(.tooLarge("the scenario's code", limit: Self.instructionLimit, at: scenario.origin))
    }
  }

  /// Far beyond what is written by hand; addresses have 31 bits.
  static let instructionLimit = 16_000_000

  /// A function costs about as much as so many instructions.
  private static let effortOfFunction = 4

  /// Instructions have 16 bits for one.
  var functionLimit = Int(UInt16.max)

  // MARK: Bodies

  /// The function for a body; queues the body the first time.
  func functionID(_ body: Body) -> FunctionID {
    if let known = functionIDs[body] { return known }
    let id = FunctionID(program.functions.count)
    guard program.functions.count < functionLimit else {
      reportOverfull("the number of functions", limit: functionLimit)
      // What is still to be lowered would only take its time.
      pending = []
      return id
    }
    functionIDs[body] = id
    effort += Self.effortOfFunction
    program.functions.append(header(of: body))
    pending.append(body)
    return id
  }

  private func header(of body: Body) -> Function {
    switch body {
    case .operator:
      return Function(
        name: scenario.name, kind: .operatorBody, origin: scenario.origin.origin)
    case .definition(let number):
      let definition = index.definitions[number]
      return Function(
        name: definition.name.text, kind: .operatorBody,
        parameterCount: definition.parameters.count, origin: definition.name.range.origin)
    case .program(let name):
      let program = index.program(named: name)
      return Function(
        name: name, kind: .userProgram, parameterCount: program?.parameters.count ?? 0,
        origin: program?.name.range.origin ?? .none)
    case .function(let key, let patch):
      let function = function(key, patch: patch)
      var header = Function(
        name: key.spelling, kind: function.map { kind(of: $0.flavour, key) } ?? .kernel,
        parameterCount: function?.parameters.count ?? 0,
        patch: patch.flatMap(patchID),
        origin: function?.name.range.origin ?? .none)
      if header.patch == nil { header.module = module(of: key) }
      return header
    case .starter(let key):
      let function = function(key, patch: nil)
      let isInterrupt = function?.context == .interrupt
      var header = Function(
        name: key.spelling, kind: isInterrupt ? .interrupt : .kernelThread,
        origin: function?.name.range.origin ?? .none)
      header.module = module(of: key)
      return header
    case .moduleHandler(let name, let moment):
      var header = Function(
        name: "\(name)::\(moment == .initialisation ? "init" : "exit")", kind: .kernel,
        origin: index.kernel?.modules[name]?.handler(moment)?.range.origin ?? .none)
      header.module = moduleIDs[name]
      return header
    case .commandProcess(let command, let module):
      return process(command, index.kernel?.modules[module]?.name.range)
    case .patchRemoval(let command, let patch):
      return process(command, index.patch(named: patch.patch)?.declaration.name.range)
    }
  }

  func module(of key: MemberKey) -> ModuleID? {
    if case .module(let name) = key.owner { moduleIDs[name] } else { nil }
  }

  /// Its `comm` is the command's name, without options.
  private func process(_ command: String, _ target: SourceRange?) -> Function {
    Function(
      name: command.split(separator: " ").first.map(String.init) ?? command, kind: .userProgram,
      origin: target?.origin ?? .none)
  }

  private func kind(of flavour: FunctionDeclaration.Flavour, _ key: MemberKey) -> Function.Kind {
    switch flavour {
    case .function: .kernel
    case .systemCall: .systemCall
    // Behind a starter it is a function like any other.
    case .interrupt: traced[key] == nil ? .interrupt : .kernel
    case .kernelThread: traced[key] == nil ? .kernelThread : .kernel
    }
  }

  /// The declaration of a function as a patch has it, or the kernel's own.
  func function(_ key: MemberKey, patch: PatchReference?) -> FunctionDeclaration? {
    if case .patch(let owner) = key.owner { return index.patch(named: owner)?.own[key]?.function }
    if let patch, let function = index.patch(named: patch.patch)?.replaced[key] { return function }
    return index.kernel?.members[key]?.function
  }

  func patchID(_ patch: PatchReference) -> PatchID? { patchIDs[patch] }
}
