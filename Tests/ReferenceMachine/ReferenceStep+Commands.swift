import Machine

/// What is typed after `$`. What loads and removes modules is done here anew; of all others, which
/// read files that the reference has not got, the host knows what they said and what they do.
extension ReferenceStep {
  mutating func command(
    _ instruction: Instruction, _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    let frame = stack[top]
    let line = try text(frame.registers[Int(instruction.b)], frame.address)
    let status = Int(instruction.a)
    let progress = frame.registers[status]
    if world.scenario.hasBegun, progress > 0 {
      return try act(line, Int(progress), nil, instruction, &stack)
    }
    if world.scenario.hasBegun, !world.transition.isRequestWaiting {
      if world.disk.errand > 0 {
        let error = progress < 0 ? Errno(rawValue: Int(-progress)) ?? .EINVAL : nil
        return try act(line, world.disk.errand, error, instruction, &stack)
      }
      if world.transition.isForcing {
        guard forceNext(alternative) else { return .again(at: now) }
      }
      // A process has put its status into the register itself.
      if world.scenario.answer != 0 { stack[top].registers[status] = world.scenario.answer }
      world.scenario.answer = 0
      world.scenario.hasBegun = false
      give(machine.host?.output(of: line), of: line, instruction, &stack)
      return .done
    }
    if isOurs(line) {
      guard let error = try startCommand(line) else { return .blocked }
      stack[top].registers[status] = -Int64(error?.rawValue ?? 0)
      var output = machine.host?.output(of: line)
      if case .ended(_, let text)? = machine.host?.start(of: line) { output = text }
      give(output, of: line, instruction, &stack)
      return .done
    }
    if ownDeed(line, 0, nil) != nil {
      world.scenario.hasBegun = true
      return try act(line, 0, nil, instruction, &stack)
    }
    return try startOther(line, instruction, &stack)
  }

  private func isOurs(_ line: String) -> Bool {
    ["insmod", "modprobe", "rmmod"].contains(line.split(separator: " ").first.map(String.init))
  }

  private mutating func startOther(
    _ line: String, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    let address = stack[top].address
    guard let start = machine.host?.start(of: line) else { throw .unsupported(address: address) }
    switch start {
    case .ended(let status, let output):
      stack[top].registers[Int(instruction.a)] = status.word
      give(output, of: line, instruction, &stack)
      let words = line.split(separator: " ")
      if words.first == "dmesg", words.contains("-c") || words.contains("-C") { world.log = [] }
      return .done
    case .acts:
      world.scenario.hasBegun = true
      return try act(line, 0, nil, instruction, &stack)
    case .request(let request):
      let answer = ask(request, instruction, &stack)
      if case .done = answer { give(machine.host?.output(of: line), of: line, instruction, &stack) }
      return answer
    case .lacks(.clock): throw .noClock(address: address)
    case .lacks(.log): throw .noLog(address: address)
    case .process: throw .unsupported(address: address)
    }
  }

  private mutating func act(
    _ line: String, _ progress: Int, _ answer: Errno?, _ instruction: Instruction,
    _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    guard
      let deed = ownDeed(line, progress, answer) ?? machine.host?.deed(of: line, progress)
    else { throw .unsupported(address: stack[top].address) }
    switch deed.deed {
    case .nothing: break
    case .signal(let signal, let slot): deliver(signal.rawValue, to: slot.rawValue)
    case .disk(let wanted): change(wanted)
    case .restart: try startAnew()
    case .request, .process:
      return try entrust(deed, at: progress, instruction, &stack)
    }
    world.disk.errand = 0
    var printed = ""
    if Int(instruction.c) != Instruction.noRegister {
      let word = stack[top].registers[Int(instruction.c)]
      if word != 0 { printed = try text(word, stack[top].address) }
    }
    printed += deed.printed
    switch deed.next {
    case .goesOn(let progress):
      stack[top].registers[Int(instruction.a)] = Int64(progress)
      if !printed.isEmpty { keep(printed, instruction, &stack) }
      world.scenario.stack = stack
      return .again(at: now + deed.pauseNanoseconds)
    case .ends(let status):
      world.scenario.hasBegun = false
      stack[top].registers[Int(instruction.a)] = status.word
      give(printed, of: line, instruction, &stack)
      return .done
    }
  }

  /// What a command has printed, without its last newline. Where others read it the host knows what
  /// they make of it, and how they end.
  private func give(
    _ printed: String?, of line: String, _ instruction: Instruction,
    _ stack: inout [ReferenceFrame]
  ) {
    var output = printed ?? ""
    if let end = machine.host?.piped(line) {
      output = end.output
      stack[stack.count - 1].registers[Int(instruction.a)] = end.status.word
    }
    keep(output.hasSuffix("\n") ? String(output.dropLast()) : output, instruction, &stack)
  }

  private func keep(
    _ text: String, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) {
    guard Int(instruction.c) != Instruction.noRegister else { return }
    machine.host?.remember(text)
    stack[stack.count - 1].registers[Int(instruction.c)] = StringTable.word(for: text)
  }

  // MARK: Modules by their commands

  /// The answer to the operator's command, or nil: the operator waits.
  private mutating func startCommand(_ line: String) throws(ReferenceFault) -> Errno?? {
    let own = line.split { $0 == "|" || $0 == ">" }.first ?? ""
    let words = own.split(separator: " ").map(String.init)
    let isProbe = words[0] == "modprobe"
    let isRemoval = words[0] == "rmmod" || words.contains("-r")
    guard let name = words.last, let target = target(of: words[0], name) else {
      return .some(.ENOENT)
    }
    // What comes, comes from a file, and so `modprobe` finds what it is to take away.
    if words[0] != "rmmod", !isOnDisk(target) { return .some(.ENOENT) }
    if isProbe {
      // What is as it should be needs no process.
      guard isLoaded(target) == isRemoval else { return .some(nil) }
    }
    if case .patch(let patch) = target, !isRemoval {
      guard let error = request(patch.rawValue, isRevert: false) else { return nil }
      return .some(error)
    }
    let command = isProbe && isRemoval ? "modprobe -r" : words[0]
    let process = program.commandProcesses.first { $0.command == command && $0.target == target }
    guard let process else { return .some(.ENOENT) }
    try start(process.function.rawValue, arguments: [])
    world.scenario.hasBegun = true
    world.scenario.status = .busy
    return nil
  }

  /// `insmod` takes a file: its whole path, or its name alone, and then also what the text calls
  /// the patch. The others take a module by the name that the kernel has for it.
  private func target(of command: String, _ word: String) -> ModuleTarget? {
    let isFile = command == "insmod"
    var name = word
    if isFile, let slash = word.lastIndex(of: "/") {
      name = String(word[word.index(after: slash)...])
    }
    if isFile || command == "rmmod", name.hasSuffix(".ko") { name.removeLast(3) }
    name = String(name.map { $0 == "-" ? "_" : $0 })
    func isRight(_ folder: String, _ file: String) -> Bool {
      !word.contains("/") || word == "/lib/modules/\(program.kernelRelease)/\(folder)/\(file).ko"
    }
    for (number, module) in program.modules.enumerated()
    where String(module.name.map { $0 == "-" ? "_" : $0 }) == name {
      return isRight("kernel", module.name) ? .module(ModuleID(number)) : nil
    }
    for (number, patch) in program.patches.enumerated() {
      let own = patch.moduleNames.last ?? patch.name
      guard own == name || (isFile && ([patch.name] + patch.moduleNames).contains(name)) else {
        continue
      }
      return isRight("kgraft", own) ? .patch(PatchID(number)) : nil
    }
    return nil
  }

  private func isOnDisk(_ target: ModuleTarget) -> Bool {
    guard case .patch(let patch) = target else { return true }
    return program.patches[patch.rawValue].packageName == nil
      || world.disk.installed.contains(patch.rawValue)
  }

  private func isLoaded(_ target: ModuleTarget) -> Bool {
    switch target {
    case .module(let module): world.modules[module.rawValue] != .absent
    case .patch(let patch): isPatchLoaded(patch.rawValue)
    }
  }

  /// The operator's command has ended: it goes on with its status.
  mutating func answer(_ error: Errno?) {
    guard let top = world.scenario.stack.last else { return }
    let register = Int(program.instructions[top.address].a)
    world.scenario.stack[world.scenario.stack.count - 1].registers[register] =
      -Int64(error?.rawValue ?? 0)
    world.scenario.status = .ready
    appoint(.scenario, at: now)
  }
}
