import Machine

/// What lies on the machine's disk, as far as somebody comes to look for it: the files of packages.
/// Nobody writes there but the packages.
enum DiskFiles {
  static let boot = VirtualDirectory(
    mode: 0o755, names: { machine, _ in kernelFiles(machine).map(\.name) },
    find: { name, machine, _ in kernelFiles(machine).first { $0.name == name }?.node })

  private static func kernelFiles(_ machine: Machine) -> [(name: String, node: FileNode)] {
    let release = machine.program.kernelRelease
    func link(_ name: String) -> FileNode {
      .link(text: "\(name)-\(release)", path: "/boot/\(name)-\(release)")
    }
    return [
      ("System.map-\(release)", .file(file())), ("initrd", link("initrd")),
      ("initrd-\(release)", .file(file(mode: 0o600))), ("vmlinuz", link("vmlinuz")),
      ("vmlinuz-\(release)", .file(file())),
    ]
  }

  /// `/lib/modules/RELEASE`: `kernel` and `kgraft`, each while there is something in it.
  static let lib = VirtualDirectory(mode: 0o755, ["modules": .directory(modules)])

  private static let modules = VirtualDirectory(
    mode: 0o755, names: { machine, _ in [machine.program.kernelRelease] },
    find: { name, machine, _ in
      name == machine.program.kernelRelease ? .directory(ofKernel) : nil
    })

  private static let ofKernel = VirtualDirectory(
    mode: 0o755, names: { machine, row in folders(machine, &row) },
    find: { name, machine, row in
      folders(machine, &row).contains(name) ? .directory(folder(name)) : nil
    })

  private static func folders(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    var names: [String] = []
    for file in ModuleFile.all(machine, &row) {
      let folder = String(file.path.split(separator: "/").dropLast().last ?? "")
      if !names.contains(folder) { names.append(folder) }
    }
    return names
  }

  private static func folder(_ folder: String) -> VirtualDirectory {
    VirtualDirectory(
      mode: 0o755, names: { machine, row in names(in: folder, machine, &row) },
      find: { name, machine, row in
        names(in: folder, machine, &row).contains(name)
          ? .file(file(size: LoadedModule.size)) : nil
      })
  }

  private static func names(
    in folder: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    let prefix = "\(ModuleFile.folder(of: machine))/\(folder)/"
    return ModuleFile.all(machine, &row).filter { $0.path.hasPrefix(prefix) }
      .map { String($0.path.dropFirst(prefix.count)) }
  }

  /// What the package of the scripts brings, in the order in which `rpm` lists it.
  static let scripts = [
    "/usr/bin/kgr", "/usr/lib/rpm/kgraft-rpm-helper", "/usr/share/man/man8/kgr.8.gz",
  ]

  static let usr = folder(of: scripts[...], below: "/usr")

  /// The directory of these files, which come and go with their package.
  private static func folder(of files: ArraySlice<String>, below path: String) -> VirtualDirectory {
    var nodes: [(name: String, node: FileNode)] = []
    for file in files {
      let rest = file.dropFirst(path.count + 1)
      guard let name = rest.split(separator: "/").first.map(String.init) else { continue }
      guard !nodes.contains(where: { $0.name == name }) else { continue }
      if rest.contains("/") {
        let inside = files.filter { $0.hasPrefix("\(path)/\(name)/") }
        nodes.append((name, .directory(folder(of: inside[...], below: "\(path)/\(name)"))))
      } else {
        nodes.append((name, .file(self.file(mode: name.hasSuffix(".gz") ? 0o644 : 0o755))))
      }
    }
    let all = nodes
    return VirtualDirectory(
      mode: 0o755, known: all,
      names: { machine, row in
        all.filter { $0.node.isThere(machine, &row) }.map(\.name)
      },
      find: { name, machine, row in
        all.first { $0.name == name && $0.node.isThere(machine, &row) }?.node
      })
  }

  /// Nobody reads what is in them.
  private static func file(mode: Int = 0o644, size: Int = 4_096) -> VirtualFile {
    VirtualFile(
      mode: mode, size: size, read: { _, _ in .success("\u{7f}ELF") },
      write: { _, _, _ in .refused(.EROFS) })
  }
}

extension FileNode {
  /// Directories stay when the files in them go.
  fileprivate func isThere(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    if case .file = self { machine.hasTools(&row) } else { true }
  }
}
