import Machine

extension Commands {
  /// `echo TEXT > FILE`: what the shell itself does (bash). The text is written in one piece.
  static let echo = ShellCommand(
    name: "echo", usage: "echo [-n] TEXT [> FILE]", help: "print a text, or write it to a file",
    operands: .anything,
    paths: { $0.outputPath.map { [$0] } ?? [] },
    start: { line, machine, row, _ in
      let text = text(of: line)
      guard let path = line.outputPath else { return .ended(.success, text) }
      switch FileNode.write(text, to: path, machine, &row) {
      case .done: return .ended(.success)
      // Who has nothing to say opens the file and writes nothing.
      case .refused(let error) where text.isEmpty && !isOfOpening(error): return .ended(.success)
      case .refused(let error): return .ended(.failed(error), complaint(error, path))
      case .request(let request): return .request(request)
      }
    },
    output: { line, status, _, _ in
      // The file was opened: it is the write that the engine has refused.
      status.error.map { "-bash: echo: write error: \($0.message)\n" } ?? ""
    })

  private static func text(of line: CommandLine) -> String {
    var words = line.words.dropFirst()
    let isWhole = words.first != "-n"
    if !isWhole { words = words.dropFirst() }
    return words.joined(separator: " ") + (isWhole ? "\n" : "")
  }

  /// Some errors come when the file is opened, and the shell names it; the others from the write.
  private static func complaint(_ error: Errno, _ path: String) -> String {
    isOfOpening(error)
      ? "-bash: \(path): \(error.message)\n" : "-bash: echo: write error: \(error.message)\n"
  }

  private static func isOfOpening(_ error: Errno) -> Bool {
    [.ENOENT, .ENOTDIR, .EISDIR, .EACCES, .EROFS].contains(error)
  }
}
