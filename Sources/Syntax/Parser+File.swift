import Diagnostics

extension Parser {
  /// file = { declaration }
  mutating func declarations() -> [Declaration] {
    var result: [Declaration] = []
    while !at(.endOfFile), !bag.isFull {
      if eat(.semicolon) { continue }
      isPanicking = false
      let start = index
      elementStart = start
      if let declaration = declaration() {
        hasLooseStatements = false
        result.append(declaration)
      }
      endDeclaration()
      if index == start { skipStatement() }
      if index == start { advance() }
    }
    isPanicking = false
    return result
  }

  /// A declaration after `}` may follow on the same line.
  private mutating func endDeclaration() {
    if index > 0, tokens[index - 1].kind == .rightBrace, !isPanicking { return }
    if at(.rightBrace) { return }
    endStatement("declaration")
  }

  private mutating func declaration() -> Declaration? {
    let start = current
    switch start.word {
    case .use: return .use(useDeclaration())
    case .kernel: return .kernel(kernelDeclaration())
    case .module: return .module(moduleDeclaration())
    case .patch: return .patch(patchDeclaration())
    case .program: return .program(programDeclaration())
    case .machine: return .machine(machineBlock())
    case .def: return .definition(definition())
    case .boot:
      advance()
      skipFiller(after: .boot)
      let release = bareRelease("the release to boot") ?? lineExpression(after: "boot")
      return .boot(BootDeclaration(release: release, range: range(from: start)))
    case .scenario: return .scenario(scenarioDeclaration(.scenario))
    case .lesson: return .scenario(scenarioDeclaration(.lesson))
    default:
      unknownDeclaration()
      return nil
    }
  }

  private mutating func unknownDeclaration() {
    let token = current
    if hasSplitOwner, at(.rightBrace) || startsMember {
      // What is left of the kernel that a declaration stands in the middle of; that was reported.
      isPanicking = true
      if at(.rightBrace) { advance() } else { skipStatement() }
      return
    }
    if at(.rightBrace) {
      report(.unexpectedClosing("}", at: range(of: token)))
      advance()
      return
    }
    let isLoose = startsLooseStatement
    defer { hasLooseStatements = isLoose }
    if isLoose, hasLooseStatements {
      isPanicking = true
    } else if startsFunction {
      report(
        .misplacedMember(
          "a function", belongs: "a `kernel`, a `module` or a `patch`", at: range(of: token)))
    } else {
      let word = token.kind == .word ? text(of: token) : ""
      let form = ForeignWords.declarations[word] ?? ForeignWords.declarations[word.lowercased()]
      let near = form == nil ? nearest(to: word, among: WordGroup.declarations.spellings) : nil
      report(
        .unknownDeclaration(
          foundHere, near: near, form: form, help: near == nil ? adviceAtTop : nil,
          at: range(of: token)))
    }
    skipStatement()
  }

  /// What to do with a statement or a member at the top of the file.
  private var adviceAtTop: String? {
    if at(.atSign) { return "a tag stands behind the title: `scenario \"TITLE\" @NAME { … }`" }
    guard let word = current.word else { return nil }
    switch word {
    case .let, .var, .const:
      return "values belong in a `scenario`, in a `def`, or in a `kernel` (`const NAME = VALUE`)"
    case .lock, .queue, .record: return "it belongs in a `kernel` or a `module`"
    case _ where word.isReserved || word.isSimpleVerb || word == .await || word == .expect:
      return "what is to be done belongs in a `scenario \"TITLE\" { … }`"
    default: return nil
    }
  }

  /// Whether what stands here at the top would do something in a scenario.
  private var startsLooseStatement: Bool {
    guard let word = current.word else { return at(.shellOpen) }
    return word.isReserved || word.isSimpleVerb || word == .await || word == .expect
  }

  private var startsMember: Bool {
    if startsFunction { return true }
    guard let word = current.word else { return false }
    return WordGroup.kernelMembers.spellings.contains(word.rawValue)
  }

  /// The current token, also when it is the first of its line.
  var foundHere: String {
    switch current.kind {
    case .endOfFile: "the end of the file"
    case .stringOpen: "a string"
    default: "`\(shown(current))`"
    }
  }

  private mutating func useDeclaration() -> UseDeclaration {
    let start = current
    advance()
    let path = textLiteral("the path of a file")
    return UseDeclaration(path: path, range: range(from: start))
  }

  private mutating func programDeclaration() -> ProgramDeclaration {
    let start = current
    advance()
    let name = name(of: "a program")
    let parameters = at(.leftParen) ? parameters() : []
    let body = block("program")
    return ProgramDeclaration(
      name: name, parameters: parameters, body: body, range: range(from: start))
  }

  mutating func definition() -> Definition {
    let start = current
    advance()
    let name = name(of: "a definition")
    let parameters = parameters()
    let body = block("def")
    return Definition(name: name, parameters: parameters, body: body, range: range(from: start))
  }

  // MARK: At a prompt

  mutating func fragmentItems() -> [Fragment.Item] {
    var items: [Fragment.Item] = []
    while !at(.endOfFile), !bag.isFull {
      if eat(.semicolon) { continue }
      isPanicking = false
      let start = index
      elementStart = start
      if startsFragmentDeclaration {
        if let declaration = declaration() { items.append(.declaration(declaration)) }
        endDeclaration()
      } else if at(.rightBrace) {
        unknownDeclaration()
      } else {
        if let statement = statement() { items.append(.statement(statement)) }
        endStatement("statement")
      }
      if index == start { skipStatement() }
      if index == start { advance() }
    }
    return items
  }

  private var startsFragmentDeclaration: Bool {
    if startsFileDeclaration { return true }
    let next = peek()
    switch current.word {
    case .module: return next.kind == .stringOpen
    case .patch, .program: return next.kind == .word && !next.followsLineBreak
    default: return false
    }
  }
}
