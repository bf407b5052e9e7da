/// What was typed after `$`, split as a shell does: blanks part words, quotes keep them together.
///
/// One command, or several with a `|` between them. Several behind each other (`;`, `&&`, `||`) are
/// lines of their own by then.
package struct CommandLine: Hashable, Sendable {
  /// As typed.
  package let text: String
  package private(set) var words: [String] = []
  /// Places of words with a `*`, `?` or `[` in them that no quote protects: names of files.
  package private(set) var patterns: Set<Int> = []
  /// The file behind `>`.
  package private(set) var outputPath: String?
  /// What becomes of its complaints (`2>`), where that is not the terminal.
  package private(set) var complaints = Complaints.shown
  /// `> /dev/null`: nothing of what it prints.
  package private(set) var isSilent = false
  /// The commands that read what it prints: `| grep …`.
  package private(set) var filters: [CommandLine] = []
  /// What a shell would understand and this does not: `;`, `&`, `<`, …
  package private(set) var notUnderstood: String?

  package enum Complaints: Sendable, Hashable {
    case shown
    /// `2>&1`: they go where the rest goes.
    case printed
    /// `2> /dev/null`
    case dropped
  }

  package init(_ line: String) {
    text = line
    var reader = CommandLineReader(line)
    reader.read()
    notUnderstood = reader.notUnderstood
    guard let first = reader.stages.first else { return }
    take(first)
    let all = reader.stages
    for stage in all.dropFirst() {
      var filter = CommandLine(words: stage.words)
      filter.take(stage)
      filters.append(filter)
      notUnderstood = notUnderstood ?? filter.notUnderstood
    }
    // A `|` with nothing on one of its sides.
    if all.count > 1, all.contains(where: \.words.isEmpty) { notUnderstood = notUnderstood ?? "|" }
  }

  private init(words: [String]) { text = words.joined(separator: " ") }

  private mutating func take(_ stage: CommandLineReader.Stage) {
    words = stage.words
    patterns = stage.patterns
    complaints = stage.joinsComplaints ? .printed : .shown
    if let path = stage.complaintPath { dropComplaints(into: path) }
    guard let path = stage.outputPath else { return }
    if path == Self.nowhere {
      isSilent = true
      // `2>&1` behind `>` sends both there.
      if stage.joinsComplaints { complaints = .dropped }
    } else {
      outputPath = path
      // Only `echo` has something to write.
      if words.first != "echo" { notUnderstood = notUnderstood ?? ">" }
    }
  }

  private mutating func dropComplaints(into path: String) {
    complaints = .dropped
    if path != Self.nowhere { notUnderstood = notUnderstood ?? "2>" }
  }

  private static let nowhere = "/dev/null"

  /// Nobody but the terminal gets what it prints.
  package var isPlain: Bool { filters.isEmpty && !isSilent && complaints == .shown }

  /// The operands: all words after the first that are no options.
  package var operands: [String] { words.dropFirst().filter { !$0.hasPrefix("-") } }
  package var options: [String] { words.dropFirst().filter { $0.hasPrefix("-") } }

  /// The name of the command: of a program's whole path, where one looks for programs, the last
  /// part.
  package var name: String? {
    guard let word = words.first else { return nil }
    for folder in Self.programFolders where word.hasPrefix(folder) {
      let rest = word.dropFirst(folder.count)
      if !rest.isEmpty, !rest.contains("/") { return String(rest) }
    }
    return word
  }

  private static let programFolders = ["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"]

  /// The same line with other words.
  package func replacing(words: [String]) -> CommandLine {
    var line = self
    line.words = words
    line.patterns = []
    return line
  }
}
