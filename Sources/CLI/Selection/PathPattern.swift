import Glibc

/// A pattern of paths as a shell knows it, for those who quote it: `*`, `?`, `[…]` within a name,
/// and `**` for any number of folders.
struct PathPattern {
  private let isAbsolute: Bool
  private let parts: [String]

  init(_ text: String) {
    isAbsolute = text.hasPrefix("/")
    parts = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
  }

  static func isPattern(_ text: String) -> Bool {
    text.utf8.contains { "*?[".utf8.contains($0) }
  }

  /// Whatever matches, in the order of bytes.
  func expanded() -> [String] {
    var found: Set<String> = []
    expand(isAbsolute ? "/" : "", parts[...], &found)
    return FileTree.sorted(Array(found))
  }

  private func expand(_ prefix: String, _ rest: ArraySlice<String>, _ found: inout Set<String>) {
    guard let part = rest.first else {
      if !prefix.isEmpty { found.insert(prefix) }
      return
    }
    let others = rest.dropFirst()
    func path(_ name: String) -> String {
      prefix.isEmpty || prefix == "/" ? prefix + name : "\(prefix)/\(name)"
    }
    guard Self.isPattern(part) else {
      var status = stat()
      if stat(path(part), &status) == 0 { expand(path(part), others, &found) }
      return
    }
    let entries = (try? FileTree.entries(of: prefix.isEmpty ? "." : prefix)) ?? []
    if part == "**" {
      expand(prefix, others, &found)
      for entry in entries where entry.kind == .folder && !entry.name.hasPrefix(".") {
        expand(path(entry.name), rest, &found)
      }
      return
    }
    for entry in entries where fnmatch(part, entry.name, FNM_PERIOD) == 0 {
      if others.isEmpty || entry.kind == .folder {
        expand(path(entry.name), others, &found)
      }
    }
  }
}
