import Diagnostics
import Machine
import Syntax

/// Whether a module's code can be called.
enum ModulePresence: Equatable {
  /// It is part of the kernel, or in it from the start to the end.
  case always
  case never
  case changing(ModuleID)
}

/// What a scenario's commands may load and remove.
struct CommandTargets {
  var modules: Set<String> = []
  var patches: Set<PatchReference> = []
}

/// Kernel modules: which there are, what commands may do to them, and the processes that do it.
extension Lowering {
  /// Before anything is lowered: whatever asks for a module's presence must know them all.
  func findModules() {
    program.commands = checked.commands
    targets = commandTargets()
    defer { findPackages() }
    program.modules = index.modulesOfKernel.modules
    moduleIDs = index.modulesOfKernel.numbers
    modulesToProbe = index.modulesOfKernel.probed
    let changing = targets.modules.union(modulesToProbe)
    guard !changing.isEmpty else { return }
    effort += program.modules.count / Self.modulesAsOneInstruction
    changingModules = changing.compactMap { moduleIDs[$0] }.sorted { $0.rawValue < $1.rawValue }
    for module in changingModules { program.modules[module.rawValue].canChange = true }
  }

  /// The table of them is copied where one of them can change.
  private static let modulesAsOneInstruction = 16

  /// What the scenario's commands may load and remove: with a name that is only known when it
  /// runs, any module and any patch. Commands that take no module's name don't count.
  private func commandTargets() -> CommandTargets {
    var targets = CommandTargets()
    for (listed, range) in survey.commands {
      let (text, words) = (listed.text, listed.words)
      let (pieces, values) = parts(of: text)
      let line = text.plain == nil ? CommandLine(pieces.joined()) : words.line
      let command = line.name.flatMap(checked.command)
      if values.isEmpty, let command, !command.isSimulated {
        missing("$ \(command.name)", range)
      }
      let known = words.name
      if known == nil || known == "dmesg" { program.hasLogReader = true }
      if let command, known == command.name {
        if command.operands == .packages { targets.patches.formUnion(packagedPatches(words)) }
        if command.takesAnything { continue }
      }
      var changes = true
      if case .module(_, false)? = command?.operands, known == command?.name { changes = false }
      let isOpen = !values.isEmpty || !line.patterns.isEmpty
      let operands = line.operands.map { ModuleName($0).text }
      guard isOpen || !operands.isEmpty else { continue }
      guard !isOpen else {
        if changes { targets.modules.formUnion(index.commandNames.moduleNames) }
        targets.patches.formUnion(index.commandNames.references)
        effort += index.commandNames.references.count
        continue
      }
      for operand in operands {
        if changes { targets.modules.formUnion(index.commandNames.modules(named: operand)) }
        targets.patches.formUnion(index.commandNames.patches(named: operand))
      }
    }
    return targets
  }

  func presence(of key: MemberKey) -> ModulePresence {
    guard case .module(let name) = key.owner, let id = moduleIDs[name] else { return .always }
    let module = program.modules[id.rawValue]
    if module.canChange { return .changing(id) }
    return module.startsLive ? .always : .never
  }

  /// The module that the code of the current body is part of; a patch's version of a function of a
  /// module runs in the place of the original.
  private var currentModule: String? {
    switch body {
    case .function(let key, _), .starter(let key):
      if case .module(let name) = key.owner { name } else { nil }
    case .moduleHandler(let name, _): name
    default: nil
    }
  }

  /// Nobody links against what may not be there.
  func checkPresence(of key: MemberKey, at range: SourceRange) {
    guard case .module(let name) = key.owner, currentModule != name,
      let declaration = index.kernel?.modules[name]
    else { return }
    let presence = presence(of: key)
    guard presence != .always else { return }
    report(
      .callOfAbsentModule(key, module: declaration.name, isNever: presence == .never, at: range))
  }

  // MARK: Processes

  /// Registers what `insmod`, `modprobe` and `rmmod` run for each target that commands name.
  func addCommandProcesses() {
    for module in changingModules where !checked.commands.isEmpty {
      let name = program.modules[module.rawValue].name
      for command in ["insmod", "modprobe", "rmmod", "modprobe -r"] {
        add(command, .module(module), .commandProcess(command: command, module: name))
      }
    }
    for (number, patch) in self.patches.enumerated() where targets.patches.contains(patch.reference)
    {
      for command in ["rmmod", "modprobe -r"] {
        let process = Body.patchRemoval(command: command, patch: patch.reference)
        add(command, .patch(PatchID(number)), process)
      }
    }
  }

  private func add(_ command: String, _ target: ModuleTarget, _ body: Body) {
    program.commandProcesses.append(
      CommandProcess(command: command, target: target, function: functionID(body)))
  }

  /// `init_module(2)` or `delete_module(2)` as one process after the other does it: the module's
  /// own code runs in the middle, and whatever it does takes its steps.
  func lowerCommandProcess(_ command: String, _ name: String) {
    guard let module = moduleIDs[name], let declaration = index.kernel?.modules[name] else {
      return
    }
    let isRemoval = command == "rmmod" || command == "modprobe -r"
    let status = builder.allocate()
    let out = newTarget()
    let start = emit(.enterKernel, b: Instruction.noRegister)
    if isRemoval {
      emit(.unloadModule, a: status, b: module.rawValue)
      emitBranch(.jumpIfTrue, status, to: out)
      emitHandler(.exit, of: declaration, into: builder.allocate())
      emit(.retireModule, b: module.rawValue)
      emit(.freeModule, b: module.rawValue)
    } else {
      emit(.loadModule, a: status, b: module.rawValue)
      emitBranch(.jumpIfTrue, status, to: out)
      emitInitialisation(of: declaration, module, status, out)
      emit(.activateModule, b: module.rawValue)
    }
    emitLoad(0, into: status)
    place(out)
    emit(.leaveKernel, a: status, wide: start)
    emit(.endCommand, a: status)
  }

  /// A module whose init gives an errno is taken out again.
  private func emitInitialisation(
    of declaration: ModuleDeclaration, _ module: ModuleID, _ status: Int,
    _ out: FunctionBuilder.Target
  ) {
    guard emitHandler(.initialisation, of: declaration, into: status) else { return }
    let zero = builder.allocate()
    let isError = builder.allocate()
    let well = newTarget()
    emitLoad(0, into: zero)
    emit(.less, a: isError, b: status, c: zero)
    emitBranch(.jumpIfFalse, isError, to: well)
    emit(.retireModule, b: module.rawValue)
    emit(.freeModule, b: module.rawValue)
    emitJump(out)
    place(well)
  }

  @discardableResult
  private func emitHandler(
    _ moment: ModuleHandler.Moment, of module: ModuleDeclaration, into register: Int
  ) -> Bool {
    guard module.handler(moment) != nil else { return false }
    let function = functionID(.moduleHandler(module.name.text, moment))
    emit(.call, a: register, b: function.rawValue, c: register)
    return true
  }

  func lowerPatchRemoval(_ patch: PatchReference) {
    guard let id = patchID(patch) else { return }
    let status = builder.allocate()
    let start = emit(.enterKernel, b: Instruction.noRegister)
    emit(.unloadPatch, a: status, b: id.rawValue)
    emit(.leaveKernel, a: status, wide: start)
    emit(.endCommand, a: status)
  }
}

extension ModuleDeclaration {
  func handler(_ moment: ModuleHandler.Moment) -> ModuleHandler? {
    for case .handler(let handler) in members where handler.moment == moment { return handler }
    return nil
  }
}
