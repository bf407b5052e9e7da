import Machine

extension Commands {
  /// `ls [-l] FILE…` (coreutils): a name a line, as into a file. The home of root, where the
  /// operator stands, is empty.
  static let ls = ShellCommand(
    name: "ls", usage: "ls [-dl] FILE…", help: "list files", operands: .anything,
    objection: { CommandOptions($0.words, known: "1adl").complaint },
    paths: { CommandOptions.paths($0, known: "1adl") },
    start: { line, machine, row, _ in
      let options = CommandOptions(line.expanded(machine, &row), known: "1adl")
      if let complaint = options.gnuComplaint(of: "ls") {
        return .ended(.failed(.EINVAL, exit: 2), complaint)
      }
      return FileListing(options).text(machine, &row)
    })
}

private struct FileListing {
  private let isLong: Bool
  private let listsDirectories: Bool
  private let paths: [String]

  init(_ options: CommandOptions) {
    isLong = options.has("l")
    listsDirectories = !options.has("d")
    paths = options.operands
  }

  private struct Entry {
    var name: String
    var node: FileNode
  }

  func text(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> CommandStart {
    var complaints = ""
    var error: Errno?
    var files: [Entry] = []
    var directories: [(path: String, directory: VirtualDirectory)] = []
    for path in paths.sorted() {
      switch FileNode.at(path, followsLast: !isLong, machine, &row) {
      case .success(.directory(let directory)) where listsDirectories:
        directories.append((path, directory))
      case .success(let node): files.append(Entry(name: path, node: node))
      case .failure(let failure):
        if case .errno(let number) = failure { error = error ?? number }
        complaints += "ls: cannot access \(path): \((error ?? .EIO).message)\n"
      }
    }
    var blocks: [String] = []
    if !files.isEmpty { blocks.append(lines(files, machine, &row)) }
    for (path, directory) in directories {
      var entries: [Entry] = []
      for name in directory.names(machine, &row).sorted() {
        if let node = directory.find(name, machine, &row) {
          entries.append(Entry(name: name, node: node))
        }
      }
      let heading = paths.count > 1 ? path + ":\n" : ""
      blocks.append(heading + (isLong ? "total 0\n" : "") + lines(entries, machine, &row))
    }
    let output = complaints + blocks.joined(separator: "\n")
    return .ended(error.map { .failed($0, exit: 2) } ?? .success, output)
  }

  private func lines(
    _ entries: [Entry], _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    guard isLong else { return entries.map { $0.name + "\n" }.joined() }
    var details: [(mode: String, links: Int, size: Int, name: String)] = []
    for entry in entries {
      switch entry.node {
      case .file(let file):
        details.append(("-" + Self.letters(file.mode), 1, file.size, entry.name))
      case .directory(let directory):
        let links = 2 + subdirectories(of: directory, machine, &row)
        details.append(("d" + Self.letters(directory.mode), links, 0, entry.name))
      case .link(let text, _):
        details.append(("lrwxrwxrwx", 1, 0, "\(entry.name) -> \(text)"))
      }
    }
    let links = details.map { "\($0.links)".count }.max() ?? 0
    let size = details.map { "\($0.size)".count }.max() ?? 0
    return details.map {
      "\($0.mode) \("\($0.links)".aligned(to: links)) root root "
        + "\("\($0.size)".aligned(to: size)) Jan  1 00:00 \($0.name)\n"
    }.joined()
  }

  private func subdirectories(
    of directory: VirtualDirectory, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    var count = 0
    for name in directory.names(machine, &row) {
      if case .directory? = directory.find(name, machine, &row) { count += 1 }
    }
    return count
  }

  /// `rw-r--r--`
  private static func letters(_ mode: Int) -> String {
    var text = ""
    for (number, letter) in "rwxrwxrwx".enumerated() {
      text.append(mode >> (8 - number) & 1 == 1 ? letter : "-")
    }
    return text
  }
}
