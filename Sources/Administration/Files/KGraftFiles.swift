import Machine
import Patching

/// The files under `/sys/kernel/kgraft`.
///
/// Names, modes and values: `kernel/kgraft_files.c` of SUSE's 3.12 and 4.4 kernels.
/// A write of nothing is none that `in_progress` and `force_load_module` understand; the shell's
/// `echo -n` of nothing makes no write at all.
enum KGraftFiles {
  /// A patch's directory comes and goes with its module. `force_load_module` is there from 4.4 on:
  /// 3.12's file refuses no module.
  static let root = VirtualDirectory(
    mode: 0o755,
    known: [
      ("in_progress", .file(inProgress)), ("force_load_module", .file(forceLoadModule)),
    ],
    names: { machine, row in
      var names = ["in_progress"]
      if mayForceModules(machine) { names.append("force_load_module") }
      for (number, patch) in machine.program.patches.enumerated()
      where machine.engine.isLoaded(PatchID(number), machine, &row) { names.append(patch.name) }
      return names
    },
    find: { name, machine, row in
      if name == "in_progress" { return .file(inProgress) }
      if name == "force_load_module", mayForceModules(machine) { return .file(forceLoadModule) }
      let number = machine.program.patches.firstIndex { $0.name == name }
      guard let patch = number.map({ PatchID($0) }), machine.engine.isLoaded(patch, machine, &row)
      else { return nil }
      return .directory(directory(of: patch, machine))
    })

  private static func directory(of patch: PatchID, _ machine: Machine) -> VirtualDirectory {
    let module = machine.program.patches[patch.rawValue].moduleName
    return VirtualDirectory(
      mode: 0o755,
      [
        "owner": .link(text: "../../../module/\(module)", path: "/sys/module/\(module)"),
        "refs": .file(refs(of: patch)), "replace_all": .file(replaceAll(of: patch)),
        "revert": .file(revert(patch)), "state": .file(state(of: patch)),
      ])
  }

  private static func engine(_ machine: Machine) -> KGraft? { machine.engine as? KGraft }

  private static func mayForceModules(_ machine: Machine) -> Bool {
    engine(machine)?.rules.generation == .current
  }

  private static func flag(_ value: Bool) -> Result<String, FileError> {
    .success(value ? "1\n" : "0\n")
  }

  /// `in_progress`: `1` while a transition is on its way; `0` written to it is the force, and only
  /// the first byte counts.
  private static let inProgress = VirtualFile(
    mode: 0o644, size: 4096,
    read: { machine, row in flag(machine.engine.isInProgress(machine, &row)) },
    write: { text, _, _ in
      text.utf8.first == UInt8(ascii: "0") ? .request(.force) : .refused(.EINVAL)
    })

  /// `force_load_module`: whether a module is let in although patching it has failed.
  private static let forceLoadModule = VirtualFile(
    mode: 0o644, size: 4096,
    read: { machine, row in flag(engine(machine)?.forcesModules(machine, &row) ?? false) },
    write: { text, machine, row in
      let word = text.hasSuffix("\n") ? String(text.dropLast()) : text
      guard word == "0" || word == "1" else { return .refused(.EINVAL) }
      engine(machine)?.setForcesModules(word == "1", machine, &row)
      return .done
    })

  // MARK: Of one patch

  /// How many newer patches have to be reverted first.
  private static func refs(of patch: PatchID) -> VirtualFile {
    .sys { machine, row in .success("\(engine(machine)?.refs(of: patch, machine, &row) ?? 0)\n") }
  }

  private static func replaceAll(of patch: PatchID) -> VirtualFile {
    .sys { machine, _ in flag(machine.program.patches[patch.rawValue].replacesAll) }
  }

  /// Only for writing; whatever is written takes the patch back.
  private static func revert(_ patch: PatchID) -> VirtualFile {
    VirtualFile(
      mode: 0o200, size: 4096, read: { _, _ in .failure(.errno(.EACCES)) },
      write: { text, _, _ in text.isEmpty ? .done : .request(.revert(patch)) })
  }

  /// A line for each function: name, weak or not, and the number of its state. A function is weak
  /// when the patch can do without it. 4.4 has the object and
  /// the position in that column's place.
  private static func state(of patch: PatchID) -> VirtualFile {
    .sys { machine, row in
      guard let engine = engine(machine) else { return .failure(.errno(.ENOENT)) }
      let knowsPositions = engine.rules.knowsPositions
      var text = "Function".padded(to: 20)
      text += knowsPositions ? "  " + "Object".padded(to: 20) + "  Sympos" : "   Weak"
      text += "  State\n"
      for function in machine.program.patches[patch.rawValue].functions {
        let traced = machine.program.tracedFunctions[function.rawValue]
        let state = engine.functionState(function, of: patch, machine, &row).rawValue
        text += traced.symbol.padded(to: 20) + "  "
        if knowsPositions {
          let position = traced.variants.first { $0.patch == patch }?.position ?? 0
          text += machine.objectName(traced.object).padded(to: 20) + "  "
          text += "\(position)".aligned(to: 6) + "  "
        } else {
          let isWeak = !engine.isRequired(function, by: patch, machine)
          text += "\(isWeak ? 1 : 0)".aligned(to: 5) + "  "
        }
        text += "\(state)".aligned(to: 5) + "\n"
      }
      return .success(text)
    }
  }
}
