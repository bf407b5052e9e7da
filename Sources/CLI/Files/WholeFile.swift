import Glibc

/// Replaces the content of a file so that whoever reads it, and whatever happens meanwhile, finds
/// the old one or the new one and nothing between.
enum WholeFile {
  /// Writes a file beside the old one, with its mode, and renames it. A symbolic link stays one:
  /// the file it leads to is replaced.
  static func replace(_ path: String, by bytes: [UInt8]) throws(SourceReader.Failure) {
    guard access(path, F_OK) == 0 else { throw failure(path) }
    let draft = try Draft(of: path)
    try draft.append(bytes)
    try draft.publish()
  }

  /// A file that is being written beside the one it will replace. It is gone when nobody has
  /// published it, even when the process is killed: where the file system can, it has no name until
  /// then.
  final class Draft {
    private let path: String
    private let target: String
    /// Empty as long as the file has no name.
    private var temporary: [CChar] = []
    private(set) var descriptor: Int32 = -1

    /// - Parameter path: an existing file, whose mode is kept, or a new one.
    init(of path: String) throws(SourceReader.Failure) {
      self.path = path
      let found = try Draft.target(of: path)
      target = found.path
      descriptor = open(
        Draft.folder(of: target), O_RDWR | O_CLOEXEC | Draft.withoutName, 0o600)
      if descriptor < 0 { openNamed() }
      guard descriptor >= 0, fchmod(descriptor, found.mode) == 0 else { throw failure(path) }
    }

    /// `O_TMPFILE`, a macro that Swift can't read.
    private static let withoutName = 0o20000000 | O_DIRECTORY

    private static func folder(of path: String) -> String {
      guard let slash = path.lastIndex(of: "/") else { return "." }
      return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func openNamed() {
      // mkstemp(3) puts a free name in place of the X.
      temporary = Array("\(target).XXXXXX".utf8CString)
      descriptor = temporary.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { mkstemp($0) } ?? -1
      }
      guard descriptor >= 0 else {
        // `errno` is why, and is not to be touched before it is read.
        temporary = []
        return
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// A name beside the target, which lives until the rename that follows.
    private func giveName() -> Bool {
      guard temporary.isEmpty else { return true }
      for attempt in 0..<100 {
        let name = "\(target).\(getpid()).\(attempt)"
        let own = "/proc/self/fd/\(descriptor)"
        if linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 {
          temporary = Array(name.utf8CString)
          return true
        }
        guard errno == EEXIST else { return false }
      }
      return false
    }

    private static func target(
      of path: String
    ) throws(SourceReader.Failure) -> (path: String, mode: mode_t) {
      guard let resolved = realpath(path, nil) else {
        guard errno == ENOENT else { throw failure(path) }
        return (path, 0o644)
      }
      defer { free(resolved) }
      let target = String(cString: resolved)
      var status = stat()
      guard stat(target, &status) == 0 else { throw failure(path) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw SourceReader.Failure(path: path, reason: "it is no regular file, and stays as it is")
      }
      // A folder may be writable where the file is not: that file was not meant to be changed.
      guard access(target, W_OK) == 0 else { throw failure(path) }
      return (target, status.st_mode & 0o7777)
    }

    func append(_ bytes: [UInt8]) throws(SourceReader.Failure) {
      guard write(bytes, to: descriptor) else { throw failure(path) }
    }

    /// The draft takes the file's place.
    func publish() throws(SourceReader.Failure) {
      guard fsync(descriptor) == 0, giveName() else { throw failure(path) }
      let isClosed = close(descriptor) == 0
      descriptor = -1
      guard isClosed, rename(temporary, target) == 0 else { throw failure(path) }
      temporary = []
    }

    deinit {
      if descriptor >= 0 { close(descriptor) }
      if !temporary.isEmpty { unlink(temporary) }
    }
  }

  /// Makes the folder that a file is to stand in, and those above it, as far as they are missing.
  /// What can't be made the opening of the file will say.
  static func makeFolder(for path: String) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = path[..<slash]
    guard access(String(folder), F_OK) != 0 else { return }
    var made = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      made += part + "/"
      mkdir(made, 0o777)
    }
  }

  /// Writes all of it; false, with `errno`, when that can't be done.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  private static func failure(_ path: String, _ number: Int32 = errno) -> SourceReader.Failure {
    SourceReader.Failure(path: path, reason: String(cString: strerror(number)))
  }
}
