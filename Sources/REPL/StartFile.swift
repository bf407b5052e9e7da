import CEditline
import Glibc

/// The user's file of libedit commands: `$EDITRC`, or `.editrc` at home.
///
/// It is read here line by line, for libedit itself takes a line with an open quote for words that
/// it has never read, and ends the process.
enum StartFile {
  /// Bytes that are read; no such file is as long.
  private static let greatestSize = 1 << 20

  /// Has the editor do what the file says.
  ///
  /// - Returns: what is wrong with lines that were left out, a sentence each.
  static func read(into editor: OpaquePointer) -> [String] {
    guard let path, let text = text(of: path), let words = tok_init(nil) else { return [] }
    defer { tok_end(words) }
    var complaints: [String] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let line = line.drop { $0 == " " || $0 == "\t" }
      guard !line.isEmpty, !line.hasPrefix("#"), !line.contains("\0") else { continue }
      tok_reset(words)
      var count: Int32 = 0
      var arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>?
      guard tok_str(words, String(line), &count, &arguments) == 0, let arguments else {
        complaints.append("\(path):\(number + 1): a quote is not closed; the line is left out")
        continue
      }
      let names = (0..<Int(count)).map { arguments[$0].map { String(cString: $0) } ?? "" }
      if names.contains("ed-command") {
        complaints.append("\(path):\(number + 1): ed-command is not to be had here")
        continue
      }
      _ = el_parse(editor, count, arguments)
    }
    return complaints
  }

  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: greatestSize)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private static var path: String? {
    if let named = getenv("EDITRC"), named.pointee != 0 { return String(cString: named) }
    return getenv("HOME").map { String(cString: $0) + "/.editrc" }
  }
}
