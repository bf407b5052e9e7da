import Diagnostics

extension Parser {
  mutating func kernelDeclaration() -> KernelDeclaration {
    let start = current
    advance()
    let release = textLiteral("the release of a kernel")
    let members = kernelMembers("kernel")
    return KernelDeclaration(release: release, members: members, range: range(from: start))
  }

  /// module = "module" text [ "at" "boot" ] "{" … "}"
  mutating func moduleDeclaration() -> ModuleDeclaration {
    let start = current
    advance()
    let name = textLiteral("the name of a module")
    var atBoot: SourceRange?
    let at = current
    if eat(.at) {
      expect(.boot, "after `at`")
      atBoot = range(from: at)
    }
    let members = kernelMembers("module")
    return ModuleDeclaration(
      name: name, atBoot: atBoot, members: members, range: range(from: start))
  }

  private mutating func kernelMembers(_ owner: String) -> [KernelMember] {
    var members: [KernelMember] = []
    memberListDepth += 1
    defer { memberListDepth -= 1 }
    _ = braced(owner, endsAt: .fileDeclaration) { parser in
      if let member = parser.kernelMember(owner) { members.append(member) }
      parser.endMember()
    }
    return members
  }

  mutating func endMember() {
    if index > 0, tokens[index - 1].kind == .rightBrace, !isPanicking { return }
    endStatement("member")
  }

  private mutating func kernelMember(_ owner: String) -> KernelMember? {
    let start = current
    switch start.word {
    case .const: return .constant(constant())
    case .var: return .variable(variable())
    case .lock:
      advance()
      let name = name(of: "a lock")
      return .lock(LockDeclaration(name: name, range: range(from: start)))
    case .queue:
      advance()
      let name = name(of: "a queue")
      return .queue(QueueDeclaration(name: name, range: range(from: start)))
    case .record: return .record(record())
    case .fn, .syscall, .irq, .kthread, .inline, .notrace, .foreign, .weak, .required:
      return function(in: owner).map { .function($0) }
    case .module:
      let module = moduleDeclaration()
      guard owner == "kernel" else {
        correct(.misplacedMember("a module", belongs: "a `kernel`", at: range(of: start)))
        return nil
      }
      return .module(module)
    case .on: return moduleHandler(in: owner).map { .handler($0) }
    default:
      unknownMember(of: owner, among: WordGroup.kernelMembers.words)
      return nil
    }
  }

  /// Says that no member begins here, and skips to the next.
  mutating func unknownMember(of owner: String, among words: [Word]) {
    if reportedNestedDeclaration() { return }
    let token = current
    let spellings = words.map(\.rawValue)
    if token.word == .new, startsFunction {
      report(.misplacedMember("`new fn`", belongs: "a `patch`", at: range(of: token)))
    } else if let place = patchHome(of: token.word) {
      report(
        .misplacedMember("`\(shown(token))`", belongs: place, at: range(of: token)))
    } else {
      let word = token.kind == .word ? text(of: token) : ""
      let form = foreignMember(word) ?? unheadedMember(word)
      let near = form == nil ? nearest(to: word, among: spellings) : nil
      report(
        .unknownMember(
          of: owner, foundHere, near: near, form: form, among: spellings, at: range(of: token)))
    }
    skipStatement()
  }

  /// What is written here for a word that begins a member elsewhere: `int f()`, `int n = 0`.
  private func foreignMember(_ word: String) -> String? {
    guard ForeignWords.types.contains(word), peek().kind == .word else {
      return ForeignWords.members[word]
    }
    var ahead = 1
    while peek(ahead).kind == .word, !peek(ahead).followsLineBreak { ahead += 1 }
    if word == "struct", peek(ahead).kind == .leftBrace { return ForeignWords.members[word] }
    if word == "const" { return "const NAME = VALUE" }
    return peek(ahead).kind == .leftParen ? "fn NAME(…) { … }" : "var NAME = VALUE"
  }

  /// `f(x) { … }`, `n = 3`: a member without the word that begins it.
  private func unheadedMember(_ word: String) -> String? {
    guard current.word == nil, !word.isEmpty, !peek().followsLineBreak else { return nil }
    if peek().kind == .assign { return "var \(word) = VALUE" }
    guard peek().kind == .leftParen, let end = endOfParentheses(index + 1),
      tokens[end].kind == .leftBrace
    else { return nil }
    return "fn \(word)(…) { … }"
  }

  /// Where a word belongs that begins a member of something else.
  private func patchHome(of word: Word?) -> String? {
    switch word {
    case .package, .fixes, .replaces, .state, .shadow: "a `patch`, outside its modules"
    case .lock, .queue: "a `kernel` or a `module`"
    default: nil
    }
  }

  mutating func constant() -> ConstantDeclaration {
    let start = current
    advance()
    let (name, _) = declaredName(of: "a constant")
    reportSeveralNames(after: "const")
    expectAssign("after the name of a constant")
    let value = lineExpression(after: "=")
    return ConstantDeclaration(name: name, value: value, range: range(from: start))
  }

  /// variable = "var" name [ "in" range ] "=" ( expression | "list" "[" expression "]" )
  mutating func variable() -> VariableDeclaration {
    let start = current
    advance()
    reportSeveralNames(after: "var")
    let (name, _) = declaredName(of: "a variable")
    if at(.comma) { reportSeveralNames(after: "var") }
    let size = sizeBehindName(name)
    let bounds = eat(.in) ? rangeExpression(after: "in") : nil
    expectAssign("and a first value")
    var value = emptyList() ?? lineExpression(after: "=")
    if let size { value = size }
    return VariableDeclaration(
      name: name, bounds: bounds, value: value, range: range(from: start))
  }

  /// `var v[4] = 0`: the list that is meant.
  private mutating func sizeBehindName(_ name: Name) -> Expression? {
    let open = current
    guard !isAtLineBreak, !name.isMissing, eat(.leftBracket) else { return nil }
    bracketDepth += 1
    let capacity = expression(after: "[")
    close(.rightBracket, "]", opened: open)
    bracketDepth -= 1
    let place = range(from: open)
    let size = String(decoding: bytes[capacity.range.bytes], as: UTF8.self)
    let isMember = memberListDepth > 0
    correct(
      .sizeBehindName(name.text, size: size.isEmpty ? "N" : size, isMember: isMember, at: place))
    return Expression(kind: isMember ? .emptyList(capacity: capacity) : .missing, range: place)
  }

  private mutating func emptyList() -> Expression? {
    let start = current
    guard at(.list), !isAtLineBreak, peek().kind == .leftBracket, !peek().followsBlank else {
      return nil
    }
    advance()
    let open = current
    marks.tight.append(open.offset)
    advance()
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let capacity = expression(after: "[")
    close(.rightBracket, "]", opened: open)
    return Expression(kind: .emptyList(capacity: capacity), range: range(from: start))
  }

  /// record = "record" name [ "[" expression "]" ] "{" { field } "}"
  mutating func record() -> RecordDeclaration {
    let start = current
    advance()
    let name = name(of: "a record")
    var pool: Expression?
    let open = current
    // `record buffer 2] {`
    let lacksBracket =
      (at(.integer) || at(.word)) && peek().kind == .rightBracket && !isAtLineBreak
    if lacksBracket {
      correct(
        .expected(
          "`[`", context: "before how many objects there are", found: found,
          form: "[\(text(of: current))]", at: range(of: current)))
    }
    if !isAtLineBreak, lacksBracket || eat(.leftBracket) {
      marks.tight.append(open.offset)
      bracketDepth += 1
      pool = expression(after: "[")
      close(.rightBracket, "]", opened: open)
      bracketDepth -= 1
    }
    var fields: [FieldDeclaration] = []
    saidOfFields = false
    marks.fieldLists.append(current.offset)
    _ = braced("record", endsAt: .function) { parser in
      fields.append(parser.field())
      if !parser.eat(.comma) { parser.endStatement("field") }
    }
    return RecordDeclaration(name: name, pool: pool, fields: fields, range: range(from: start))
  }

  private mutating func field() -> FieldDeclaration {
    let start = current
    let isFirst = index
    bracketDepth += 1
    let (name, _) = declaredName(of: "a field")
    bracketDepth -= 1
    guard index > isFirst else {
      return FieldDeclaration(name: name, range: range(from: start))
    }
    skipSizeOfField(name)
    let bounds = eat(.in) ? rangeExpression(after: "in") : nil
    let value = at(.assign) && !isAtLineBreak ? assignedValue() : nil
    return FieldDeclaration(name: name, bounds: bounds, value: value, range: range(from: start))
  }

  /// `char name[16]`
  private mutating func skipSizeOfField(_ name: Name) {
    let open = current
    guard at(.leftBracket), !current.followsBlank, !isAtLineBreak, !name.isMissing else { return }
    while !at(.rightBracket), !isAtStatementEnd { advance() }
    _ = eat(.rightBracket)
    let place = range(from: open)
    if !silenced.contains(where: { $0.upper == place.lower }) {
      correct(.listInField(name.text, at: place))
    }
    silenced.append(place)
  }

  private mutating func assignedValue() -> Expression {
    advance()
    return lineExpression(after: "=")
  }

  /// A name that may be the first on its line.
  mutating func nameOnAnyLine(of thing: String) -> Name {
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    return name(of: thing)
  }
}
