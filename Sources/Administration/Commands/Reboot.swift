import Machine

extension Commands {
  /// `reboot`: the machine starts anew. The initrd inserts the modules of the patches that it has,
  /// one after the other and before any process is there, and then those come that are loaded
  /// `at boot`. A patch that is refused is none the less part of a boot that goes on; a module that
  /// is refused ends it.
  static let reboot = ShellCommand(
    name: "reboot", usage: "reboot", help: "start the machine anew", operands: .anything,
    usesDisk: true,
    objection: { line in
      let words = line.words.dropFirst().filter { $0 != "-f" && $0 != "--force" }
      return words.first.map { "invalid argument '\($0)'" }
    },
    start: { line, _, _, _ in
      guard let word = line.words.dropFirst().first, word != "-f", word != "--force" else {
        return .acts
      }
      return .ended(.failed(.EINVAL), "Invalid argument: \(word)\n")
    },
    act: { _, progress, answer, machine, row in
      Boot(machine, &row).deed(progress, answer)
    })

  /// `shutdown -r now`, `systemctl reboot` and `init 6` are the same. Who goes down for good does
  /// not come back by what is typed here.
  static let shutdown = rebooting(
    "shutdown", usage: "shutdown -r now", as: [["-r", "now"], ["-r", "+0"], ["-r"]],
    complaint: "Failed to power off: nobody is there to switch the machine on again\n")

  static let systemctl = rebooting(
    "systemctl", usage: "systemctl reboot", as: [["reboot"]],
    complaint: "Unknown operation: services are not simulated, `reboot` is\n")

  static let initialise = rebooting(
    "init", usage: "init 6", as: [["6"]],
    complaint: "init: the runlevel stays; 6 starts the machine anew\n")

  private static func rebooting(
    _ name: String, usage: String, as forms: [[String]], complaint: String
  ) -> ShellCommand {
    ShellCommand(
      name: name, usage: usage, help: "the same as `reboot`", operands: .anything, usesDisk: true,
      objection: { line in
        forms.contains(Array(line.words.dropFirst())) ? nil : "only `\(usage)` is known"
      },
      start: { line, _, _, _ in
        forms.contains(Array(line.words.dropFirst()))
          ? .acts : .ended(.failed(.EINVAL), complaint)
      },
      act: reboot.act)
  }
}

private struct Boot {
  private let patches: [PatchID]
  private let modules: [FunctionID]
  private let duration: Int64

  init(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    var patches: [PatchID] = []
    for number in machine.program.patches.indices {
      if machine.isInInitrd(PatchID(number), &row) { patches.append(PatchID(number)) }
    }
    self.patches = patches
    modules = machine.program.bootModules.compactMap {
      machine.program.process(of: "modprobe", for: .module($0))
    }
    duration = machine.costs.boot
  }

  /// - Parameter progress: 0 to go down, n to come to the n-th patch or module, and after the last
  ///   one to let the rest of the boot pass.
  func deed(_ progress: Int, _ answer: Errno?) -> CommandAct {
    guard progress > 0 else { return CommandAct(.restart, next: .goesOn(progress: 1)) }
    if let answer, progress > patches.count + 1 {
      return CommandAct(next: .ends(.failed(answer)))
    }
    let (place, next) = (progress - 1, CommandAct.Next.goesOn(progress: progress + 1))
    if place < patches.count { return CommandAct(.request(.apply(patches[place])), next: next) }
    if place < patches.count + modules.count {
      return CommandAct(.process(modules[place - patches.count]), next: next)
    }
    guard place == patches.count + modules.count else {
      return CommandAct(next: .ends(.success))
    }
    return CommandAct(pauseNanoseconds: duration, next: next)
  }
}
