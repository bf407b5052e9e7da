import Glibc
import Graft

/// Walks folders.
enum FileTree {
  /// Folders within folders that are gone into.
  private static let greatestDepth = 64

  /// Visits every file below a folder, in no order. Hidden files and folders are passed over, and
  /// so are exercises, which fail as they are given, and links to folders, which may hold
  /// themselves.
  static func visit(
    _ folder: String, _ body: (_ file: String, _ isLink: Bool) -> Void
  ) throws(SourceReader.Failure) {
    try visit(folder, depth: 0, body, exercise: { _ in })
  }

  /// Visits the folders below one that have an exercise in them.
  static func visitExercises(
    below folder: String, _ body: (String) -> Void
  ) throws(SourceReader.Failure) {
    try visit(folder, depth: 0, { _, _ in }, exercise: body)
  }

  private static func visit(
    _ folder: String, depth: Int, _ body: (String, Bool) -> Void, exercise: (String) -> Void
  ) throws(SourceReader.Failure) {
    guard depth < greatestDepth else {
      throw SourceReader.Failure(path: folder, reason: "folders lie too deep in each other")
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    var folders: [String] = []
    let entries = try entries(of: folder)
    if depth > 0, entries.contains(where: { $0.name == Exercise.textName }) {
      return exercise(folder)
    }
    for (name, kind) in entries where !name.hasPrefix(".") {
      switch kind {
      case .folder: folders.append(prefix + name)
      case .file: body(prefix + name, false)
      case .link: if !leadsToFolder(prefix + name) { body(prefix + name, true) }
      }
    }
    for folder in folders { try visit(folder, depth: depth + 1, body, exercise: exercise) }
  }

  enum Kind { case file, folder, link }

  private static func leadsToFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What stands in a folder, without `.` and `..`.
  static func entries(
    of folder: String
  ) throws(SourceReader.Failure) -> [(name: String, kind: Kind)] {
    guard let stream = opendir(folder) else {
      throw SourceReader.Failure(path: folder, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var found: [(name: String, kind: Kind)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      found.append((name, kind(of: "\(folder)/\(name)", Int(entry.pointee.d_type))))
    }
    return found
  }

  /// - Parameter type: what the folder says of it, which not every file system does.
  private static func kind(of path: String, _ type: Int) -> Kind {
    switch type {
    case Int(DT_DIR): return .folder
    case Int(DT_LNK): return .link
    case Int(DT_UNKNOWN):
      var status = stat()
      guard lstat(path, &status) == 0 else { return .file }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return .folder
      case S_IFLNK: return .link
      default: return .file
      }
    default: return .file
    }
  }

  /// In the order of their bytes, whatever the locale.
  static func sorted(_ paths: [String]) -> [String] {
    paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
