import Machine
import Patching

/// `/sys`: what the kernel shows of itself.
enum SystemFiles {
  static let root = VirtualDirectory(
    mode: 0o555, ["kernel": .directory(kernel), "module": .directory(ModuleFiles.all)])

  /// `kgraft` is there while the kernel patches with kGraft.
  private static let kernel = VirtualDirectory(
    mode: 0o755, known: [(name: "kgraft", node: .directory(KGraftFiles.root))],
    names: { machine, _ in machine.engine is KGraft ? ["kgraft"] : [] },
    find: { name, machine, _ in
      name == "kgraft" && machine.engine is KGraft ? .directory(KGraftFiles.root) : nil
    })
}
