import Machine

extension Commands {
  /// `grep PATTERN FILE…` (GNU grep): status 1 when nothing was found, 2 when a file can't be read.
  static let grep = ShellCommand(
    name: "grep", usage: "grep [-chilnqsv] PATTERN FILE…",
    help: "print the lines that a pattern matches", operands: .anything,
    objection: { line in
      let options = CommandOptions(line.words, known: grepOptions)
      return options.complaint ?? (options.operands.isEmpty ? "a pattern is missing" : nil)
    },
    paths: { Array(CommandOptions.paths($0, known: grepOptions).dropFirst()) },
    start: { line, machine, row, _ in
      let options = CommandOptions(line.expanded(machine, &row), known: grepOptions)
      let usage =
        "Usage: grep [OPTION]... PATTERN [FILE]...\nTry 'grep --help' for more information.\n"
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL, exit: 2), "grep: \(complaint)\n" + usage)
      }
      guard let pattern = options.operands.first else {
        return .ended(.failed(.EINVAL, exit: 2), usage)
      }
      var search = Search(pattern, options)
      for path in options.operands.dropFirst() {
        switch FileNode.content(of: path, machine, &row) {
        case .success(let content): search.look(through: content, of: path)
        case .failure(.noClock): return .lacks(.clock)
        case .failure(.errno(let error)): search.note(error, path)
        }
      }
      return search.end
    })

  private static let grepOptions = "HFGchilnqsv"

  private struct Search {
    private let pattern: LetterPattern
    private let options: CommandOptions
    private let namesFiles: Bool
    private var output = ""
    private var found = false
    private var error: Errno?

    init(_ pattern: String, _ options: CommandOptions) {
      self.pattern = LetterPattern(expression: pattern, ignoringCase: options.has("i"))
      self.options = options
      namesFiles = options.has("H") || (options.operands.count > 2 && !options.has("h"))
    }

    mutating func look(through content: String, of path: String) {
      var lines = content.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      let prefix = namesFiles ? path + ":" : ""
      var count = 0
      for (number, line) in lines.enumerated()
      where pattern.matches(line) != options.has("v") {
        count += 1
        guard !options.has("c"), !options.has("l"), !options.has("q") else { continue }
        output += prefix + (options.has("n") ? "\(number + 1):" : "") + line + "\n"
      }
      if count > 0 { found = true }
      guard !options.has("q") else { return }
      if options.has("l") {
        if count > 0 { output += path + "\n" }
      } else if options.has("c") {
        output += prefix + "\(count)\n"
      }
    }

    mutating func note(_ error: Errno, _ path: String) {
      self.error = self.error ?? error
      if !options.has("s") { output += "grep: \(path): \(error.message)\n" }
    }

    var end: CommandStart {
      if let error, !(options.has("q") && found) {
        return .ended(.failed(error, exit: 2), output)
      }
      return .ended(found ? .success : .no(), output)
    }
  }
}
