import Glibc

/// The folder that files which nobody named must lie in: what is used, and what a walk finds. It is
/// the one that graft was started in, or another one that was named and lies elsewhere.
struct ScenarioRoot {
  let path: String

  init(forFolder folder: String) {
    let current = Self.resolved(".") ?? "/"
    path = Self.resolved(folder).map { Self.isInside($0, current) ? current : $0 } ?? current
  }

  init(forFile file: String) {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    self.init(forFolder: folder.isEmpty ? "." : folder.joined(separator: "/") + "/.")
  }

  /// Why a file is not read; nil where it lies inside. Symbolic links count as where they lead, and
  /// what can't be followed is left to whoever reads it.
  func refusal(of file: String) -> String? {
    guard let real = Self.resolved(file), !Self.isInside(real, path) else { return nil }
    return "it leads outside the scenario root \(path)"
  }

  private static func isInside(_ path: String, _ root: String) -> Bool {
    path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
  }

  static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
