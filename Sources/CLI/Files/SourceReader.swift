import Glibc

/// Reads scenario files.
enum SourceReader {
  struct Failure: Error {
    var path: String
    var reason: String
  }

  /// A scenario is text that people write; a larger file is a mistake.
  static let greatestByteCount = 64 * 1024 * 1024

  /// The bytes of a file, or of standard input for `-`.
  static func read(
    _ path: String, limit: Int = greatestByteCount
  ) throws(Failure) -> [UInt8] {
    if path == "-" { return try readAll(STDIN_FILENO, path, limit) }
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw Failure(path: path, reason: "it is a directory; name the files in it")
    }
    // A pipe of a shell's own, `<(…)`, has its writer.
    guard status.st_mode & S_IFMT != S_IFIFO || isOfShell(path) else {
      throw Failure(
        path: path, reason: "it is a named pipe; hand its content to standard input, as '-'")
    }
    _ = fcntl(descriptor, F_SETFL, 0)
    return try readAll(descriptor, path, limit, byteCount: Int(status.st_size))
  }

  private static func isOfShell(_ path: String) -> Bool {
    path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
  }

  private static func readAll(
    _ descriptor: Int32, _ path: String, _ limit: Int, byteCount: Int = 1 << 16
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    // One more than there are: the end is then found by the same call.
    var buffer = [UInt8](repeating: 0, count: min(max(byteCount + 1, 512), 1 << 16))
    while true {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      bytes.append(contentsOf: buffer[0..<count])
      guard bytes.count <= limit else {
        throw Failure(
          path: path, reason: "it is larger than \(limit >> 20) MiB")
      }
    }
  }

  private static func failure(_ path: String) -> Failure {
    let reason = String(cString: strerror(errno))
    // A name that was no text has become another on its way here.
    let isGarbled = errno == ENOENT && path.unicodeScalars.contains("\u{FFFD}")
    return Failure(path: path, reason: isGarbled ? "its name is not UTF-8; rename it" : reason)
  }
}
