import Machine

/// A kernel as packages name it: its version, and its flavour, `default` or `xen`.
struct KernelName: Hashable {
  var version: String
  var flavour: String

  /// - Parameter release: as `uname -r` gives it: `3.12.61-52-default`.
  init(release: String) {
    let parts = release.split(separator: "-")
    if parts.count > 1, let last = parts.last, last.first?.isLetter == true {
      version = parts.dropLast().joined(separator: "-")
      flavour = String(last)
    } else {
      version = release
      flavour = "default"
    }
  }

  /// Its own package: `kernel-default-3.12.61-52.x86_64`.
  var packageName: String { "kernel-\(flavour)" }
  var fullName: String { "\(packageName)-\(version).x86_64" }
}

extension ChannelPackage {
  /// What it requires and this kernel is not, as `kernel-xen = 3.12.61-52`; nil: it fits. Its name
  /// says it: `kgraft-patch-`, the kernel's version with `_` for its dots, `-` and the flavour. One
  /// without a version is for all of that flavour, and another name for all kernels.
  func unmetRequirement(of kernel: KernelName) -> String? {
    let prefix = "kgraft-patch-"
    guard name.hasPrefix(prefix) else { return nil }
    var parts = name.dropFirst(prefix.count).split(separator: "-")
    let flavour = parts.last.map(String.init) ?? kernel.flavour
    parts = parts.dropLast()
    let version = parts.joined(separator: "-").replacing("_", with: ".")
    guard !version.isEmpty else {
      return flavour == kernel.flavour ? nil : "kernel-\(flavour)"
    }
    guard flavour == kernel.flavour, version == kernel.version else {
      return "kernel-\(flavour) = \(version)"
    }
    return nil
  }
}
