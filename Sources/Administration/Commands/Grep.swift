import Machine

extension Commands {
  /// `grep PATTERN FILE…` (GNU grep): status 1 when nothing was found, 2 when a file can't be read.
  static let grep: ShellCommand = {
    var command = plainGrep
    command.filter = { line, input in
      let options = CommandOptions(line.words, known: grepOptions, long: grepLong)
      guard options.complaint == nil, options.operands.count == 1 else { return nil }
      var search = Search(options.operands[0], options)
      search.look(through: input, of: "(standard input)")
      return search.result
    }
    return command
  }()

  private static let plainGrep = ShellCommand(
    name: "grep", usage: "grep [-EchilnqrsvwF] PATTERN [FILE…]",
    help: "print the lines that a pattern matches", operands: .anything,
    objection: { line in
      let options = CommandOptions(line.words, known: grepOptions, long: grepLong)
      return options.complaint ?? (options.operands.isEmpty ? "a pattern is missing" : nil)
    },
    paths: { line in
      let options = CommandOptions(line.words, known: grepOptions, long: grepLong)
      let isKnown = line.patterns.isEmpty && !options.isRecursive
      return isKnown ? Array(options.operands.dropFirst()) : []
    },
    start: { line, machine, row, _ in
      let options = CommandOptions(
        line.expanded(machine, &row), known: grepOptions, long: grepLong)
      let usage =
        "Usage: grep [OPTION]... PATTERN [FILE]...\nTry 'grep --help' for more information.\n"
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL, exit: 2), "grep: \(complaint)\n" + usage)
      }
      guard let pattern = options.operands.first else {
        return .ended(.failed(.EINVAL, exit: 2), usage)
      }
      var search = Search(pattern, options)
      var paths = Array(options.operands.dropFirst())
      if options.isRecursive { paths = paths.flatMap { files(below: $0, machine, &row) } }
      for path in paths {
        switch FileNode.content(of: path, machine, &row) {
        case .success(let content): search.look(through: content, of: path)
        case .failure(.noClock): return .lacks(.clock)
        case .failure(.errno(let error)): search.note(error, path)
        }
      }
      return search.end
    })

  private static let grepOptions = "EHFGchilnqrRsvw"
  private static let grepLong: KeyValuePairs<String, Character> = [
    "extended-regexp": "E", "fixed-strings": "F", "ignore-case": "i", "invert-match": "v",
    "count": "c", "recursive": "r", "line-number": "n", "quiet": "q", "word-regexp": "w",
    "color": "G", "colour": "G",
  ]

  /// `-r`: the files below a directory, in the order of their names; links are not followed.
  private static func files(
    below path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    guard case .success(.directory(let directory)) = FileNode.at(path, machine, &row) else {
      return [path]
    }
    let stem = path.hasSuffix("/") ? path : path + "/"
    var found: [String] = []
    for name in directory.names(machine, &row).sorted() {
      switch FileNode.at(stem + name, followsLast: false, machine, &row) {
      case .success(.file(let file)) where file.mode & 0o444 != 0: found.append(stem + name)
      case .success(.directory): found += files(below: stem + name, machine, &row)
      default: break
      }
    }
    return found
  }

  private struct Search {
    private let pattern: LetterPattern
    private let options: CommandOptions
    private let namesFiles: Bool
    private var output = ""
    private var found = false
    private var error: Errno?

    init(_ pattern: String, _ options: CommandOptions) {
      let form: LetterPattern.Form =
        options.has("F") ? .fixed : options.has("E") ? .extended : .basic
      self.pattern = LetterPattern(
        expression: pattern, form, ignoringCase: options.has("i"), ofWords: options.has("w"))
      self.options = options
      let isMany = options.operands.count > 2 || options.isRecursive
      namesFiles = options.has("H") || (isMany && !options.has("h"))
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

    var end: CommandStart { .ended(result.0, result.1) }

    var result: (CommandStatus, String) {
      if let error, !(options.has("q") && found) { return (.failed(error, exit: 2), output) }
      return (found ? .success : .no(), output)
    }
  }
}

extension CommandOptions {
  fileprivate var isRecursive: Bool { has("r") || has("R") }
}
