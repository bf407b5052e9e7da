import Machine
import Patching

/// `/sys`: what the kernel shows of itself.
enum SystemFiles {
  static let root = VirtualDirectory(
    mode: 0o555, ["kernel": .directory(kernel), "module": .directory(ModuleFiles.all)])

  /// `kgraft` is there while the kernel patches with kGraft.
  private static let kernel = VirtualDirectory(
    mode: 0o755, known: [(name: "kgraft", node: .directory(KGraftFiles.root))],
    names: { machine, _ in hasKGraft(machine) ? ["kgraft"] : [] },
    find: { name, machine, _ in
      name == "kgraft" && hasKGraft(machine) ? .directory(KGraftFiles.root) : nil
    })

  /// Its files come with its initialisation, which needs ftrace.
  private static func hasKGraft(_ machine: Machine) -> Bool {
    machine.engine is KGraft && machine.program.hasFtrace
  }
}
