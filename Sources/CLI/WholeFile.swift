import Glibc

/// Replaces the content of a file so that whoever reads it, and whatever happens meanwhile, finds
/// the old one or the new one and nothing between.
enum WholeFile {
  /// Writes a file beside the old one, with its mode, and renames it. A symbolic link stays one:
  /// the file it leads to is replaced.
  static func replace(_ path: String, by bytes: [UInt8]) throws(SourceReader.Failure) {
    guard let resolved = realpath(path, nil) else { throw failure(path) }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SourceReader.Failure(path: path, reason: "it is no regular file, and stays as it is")
    }
    // A folder may be writable where the file is not: that file was not meant to be changed.
    guard access(target, W_OK) == 0 else { throw failure(path) }

    var temporary = Array("\(target).XXXXXX".utf8CString)
    let descriptor = temporary.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = write(bytes, to: descriptor) && fchmod(descriptor, status.st_mode & 0o7777) == 0
    let reason = errno
    guard close(descriptor) == 0, isWritten else {
      unlink(temporary)
      throw failure(path, isWritten ? errno : reason)
    }
    guard rename(temporary, target) == 0 else {
      let reason = errno
      unlink(temporary)
      throw failure(path, reason)
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return fsync(descriptor) == 0
  }

  private static func failure(_ path: String, _ number: Int32 = errno) -> SourceReader.Failure {
    SourceReader.Failure(path: path, reason: String(cString: strerror(number)))
  }
}
