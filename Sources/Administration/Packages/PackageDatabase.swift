import Machine

/// What is installed, as `rpm` and `zypper` see it.
struct PackageDatabase {
  /// The package with `kgr` and the scripts that other packages' scriptlets run.
  static let tools = "kgraft"
  static let toolsFullName = "kgraft-1.0-19.1.x86_64"

  let channel: [ChannelPackage]
  let kernel: KernelName
  let release: String
  /// Places in the channel.
  private(set) var installed: Set<Int> = []
  let hasTools: Bool
  /// Files of the modules that came with the kernel.
  let kernelModules: [String]

  init(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    channel = machine.program.disk?.channel ?? []
    release = machine.program.kernelRelease
    kernel = KernelName(release: release)
    hasTools = machine.hasTools(&row)
    kernelModules = ModuleFile.all(machine, &row).filter {
      if case .module = $0.target { true } else { false }
    }.map(\.path)
    for (place, package) in channel.enumerated() {
      if let patch = package.patch, machine.isInstalled(patch, &row) { installed.insert(place) }
    }
  }

  /// The installed version of a package.
  func installedVersion(of name: String) -> ChannelPackage? {
    channel.indices.first { channel[$0].name == name && installed.contains($0) }
      .map { channel[$0] }
  }

  func isInstalled(_ package: ChannelPackage) -> Bool {
    installedVersion(of: package.name) == package
  }

  /// Names in the channel, each once, in its order.
  var names: [String] {
    var names: [String] = []
    for package in channel where !names.contains(package.name) { names.append(package.name) }
    return names
  }

  /// All versions of a package, the newest first.
  func versions(of name: String) -> [ChannelPackage] {
    channel.filter { $0.name == name }
      .sorted { PackageVersion($0.version) > PackageVersion($1.version) }
  }

  /// A word with a `*` in it means every package whose name it matches.
  func expanded(
    _ operands: [(name: String, version: String?)]
  ) -> [(name: String, version: String?)] {
    operands.flatMap { operand -> [(name: String, version: String?)] in
      guard operand.name.contains(where: "*?[".contains) else { return [operand] }
      let pattern = LetterPattern(names: operand.name)
      let found = names.filter {
        pattern.matches($0)
          && versions(of: $0).contains { $0.unmetRequirement(of: kernel) == nil && $0.patch != nil }
      }
      return found.isEmpty ? [operand] : found.map { ($0, operand.version) }
    }
  }

  /// `NAME-VERSION` means that version of the package, unless a package is called so.
  func split(_ word: String, _ version: String?) -> (name: String, version: String?) {
    guard version == nil, !names.contains(word) else { return (word, version) }
    let package = channel.first { word == "\($0.name)-\($0.version)" }
    return package.map { ($0.name, $0.version) } ?? (word, nil)
  }

  /// The file of the patch's module (SUSE's `kgraft-module-subpackage`).
  func moduleFile(of package: ChannelPackage) -> String {
    "/lib/modules/\(release)/kgraft/\(package.moduleName).ko"
  }

  /// Where the initrd is (`mkinitrd`).
  var initrd: String { "/boot/initrd-\(release)" }
}
