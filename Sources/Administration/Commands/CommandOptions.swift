import Machine

/// A command's options, as `getopt_long(3)` takes them: letters behind one dash, in any number and
/// place, until `--`.
struct CommandOptions {
  /// In the order in which they stand there.
  private(set) var letters: [Character] = []
  private(set) var operands: [String] = []
  /// What is wrong with the first one that the command does not know.
  private(set) var complaint: String?

  /// - Parameters:
  ///   - known: letters of options without an argument.
  ///   - long: their long names, with the letter that each stands for.
  init(_ words: [String], known: String, long: KeyValuePairs<String, Character> = [:]) {
    var isOver = false
    for word in words.dropFirst() {
      if isOver || !word.hasPrefix("-") || word == "-" {
        operands.append(word)
      } else if word == "--" {
        isOver = true
      } else if word.hasPrefix("--") {
        if let option = long.first(where: { "--" + $0.key == word }) {
          letters.append(option.value)
        } else {
          complaint = complaint ?? "unrecognized option '\(word)'"
        }
      } else {
        for letter in word.dropFirst() {
          guard known.contains(letter) else {
            complaint = complaint ?? "invalid option -- '\(letter)'"
            continue
          }
          letters.append(letter)
        }
      }
    }
  }

  /// The words that are paths of files as they stand there: what a shell would complete is none.
  static func paths(_ line: CommandLine, known: String) -> [String] {
    guard line.patterns.isEmpty else { return [] }
    return CommandOptions(line.words, known: known).operands
  }

  func has(_ letter: Character) -> Bool { letters.contains(letter) }

  func count(_ letter: Character) -> Int { letters.count { $0 == letter } }

  /// What a tool of coreutils says of it, or nil.
  func gnuComplaint(of command: String) -> String? {
    complaint.map { "\(command): \($0)\nTry '\(command) --help' for more information.\n" }
  }
}
