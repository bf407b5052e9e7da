import Glibc

/// `$VISUAL`, `$EDITOR`, or `vi`, on a text of its own.
enum Editor {
  /// What became of the text; nil when no editor could be started or it ended badly.
  static func edit(_ text: String) -> String? {
    let program =
      ["VISUAL", "EDITOR"].compactMap(Terminal.environment).first { !$0.isEmpty } ?? "vi"
    let folder = Terminal.environment("TMPDIR") ?? "/tmp"
    // mkstemps(3) puts a free name in place of the X.
    var name = Array("\(folder)/graft-XXXXXX.graft".utf8CString)
    let descriptor = name.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkstemps($0, 6) } ?? -1
    }
    guard descriptor >= 0 else { return nil }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let isWritten = WholeFile.write(Array(text.utf8), to: descriptor)
    close(descriptor)
    guard isWritten, start(program, path) else { return nil }
    return (try? SourceReader.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Through a shell, for `EDITOR` may hold options.
  private static func start(_ program: String, _ path: String) -> Bool {
    let words = ["sh", "-c", "exec \(program) \"$1\"", "sh", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }
}
