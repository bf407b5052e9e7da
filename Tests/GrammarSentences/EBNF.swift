/// A small reader of `Grammar/graft.ebnf`, in the notation that the file explains at its top.
package struct EBNF: Sendable {
  package private(set) var rules: [String: Node] = [:]
  /// The first rule of the file.
  package private(set) var start = ""

  package indirect enum Node: Sendable {
    case word(String)
    case rule(String)
    case prose(String)
    /// No blank between its neighbours.
    case glue
    case sequence([Node])
    case alternatives([Node])
    case option(Node)
    case repetition(Node)
  }

  package init(_ text: String) {
    var reader = Reader(symbols: Self.symbols(text))
    while let name = reader.next() {
      _ = reader.next()  // =
      if start.isEmpty { start = name }
      rules[name] = reader.alternatives()
      _ = reader.next()  // ;
    }
  }

  /// All the words between double quotes.
  package var terminals: Set<String> {
    var result: Set<String> = []
    func collect(_ node: Node) {
      switch node {
      case .word(let word): result.insert(word)
      case .rule, .prose, .glue: break
      case .sequence(let nodes), .alternatives(let nodes): nodes.forEach(collect)
      case .option(let inner), .repetition(let inner): collect(inner)
      }
    }
    rules.values.forEach(collect)
    return result
  }

  /// Rules that are mentioned and not defined.
  package var undefined: Set<String> {
    var result: Set<String> = []
    func collect(_ node: Node) {
      switch node {
      case .rule(let name): if rules[name] == nil { result.insert(name) }
      case .word, .prose, .glue: break
      case .sequence(let nodes), .alternatives(let nodes): nodes.forEach(collect)
      case .option(let inner), .repetition(let inner): collect(inner)
      }
    }
    rules.values.forEach(collect)
    return result
  }

  /// Words, quoted terminals, `? prose ?` and signs; comments are dropped.
  private static func symbols(_ text: String) -> [String] {
    var result: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
      } else if rest.hasPrefix("(*") {
        while !rest.isEmpty, !rest.hasPrefix("*)") { rest = rest.dropFirst() }
        rest = rest.dropFirst(2)
      } else if first == "\"" {
        let body = rest.dropFirst()
        var end = body.startIndex
        while body[end] != "\"" || body[..<end].last == "\\" { end = body.index(after: end) }
        result.append("\"" + body[..<end].replacing("\\\"", with: "\""))
        rest = body[end...].dropFirst()
      } else if first == "?" {
        let body = rest.dropFirst().prefix { $0 != "?" }
        result.append("?" + body.split(separator: " ").joined(separator: " "))
        rest = rest.dropFirst(body.count + 2)
      } else if first.isLetter {
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        result.append(String(name))
        rest = rest.dropFirst(name.count)
      } else {
        result.append(String(first))
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private struct Reader {
    var symbols: [String]
    var index = 0

    var current: String? { index < symbols.count ? symbols[index] : nil }

    mutating func next() -> String? {
      defer { index += 1 }
      return current
    }

    mutating func alternatives() -> Node {
      var nodes = [sequence()]
      while current == "|" {
        index += 1
        nodes.append(sequence())
      }
      return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() -> Node {
      var nodes: [Node] = []
      while let symbol = current, !["|", ";", ")", "]", "}"].contains(symbol) {
        index += 1
        switch symbol {
        case "(", "[", "{":
          let inner = alternatives()
          index += 1
          nodes.append(symbol == "(" ? inner : symbol == "[" ? .option(inner) : .repetition(inner))
        case "~": nodes.append(.glue)
        case _ where symbol.hasPrefix("\""): nodes.append(.word(String(symbol.dropFirst())))
        case _ where symbol.hasPrefix("?"): nodes.append(.prose(String(symbol.dropFirst())))
        default: nodes.append(.rule(symbol))
        }
      }
      return .sequence(nodes)
    }
  }
}
