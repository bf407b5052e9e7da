import Diagnostics
import Machine
import Patching
import Syntax

/// What is settled before any body is lowered: the machine's settings, the patches that the
/// scenario names, the functions that those trace, and what the kernel runs by itself.
extension Lowering {
  // MARK: Settings

  private static let releaseWithoutText = "3.12.61-52-default"

  func applySettings() {
    if let kernel = index.kernel {
      program.kernelRelease = kernel.declaration.release.text
      rules = KGraftRules(kernelRelease: kernel.declaration.release.text)
    } else {
      // Even where no text says which, some kernel is running.
      program.kernelRelease = Self.releaseWithoutText
    }
    for block in index.machines {
      block.settings.forEach(apply)
      effort += block.settings.count
    }
    for statement in declaration.body.statements {
      guard case .machine(let block) = statement.kind else { continue }
      block.settings.forEach(apply)
    }
  }

  private func apply(_ setting: MachineSetting) {
    switch setting.key.text {
    case "cpus":
      guard let expression = setting.values.first,
        let value = compileTime.value(of: expression)
      else { return }
      guard (1...256).contains(value) else {
        return report(
          .outOfRange(
            "the number of CPUs", value: value, allowed: "1 to 256", at: expression.range))
      }
      program.cpuCount = Int(value)
    case "slice":
      guard let expression = setting.values.first,
        let value = compileTime.value(of: expression)
      else { return }
      program.sliceNanoseconds = max(1, value)
    case "preempt": program.isPreemptible = true
    case "ftrace": program.hasFtrace = false
    case "jitter":
      guard let expression = setting.values.first,
        let value = compileTime.value(of: expression)
      else { return }
      program.jitterNanoseconds = max(0, value)
    case "patching":
      guard let expression = setting.values.first, let engine = engine(expression) else { return }
      isKGraft = engine.isSimulated
      guard isKGraft else { return missing("patching \(engine.name)", expression.range) }
      guard setting.values.count == 2, case .string(let text) = setting.values[1].kind,
        let generation = text.plain.flatMap(KGraftRules.Generation.init)
      else { return }
      rules = KGraftRules(generation: generation)
    default: missing(setting.key.text, setting.range)
    }
  }

  private func engine(_ expression: Expression) -> EngineName? {
    guard let number = compileTime.value(of: expression),
      EngineName.all.indices.contains(Int(clamping: number))
    else { return nil }
    return EngineName.all[Int(number)]
  }

  /// A function that some patch names, or that reads a constant which some patch changes, is
  /// traced, with one variant for each such patch.
  func traceFunctions() {
    guard !patches.isEmpty, let kernel = index.kernel else { return }
    var variants: [MemberKey: [PatchReference]] = [:]
    var order: [PatchReference: [MemberKey]] = [:]
    var readers: [MemberKey: [MemberKey]] = [:]
    var count = 0
    for patch in patches {
      var keys = patch.index.replacedOrder
      var seen = Set(keys)
      for constant in patch.index.constantOrder {
        let found = readers[constant] ?? index.uses.readers(of: constant)
        readers[constant] = found
        for reader in found where seen.insert(reader).inserted { keys.append(reader) }
      }
      // An inline function has no entry of its own: its callers have a copy.
      keys = keys.filter { kernel.members[$0]?.function?.attribute(.inline) == nil }
      for key in keys { checkName(of: key, in: patch.index, kernel) }
      checkGeneration(of: patch.index)
      for key in keys { variants[key, default: []].append(patch.reference) }
      order[patch.reference] = keys
      count += keys.count
      effort += Self.effortOfVariant * keys.count
      guard count <= functionLimit else {
        return reportOverfull("the number of functions", limit: functionLimit)
      }
    }
    let foreign = patches.flatMap { order[$0.reference] ?? [] }.filter {
      kernel.members[$0] == nil
    }
    let ofKernel = variants.keys.compactMap { key in
      kernel.members.number(of: key).map { (number: $0, key: key) }
    }
    var keys = ofKernel.sorted { $0.number < $1.number }.map(\.key)
    var seen: Set<MemberKey> = []
    for key in foreign where seen.insert(key).inserted { keys.append(key) }
    for key in keys { traced[key] = TracedFunctionID(traced.count) }
    for key in keys {
      guard let names = variants[key] else { continue }
      program.tracedFunctions.append(tracedFunction(key, names, kernel))
    }
    program.patches = patches.map { patch in
      var lowered = Patch(
        name: patch.reference.name,
        functions: (order[patch.reference] ?? []).compactMap { traced[$0] },
        replacesAll: patch.index.replacesAll != nil,
        origin: patch.index.declaration.name.range.origin)
      lowered.moduleNames = patch.index.moduleNames(of: patch.reference)
      lowered.packageName = patch.reference.member == nil ? patch.index.packageName : nil
      lowered.packageVersion = patch.index.packageVersion
      lowered.fixes = patch.index.fixes
      lowered.vermagic = patch.index.vermagic?.release.text
      lowered.isImmediate = patch.index.immediate != nil
      return lowered
    }
  }

  /// A function that a patch changes costs about as much as so many instructions.
  private static let effortOfVariant = 8

  /// What knows no positions takes the first function of the name (`kallsyms_lookup_name`): the
  /// kernel's before any module's; which of two modules comes first depends on their loading.
  private func checkName(of key: MemberKey, in patch: PatchIndex, _ kernel: KernelIndex) {
    guard !rules.knowsPositions else { return }
    // Nothing comes before the kernel's first one.
    if key.owner == .kernel, key.occurrence == 1 { return }
    let first = kernel.namesakes[key.name]?.first { other in
      guard other != key else { return false }
      return other.owner == key.owner ? other.occurrence < key.occurrence : key.owner != .kernel
    }
    guard let first else { return }
    let range = patch.replaced[key]?.name.range ?? patch.declaration.name.range
    report(
      .patchByName(
        key, found: first, generation: rules.generation.rawValue, at: range,
        other: kernel.members[first]?.range))
  }

  private func checkGeneration(of patch: PatchIndex) {
    let generation = rules.generation
    if generation == .current {
      for key in patch.replacedOrder {
        for attribute in patch.replaced[key]?.attributes ?? []
        where attribute.kind == .weak || attribute.kind == .required {
          report(.attributeOfOlder(attribute, generation: generation.rawValue))
        }
      }
    }
    if let clause = patch.vermagic, generation != .manual {
      report(.vermagicOfOlder(clause, generation: generation.rawValue))
    }
    if let range = patch.immediate, generation != .manual {
      report(.immediateOfOlder(range, generation: generation.rawValue))
    }
  }

  private func lookup(of key: MemberKey, _ kernel: KernelIndex) -> TracedFunction.Lookup {
    if let function = kernel.members[key]?.function {
      return function.attribute(.notrace) == nil ? .found : .untraceable
    }
    let first = MemberKey(owner: key.owner, name: key.name)
    return kernel.members[first]?.function == nil ? .missing : .fewer
  }

  private func tracedFunction(
    _ key: MemberKey, _ names: [PatchReference], _ kernel: KernelIndex
  ) -> TracedFunction {
    // Nobody calls one that this kernel lacks: the patch's own code stands for it.
    let original: Body = .function(key, patch: kernel.members[key] == nil ? names.first : nil)
    var traced = TracedFunction(name: key.spelling, original: functionID(original), variants: [])
    traced.lookup = lookup(of: key, kernel)
    traced.object = module(of: key)
    traced.symbol = key.name
    traced.occurrence = key.occurrence
    let next = MemberKey(owner: key.owner, name: key.name, occurrence: 2)
    let hasNamesakes = key.occurrence > 1 || kernel.members[next] != nil
    for name in names {
      guard let patch = patchID(name) else { continue }
      var variant = TracedFunction.Variant(
        patch: patch, function: functionID(.function(key, patch: name)))
      let replacement = index.patch(named: name.patch)?.replaced[key]
      let stated = replacement?.occurrence
      variant.isAmbiguous = hasNamesakes && stated == nil
      variant.position = stated?.number ?? 0
      if replacement?.attribute(.weak) != nil { variant.isRequired = false }
      if replacement?.attribute(.required) != nil { variant.isRequired = true }
      traced.variants.append(variant)
    }
    return traced
  }

  /// The variables of programs that the scenario reads: `t.got`.
  func findTaskVariables() {
    for name in survey.taskVariables {
      taskVariables[name] = program.taskVariables.count
      program.taskVariables.append(TaskVariable(name: name))
    }
  }

  // MARK: What runs by itself

  func bootKernel() {
    if index.program(named: "init") != nil { program.initFunction = functionID(.program("init")) }
    guard let kernel = index.kernel else { return }
    for key in kernel.selfRunning where presence(of: key) != .never {
      guard let function = kernel.members[key]?.function else { continue }
      switch function.flavour {
      case .kernelThread: addKernelThread(key)
      case .interrupt(let period, let cpu):
        addInterrupt(key, function, period, cpu)
      case .function, .systemCall: break
      }
    }
  }

  /// A module's threads are born whenever it becomes live.
  private func addKernelThread(_ key: MemberKey) {
    let function = startingFunction(key)
    guard case .changing(let module) = presence(of: key) else {
      return program.kernelThreads.append(function)
    }
    program.modules[module.rawValue].kernelThreads.append(function)
    if program.modules[module.rawValue].startsLive { program.kernelThreads.append(function) }
  }

  private func startingFunction(_ key: MemberKey) -> FunctionID {
    functionID(traced[key] == nil ? .function(key, patch: nil) : .starter(key))
  }

  /// Which CPU is meant; nil, with a diagnostic, where there is none.
  func number(ofCPU cpu: Expression, _ what: String) -> Int? {
    guard let value = compileTime.value(of: cpu) else {
      report(.notConstant(what, at: cpu.range))
      return nil
    }
    guard (0..<Int64(program.cpuCount)).contains(value) else {
      report(
        .outOfRange(
          "the CPU", value: value, allowed: "0 to \(program.cpuCount - 1)", at: cpu.range))
      return nil
    }
    return Int(value)
  }

  private func addInterrupt(
    _ key: MemberKey, _ function: FunctionDeclaration, _ period: Expression?, _ cpu: Expression?
  ) {
    guard let period else { return report(.interruptWithoutPeriod(function.name)) }
    guard let (nanoseconds, slack) = periods(period) else {
      return report(.notConstant("the period of an interrupt", at: period.range))
    }
    var number: Int?
    if let cpu {
      number = self.number(ofCPU: cpu, "the CPU of an interrupt")
      if number == nil { return }
    }
    var source = InterruptSource(
      function: startingFunction(key), periodNanoseconds: nanoseconds, cpu: number)
    source.slackNanoseconds = slack
    if case .changing(let module) = presence(of: key) { source.module = module }
    program.interrupts.append(source)
  }

  /// The least period, and how much longer it may be.
  private func periods(_ expression: Expression) -> (least: Int64, slack: Int64)? {
    guard case .range(let low, let high) = expression.unparenthesised.kind else {
      return compileTime.value(of: expression).map { (max(1, $0), 0) }
    }
    guard let least = compileTime.value(of: low), let most = compileTime.value(of: high) else {
      return nil
    }
    return (max(1, least), max(0, most - max(1, least)))
  }

  // MARK: Tables

  func queueNumber(_ expression: Expression) -> Int? {
    guard case .queue(let key)? = facts.symbols[expression.range] else { return nil }
    if let known = queues[key] { return known }
    let number = program.queues.count
    queues[key] = number
    program.queues.append(key.spelling)
    return number
  }

  func textSite(_ pieces: [String], _ kinds: [ValueKind], _ range: SourceRange) -> Int {
    program.texts.append(TextSite(origin: range.origin, pieces: pieces, kinds: kinds))
    return program.texts.count - 1
  }

  func hostNumber(_ name: String) -> Int? {
    if let known = hostNumbers[name] { return known }
    guard let host = checked.hosts.first(where: { $0.name == name }) else { return nil }
    hostNumbers[name] = program.hostFunctions.count
    program.hostFunctions.append(host.function)
    return program.hostFunctions.count - 1
  }

  func valueKind(_ kind: Kind) -> ValueKind {
    switch facts.table.resolve(kind) {
    case .boolean: .boolean
    case .duration: .duration
    case .string: .string
    case .task: .task
    case .patch: .patch
    case .universe: .universe
    case .record: .object
    case .list(let element): .list(valueKind(element))
    default: .integer
    }
  }
}
