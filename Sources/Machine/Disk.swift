/// What lies on the machine's disk and outlives its kernel: packages that bring patches, and what
/// the initrd has of them. Only programs whose scenario reads or changes it have it in their rows.
package struct Disk: Sendable {
  /// What the channel has, in the text's order.
  package var channel: [ChannelPackage] = []

  package init() {}
}

/// One version of a package that brings a patch's module (a KMP).
package struct ChannelPackage: Sendable, Hashable {
  package var name: String
  /// Version and release: `2-2.1`.
  package var version: String
  package var moduleName: String
  package var fixes: [String]
  /// The patch that it brings; nil where the scenario can't come to install it.
  package var patch: PatchID?

  package init(
    name: String, version: String, moduleName: String, fixes: [String], patch: PatchID?
  ) {
    self.name = name
    self.version = version
    self.moduleName = moduleName
    self.fixes = fixes
    self.patch = patch
  }
}

/// What a command does to the disk, in one step.
package enum DiskChange: Sendable, Hashable {
  case installTools, removeTools
  /// The files of the patch's package are there; another version of it is gone.
  case install(PatchID)
  case remove(PatchID)
  /// The initrd is made anew, of what is installed now.
  case writeInitrd
}

extension Layout {
  package struct DiskFields: Sendable {
    /// The package of the scripts has come, or gone: it is not as it was at the start.
    package let tools: Field
    /// For each patch whether its package is installed, and whether the initrd has its module; nil
    /// of patches without a package.
    package let installed: [Field?]
    package let inInitrd: [Field?]
    /// How far a command has come of which somebody else does a part; 0 while nobody does.
    package let errand: Field
    /// In a run: when the kernel was started.
    package let bootedAt: Field?

    init?(program: Program, keepsTime: Bool, globals: inout FieldAllocator) {
      guard let disk = program.disk else { return nil }
      let packaged = program.patches.indices.map { number in
        disk.channel.contains { $0.patch == PatchID(number) }
      }
      tools = globals.field(bits: 1)
      installed = packaged.map { $0 ? globals.field(bits: 1) : nil }
      inInitrd = packaged.map { $0 ? globals.field(bits: 1) : nil }
      errand = globals.field(bits: 60)
      bootedAt = keepsTime ? globals.timedField(bits: 60) : nil
    }

    /// What a reboot leaves as it is.
    var lasting: [Field] {
      [tools] + (installed + inInitrd).compactMap(\.self) + [errand]
    }
  }
}

extension Machine {
  /// Whether the package that brings the patch is installed.
  package func isInstalled(_ patch: PatchID, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.disk?.installed[patch.rawValue].map { row.isSet($0) } ?? false
  }

  /// Whether the file of the patch's module lies on the disk: its package brings it, and one that
  /// no package has was put there by hand.
  package func hasFile(of patch: PatchID, _ row: inout MutableSpan<UInt64>) -> Bool {
    program.patches[patch.rawValue].packageName == nil || isInstalled(patch, &row)
  }

  /// Whether the next boot applies the patch.
  package func isInInitrd(_ patch: PatchID, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.disk?.inInitrd[patch.rawValue].map { row.isSet($0) } ?? false
  }

  /// Whether the scripts of the `kgraft` package are there, `kgr` among them.
  package func hasTools(_ row: inout MutableSpan<UInt64>) -> Bool {
    program.startsWithTools != (layout.disk.map { row.isSet($0.tools) } ?? false)
  }

  /// When the kernel was started, in a run.
  package func bootTime(_ row: inout MutableSpan<UInt64>) -> Int64 {
    layout.disk?.bootedAt.map { Int64(row[$0]) } ?? 0
  }

  func change(_ change: DiskChange, _ row: inout MutableSpan<UInt64>) {
    guard let disk = layout.disk else { return }
    switch change {
    case .installTools, .removeTools:
      row.set(disk.tools, to: (change == .installTools) != program.startsWithTools)
    case .install(let patch):
      let channel = program.disk?.channel ?? []
      let name = channel.first { $0.patch == patch }?.name
      for other in channel where other.name == name {
        guard let number = other.patch, let field = disk.installed[number.rawValue] else {
          continue
        }
        row.set(field, to: number == patch)
      }
    case .remove(let patch):
      if let field = disk.installed[patch.rawValue] { row.set(field, to: false) }
    case .writeInitrd:
      for (installed, copy) in zip(disk.installed, disk.inInitrd) {
        if let installed, let copy { row[copy] = row[installed] }
      }
    }
  }
}
