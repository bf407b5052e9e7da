/// The part of TOML that options take: tables, and keys with a string, an integer, a Boolean or an
/// array of strings. What TOML has beyond that is a mistake here, and named as one.
///
/// A library would bring Foundation into every start of the program, and not say on which line a
/// key stands that nobody knows.
struct ConfigurationText {
  enum Value: Hashable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case texts([String])
  }

  struct Entry: Hashable {
    /// The name of its table, `profile.ci`; empty above the first one.
    var table: String
    var key: String
    var value: Value
    var line: Int
  }

  struct Mistake: Error, Hashable {
    var line: Int
    var message: String
  }

  private(set) var entries: [Entry] = []
  private(set) var tables: [(name: String, line: Int)] = []

  init(_ text: String) throws(Mistake) {
    var scanner = Scanner(text)
    var table = ""
    while true {
      scanner.skipBlankLines()
      guard let first = scanner.current else { return }
      let line = scanner.line
      if first == "[" {
        table = try scanner.tableName()
        if tables.contains(where: { $0.name == table }) {
          throw Mistake(line: line, message: "the table [\(table)] stands here a second time")
        }
        tables.append((table, line))
      } else {
        let key = try scanner.key()
        let value = try scanner.assigned(to: key)
        if entries.contains(where: { $0.table == table && $0.key == key }) {
          throw Mistake(line: line, message: "'\(key)' is set a second time")
        }
        entries.append(Entry(table: table, key: key, value: value, line: line))
      }
      try scanner.endLine()
    }
  }
}

extension ConfigurationText {
  fileprivate struct Scanner {
    private let scalars: [Unicode.Scalar]
    private var next = 0
    private(set) var line = 1

    init(_ text: String) {
      scalars = Array(text.unicodeScalars)
    }

    var current: Unicode.Scalar? { next < scalars.count ? scalars[next] : nil }

    private func mistake(_ message: String) -> Mistake { Mistake(line: line, message: message) }

    private mutating func advance() {
      if current == "\n" { line += 1 }
      next += 1
    }

    private mutating func skipBlanks() {
      while let scalar = current, scalar == " " || scalar == "\t" { advance() }
    }

    private mutating func skipComment() {
      guard current == "#" else { return }
      while let scalar = current, scalar != "\n" { advance() }
    }

    /// White space, comments and line breaks.
    mutating func skipBlankLines() {
      while let scalar = current {
        switch scalar {
        case " ", "\t", "\n", "\r": advance()
        case "#": skipComment()
        default: return
        }
      }
    }

    mutating func endLine() throws(Mistake) {
      skipBlanks()
      skipComment()
      if current == "\r" { advance() }
      guard current == nil || current == "\n" else {
        throw mistake("expected the line's end")
      }
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
      default: false
      }
    }

    mutating func key() throws(Mistake) -> String {
      var name = ""
      while let scalar = current, Self.isBare(scalar) {
        name.unicodeScalars.append(scalar)
        advance()
      }
      guard !name.isEmpty else { throw mistake("expected a key, as `jobs = 4`") }
      return name
    }

    mutating func tableName() throws(Mistake) -> String {
      advance()
      skipBlanks()
      var name = try key()
      skipBlanks()
      while current == "." {
        advance()
        skipBlanks()
        name += "." + (try key())
        skipBlanks()
      }
      guard current == "]" else { throw mistake("expected `]` after the table's name") }
      advance()
      return name
    }

    mutating func assigned(to key: String) throws(Mistake) -> Value {
      skipBlanks()
      guard current == "=" else { throw mistake("expected `=` after '\(key)'") }
      advance()
      skipBlanks()
      switch current {
      case "\"", "'": return .text(try string())
      case "[": return .texts(try strings())
      default: return try plain(key)
      }
    }

    private mutating func plain(_ key: String) throws(Mistake) -> Value {
      var word = ""
      while let scalar = current, Self.isBare(scalar) || scalar == "+" || scalar == "." {
        word.unicodeScalars.append(scalar)
        advance()
      }
      switch word {
      case "true": return .flag(true)
      case "false": return .flag(false)
      default:
        guard let number = Int(word.replacing("_", with: "")) else {
          throw mistake(
            "'\(key)' needs a string in quotes, a whole number, true, false or a list of strings")
        }
        return .number(number)
      }
    }

    private mutating func strings() throws(Mistake) -> [String] {
      advance()
      var found: [String] = []
      while true {
        skipBlankLines()
        if current == "]" { break }
        guard current == "\"" || current == "'" else {
          throw mistake("expected a string in quotes, or `]`")
        }
        found.append(try string())
        skipBlankLines()
        if current == "," {
          advance()
        } else if current != "]" {
          throw mistake("expected `,` or `]`")
        }
      }
      advance()
      return found
    }

    private mutating func string() throws(Mistake) -> String {
      let quote = current
      advance()
      var text = ""
      while true {
        guard let scalar = current, scalar != "\n" else {
          throw mistake("the string is not closed on its line")
        }
        advance()
        if scalar == quote { return text }
        if scalar == "\\", quote == "\"" {
          text.unicodeScalars.append(try escape())
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }

    private mutating func escape() throws(Mistake) -> Unicode.Scalar {
      let letter = current
      advance()
      switch letter {
      case "n": return "\n"
      case "t": return "\t"
      case "r": return "\r"
      case "\"": return "\""
      case "\\": return "\\"
      case "u", "U":
        var digits = ""
        for _ in 0..<(letter == "u" ? 4 : 8) {
          guard let scalar = current else { break }
          digits.unicodeScalars.append(scalar)
          advance()
        }
        if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
          return scalar
        }
        throw mistake("`\\u` needs a character's number in hexadecimal digits")
      default:
        throw mistake("this escape is not known; a string in single quotes has none")
      }
    }
  }
}
