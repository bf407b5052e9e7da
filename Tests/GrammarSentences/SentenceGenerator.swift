/// Makes sentences of an `EBNF`. The same seed makes the same sentence.
package struct SentenceGenerator {
  private let grammar: EBNF
  private var random: SplitMix
  /// How many rules deep each rule goes at least: past the depth wanted, the shortest way is taken.
  private let cost: [String: Int]
  private var text = ""
  private var isGlued = true
  /// Open strings and shell lines: no line break may come into them.
  private var textDepth = 0

  package init(_ grammar: EBNF, seed: UInt64) {
    self.grammar = grammar
    random = SplitMix(state: seed)
    cost = Self.costs(grammar)
  }

  package mutating func sentence(of rule: String, depth: Int) -> String {
    text = ""
    isGlued = true
    write(.rule(rule), depth)
    return text
  }

  private static func costs(_ grammar: EBNF) -> [String: Int] {
    var costs: [String: Int] = [:]
    for _ in 0..<grammar.rules.count {
      for (name, node) in grammar.rules { costs[name] = cost(node, costs) + 1 }
    }
    return costs
  }

  private static func cost(_ node: EBNF.Node, _ costs: [String: Int]) -> Int {
    switch node {
    case .word, .prose, .glue, .option, .repetition: 0
    case .rule(let name): costs[name] ?? 1000
    case .sequence(let nodes): nodes.map { cost($0, costs) }.max() ?? 0
    case .alternatives(let nodes): nodes.map { cost($0, costs) }.min() ?? 0
    }
  }

  private mutating func write(_ node: EBNF.Node, _ depth: Int) {
    switch node {
    case .word(let word): add(word)
    case .prose(let prose): addSample(prose)
    case .glue: isGlued = true
    case .sequence(let nodes): for node in nodes { write(node, depth) }
    case .option(let inner):
      if depth > 0, random.below(2) == 0 { write(inner, depth) }
    case .repetition(let inner):
      guard depth > 0 else { return }
      for _ in 0..<random.below(3) { write(inner, depth) }
    case .alternatives(let nodes):
      let cheapest = nodes.map { Self.cost($0, cost) }.min() ?? 0
      let open = depth > 0 ? nodes : nodes.filter { Self.cost($0, cost) == cheapest }
      write(open[random.below(open.count)], depth)
    case .rule(let name): writeRule(name, depth)
    }
  }

  private mutating func writeRule(_ name: String, _ depth: Int) {
    switch name {
    case "end":
      isGlued = true
      add(textDepth > 0 || random.below(3) == 0 ? "; " : "\n")
      isGlued = true
    case "name": add(pick(["a", "b1", "value", "_x", "timer", "version", "package", "inode"]))
    case "integer": add(pick(["0", "1", "42", "9_000", "0x2f"]))
    case "duration": add(pick(["10ms", "2us", "300ns", "1.5s", "4min", "1h", "1_000us"]))
    case "text": add(pick(["\"\"", "\"ext4\"", "\"3.12\"", "\"a \\\"b\\\" \\{\""]))
    case "string", "shell":
      textDepth += 1
      if let node = grammar.rules[name] { write(node, depth - 1) }
      textDepth -= 1
    default:
      if let node = grammar.rules[name] { write(node, depth - 1) }
    }
  }

  private mutating func addSample(_ prose: String) {
    switch prose {
    case "string characters": add(pick(["text", "a \\n b", "# no comment", "\\u{41}", "é"]))
    case "characters of a command":
      add(pick(["ls", "cat /proc/modules", "echo '{x} #'", "kgr -v \"a # b\"", "echo \\{"]))
    case "end of line":
      add("\n")
      isGlued = true
    default: add("<\(prose)>")
    }
  }

  private mutating func add(_ word: String) {
    if !isGlued { text += " " }
    isGlued = false
    text += word
  }

  private mutating func pick(_ samples: [String]) -> String { samples[random.below(samples.count)] }
}

/// A small generator of numbers that is the same everywhere.
package struct SplitMix {
  private var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
