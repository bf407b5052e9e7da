import Machine

/// What `rpm` tells of a package besides its version and its files.
extension RpmQuestion {
  /// `-qi`. When it was built and installed, and by whom it is signed, is nothing that anybody
  /// keeps.
  var information: CommandStart {
    each { entry in
      let parts = entry.full.dropLast(".x86_64".count).dropFirst(entry.name.count + 1)
        .split(separator: "-", maxSplits: 1).map(String.init)
      let isTools = entry.name == PackageDatabase.tools
      let isPatch = database.installedVersion(of: entry.name) != nil
      let summary =
        isTools
        ? "Scripts for kGraft live patching" : isPatch ? "Kernel live patch module" : "The kernel"
      let fields = [
        ("Name", entry.name), ("Version", parts.first ?? ""),
        ("Release", parts.count > 1 ? parts[1] : ""), ("Architecture", "x86_64"),
        ("Group", "System/Kernel"), ("License", "GPL-2.0"),
        ("Source RPM", "\(entry.full.dropLast(".x86_64".count)).src.rpm"),
        ("Vendor", "SUSE LLC <https://www.suse.com/>"), ("Summary", summary),
        ("Distribution", "SUSE Linux Enterprise 12"),
      ]
      return fields.map { $0.0.padded(to: 12) + ": " + $0.1 + "\n" }.joined()
    }
  }

  /// `-V`: nobody has changed a file, and of such there is nothing to say.
  var verification: CommandStart {
    operands.isEmpty
      ? .ended(.failed(.EINVAL), "rpm: no arguments given for verify\n") : each { _ in "" }
  }

  /// `-q --changelog`: what the package says that it fixes.
  var changes: CommandStart {
    each { entry in
      guard let package = database.installedVersion(of: entry.name) else { return "" }
      let fixes = package.fixes.isEmpty ? ["- initial version"] : package.fixes.map { "- " + $0 }
      return "* \(package.version)\n" + fixes.map { $0 + "\n" }.joined()
    }
  }

  /// `-q --scripts`: those of a KMP, which hand on to the scripts of the `kgraft` package.
  var scriptlets: CommandStart {
    each { entry in
      guard database.installedVersion(of: entry.name) != nil else { return "" }
      let moments = [
        ("preinstall", "check"), ("postinstall", "install"), ("postuninstall", "remove"),
        ("posttrans", "initrd"),
      ]
      return moments.map { moment, deed in
        "\(moment) scriptlet (using /bin/sh):\n"
          + "/usr/lib/rpm/kgraft-rpm-helper \(deed) \(entry.name)\n"
      }.joined()
    }
  }

  /// `-i`, `-U` and `-F` take files of packages.
  func installation(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> CommandStart {
    guard !operands.isEmpty else {
      return .ended(.failed(.EINVAL), "rpm: no packages given for install\n")
    }
    var output = ""
    for path in operands {
      if case .success(.file) = FileNode.at(path, machine, &row) {
        output += "error: \(path): not an rpm package (or package manifest)\n"
      } else {
        output += "error: open of \(path) failed: \(Errno.ENOENT.message)\n"
      }
    }
    return .ended(.failed(.ENOENT, exit: operands.count), output)
  }
}
