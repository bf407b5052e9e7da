import Administration
import Machine

/// Worlds in which the machine starts anew.
extension Worlds {
  /// The package is installed and in the initrd, its patch half applied when the machine goes down,
  /// with a task inside the patched function: after the boot the patch is applied, though nobody
  /// asks for it, and what the task had changed is as it was. A second `reboot` finds no package in
  /// the initrd any more.
  static func rebootPatched() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.sliceNanoseconds = 20_000
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: 0...2))
    let patch = builder.patch("fix")
    let f = builder.traced("f", registers: 2, patches: [patch]) { code in
      code.emit(.loadImmediate, a: 0, wide: 1)
      code.emit(.storeShared, a: 0, b: 0)
    }
    builder.kernelThread("thread", registers: 2) { code in
      code.loop { code in
        code.emit(.loadImmediate, a: 1, wide: 3_000)
        code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
        code.emit(.safePoint)
      }
    }
    builder.disk(for: [patch])
    let program = builder.caller(of: [f])
    return builder.scenario([
      .command("bring 0"), .command("mkinitrd"), .spawn(program, 1, into: 0), .apply(patch),
      .command("reboot"), .expect(.alive, task: 1, 0), .spawn(program, 1, into: 1),
      .awaitNotInProgress, .command("drop 0"), .command("mkinitrd"), .command("reboot"),
      .expect(.inProgress, task: 0, 0),
    ])
  }

  /// A boot with two patches in the initrd, a module whose init calls the patched function, its
  /// thread and its timer; `mkinitrd` came before the second package was removed again.
  static func rebootWithModule() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let patches = (0...1).map { builder.patch("p\($0)") }
    let module = builder.module("ext4")
    let f = builder.traced("f", patches: patches)
    builder.place(traced: f, in: module)
    let start = builder.handler(of: module) { code in
      code.emit(.callTraced, a: 1, b: f)
      code.emit(.loadImmediate, a: 0, wide: 0)
    }
    builder.kernelThread(of: module, registers: 2) { code in
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.exitTask)
    }
    builder.interrupt("timer", every: 7_000) { code in code.emit(.callTraced, a: 0, b: f) }
    builder.program.interrupts[0].module = ModuleID(module)
    builder.place(builder.program.interrupts[0].function.rawValue, in: module)
    builder.commands(for: module, initialisation: start)
    builder.disk(for: patches)
    builder.program.bootModules = [ModuleID(module)]
    return builder.scenario([
      .command("bring 0"), .command("bring 1"), .command("mkinitrd"), .command("drop 1"),
      .command("reboot"), .awaitNotInProgress,
    ])
  }

  /// The file of a patch comes with its package and goes with it, and the patch stays: a wrong
  /// path, the right one too early and too late, and between them a task inside the patched
  /// function.
  static func packagedFile() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    builder.program.kernelRelease = "3.12"
    let patch = builder.patch("p0")
    builder.program.patches[patch].packageName = "package 0"
    builder.program.patches[patch].moduleNames = ["p0", "kgraft_p0"]
    let f = builder.traced("f", patches: [patch])
    builder.disk(for: [patch])
    let program = builder.caller(of: [f])
    let folder = "/lib/modules/3.12"
    return builder.scenario([
      .command("insmod \(folder)/kgraft/kgraft_p0.ko", fails: [.ENOENT]),
      .command("modprobe kgraft_p0", fails: [.ENOENT]), .spawn(program, 1, into: 0),
      .command("bring 0"), .command("insmod \(folder)/kernel/kgraft_p0.ko", fails: [.ENOENT]),
      .command("modprobe p0", fails: [.ENOENT]),
      .command("insmod \(folder)/kgraft/kgraft_p0.ko"),
      .command("insmod p0.ko", fails: [.EEXIST, .EAGAIN]), .command("modprobe kgraft_p0"),
      .command("drop 0"), .command("insmod p0.ko", fails: [.ENOENT]),
      .command("modprobe kgraft_p0", fails: [.ENOENT]), .awaitNotInProgress,
    ])
  }

  /// The init of a boot's module fails, and with it the boot.
  static func rebootFails() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let module = builder.module("bad")
    let start = builder.handler(of: module) { code in
      code.emit(.loadImmediate, a: 0, wide: -Errno.ENODEV.rawValue)
    }
    builder.commands(for: module, initialisation: start)
    builder.disk(for: [])
    builder.program.bootModules = [ModuleID(module)]
    return builder.scenario([.command("reboot", fails: [.ENODEV])])
  }
}

extension ProgramBuilder {
  /// Each of the patches is a version of a package of its own, and `bring 0` and `drop 0` are
  /// commands that install and remove that of the first.
  mutating func disk(for patches: [Int]) {
    var disk = Disk()
    for patch in patches {
      disk.channel.append(
        ChannelPackage(
          name: "package \(patch)", version: "1-1", moduleName: "m\(patch)", fixes: [],
          patch: PatchID(patch)))
    }
    program.disk = disk
    func command(_ name: String, _ change: @escaping @Sendable (PatchID) -> DiskChange)
      -> ShellCommand
    {
      ShellCommand(
        name: name, usage: name, help: "", operands: .anything,
        start: { _, _, _, _ in .acts },
        act: { line, _, _, _, _ in
          let patch = PatchID(Int(line.words.last ?? "") ?? 0)
          return CommandAct(.disk(change(patch)), next: .ends(.success))
        })
    }
    program.commands = Commands.all + [command("bring") { .install($0) }]
    program.commands.append(command("drop") { .remove($0) })
  }
}
