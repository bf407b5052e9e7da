import Machine
import Patching

/// `/sys/module/<name>`: modules of the kernel and those of patches (`kernel/module.c`,
/// `kernel/params.c`).
enum ModuleFiles {
  static let all = VirtualDirectory(
    mode: 0o755, names: { machine, row in LoadedModule.all(machine, &row).map(\.name) },
    find: { name, machine, row in
      LoadedModule.all(machine, &row).first { $0.name == name }.map { .directory(directory($0)) }
    })

  private static func directory(_ module: LoadedModule) -> VirtualDirectory {
    VirtualDirectory(
      mode: 0o755,
      [
        "coresize": .file(.sys { _, _ in .success("\(LoadedModule.size)\n") }),
        "initstate": .file(.sys { _, _ in .success(module.stateName + "\n") }),
        "refcnt": .file(.sys { _, _ in .success("\(module.references)\n") }),
        "taint": .file(.sys { _, _ in .success(module.taint + "\n") }),
      ])
  }
}

/// A module that is in the kernel, as `/proc/modules` and `/sys/module` show it.
struct LoadedModule {
  var name: String
  var target: ModuleTarget
  var state: ModuleState
  var references: Int
  /// Letters of its taints.
  var taint: String
  /// Where its text begins.
  var address: UInt64

  /// A constant: what the modules of a text would take is nothing that it says.
  static let size = 20_480

  var stateName: String {
    switch state {
    case .coming: "coming"
    case .going: "going"
    case .live, .absent: "live"
    }
  }

  /// The kernel lists the newest first; which came when is nothing that a world remembers, so that
  /// it is the text's last one, patches before the modules of the kernel.
  static func all(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [LoadedModule] {
    var found: [LoadedModule] = []
    for (number, module) in machine.program.modules.enumerated()
    where module.name != KernelModule.kernelItself {
      let id = ModuleID(number)
      let state = machine.state(of: id, &row)
      guard state != .absent else { continue }
      found.append(
        LoadedModule(
          name: ModuleName(module.name).text, target: .module(id), state: state,
          references: machine.references(to: id, &row), taint: "",
          address: machine.address(ofModule: .module(id))))
    }
    // From 4.4 on the module is tainted too (TAINT_LIVEPATCH, September 2016).
    let taint = machine.isCurrentKernel ? "K" : ""
    for (number, patch) in machine.program.patches.enumerated() {
      let id = PatchID(number)
      guard machine.engine.isLoaded(id, machine, &row) else { continue }
      found.append(
        LoadedModule(
          name: patch.moduleName, target: .patch(id), state: .live,
          references: machine.engine.moduleReferences(id, machine, &row), taint: taint,
          address: machine.address(ofModule: .patch(id))))
    }
    return found.reversed()
  }
}

extension Patch {
  /// What the kernel calls its module: as the package and its version say, or as SUSE calls the
  /// module of a patch of that identifier.
  package var moduleName: String { moduleNames.last ?? name }
}
