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
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    if path == "-" { return try readAll(STDIN_FILENO, path) }
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
    return try readAll(descriptor, path)
  }

  private static func isOfShell(_ path: String) -> Bool {
    path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/self/fd/")
  }

  private static func readAll(_ descriptor: Int32, _ path: String) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return bytes }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      bytes.append(contentsOf: buffer[0..<count])
      guard bytes.count <= greatestByteCount else {
        throw Failure(
          path: path, reason: "it is larger than \(greatestByteCount >> 20) MiB")
      }
    }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(path: path, reason: String(cString: strerror(errno)))
  }
}
