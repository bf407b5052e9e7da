import Glibc
import Graft

/// `$VISUAL`, `$EDITOR`, or `vi`, on a text of its own.
enum Editor {
  /// What became of the text, or why nothing did.
  static func edit(_ text: String) -> Result<String, SourceLoader.ReadFailure> {
    let program =
      ["VISUAL", "EDITOR"].compactMap(Terminal.environment).first { !$0.isEmpty } ?? "vi"
    let folder = Terminal.environment("TMPDIR") ?? "/tmp"
    // mkstemps(3) puts a free name in place of the X.
    var name = Array("\(folder)/graft-XXXXXX.graft".utf8CString)
    let descriptor = name.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkstemps($0, 6) } ?? -1
    }
    guard descriptor >= 0 else {
      return .failure(.init(reason: "no file can be made in \(folder) to edit the text in"))
    }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let isWritten = WholeFile.write(Array(text.utf8), to: descriptor)
    close(descriptor)
    guard isWritten else {
      return .failure(.init(reason: "the text can't be written to \(path)"))
    }
    switch start(program, path) {
    case 0?: break
    case 127?:
      return .failure(.init(reason: "there is no editor `\(program)`; set EDITOR"))
    case let status?:
      return .failure(
        .init(reason: "the editor `\(program)` ended with \(status); nothing has changed"))
    case nil: return .failure(.init(reason: "the editor `\(program)` can't be started"))
    }
    guard let bytes = try? SourceReader.read(path) else {
      return .failure(.init(reason: "the editor has left no text that can be read"))
    }
    return .success(String(decoding: bytes, as: UTF8.self))
  }

  /// Through a shell, for `EDITOR` may hold options. The exit status, 128 and more for a signal;
  /// nil: there is no shell.
  private static func start(_ program: String, _ path: String) -> Int32? {
    let words = ["sh", "-c", "exec \(program) \"$1\"", "sh", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }
}
