import Machine

/// A module's file: what `insmod` takes, `modprobe` looks for and `rpm -ql` names. One of the
/// kernel lies with it; that of a patch where SUSE's packages put theirs, while its package is
/// installed. A patch that no package has was put there by hand.
struct ModuleFile {
  var target: ModuleTarget
  /// What the kernel calls the module.
  var moduleName: String
  var path: String

  /// All that are there, in the text's order.
  static func all(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [ModuleFile] {
    let program = machine.program
    let folder = folder(of: machine)
    var found: [ModuleFile] = []
    for (number, module) in program.modules.enumerated()
    where module.name != KernelModule.kernelItself {
      found.append(
        ModuleFile(
          target: .module(ModuleID(number)), moduleName: ModuleName(module.name).text,
          path: "\(folder)/kernel/\(module.name).ko"))
    }
    for (number, patch) in program.patches.enumerated() {
      guard machine.hasFile(of: PatchID(number), &row) else { continue }
      found.append(
        ModuleFile(
          target: .patch(PatchID(number)), moduleName: patch.moduleName,
          path: "\(folder)/kgraft/\(patch.moduleName).ko"))
    }
    return found
  }

  static func folder(of machine: Machine) -> String {
    "/lib/modules/\(machine.program.kernelRelease)"
  }

  /// The file at an absolute path.
  static func at(
    _ path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> ModuleFile? {
    guard path.hasPrefix("/"), !path.hasSuffix("/") else { return nil }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
    }
    let plain = "/" + parts.joined(separator: "/")
    return all(machine, &row).first { $0.path == plain }
  }

  /// The file of the module that the kernel calls so, as `modprobe` looks it up in `modules.dep`.
  static func ofModule(
    _ name: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> ModuleFile? {
    let wanted = String(name.map { $0 == "-" ? "_" : $0 })
    return all(machine, &row).first { $0.moduleName == wanted }
  }

  /// What `insmod` takes: a path, or a name without one, which stands for the file wherever it
  /// lies. A patch's file then also goes by what the text calls the patch.
  static func inserted(
    _ word: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> ModuleFile? {
    // The operator stands where the files lie that no package has brought.
    let isHere = word.hasPrefix("./") && !word.dropFirst(2).contains("/")
    if word.contains("/"), !isHere { return at(word, machine, &row) }
    let name = ModuleName(word).text
    let files = all(machine, &row).filter { !isHere || isByHand($0, machine.program) }
    return files.first { $0.moduleName == name }
      ?? files.first { file in
        guard case .patch(let patch) = file.target else { return false }
        return machine.program.patches[patch.rawValue].moduleNames.contains(name)
      }
  }

  private static func isByHand(_ file: ModuleFile, _ program: Program) -> Bool {
    guard case .patch(let patch) = file.target else { return false }
    return program.patches[patch.rawValue].packageName == nil
  }

  /// The module that the kernel calls so, whether it is loaded or not: `rmmod` needs no file.
  static func target(ofModule name: String, _ program: Program) -> ModuleTarget? {
    let wanted = String(name.map { $0 == "-" ? "_" : $0 })
    if let module = program.modules.firstIndex(where: { ModuleName($0.name).text == wanted }) {
      return .module(ModuleID(module))
    }
    return program.patches.firstIndex { $0.moduleName == wanted }.map { .patch(PatchID($0)) }
  }
}
