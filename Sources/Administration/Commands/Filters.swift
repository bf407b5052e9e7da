import Machine

/// Commands that read text and print text, from files or behind a `|` (coreutils).
extension Commands {
  /// `head [-n N]`, `tail [-n N | -n +N]`
  static let head = filter(
    "head", usage: "head [-n N] [FILE…]", help: "print the first lines", options: "n:"
  ) { options, input, _ in
    guard let count = options.count(default: 10) else { return nil }
    let lines = Lines(input).all
    return Lines.joined(count.isFromEnd ? lines.dropLast(count.lines) : lines.prefix(count.lines))
  }

  static let tail = filter(
    "tail", usage: "tail [-n N] [FILE…]", help: "print the last lines", options: "n:"
  ) { options, input, _ in
    guard let count = options.count(default: 10) else { return nil }
    let lines = Lines(input).all
    return Lines.joined(
      count.isFromStart ? lines.dropFirst(max(0, count.lines - 1)) : lines.suffix(count.lines))
  }

  /// `wc [-lwc]`
  static let wc = filter(
    "wc", usage: "wc [-lwc] [FILE…]", help: "count lines, words and bytes", options: "lwcm"
  ) { options, input, name in
    let all: [(Character, Int)] = [
      ("l", input.count { $0 == "\n" }), ("w", input.split(whereSeparator: \.isWhitespace).count),
      ("c", input.utf8.count), ("m", input.count),
    ]
    let wanted = options.letters.isEmpty ? ["l", "w", "c"] : options.letters
    let shown = all.filter { wanted.contains($0.0) }.map { "\($0.1)" }
    // Alone it stands as it is, several in columns.
    let isPlain = shown.count == 1
    let text = shown.map { isPlain ? $0 : $0.aligned(to: name == nil ? 7 : 1) }
    return text.joined(separator: " ") + (name.map { " " + $0 } ?? "") + "\n"
  }

  /// `sort [-nru]`
  static let sort = filter(
    "sort", usage: "sort [-nru] [FILE…]", help: "put lines in order", options: "nru"
  ) { options, input, _ in
    var lines = Lines(input).all
    let isByNumber = options.has("n")
    func number(_ line: String) -> Int {
      Int(line.drop { $0 == " " }.prefix { $0 == "-" || $0.isNumber }) ?? 0
    }
    lines.sort { left, right in
      if isByNumber, number(left) != number(right) { return number(left) < number(right) }
      return left < right
    }
    if options.has("r") { lines.reverse() }
    if options.has("u") {
      lines = lines.indices.filter { $0 == 0 || lines[$0] != lines[$0 - 1] }.map { lines[$0] }
    }
    return Lines.joined(lines)
  }

  /// `uniq [-c]`
  static let uniq = filter(
    "uniq", usage: "uniq [-c] [FILE]", help: "print a line once that stands there several times",
    options: "c"
  ) { options, input, _ in
    var found: [(line: String, count: Int)] = []
    for line in Lines(input).all {
      if found.last?.line == line {
        found[found.count - 1].count += 1
      } else {
        found.append((line, 1))
      }
    }
    return Lines.joined(
      found.map { (options.has("c") ? "\($0.count)".aligned(to: 7) + " " : "") + $0.line })
  }

  /// Pagers print all of it: nobody turns pages here.
  static let less = filter("less", usage: "less [FILE…]", help: "print files", options: "FNRSX") {
    _, input, _ in input
  }
  static let more = filter("more", usage: "more [FILE…]", help: "print files", options: "") {
    _, input, _ in input
  }

  /// - Parameters:
  ///   - options: letters, those with an argument followed by `:`.
  ///   - body: what it prints for one text, which comes from a file of that name; nil: its number
  ///     is none.
  private static func filter(
    _ name: String, usage: String, help: String, options known: String,
    _ body: @escaping @Sendable (FilterOptions, String, String?) -> String?
  ) -> ShellCommand {
    @Sendable func complain(_ options: FilterOptions) -> (CommandStatus, String)? {
      options.complaint.map {
        (
          .failed(.EINVAL),
          "\(name): \($0)\nTry '\(name) --help' for more information.\n"
        )
      }
    }
    var command = ShellCommand(
      name: name, usage: usage, help: help, operands: .anything,
      objection: { FilterOptions($0.words, known).complaint },
      paths: { $0.patterns.isEmpty ? FilterOptions($0.words, known).operands : [] },
      start: { line, machine, row, _ in
        let options = FilterOptions(line.expanded(machine, &row), known)
        if let (status, text) = complain(options) { return .ended(status, text) }
        var output = ""
        var status = CommandStatus.success
        for path in options.operands {
          switch FileNode.content(of: path, machine, &row) {
          case .success(let content): output += body(options, content, path) ?? ""
          case .failure(.noClock): return .lacks(.clock)
          case .failure(.errno(let error)):
            output += "\(name): cannot open '\(path)' for reading: \(error.message)\n"
            status = .failed(error)
          }
        }
        return .ended(status, output)
      })
    command.filter = { line, input in
      let options = FilterOptions(line.words, known)
      if let complaint = complain(options) { return complaint }
      guard options.operands.isEmpty || options.operands == ["-"] else { return nil }
      return (.success, body(options, input, nil) ?? "")
    }
    return command
  }
}

/// Options of which some have an argument: `-n 5`, `-n5`, and the old `-5`.
struct FilterOptions {
  private(set) var letters: [Character] = []
  private(set) var operands: [String] = []
  private(set) var complaint: String?
  private var argument: String?

  init(_ words: [String], _ known: String) {
    let takesNumber = known.contains(":")
    var words = words.dropFirst()
    while let word = words.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let rest = word.dropFirst()
      if takesNumber, let first = rest.first, first.isNumber {
        argument = String(rest)
      } else if takesNumber, rest.hasPrefix("n") {
        argument = rest.count > 1 ? String(rest.dropFirst()) : words.popFirst()
        if argument == nil { complaint = "option requires an argument -- 'n'" }
      } else {
        for letter in rest {
          if known.contains(letter), letter != ":" {
            letters.append(letter)
          } else {
            complaint = complaint ?? "invalid option -- '\(letter)'"
          }
        }
      }
    }
    if let argument, number(argument) == nil {
      complaint = complaint ?? "invalid number of lines: '\(argument)'"
    }
  }

  func has(_ letter: Character) -> Bool { letters.contains(letter) }

  private func number(_ text: String) -> Int? {
    Int(text.first == "+" || text.first == "-" ? text.dropFirst() : text[...])
  }

  /// How many lines: from the start on (`+2`), or all but those of the end (`-2`).
  func count(default plain: Int) -> (lines: Int, isFromStart: Bool, isFromEnd: Bool)? {
    guard let argument else { return (plain, false, false) }
    guard let lines = number(argument) else { return nil }
    return (lines, argument.hasPrefix("+"), argument.hasPrefix("-"))
  }
}
