import Glibc
import Graft

/// Where a report goes: a file that appears when it is whole, or standard output, a pipe or a
/// device, which can't be written any other way than as it comes. A report that goes back to
/// earlier places is written to a file without a name first, and copied there at its end.
final class ReportFile: ReportSink {
  private enum Place {
    case draft(WholeFile.Draft)
    case stream(Int32)
    case copied(from: Int32, to: Int32)
  }

  private let path: String
  private let place: Place
  private var buffer: [UInt8] = []
  /// Bytes that have left the buffer.
  private var writtenCount = 0

  /// Why a report can't be written.
  struct Trouble: Error {
    var path: String
    var reason: String

    var text: String {
      let shown = path == "-" ? "standard output" : escapingControls(path)
      return "graft: can't write \(shown): \(reason)\n"
    }
  }

  /// - Parameter appends: the file is others' as well, and the report goes to its end.
  init(_ path: String, isPatched: Bool, appends: Bool = false) throws(Trouble) {
    self.path = path
    if path != "-" { WholeFile.makeFolder(for: path) }
    let descriptor: Int32
    if path == "-" {
      descriptor = STDOUT_FILENO
    } else if appends {
      descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw Self.trouble(path) }
    } else if Self.isStream(path) {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.trouble(path) }
    } else {
      do throws(SourceReader.Failure) {
        place = .draft(try WholeFile.Draft(of: path))
      } catch {
        throw Trouble(path: path, reason: error.reason)
      }
      return
    }
    guard isPatched || appends else {
      place = .stream(descriptor)
      return
    }
    guard let spool = tmpfile() else { throw Self.trouble(path) }
    place = .copied(from: fileno(spool), to: descriptor)
  }

  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  func patch(at offset: Int, _ text: String) throws {
    let bytes = Array(text.utf8)
    guard offset < writtenCount else {
      let start = offset - writtenCount
      buffer.replaceSubrange(start..<(start + bytes.count), with: bytes)
      return
    }
    if offset + bytes.count > writtenCount { try flush() }
    let descriptor: Int32
    switch place {
    case .draft(let draft): descriptor = draft.descriptor
    case .copied(let spool, _): descriptor = spool
    case .stream: preconditionFailure("what is patched is not written to a stream")
    }
    guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else {
      throw Self.trouble(path)
    }
  }

  /// Everything has been written.
  func publish() throws {
    try flush()
    switch place {
    case .stream: break
    case .draft(let draft):
      do throws(SourceReader.Failure) {
        try draft.publish()
      } catch {
        throw Trouble(path: path, reason: error.reason)
      }
    case .copied(let spool, let target): try copy(spool, to: target)
    }
  }

  private func copy(_ spool: Int32, to target: Int32) throws {
    lseek(spool, 0, SEEK_SET)
    var bytes = [UInt8](repeating: 0, count: Self.bufferSize)
    while true {
      let count = bytes.withUnsafeMutableBytes { read(spool, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      try put(Array(bytes[..<count]), to: target)
    }
  }

  private static let bufferSize = 1 << 16

  /// What has been written so far leaves the buffer.
  func flush() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    writtenCount += buffer.count
    switch place {
    case .draft(let draft):
      do throws(SourceReader.Failure) {
        try draft.append(buffer)
      } catch {
        throw Trouble(path: path, reason: error.reason)
      }
    case .stream(let descriptor), .copied(let descriptor, _): try put(buffer, to: descriptor)
    }
  }

  private func put(_ bytes: [UInt8], to descriptor: Int32) throws {
    guard !WholeFile.write(bytes, to: descriptor) else { return }
    // A reader that has gone away (`| head`) is no error of ours.
    if errno == EPIPE { exitProcess(128 + SIGPIPE) }
    throw Self.trouble(path)
  }

  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return [S_IFCHR, S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Whether two paths lead to one file.
  static func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else {
      return isSamePlace(left, right)
    }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Whether files that are yet to be written would be one: of one name, in one folder.
  private static func isSamePlace(_ left: String, _ right: String) -> Bool {
    func parts(_ path: String) -> (folder: String, name: String) {
      let names = path.split(separator: "/").filter { $0 != "." }
      let folder = names.dropLast().joined(separator: "/")
      let root = path.hasPrefix("/") ? "/" : "./"
      return (root + folder, names.last.map(String.init) ?? "")
    }
    let (one, other) = (parts(left), parts(right))
    guard one.name == other.name, !one.name.isEmpty else { return false }
    if one.folder == other.folder { return true }
    var (first, second) = (stat(), stat())
    guard stat(one.folder, &first) == 0, stat(other.folder, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  private static func trouble(_ path: String) -> Trouble {
    Trouble(path: path, reason: String(cString: strerror(errno)))
  }
}
