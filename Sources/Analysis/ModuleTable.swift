import Machine
import Syntax

/// The booted kernel's modules as every scenario has them: what its commands change of them is the
/// scenario's own.
struct ModuleTable: Sendable {
  /// In written order. None of them can change.
  private(set) var modules: [KernelModule] = []
  private(set) var numbers: [String: ModuleID] = [:]
  /// Modules `at boot` whose init runs as a scenario begins.
  private(set) var probed: [String] = []

  init() {}

  init(of kernel: KernelIndex) {
    let declared = kernel.modules.values.sorted {
      ($0.range.file.index, $0.range.lower) < ($1.range.file.index, $1.range.lower)
    }
    for module in declared {
      let name = module.name.text
      let isLoadedAtBoot = module.atBoot != nil && name != KernelModule.kernelItself
      let hasInit = module.handler(.initialisation) != nil
      numbers[name] = ModuleID(modules.count)
      modules.append(
        KernelModule(
          name: name, startsLive: isLoadedAtBoot && !hasInit, canChange: false,
          origin: module.name.range.origin))
      if isLoadedAtBoot, hasInit { probed.append(name) }
    }
  }
}
