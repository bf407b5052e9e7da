import Administration
import Machine

/// Modules of a test's world, and the processes that load and remove them.
extension ProgramBuilder {
  /// A module that commands may load and remove.
  mutating func module(_ name: String, startsLive: Bool = false) -> Int {
    program.commands = Commands.all
    program.modules.append(KernelModule(name: name, startsLive: startsLive, canChange: true))
    return program.modules.count - 1
  }

  /// The function, and the traced function that it is the original of, are the module's.
  mutating func place(_ function: Int, in module: Int) {
    program.functions[function].module = ModuleID(module)
  }

  mutating func place(traced number: Int, in module: Int) {
    program.tracedFunctions[number].object = ModuleID(module)
    place(program.tracedFunctions[number].original.rawValue, in: module)
  }

  /// A kernel thread that is born when the module becomes live.
  mutating func kernelThread(
    of module: Int, registers: Int = 1, _ body: (inout Code) -> Void
  ) {
    let id = function("late", .kernelThread, registers: registers, body)
    place(id, in: module)
    program.modules[module].kernelThreads.append(FunctionID(id))
    if program.modules[module].startsLive { program.kernelThreads.append(FunctionID(id)) }
  }

  /// `on init` or `on exit`.
  mutating func handler(
    of module: Int, registers: Int = 2, _ body: (inout Code) -> Void
  ) -> Int {
    let id = function("handler", .kernel, registers: registers) { code in
      body(&code)
      code.emit(.returnValue, a: 0)
    }
    place(id, in: module)
    return id
  }

  /// What `insmod` and `rmmod` run for the module, `modprobe` too.
  mutating func commands(for module: Int, initialisation: Int? = nil, exit: Int? = nil) {
    for command in ["insmod", "modprobe"] {
      add(command, .module(ModuleID(module))) { code in
        code.insertion(of: module, initialisation)
      }
    }
    for command in ["rmmod", "modprobe -r"] {
      add(command, .module(ModuleID(module))) { code in code.removal(of: module, exit) }
    }
  }

  mutating func commands(removing patch: Int) {
    program.commands = Commands.all
    program.patches[patch].moduleNames = [program.patches[patch].name]
    add("rmmod", .patch(PatchID(patch))) { code in
      code.emit(.unloadPatch, a: 0, b: patch)
    }
  }

  private mutating func add(
    _ command: String, _ target: ModuleTarget, _ body: (inout Code) -> Void
  ) {
    let id = function(command, .userProgram, registers: 3) { code in
      let start = code.freshLabel()
      code.label(start)
      code.emit(.enterKernel, b: Instruction.noRegister)
      body(&code)
      code.emit(.leaveKernel, a: 0, to: start)
      code.emit(.endCommand, a: 0)
    }
    program.commandProcesses.append(
      CommandProcess(command: command, target: target, function: FunctionID(id)))
  }

  /// The number of a constant that holds the line's word.
  mutating func line(_ text: String) -> Int {
    program.strings.append(text)
    program.constants.append(StringTable.word(for: text))
    return program.constants.count - 1
  }
}

extension Code {
  /// Load, init, and either live or out again; the status is in register 0.
  fileprivate mutating func insertion(of module: Int, _ initialisation: Int?) {
    let out = freshLabel()
    emit(.loadModule, a: 0, b: module)
    emit(.jumpIfTrue, a: 0, to: out)
    if let initialisation {
      let well = freshLabel()
      emit(.call, a: 0, b: initialisation)
      emit(.loadImmediate, a: 1, wide: 0)
      emit(.less, a: 2, b: 0, c: 1)
      emit(.jumpIfFalse, a: 2, to: well)
      emit(.retireModule, b: module)
      emit(.freeModule, b: module)
      emit(.jump, to: out)
      label(well)
    }
    emit(.activateModule, b: module)
    emit(.loadImmediate, a: 0, wide: 0)
    label(out)
  }

  fileprivate mutating func removal(of module: Int, _ exit: Int?) {
    let out = freshLabel()
    emit(.unloadModule, a: 0, b: module)
    emit(.jumpIfTrue, a: 0, to: out)
    if let exit { emit(.call, a: 1, b: exit) }
    emit(.retireModule, b: module)
    emit(.freeModule, b: module)
    emit(.loadImmediate, a: 0, wide: 0)
    label(out)
  }

  /// A user program's call of a module's system call; without the module −ENOSYS.
  mutating func systemCall(_ function: Int, of module: Int) {
    let (begin, absent, out) = (freshLabel(), freshLabel(), freshLabel())
    label(begin)
    emit(.enterKernel, b: function)
    emit(.moduleIsLive, a: 1, b: module)
    emit(.jumpIfFalse, a: 1, to: absent)
    emit(.call, a: 0, b: function)
    emit(.jump, to: out)
    label(absent)
    emit(.loadImmediate, a: 0, wide: -Errno.ENOSYS.rawValue)
    label(out)
    emit(.leaveKernel, a: 0, to: begin)
  }
}
