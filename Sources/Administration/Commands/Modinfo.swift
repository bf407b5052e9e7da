import Machine

extension Commands {
  /// `modinfo NAME|FILE` (`kmod`, `tools/modinfo.c`): what a module's file says of itself. Where
  /// the file is not there nobody knows anything, though its module may be in the kernel.
  static let modinfo = ShellCommand(
    name: "modinfo", usage: "modinfo [-n] [-F FIELD] NAME…",
    help: "show what a module says of itself",
    operands: .module(options: ["-n", "-F"], isChanged: false),
    start: { line, machine, row, _ in
      var words = line.expanded(machine, &row)
      var field: String?
      if let place = words.firstIndex(of: "-F") {
        guard place + 1 < words.count else {
          return .ended(.failed(.EINVAL), "modinfo: option requires an argument -- 'F'\n")
        }
        field = words[place + 1]
        words.removeSubrange(place...(place + 1))
      }
      let options = CommandOptions(words, known: "n", long: ["filename": "n"])
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "modinfo: \(complaint)\n")
      }
      if options.has("n") { field = "filename" }
      guard !options.operands.isEmpty else {
        return .ended(.failed(.EINVAL), "modinfo: ERROR: missing module or filename.\n")
      }
      var output = ""
      var status = CommandStatus.success
      for word in options.operands {
        guard
          let file = ModuleFile.at(word, machine, &row)
            ?? ModuleFile.ofModule(word, machine, &row)
            ?? ModuleFile.inserted(word, machine, &row)
        else {
          output += "modinfo: ERROR: Module \(word) not found.\n"
          status = .failed(.ENOENT)
          continue
        }
        for (name, text) in fields(of: file, machine) where field == nil || name == field {
          output += (field == nil ? "\(name):".padded(to: 16) : "") + text + "\n"
        }
      }
      return .ended(status, output)
    })

  private static func fields(of file: ModuleFile, _ machine: Machine) -> [(String, String)] {
    var fields = [("filename", file.path)]
    var release = machine.program.kernelRelease
    if case .patch(let patch) = file.target {
      let fixes = machine.program.patches[patch.rawValue].fixes
      release = machine.program.patches[patch.rawValue].vermagic ?? release
      if !fixes.isEmpty { fields.append(("description", fixes.joined(separator: " "))) }
    }
    return fields + [
      ("license", "GPL"), ("depends", ""), ("vermagic", "\(release) SMP mod_unload modversions "),
    ]
  }
}
