import Diagnostics

extension Parser {
  /// function = { attribute | "new" } ( "fn" | "syscall" | "irq" | "kthread" ) …
  mutating func function(in owner: String) -> FunctionDeclaration? {
    let start = current
    let (attributes, newWord) = attributes()
    let word = current.word
    let flavourToken = current
    guard let what = functionName(word), !isAtLineBreak || attributes.isEmpty && newWord == nil
    else {
      report(
        .expected("`fn`", context: "after an attribute", found: found, at: placeOfMissing))
      skipToStatementEnd()
      return nil
    }
    advance()
    while at(.inline) || at(.notrace), peek().kind == .word, !peek().followsLineBreak {
      correct(
        .attributeBehind(
          text(of: current), word: text(of: flavourToken), at: range(of: current)))
      advance()
    }
    let name = name(of: what)
    let occurrence = occurrence()
    if at(.doubleColon), !isAtLineBreak {
      report(.qualifiedFunction(name.text, word: text(of: flavourToken), at: range(of: current)))
      skipToStatementEnd()
      return nil
    }
    var parameters: [Name] = []
    if word == .fn || word == .syscall {
      parameters = self.parameters()
    } else if at(.leftParen), !isAtLineBreak {
      let open = current
      _ = self.parameters()
      correct(.takesNoParameters(what, at: range(from: open)))
    }
    let flavour = flavour(word)
    let body = block(text(of: flavourToken))
    if let newWord, owner == "kernel" || word != .fn {
      correct(.misplacedMember("`new`", belongs: "a `patch`, before `fn`", at: newWord))
    }
    if owner != "patch" {
      for attribute in attributes where attribute.kind.isOfPatch {
        correct(
          .misplacedMember(
            "`\(attribute.kind.word.rawValue)`", belongs: "a `patch`, before `fn`",
            at: attribute.range))
      }
    }
    return FunctionDeclaration(
      flavour: flavour, attributes: attributes, newWord: newWord, name: name,
      occurrence: occurrence, parameters: parameters, body: body, range: range(from: start))
  }

  private mutating func attributes() -> ([FunctionAttribute], newWord: SourceRange?) {
    var attributes: [FunctionAttribute] = []
    var newWord: SourceRange?
    while true {
      let place = range(of: current)
      if let kind = FunctionAttribute.Kind(current.word) {
        attributes.append(FunctionAttribute(kind: kind, range: place))
      } else if current.word == .new, newWord == nil {
        newWord = place
      } else {
        return (attributes, newWord)
      }
      advance()
    }
  }

  private func functionName(_ word: Word?) -> String? {
    switch word {
    case .fn: "a function"
    case .syscall: "a system call"
    case .irq: "an interrupt handler"
    case .kthread: "a kernel thread"
    default: nil
    }
  }

  private mutating func flavour(_ word: Word?) -> FunctionDeclaration.Flavour {
    switch word {
    case .syscall: return .systemCall
    case .kthread: return .kernelThread
    case .irq:
      if at(.duration), !isAtLineBreak { correct(.periodWithoutEvery(at: range(of: current))) }
      let period = eat(.every) || at(.duration) ? rangeExpression(after: "every") : nil
      return .interrupt(period: period, cpu: onCPU())
    default: return .function
    }
  }

  /// `on cpu 1`.
  mutating func onCPU() -> Expression? {
    guard at(.on), !isAtLineBreak, peek().word == .cpu else { return nil }
    advance()
    advance()
    return sumExpression(after: "cpu")
  }

  /// The `@2` of `f@2`: no blank stands before it.
  mutating func occurrence() -> Occurrence? {
    guard at(.atSign), !current.followsBlank else { return nil }
    let start = current
    advance()
    guard at(.integer), !current.followsBlank,
      case .integer(let number) = NumberReading(bytes, current.bytes),
      let small = Int(exactly: number)
    else {
      report(.expected("a number", context: "after `@`", found: found, at: placeOfMissing))
      return nil
    }
    advance()
    return Occurrence(number: small, range: range(from: start))
  }

  /// `on init { … }`, `on exit { … }`.
  mutating func moduleHandler(in owner: String) -> ModuleHandler? {
    let start = current
    advance()
    let moment: ModuleHandler.Moment
    if eat(.`init`) {
      moment = .initialisation
    } else if eat(.exit) {
      moment = .exit
    } else {
      report(
        .expected(
          "`init` or `exit`", context: "after `on`", found: found,
          form: ForeignWords.moments[text(of: current)], at: placeOfMissing))
      skipToStatementEnd()
      return nil
    }
    let body = block("on")
    guard owner == "module" else {
      correct(
        .misplacedMember(
          "`on \(moment == .exit ? "exit" : "init")`", belongs: "a `module`",
          at: range(of: start)))
      return nil
    }
    return ModuleHandler(moment: moment, body: body, range: range(from: start))
  }
}
