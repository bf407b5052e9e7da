import Machine

/// The files that an administrator reads and writes, rendered from the world. Reading one is a pure
/// function of the world; content ends in a newline where the kernel's does.
///
/// Which files there are, with which modes and in which form: `fs/proc` and `kernel/module.c` of
/// Linux 3.12 and 4.4, `kernel/kgraft_files.c` of SUSE's.
package struct VirtualFile: Sendable {
  package typealias Reading =
    @Sendable (_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Result<String, FileError>
  package typealias Writing =
    @Sendable (_ text: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>) -> HostAnswer

  /// The permission bits, as in `0o644`.
  package let mode: Int
  /// What `ls -l` gives: files of `/proc` have no size, those of `/sys` are a page.
  package let size: Int
  package let read: Reading
  /// Writes to the file in one piece, as root does.
  package let write: Writing

  package init(
    mode: Int, size: Int = 0, read: @escaping Reading, write: @escaping Writing
  ) {
    self.mode = mode
    self.size = size
    self.read = read
    self.write = write
  }

  /// A file of `/proc` for reading only. Root may open it for writing; what the kernel says then
  /// depends on how the file is made.
  static func proc(
    mode: Int = 0o444, refusing error: Errno = .EIO, _ read: @escaping Reading
  ) -> VirtualFile {
    VirtualFile(mode: mode, read: read) { _, _, _ in .refused(error) }
  }

  /// A file of `/sys` for reading only: opening it for writing is refused (`sysfs_open_file`).
  static func sys(_ read: @escaping Reading) -> VirtualFile {
    VirtualFile(mode: 0o444, size: 4096, read: read) { _, _, _ in .refused(.EACCES) }
  }
}

/// Why a file can't be read.
package enum FileError: Error, Hashable, Sendable {
  case errno(Errno)
  /// It shows the time, and where time is arbitrary there is none.
  case noClock
}

/// What stands at a path.
package indirect enum FileNode: Sendable {
  case file(VirtualFile)
  case directory(VirtualDirectory)
  /// A symbolic link: the text of it, and the absolute path that it means.
  case link(text: String, path: String)
}

package struct VirtualDirectory: Sendable {
  package typealias Listing =
    @Sendable (_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [String]
  package typealias Finding =
    @Sendable (_ name: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>) -> FileNode?

  package let mode: Int
  /// Names, in no particular order.
  package let names: Listing
  package let find: Finding
  /// Names that are there in every world, or in some, with what stands there; others may be found
  /// besides.
  let known: [(name: String, node: FileNode)]

  init(
    mode: Int, known: [(name: String, node: FileNode)] = [], names: @escaping Listing,
    find: @escaping Finding
  ) {
    self.mode = mode
    self.known = known
    self.names = names
    self.find = find
  }

  /// One whose entries are always the same.
  init(mode: Int, _ entries: KeyValuePairs<String, FileNode>) {
    let names = entries.map(\.key)
    let nodes = entries.map(\.value)
    self.init(
      mode: mode, known: entries.map { (name: $0.key, node: $0.value) }, names: { _, _ in names },
      find: { name, _, _ in names.firstIndex(of: name).map { nodes[$0] } })
  }

  /// Fixed entries, and others that depend on the world.
  init(
    mode: Int, _ entries: KeyValuePairs<String, FileNode>, more: @escaping Listing,
    find: @escaping Finding
  ) {
    let fixed = VirtualDirectory(mode: mode, entries)
    self.init(
      mode: mode, known: fixed.known, names: { fixed.names($0, &$1) + more($0, &$1) },
      find: { name, machine, row in
        fixed.find(name, machine, &row) ?? find(name, machine, &row)
      })
  }
}

// MARK: - Paths

extension FileNode {
  /// How many links a path may lead over (`MAXSYMLINKS`); no link here leads to another.
  private static let mostLinks = 40

  /// What stands at an absolute path in this world.
  ///
  /// - Parameter followsLast: false to look at a link itself, as `ls -l` does.
  package static func at(
    _ path: String, followsLast: Bool = true, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Result<FileNode, FileError> {
    var left = mostLinks
    return at(path, followsLast, &left, machine, &row)
  }

  private static func at(
    _ path: String, _ followsLast: Bool, _ linksLeft: inout Int, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Result<FileNode, FileError> {
    guard path.hasPrefix("/") else { return .failure(.errno(.ENOENT)) }
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    // A slash at the end asks for a directory.
    let wantsDirectory = path.hasSuffix("/")
    var above: [VirtualDirectory] = []
    var current = FileNode.directory(Root.directory)
    for (number, part) in parts.enumerated() {
      guard case .directory(let directory) = current else { return .failure(.errno(.ENOTDIR)) }
      switch part {
      case ".": continue
      case "..":
        current = .directory(above.popLast() ?? directory)
        continue
      default: break
      }
      guard let next = directory.find(part, machine, &row) else {
        return .failure(.errno(.ENOENT))
      }
      above.append(directory)
      current = next
      let isLast = number == parts.count - 1 && !wantsDirectory
      guard case .link(_, let target) = next, followsLast || !isLast, linksLeft > 0 else {
        continue
      }
      linksLeft -= 1
      switch at(target, true, &linksLeft, machine, &row) {
      case .success(let node): current = node
      case .failure(let error): return .failure(error)
      }
    }
    if wantsDirectory {
      guard case .directory = current else { return .failure(.errno(.ENOTDIR)) }
    }
    return .success(current)
  }

  /// The first part of an absolute path that no world is known to have, with what stands before it
  /// and the names that are known there. Nil where all of it is known, and behind what depends on
  /// the world.
  package static func unknownPart(
    of path: String
  ) -> (before: String, part: String, known: [String])? {
    guard path.hasPrefix("/") else { return nil }
    var before = ""
    var current = FileNode.directory(Root.directory)
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      guard case .directory(let directory) = current, part != ".", part != ".." else { return nil }
      guard let entry = directory.known.first(where: { $0.name == part }) else {
        return (before, String(part), directory.known.map(\.name))
      }
      current = entry.node
      before += "/" + part
    }
    return nil
  }

  /// What reading the file at a path gives.
  package static func content(
    of path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<String, FileError> {
    switch at(path, machine, &row) {
    case .success(.file(let file)): file.read(machine, &row)
    case .success: .failure(.errno(.EISDIR))
    case .failure(let error): .failure(error)
    }
  }

  package static func write(
    _ text: String, to path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> HostAnswer {
    switch at(path, machine, &row) {
    case .success(.file(let file)): file.write(text, machine, &row)
    case .success: .refused(.EISDIR)
    case .failure(.errno(.ENOENT)) where isRefusedNew(path, machine, &row): .refused(.EACCES)
    case .failure(.errno(let error)): .refused(error)
    case .failure(.noClock): .refused(.EIO)
    }
  }

  /// Who opens a file to write makes it where there is none (O_CREAT), and nobody makes files in
  /// `/sys`. Its directories of 3.12 say ENOENT (`sysfs_lookup`); those of 4.4 let the name pass
  /// (`kernfs_iop_lookup`), and then it is EACCES, for they can't make one (`lookup_open`).
  private static func isRefusedNew(
    _ path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard machine.isCurrentKernel, path.hasPrefix("/sys/"), !path.hasSuffix("/"),
      let slash = path.lastIndex(of: "/")
    else { return false }
    if case .success(.directory) = at(String(path[...slash]), machine, &row) { return true }
    return false
  }
}

/// `/`: what the kernel shows, and of the disk what packages bring.
enum Root {
  static let directory = VirtualDirectory(
    mode: 0o755,
    [
      "boot": .directory(DiskFiles.boot), "lib": .directory(DiskFiles.lib),
      "proc": .directory(ProcessFiles.root), "sys": .directory(SystemFiles.root),
      "usr": .directory(DiskFiles.usr),
    ])
}
