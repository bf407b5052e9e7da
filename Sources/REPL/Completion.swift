/// What may stand at the cursor, with a line of help for each.
package struct Completion {
  package struct Candidate: Hashable {
    package var text: String
    package var help: String

    package init(_ text: String, _ help: String = "") {
      self.text = text
      self.help = help
    }
  }

  package var candidates: [Candidate] = []
  /// The beginning of the word that is there already.
  package var word = ""
  /// What follows a word that is whole.
  package var suffix = " "

  package init() {}

  package init(_ candidates: [Candidate], word: String, suffix: String = " ") {
    var seen: Set<String> = []
    self.candidates = candidates.filter {
      $0.text.hasPrefix(word) && seen.insert($0.text).inserted
    }.sorted { $0.text < $1.text }
    self.word = word
    self.suffix = suffix
  }

  /// What all candidates go on with, and the suffix when there is only one.
  package var addition: String {
    guard let first = candidates.first else { return "" }
    var common = first.text
    for candidate in candidates.dropFirst() {
      common = String(zip(common, candidate.text).prefix { $0 == $1 }.map { $0.0 })
    }
    let rest = String(common.dropFirst(word.count))
    guard candidates.count == 1 else { return rest }
    return rest + (common.hasSuffix("/") ? "" : suffix)
  }

  /// The candidates with their help, or in columns where nobody has any.
  package func listing(width: Int) -> String {
    let greatest = 40
    let shown = candidates.prefix(greatest)
    let column = shown.map(\.text.count).max() ?? 0
    var text = ""
    if shown.allSatisfy(\.help.isEmpty) {
      let perLine = max(1, width / (column + 2))
      for (number, candidate) in shown.enumerated() {
        let isLast = number % perLine == perLine - 1 || number + 1 == shown.count
        text += candidate.text
        text += isLast ? "\n" : String(repeating: " ", count: column + 2 - candidate.text.count)
      }
    } else {
      for candidate in shown {
        let padding = String(repeating: " ", count: column - candidate.text.count + 2)
        let line = candidate.text + (candidate.help.isEmpty ? "" : padding + candidate.help)
        text += (line.count >= width ? String(line.prefix(max(1, width - 2))) + "…" : line) + "\n"
      }
    }
    if candidates.count > greatest { text += "… \(candidates.count - greatest) more\n" }
    return text
  }
}
