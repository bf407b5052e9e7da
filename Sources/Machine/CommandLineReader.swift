/// Takes a line apart: words, quotes, where the output goes, and the commands between its `|`.
struct CommandLineReader {
  /// One of the commands of a pipeline.
  struct Stage {
    var words: [String] = []
    var patterns: Set<Int> = []
    var outputPath: String?
    var complaintPath: String?
    /// `2>&1`
    var joinsComplaints = false
  }

  private(set) var stages: [Stage] = []
  private(set) var notUnderstood: String?

  private enum Target { case output, complaints, both }

  private let characters: [Character]
  private var place = 0
  private var stage = Stage()
  /// What the next word is the file of.
  private var target: Target?
  private var word = ""
  private var isInWord = false
  private var isPattern = false
  private var quote: Character?

  init(_ line: String) { characters = Array(line) }

  mutating func read() {
    while place < characters.count {
      let character = characters[place]
      place += 1
      if character == "\\", quote != "'" {
        isInWord = true
        if place < characters.count {
          add(characters[place])
          place += 1
        }
      } else if character == quote {
        quote = nil
      } else if quote != nil {
        add(character)
      } else {
        readBare(character)
      }
    }
    endStage()
  }

  private mutating func readBare(_ character: Character) {
    switch character {
    case "'", "\"":
      quote = character
      isInWord = true
    case " ", "\t": endWord()
    case ">": beginTarget()
    case "&" where at(">"):
      endWord()
      place += 1
      expect(.both)
    case "|":
      if at("|") { refuse("||") }
      endStage()
    case ";", "&", "<", "`", "$", "(", ")": refuse(String(character))
    case "*", "?", "[":
      isPattern = true
      add(character)
    default: add(character)
    }
  }

  private func at(_ character: Character) -> Bool {
    place < characters.count && characters[place] == character
  }

  /// Stands behind a `>`. A number before it says which output: 1 what is printed, 2 complaints.
  private mutating func beginTarget() {
    var wanted = Target.output
    if isInWord, !word.isEmpty, word.allSatisfy(\.isNumber) {
      if word == "2" { wanted = .complaints } else if word != "1" { refuse(word + ">") }
      (word, isInWord) = ("", false)
    }
    endWord()
    if at(">") { return refuse(">>") }
    if wanted == .complaints, at("&"), place + 1 < characters.count, characters[place + 1] == "1" {
      place += 2
      stage.joinsComplaints = true
      return
    }
    expect(wanted)
  }

  private mutating func expect(_ wanted: Target) {
    if target != nil || (wanted != .complaints && stage.outputPath != nil) { refuse(">") }
    target = wanted
  }

  private mutating func refuse(_ what: String) { notUnderstood = notUnderstood ?? what }

  private mutating func add(_ character: Character) {
    word.append(character)
    isInWord = true
  }

  private mutating func endWord() {
    guard isInWord else { return }
    switch target {
    case nil:
      if isPattern { stage.patterns.insert(stage.words.count) }
      stage.words.append(word)
    case .output: stage.outputPath = word
    case .complaints: stage.complaintPath = word
    case .both:
      stage.outputPath = word
      stage.joinsComplaints = true
    }
    (word, isInWord, isPattern, target) = ("", false, false, nil)
  }

  private mutating func endStage() {
    endWord()
    // Nothing stands behind the `>`.
    if target != nil { refuse(">") }
    target = nil
    stages.append(stage)
    stage = Stage()
  }
}
