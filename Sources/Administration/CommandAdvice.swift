import Machine

/// What a command's own words leave out: why there is nothing of that name on this machine, and
/// where it would come from.
package enum CommandAdvice {
  /// Nil where the command has said all that there is to know.
  ///
  /// - Parameter program: in whose text the names of patches and packages stand.
  package static func sentence(
    about line: String, _ status: CommandStatus, _ program: Program
  ) -> String? {
    let line = CommandLine(line)
    guard let name = line.words.first, status.error == .ENOENT else { return nil }
    if status.exit == 127 { return unknown(name, program) }
    guard ["insmod", "modprobe", "modinfo"].contains(name) else { return nil }
    for word in line.operands {
      let file = ModuleName(word).text
      let patch = program.patches.first { patch in
        patch.packageName != nil && patch.moduleNames.contains(file)
      }
      guard let patch, let package = patch.packageName else { continue }
      return "the file of `\(patch.name)` comes with its package: "
        + "`zypper install \(package)` brings it to "
        + "/lib/modules/\(program.kernelRelease)/kgraft/\(patch.moduleName).ko"
    }
    return nil
  }

  private static func unknown(_ name: String, _ program: Program) -> String? {
    guard name != "kgr" else {
      return "`kgr` is part of the package `kgraft`, which the first kgraft-patch package brings "
        + "along; `zypper install kgraft` brings it alone"
    }
    return nil
  }
}
