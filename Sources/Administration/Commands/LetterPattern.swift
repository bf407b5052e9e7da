import Machine

/// A pattern of letters: a shell's for names of files, or one of `grep`'s.
///
/// Of `grep`'s basic expressions it knows `.`, `[…]`, `*`, `^` and `$`; all else means itself.
struct LetterPattern {
  private enum Atom {
    case one(Set<Character>, isNegated: Bool)
    case any
  }

  private struct Part {
    var atom: Atom
    /// Any number of times, none among them.
    var isRepeated = false
  }

  private var parts: [Part] = []
  private var isAnchoredAtStart = false
  private var isAnchoredAtEnd = false
  private var ignoresCase = false

  /// A shell's: it has to match the whole name.
  init(names pattern: String) {
    var letters = Array(pattern)[...]
    (isAnchoredAtStart, isAnchoredAtEnd) = (true, true)
    while let letter = letters.popFirst() {
      switch letter {
      case "*": parts.append(Part(atom: .any, isRepeated: true))
      case "?": parts.append(Part(atom: .any))
      case "[": parts.append(Part(atom: Self.set(&letters, negation: "!^")))
      default: parts.append(Part(atom: .one([letter], isNegated: false)))
      }
    }
  }

  /// `grep`'s: it has to stand somewhere in the line.
  init(expression: String, ignoringCase: Bool) {
    ignoresCase = ignoringCase
    var letters = Array(ignoringCase ? expression.lowercased() : expression)[...]
    if letters.first == "^" {
      isAnchoredAtStart = true
      letters.removeFirst()
    }
    while let letter = letters.popFirst() {
      switch letter {
      case "*" where !parts.isEmpty: parts[parts.count - 1].isRepeated = true
      case "$" where letters.isEmpty: isAnchoredAtEnd = true
      case ".": parts.append(Part(atom: .any))
      case "[": parts.append(Part(atom: Self.set(&letters, negation: "^")))
      case "\\":
        let escaped = letters.popFirst() ?? "\\"
        parts.append(Part(atom: .one([escaped], isNegated: false)))
      default: parts.append(Part(atom: .one([letter], isNegated: false)))
      }
    }
  }

  /// `[0-9]`, of which the bracket has been read. Without its end it is a bracket like any letter.
  private static func set(_ letters: inout ArraySlice<Character>, negation: String) -> Atom {
    guard let end = letters.dropFirst().firstIndex(of: "]") else {
      return .one(["["], isNegated: false)
    }
    var inside = letters[letters.startIndex..<end]
    letters = letters[(end + 1)...]
    let isNegated = inside.first.map(negation.contains) ?? false
    if isNegated { inside.removeFirst() }
    var members: Set<Character> = []
    while let first = inside.popFirst() {
      guard inside.first == "-", inside.count > 1, let last = inside.dropFirst().first,
        let low = first.unicodeScalars.first?.value, let high = last.unicodeScalars.first?.value,
        low <= high, high - low < 256
      else {
        members.insert(first)
        continue
      }
      inside = inside.dropFirst(2)
      for value in low...high {
        if let scalar = Unicode.Scalar(value) { members.insert(Character(scalar)) }
      }
    }
    return .one(members, isNegated: isNegated)
  }

  func matches(_ text: String) -> Bool {
    let letters = Array(ignoresCase ? text.lowercased() : text)
    let starts = isAnchoredAtStart ? 0...0 : 0...letters.count
    return starts.contains { matches(letters, from: $0) }
  }

  /// Which places can be reached behind each part: no way is tried twice.
  private func matches(_ letters: [Character], from start: Int) -> Bool {
    var places: Set<Int> = [start]
    for part in parts {
      var next: Set<Int> = part.isRepeated ? places : []
      var open = places
      repeat {
        let moved = open.filter { $0 < letters.count && accepts(part.atom, letters[$0]) }
        open = Set(moved.map { $0 + 1 }).subtracting(next)
        next.formUnion(open)
      } while part.isRepeated && !open.isEmpty
      places = next
      if places.isEmpty { return false }
    }
    return !isAnchoredAtEnd || places.contains(letters.count)
  }

  private func accepts(_ atom: Atom, _ letter: Character) -> Bool {
    switch atom {
    case .any: true
    case .one(let members, let isNegated): members.contains(letter) != isNegated
    }
  }
}

extension CommandLine {
  /// The words, with each pattern replaced by the files that it means, in the order of their names.
  /// One that means none stays as it is, as in `bash`.
  func expanded(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [String] {
    var result: [String] = []
    for (place, word) in words.enumerated() {
      guard patterns.contains(place), word.hasPrefix("/") else {
        result.append(word)
        continue
      }
      let found = Self.files(matching: word, machine, &row)
      result += found.isEmpty ? [word] : found
    }
    return result
  }

  private static func files(
    matching pattern: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    var paths = [""]
    for part in pattern.split(separator: "/").map(String.init) {
      var next: [String] = []
      for path in paths {
        guard part.contains(where: "*?[".contains) else {
          if case .success = FileNode.at(path + "/" + part, machine, &row) {
            next.append(path + "/" + part)
          }
          continue
        }
        guard case .success(.directory(let directory)) = FileNode.at(path + "/", machine, &row)
        else { continue }
        let wanted = LetterPattern(names: part)
        for name in directory.names(machine, &row).sorted() where wanted.matches(name) {
          next.append(path + "/" + name)
        }
      }
      paths = next
    }
    return paths
  }
}
