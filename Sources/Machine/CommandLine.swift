/// What was typed after `$`, split as a shell does: blanks part words, quotes keep them together.
package struct CommandLine: Hashable, Sendable {
  /// As typed.
  package let text: String
  package private(set) var words: [String] = []
  /// Places of words with a `*`, `?` or `[` in them that no quote protects: names of files.
  package private(set) var patterns: Set<Int> = []
  /// The file behind `>`.
  package private(set) var outputPath: String?
  /// What a shell would understand and this does not: `|`, `;`, `&`, …
  package private(set) var notUnderstood: String?

  package init(_ line: String) {
    text = line
    var reader = Reader()
    for character in line { reader.read(character) }
    reader.endWord()
    words = reader.words
    patterns = reader.patterns
    notUnderstood = reader.notUnderstood
    if let place = reader.redirection {
      if place < words.count {
        outputPath = words.remove(at: place)
        patterns = Set(patterns.filter { $0 != place }.map { $0 > place ? $0 - 1 : $0 })
        // Only `echo` has something to write.
        if words.first != "echo" { notUnderstood = notUnderstood ?? ">" }
      } else {
        notUnderstood = notUnderstood ?? ">"
      }
    }
  }

  /// The operands: all words after the first that are no options.
  package var operands: [String] { words.dropFirst().filter { !$0.hasPrefix("-") } }
  package var options: [String] { words.dropFirst().filter { $0.hasPrefix("-") } }

  /// The same line with other words.
  package func replacing(words: [String]) -> CommandLine {
    var line = self
    line.words = words
    line.patterns = []
    return line
  }

  private struct Reader {
    var words: [String] = []
    var patterns: Set<Int> = []
    /// The place of the word that stands behind `>`.
    var redirection: Int?
    var notUnderstood: String?
    private var word = ""
    private var isInWord = false
    private var isPattern = false
    private var quote: Character?
    private var isEscaped = false

    mutating func read(_ character: Character) {
      if isEscaped {
        add(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
        isInWord = true
      } else if character == quote {
        quote = nil
      } else if quote != nil {
        add(character)
      } else {
        readBare(character)
      }
    }

    private mutating func readBare(_ character: Character) {
      switch character {
      case "'", "\"":
        quote = character
        isInWord = true
      case " ", "\t": endWord()
      case ">":
        // `2>`: which file is meant by a number is nothing that this knows.
        if isInWord, word.allSatisfy(\.isNumber) { refuse(word + ">") }
        endWord()
        if redirection != nil { refuse(">>") }
        redirection = words.count
      case "|", ";", "&", "<", "`", "$", "(", ")": refuse(String(character))
      case "*", "?", "[":
        isPattern = true
        add(character)
      default: add(character)
      }
    }

    private mutating func refuse(_ what: String) { notUnderstood = notUnderstood ?? what }

    private mutating func add(_ character: Character) {
      word.append(character)
      isInWord = true
    }

    mutating func endWord() {
      guard isInWord else { return }
      if isPattern { patterns.insert(words.count) }
      words.append(word)
      word = ""
      isInWord = false
      isPattern = false
    }
  }
}
