import Machine

extension Commands {
  /// `modinfo NAME|FILE` (`kmod`, `tools/modinfo.c`): what a module's file says of itself.
  static let modinfo = ShellCommand(
    name: "modinfo", usage: "modinfo NAME", help: "show what a module says of itself",
    operands: .module(options: [], isChanged: false),
    start: { line, machine, _, _ in
      guard let word = line.operands.first else {
        return .ended(.failed(.EINVAL), "modinfo: ERROR: missing module or filename.\n")
      }
      guard let target = machine.program.moduleTarget(named: word) else {
        return .ended(.failed(.ENOENT), "modinfo: ERROR: Module \(word) not found.\n")
      }
      let release = machine.program.kernelRelease
      let name: String
      var folder = "kernel"
      var fields: [(String, String)] = []
      switch target {
      case .module(let module): name = machine.program.modules[module.rawValue].name
      case .patch(let patch):
        name = machine.program.patches[patch.rawValue].moduleName
        folder = "kgraft"
        let fixes = machine.program.patches[patch.rawValue].fixes
        if !fixes.isEmpty { fields.append(("description", fixes.joined(separator: " "))) }
      }
      fields.insert(("filename", "/lib/modules/\(release)/\(folder)/\(name).ko"), at: 0)
      fields += [
        ("license", "GPL"), ("depends", ""),
        ("vermagic", "\(release) SMP mod_unload modversions "),
      ]
      let text = fields.map { ($0.0 + ":").padded(to: 16) + $0.1 + "\n" }.joined()
      return .ended(.success, text)
    })
}
