import Glibc

/// The names in a folder, for completion.
enum Folder {
  private static let greatestCount = 1_000

  /// Those of folders end in a slash; hidden ones are left out. Nothing for what can't be read.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path.isEmpty ? "." : path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while names.count < greatestCount, let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      guard !name.hasPrefix(".") else { continue }
      var status = stat()
      let isFolder = stat(path + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      names.append(isFolder ? name + "/" : name)
    }
    return names.sorted()
  }
}
