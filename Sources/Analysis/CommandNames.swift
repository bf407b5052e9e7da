import Machine
import Syntax

/// What commands can name of a text: the kernel's modules and the patches, each by the names that
/// the tools know it under.
struct CommandNames: Sendable {
  /// The kernel's modules by their names, `_` for `-`.
  private var modules: [String: [String]] = [:]
  /// The patches by all names that `insmod` takes, and by those that their modules have.
  private var patches: [String: [PatchReference]] = [:]
  private var loaded: Set<String> = []
  /// As the text has them.
  private(set) var moduleNames: [String] = []
  private(set) var references: [PatchReference] = []
  private var patchNames: Set<String> = []

  init() {}

  init(_ index: Index) {
    for name in index.kernel?.modules.keys.sorted() ?? [] {
      modules[ModuleName(name).text, default: []].append(name)
      moduleNames.append(name)
    }
    for number in index.patches.indices {
      for reference in index.patches[number].references {
        references.append(reference)
        patchNames.insert(reference.name)
        let names = index.patches[number].moduleNames(of: reference)
        for (place, name) in names.enumerated() where !names[..<place].contains(name) {
          patches[name, default: []].append(reference)
        }
        if let last = names.last { loaded.insert(last) }
      }
    }
  }

  /// Whether a patch, or a member of a family, is called so in the text or below `/sys`.
  func hasPatch(_ name: String) -> Bool { patchNames.contains(name) }

  func modules(named name: String) -> [String] { modules[name] ?? [] }

  func patches(named name: String) -> [PatchReference] { patches[name] ?? [] }

  /// Whether there is a module of that name once it is loaded.
  func isLoaded(_ name: String) -> Bool { loaded.contains(name) }

  /// What a module that is to be loaded, or is loaded, may be called; for suggestions.
  func names(forLoading: Bool) -> [String] {
    let ofPatches = forLoading ? Array(patches.keys) : Array(loaded)
    return moduleNames.filter { $0 != KernelModule.kernelItself } + ofPatches.sorted()
  }
}
