import ArgumentParser
import Glibc
import Graft

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Lay scenario files out in the one layout.",
    discussion: """
      A file is rewritten only when its layout changes; one that has syntax errors is left alone. \
      A folder means the scenario files in it. `-` reads standard input and writes standard output.

      Exit status: 0 all is well; 1 the command line or a file can't be read or written; 2 a \
      source has syntax errors; 5 no file was found; 7 with --check, a file is laid out \
      differently.
      """)

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, or '-' for standard input.",
      valueName: "file"))
  var files: [String]

  @Flag(help: "Change nothing; list the files that would change.")
  var check = false

  @OptionGroup var diagnostics: DiagnosticArguments

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read only once")
    }
  }

  func run() throws {
    var found: Set<ExitStatus> = []
    var requests: [FileRequest] = []
    var places: [String: Int] = [:]
    for word in files {
      do {
        for request in try Self.requests(word) {
          let place = places[PathName.normalised(request.path)] ?? requests.count
          places[PathName.normalised(request.path)] = place
          if place == requests.count { requests.append(request) }
          // What was named is read, though a walk has found it as well.
          if request.refusal == nil { requests[place].refusal = nil }
        }
      } catch let status as ExitCode {
        found.insert(ExitStatus(rawValue: status.rawValue) ?? .usage)
      }
    }
    for request in requests { found.insert(layOut(request)) }
    for status in [ExitStatus.usage, .source, .nothingSelected, .differs]
    where found.contains(status) {
      throw ExitCode(status.rawValue)
    }
  }

  /// What a word means: a folder or a pattern many files, everything else itself.
  private static func requests(_ word: String) throws -> [FileRequest] {
    var status = stat()
    let isThere = stat(word, &status) == 0
    let isFolder = isThere && status.st_mode & S_IFMT == S_IFDIR
    guard isFolder || !isThere && PathPattern.isPattern(word) else {
      return [FileRequest(path: word)]
    }
    return try FileSelection([word]).requests
  }

  /// Every file is looked at, whatever became of those before it.
  private func layOut(_ request: FileRequest) -> ExitStatus {
    if let reason = request.refusal {
      let unit = ScenarioUnit(path: request.path, unreadable: reason)
      diagnostics.show(unit.diagnostics, of: unit.sources)
      return .source
    }
    do throws(SourceReader.Failure) {
      return try layOut(request.path, try SourceReader.read(request.path))
    } catch {
      Terminal.printError("graft: \(escapingControls("\(error.path): \(error.reason)"))\n")
      return .usage
    }
  }

  private func layOut(_ path: String, _ bytes: [UInt8]) throws(SourceReader.Failure) -> ExitStatus {
    let shown = path == "-" ? "<stdin>" : path
    var sources = SourceMap()
    let file = sources.add(SourceText(name: shown, bytes: bytes))
    let (tree, found) = Graft.parse(sources[file], file: file)
    guard !tree.hasErrors, let text = format(tree, sources[file]) else {
      diagnostics.show(found, of: sources)
      return .source
    }
    // The file is somebody's work: what is no longer readable never takes its place.
    precondition(!Graft.parse(SourceText(name: shown, text), file: file).tree.hasErrors)
    let isDifferent = !text.utf8.elementsEqual(bytes)
    if check {
      if isDifferent { Terminal.print(escapingControls(shown) + "\n") }
      return isDifferent ? .differs : .passed
    }
    if path == "-" {
      Terminal.print(text)
    } else if isDifferent {
      try WholeFile.replace(path, by: Array(text.utf8))
    }
    return .passed
  }
}
