/// A pattern of letters: a shell's for names of files, or one of `grep`'s.
///
/// `grep`'s basic expressions write `\|`, `\+`, `\?`, `\(…\)` and `\{n,m\}` where the extended ones
/// have the bare signs; `.`, `[…]`, `*`, `^` and `$` are the same in both.
struct LetterPattern {
  enum Form { case basic, extended, fixed }

  private indirect enum Node {
    case one(Set<Character>, isNegated: Bool)
    case any
    case start
    case end
    case sequence([Node])
    case choice([Node])
    /// At least so often, and at the most.
    case repeated(Node, Int, Int?)
  }

  private var root = Node.sequence([])
  private var isWhole = false
  private var isOfWords = false
  private var ignoresCase = false

  /// A shell's: it has to match the whole name.
  init(names pattern: String) {
    var letters = Array(pattern)[...]
    var parts: [Node] = []
    while let letter = letters.popFirst() {
      switch letter {
      case "*": parts.append(.repeated(.any, 0, nil))
      case "?": parts.append(.any)
      case "[": parts.append(Self.set(&letters, negation: "!^"))
      default: parts.append(.one([letter], isNegated: false))
      }
    }
    root = .sequence(parts)
    isWhole = true
  }

  /// `grep`'s: it has to stand somewhere in the line.
  init(expression: String, _ form: Form = .basic, ignoringCase: Bool, ofWords: Bool = false) {
    ignoresCase = ignoringCase
    isOfWords = ofWords
    let text = ignoringCase ? expression.lowercased() : expression
    if form == .fixed {
      root = .sequence(text.map { .one([$0], isNegated: false) })
      return
    }
    var letters = Array(text)[...]
    root = Self.choice(&letters, form, depth: 0)
  }

  // MARK: Reading

  private enum Sign { case or, plus, maybe, star, open, close, openCount, dot, set, start, end }

  /// What the next letters are a sign for, with how many they are; nil: a letter that means itself.
  private static func sign(_ letters: ArraySlice<Character>, _ form: Form) -> (Sign, Int)? {
    guard let first = letters.first else { return nil }
    let signs: [Character: Sign] = [
      "|": .or, "+": .plus, "?": .maybe, "(": .open, ")": .close, "{": .openCount,
    ]
    switch first {
    case "*": return (.star, 1)
    case ".": return (.dot, 1)
    case "[": return (.set, 1)
    case "^": return (.start, 1)
    case "$": return (.end, 1)
    case "\\":
      guard form == .basic, let second = letters.dropFirst().first, let sign = signs[second] else {
        return nil
      }
      return (sign, 2)
    default: return form == .extended ? signs[first].map { ($0, 1) } : nil
    }
  }

  private static func choice(
    _ letters: inout ArraySlice<Character>, _ form: Form, depth: Int
  ) -> Node {
    var ways: [Node] = []
    var parts: [Node] = []
    while !letters.isEmpty {
      guard let (sign, length) = sign(letters, form) else {
        parts.append(letter(&letters))
        continue
      }
      if sign == .close, depth > 0 { break }
      letters = letters.dropFirst(length)
      switch sign {
      case .or:
        ways.append(.sequence(parts))
        parts = []
      case .open where depth < deepest:
        parts.append(choice(&letters, form, depth: depth + 1))
        if case (.close, let length)? = Self.sign(letters, form) {
          letters = letters.dropFirst(length)
        }
      case .star, .plus, .maybe, .openCount: repeatLast(&parts, sign, &letters)
      case .dot: parts.append(.any)
      case .set: parts.append(set(&letters, negation: "^"))
      // In a basic expression these two mean themselves anywhere else.
      case .start where form == .extended || parts.isEmpty: parts.append(.start)
      case .end where form == .extended || isAtEnd(letters, form): parts.append(.end)
      case .start: parts.append(.one(["^"], isNegated: false))
      case .end: parts.append(.one(["$"], isNegated: false))
      case .open: parts.append(.one(["("], isNegated: false))
      case .close: parts.append(.one([")"], isNegated: false))
      }
    }
    ways.append(.sequence(parts))
    return ways.count == 1 ? ways[0] : .choice(ways)
  }

  private static let deepest = 32

  private static func isAtEnd(_ letters: ArraySlice<Character>, _ form: Form) -> Bool {
    guard let (sign, _) = sign(letters, form) else { return letters.isEmpty }
    return sign == .or || sign == .close
  }

  private static func letter(_ letters: inout ArraySlice<Character>) -> Node {
    var letter = letters.removeFirst()
    if letter == "\\", let escaped = letters.popFirst() { letter = escaped }
    return .one([letter], isNegated: false)
  }

  private static func repeatLast(
    _ parts: inout [Node], _ sign: Sign, _ letters: inout ArraySlice<Character>
  ) {
    guard let last = parts.popLast() else {
      // There is nothing to repeat: it means itself.
      let own: [Sign: Character] = [.star: "*", .plus: "+", .maybe: "?", .openCount: "{"]
      return parts.append(.one([own[sign] ?? "*"], isNegated: false))
    }
    switch sign {
    case .plus: parts.append(.repeated(last, 1, nil))
    case .maybe: parts.append(.repeated(last, 0, 1))
    case .openCount:
      let inside = letters.prefix { $0 != "}" }.filter { $0 != "\\" }
      letters = letters.drop { $0 != "}" }.dropFirst()
      let numbers = String(inside).split(separator: ",", omittingEmptySubsequences: false)
        .map { Int($0) }
      let low = min(numbers.first.flatMap { $0 } ?? 0, mostTimes)
      let high = numbers.count > 1 ? numbers[1].map { min($0, mostTimes) } : low
      parts.append(.repeated(last, low, high))
    default: parts.append(.repeated(last, 0, nil))
    }
  }

  private static let mostTimes = 255

  /// `[0-9]`, of which the bracket has been read. Without its end it is a bracket like any letter.
  private static func set(_ letters: inout ArraySlice<Character>, negation: String) -> Node {
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

  // MARK: Matching

  func matches(_ text: String) -> Bool {
    let letters = Array(ignoresCase ? text.lowercased() : text)
    for start in isWhole ? 0...0 : 0...letters.count {
      if isOfWords, start > 0, Self.isOfWord(letters[start - 1]) { continue }
      let ends = places(root, letters, from: [start])
      if isWhole {
        if ends.contains(letters.count) { return true }
      } else if ends.contains(where: { end in
        !isOfWords || end == letters.count || !Self.isOfWord(letters[end])
      }) {
        return true
      }
    }
    return false
  }

  private static func isOfWord(_ letter: Character) -> Bool {
    letter.isLetter || letter.isNumber || letter == "_"
  }

  /// Which places can be reached behind it: no way is tried twice.
  private func places(
    _ node: Node, _ letters: [Character], from starts: Set<Int>
  ) -> Set<Int> {
    switch node {
    case .any: return Set(starts.filter { $0 < letters.count }.map { $0 + 1 })
    case .one(let members, let isNegated):
      let open = starts.filter {
        $0 < letters.count && members.contains(letters[$0]) != isNegated
      }
      return Set(open.map { $0 + 1 })
    case .start: return starts.intersection([0])
    case .end: return starts.intersection([letters.count])
    case .sequence(let parts):
      var reached = starts
      for part in parts where !reached.isEmpty { reached = places(part, letters, from: reached) }
      return reached
    case .choice(let ways):
      return ways.reduce(into: []) { $0.formUnion(places($1, letters, from: starts)) }
    case .repeated(let inner, let low, let high):
      var reached = starts
      for _ in 0..<low { reached = places(inner, letters, from: reached) }
      var all = reached
      var round = low
      while !reached.isEmpty, high.map({ round < $0 }) ?? true {
        reached = places(inner, letters, from: reached).subtracting(all)
        all.formUnion(reached)
        round += 1
      }
      return all
    }
  }
}
