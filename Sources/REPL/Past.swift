import Glibc

/// The history of all prompts: a file that only its owner can read, to which each line is added
/// when it is typed, so that two prompts at once lose nothing of each other's.
package final class Past {
  /// What was typed before, the oldest first.
  package private(set) var lines: [String] = []
  private let path: String?

  /// Lines that are kept, and how many more may stand in the file before it is shortened.
  private static let size = 10_000
  private static let slack = 2_000
  static let greatestLine = 64 << 10
  private static let greatestFile = 64 << 20

  /// - Parameter folder: where the file is, or nil for a history that nobody keeps.
  package init(folder: String?) {
    path = folder.map { $0 + "/history" }
    guard let path, let folder else { return }
    Self.makeFolder(folder)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    fchmod(descriptor, 0o600)
    guard flock(descriptor, LOCK_EX) == 0 else { return }
    let text = Self.readAll(descriptor)
    var all = text.split(separator: UInt8(ascii: "\n"))
    if all.count > Self.size + Self.slack {
      all.removeFirst(all.count - Self.size)
      var kept: [UInt8] = []
      for line in all {
        kept += line
        kept.append(UInt8(ascii: "\n"))
      }
      if ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 {
        Self.write(kept, to: descriptor)
      }
    }
    lines = all.suffix(Self.size).map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
  }

  func add(_ line: String) {
    guard let path else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { return }
    Self.write(Array((Self.escaped(line) + "\n").utf8), to: descriptor)
  }

  private static func makeFolder(_ path: String) {
    var whole = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      whole += whole.isEmpty && part.isEmpty ? "" : part
      if !whole.isEmpty, whole != "/" { mkdir(whole, 0o700) }
      whole += "/"
    }
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < greatestFile {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[0..<count])
    }
    return bytes
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// A statement of several lines is one line of the file.
  static func escaped(_ line: String) -> String {
    line.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  static func unescaped(_ line: String) -> String {
    var text = ""
    var isEscape = false
    for character in line {
      if isEscape {
        text.append(character == "n" ? "\n" : character)
        isEscape = false
      } else if character == "\\" {
        isEscape = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
