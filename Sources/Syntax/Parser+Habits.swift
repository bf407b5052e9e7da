import Diagnostics

// Where something else is expected than what is found: what people mean by it who know other
// languages, looked up in `ForeignWords`.

extension Parser {
  // MARK: Heads of blocks

  /// What to write instead of what stands where the `{` of a block is expected.
  func foreignClause(of what: String) -> String? {
    guard !isAtLineBreak else {
      return ForeignWords.stretches.contains(what) ? "\(what) { … }" : nil
    }
    if what == "machine", let word = current.word, WordGroup.machineSettings.has(word) {
      return "machine { \(word.rawValue) … }"
    }
    if what == "loop", at(.integer) { return "for i in 1..\(text(of: current)) { … }" }
    return ForeignWords.heads[what]?[text(of: current)]
  }

  /// What to do where a block has no `{`.
  func adviceOnBlock(_ what: String) -> String? {
    guard !isAtLineBreak, !at(.endOfFile) else { return nil }
    if let verb = verbBeforeOperand { return verbInValue(verb) }
    if at(.fails) { return "`fails ERRNO` stands behind a verb, and not in a condition" }
    switch what {
    case "if", "else", "while", "for", "loop":
      return "what it does stands between `{` and `}`, also where that is one statement"
    case "patch", "program":
      return "a name is made of letters, digits and `_`"
    default: return nil
    }
  }

  /// `let r = apply fix`: the verb before what would be its argument.
  private var verbBeforeOperand: String? {
    guard index > elementStart + 1, let verb = tokens[index - 1].word,
      verb.isSimpleVerb || verb == .await,
      startsVerbArgument(current)
    else { return nil }
    return verb.rawValue
  }

  private func verbInValue(_ verb: String) -> String {
    "`\(verb)` is a verb: it begins a statement, and gives no value"
  }

  // MARK: Ends of statements

  /// What to do about a statement that goes on where it should end.
  func adviceOnEnd(of what: String) -> String? {
    let first = tokens[min(elementStart, index)].word
    let previous = tokens[max(index - 1, 0)]
    if let verb = verbBeforeOperand { return verbInValue(verb) }
    switch current.kind {
    case .leftBrace where first?.isSimpleVerb == true:
      return "`\(first?.rawValue ?? "")` has no block"
    case .leftBrace where previous.word == .fork: return "`fork` gives no value"
    case .leftBrace where index > 1 && tokens[index - 2].kind == .dot:
      return "a block stands behind `if`, `while` or `for`: go through a list with `for x in LIST`"
    case .word where previous.word == .new:
      return "an object is made with `alloc RECORD { … }`"
    case .integer where previous.kind == .word && isBehindSpawn:
      return "arguments stand in parentheses: `spawn PROGRAM(ARGUMENTS)`"
    case .stringOpen where previous.word == .cat:
      return "a file is read with `cat(\"PATH\")`"
    case .stringOpen where previous.kind == .stringClose:
      return "texts are joined in one: \"{a}{b}\""
    case .comma where previous.kind == .integer && peek().kind == .integer && !peek().followsBlank:
      return "digits are grouped with `_`: `\(text(of: previous))_\(text(of: peek()))`"
    case .colon where index == elementStart + 1:
      return "there are no labels: a loop is left with `break`, and goes on with `continue`"
    default: break
    }
    if let advice = endingAdvice(of: what) { return advice }
    if current.kind == .word, previous.word == .until { return "`until` is a part of `wait`" }
    let statement = tokens[min(elementStart, index)..<index]
    let isAfterError = startsOperand(current) && statement.contains { $0.word == .fails }
    return isAfterError ? "join errors with `or`" : nil
  }

  private var isBehindSpawn: Bool {
    tokens[max(min(elementStart, index), index - 4)..<index].contains { $0.word == .spawn }
  }

  /// By what is found, and by a word that stands before it.
  private func endingAdvice(of what: String) -> String? {
    let found = text(of: current)
    for token in tokens[max(min(elementStart, index), index - 24)..<index].reversed()
    where token.kind == .word {
      if let advice = ForeignWords.endings["\(text(of: token)) \(found)"] { return advice }
    }
    return ForeignWords.endings["\(what) \(found)"] ?? ForeignWords.endings[found]
  }

  /// `wait q uninteruptible`: the word that was meant.
  var continuationMeant: String? {
    guard at(.word), !isAtLineBreak else { return nil }
    let statement = tokens[max(min(elementStart, index), index - 24)..<index]
    for (word, continuations) in ForeignWords.continuations
    where statement.contains(where: { $0.word == word }) {
      if let near = nearest(to: text(of: current), among: continuations.map(\.rawValue)) {
        return near
      }
    }
    return nil
  }

  /// The end of a statement that is none: which message says best what is wrong.
  mutating func reportMissingEnd(_ what: String) {
    if let form = foreignFirstWord {
      let first = tokens[elementStart]
      return report(.incompleteStatement(text(of: first), form: form, at: range(of: first)))
    }
    if isAtCommandJoin {
      silenced.append(range(of: current))
      let isAlternative = at(.or)
      return report(
        .joinedStatements(
          text(of: current), isAlternative: isAlternative, what, at: range(of: current)))
    }
    if openBlocks.last?.opening.endsWithWord == true, isBlockEnd(current) { return }
    if endingAdvice(of: what) == nil, let near = continuationMeant {
      return report(.unknownContinuation(what, found: found, near: near, at: range(of: current)))
    }
    report(
      .expectedStatementEnd(
        after: what, found: found, help: adviceOnEnd(of: what), at: range(of: current)))
  }

  /// What is written here for the first word of a statement that could not be read: `kill -9 t`.
  private var foreignFirstWord: String? {
    guard elementStart < index, tokens[elementStart].kind == .word,
      tokens[elementStart].word == nil
    else { return nil }
    let word = text(of: tokens[elementStart])
    return ForeignWords.verbs[word] ?? ForeignWords.statements[word]
  }

  // MARK: Statements in a row

  /// `apply fix && sleep 1s`: a sign between two commands, and not between two conditions. Asked
  /// where an operator could stand.
  var isAtCommandJoin: Bool {
    guard at(.and) || at(.or), bracketDepth == 0, elementStart < index else { return false }
    let next = peek()
    if next.followsLineBreak { return false }
    // `reap 1` is a value, and `spawn` reserved.
    if let verb = next.word, verb.isSimpleVerb && verb != .reap || verb == .await,
      startsVerbArgument(peek(2))
    {
      return true
    }
    // What such a verb takes is no condition.
    let sign = bytes[Int(current.offset)]
    let isSign = sign == UInt8(ascii: "&") || sign == UInt8(ascii: "|")
    guard isSign || ["die", "fail", "abort"].contains(text(of: next)),
      let first = tokens[elementStart].word, startsVerbArgument(tokens[elementStart + 1])
    else { return false }
    switch first {
    case .apply, .revert, .wake, .sleep, .work, .lock, .unlock, .ignore, .spawn: return true
    default: return false
    }
  }

  /// Whether a line begins here with a verb and what it takes: the operand that an operator at the
  /// end of the line before waits for was forgotten.
  var isAtStatementOfNextLine: Bool {
    guard index > 0, isAtLineBreak, let word = current.word else { return false }
    switch word {
    case .await: return startsVerbArgument(peek())
    case .expect: return peek().word == .log
    case .reap: return false
    default: return word.isSimpleVerb && startsVerbArgument(peek())
    }
  }

  // MARK: Fillers

  /// `sleep for 5s`, `wait on q`: leaves out a word that the language does without. Stands behind
  /// the verb.
  mutating func skipFiller(after verb: Word) {
    let next = peek()
    guard at(.word), !isAtLineBreak, startsOperand(next), !next.followsLineBreak,
      next.kind != .minus, next.kind != .leftParen, next.kind != .leftBracket,
      !goesOnWithName(next), let form = ForeignWords.fillers[verb]?[text(of: current)]
    else { return }
    let word = text(of: current)
    // That the verb itself is out of place says more.
    if form.isEmpty, isOutOfPlace(verb) { return advance() }
    guard form.isEmpty else {
      return report(.fillerMeansAnother(word, after: verb.rawValue, form, at: range(of: current)))
    }
    let start = current
    advance()
    // `wait for event q`, `wake all the q`.
    while at(.word), Self.fillerNouns.contains(text(of: current)), peek().kind == .word,
      !peek().followsLineBreak, !goesOnWithName(peek())
    {
      advance()
    }
    let place = range(from: start)
    let shown = String(decoding: bytes[place.bytes], as: UTF8.self)
    correct(.filler(shown, after: "`\(verb.rawValue)`", at: place))
  }

  private static let fillerNouns: Set<String> = [
    "a", "an", "the", "event", "events", "queue", "condition", "signal", "program", "task", "patch",
  ]

  /// `expect log == "x"`, `expect log: "x"`: a line is looked for by a part of it.
  mutating func skipSignAfterLog() {
    guard at(.equal) || at(.assign) || at(.colon), !isAtLineBreak, peek().kind == .stringOpen
    else { return }
    correct(.filler(shown(current), after: "`expect log`", at: range(of: current)))
    advance()
  }

  /// Whether a verb can't stand in a body of this sort at all, of which the checker speaks.
  private func isOutOfPlace(_ verb: Word) -> Bool {
    let places: [WordGroup] = [.operatorVerbs, .userVerbs, .kernelVerbs]
    guard let outermost = openBlocks.first?.what, places.contains(where: { $0.has(verb) }) else {
      return false
    }
    let here: WordGroup =
      memberListDepth > 0 ? .kernelVerbs : outermost == "program" ? .userVerbs : .operatorVerbs
    return !here.has(verb)
  }

  /// Whether a word follows a name that stands behind a verb: `wait on killable`.
  func goesOnWithName(_ token: Token) -> Bool {
    switch token.word {
    case .of, .on, .within, .fails, .timeout, .until, .interruptible, .uninterruptible, .killable,
      .freezable:
      true
    default: false
    }
  }

  // MARK: Names

  /// `patch "fix"`, `alloc(r)`: a name between quotes or parentheses, read as the name.
  mutating func enclosedName(of thing: String) -> Name? {
    let start = current
    guard at(.stringOpen) || at(.leftParen), !isAtLineBreak else { return nil }
    let inner = peek()
    let isQuoted = at(.stringOpen)
    let isBehindDot = index > 0 && tokens[index - 1].kind == .dot
    let isName =
      isQuoted
      ? !isBehindDot && inner.kind == .text && peek(2).kind == .stringClose && isOneWord(inner)
      : inner.kind == .word && inner.word?.isReserved != true && peek(2).kind == .rightParen
    guard isName else { return nil }
    for _ in 0..<3 { advance() }
    let name = text(of: inner)
    correct(
      .expectedName(
        of: thing, found: isQuoted ? "a string" : "`(`", form: name, at: range(from: start)))
    return Name(text: name, range: range(of: inner))
  }

  private func isOneWord(_ token: Token) -> Bool {
    guard token.length > 0, isWordStart(bytes[Int(token.offset)]) else { return false }
    return bytes[token.bytes].allSatisfy(isWordPart)
  }

  /// A name that is declared: with a type or the like around it, as other languages have them, it
  /// is read as the name alone. Returns whether it was called changeable.
  mutating func declaredName(of thing: String) -> (name: Name, isMutable: Bool) {
    let start = current
    var isMutable = false
    while at(.word), peek().kind == .word || peek().kind == .star, peek().word != .in,
      !peek().followsLineBreak, current.word?.isReserved != true,
      text(of: current) == "mut" || ForeignWords.types.contains(text(of: current))
    {
      isMutable = isMutable || text(of: current) == "mut"
      advance()
      while eat(.star) {}
    }
    let isTyped = current.offset > start.offset
    let name = name(of: thing)
    let isFollowed = at(.colon) && !isAtLineBreak && !name.isMissing
    if isFollowed {
      advance()
      while !at(.assign), !at(.comma), !at(.leftBrace), !isAtStatementEnd { advance() }
    }
    if (isTyped || isFollowed) && !isPanicking {
      let place = range(from: start)
      silenced.append(place)
      let isField = thing == "a field"
      if !isField || !saidOfFields {
        correct(
          isMutable
            ? .mutable(name.text, at: place) : .typedName(thing, name.text, at: place))
      }
      saidOfFields = saidOfFields || isField
    }
    return (name, isMutable)
  }

  /// `let a, b = 1, 2`, `let (a, b) = …`: more names than one.
  mutating func reportSeveralNames(after word: String) {
    guard at(.comma) || at(.leftParen) || at(.leftBracket), !isAtLineBreak else { return }
    report(.severalNames(word, found: found, at: range(of: current)))
  }

  /// The `=` behind a name; `:` and `==` are read as it.
  mutating func expectAssign(_ context: String) {
    if at(.assign), !isAtLineBreak { return advance() }
    let place = placeOfMissing
    if at(.colon) || at(.equal), !isAtLineBreak {
      correct(.expected("`=`", context: context, found: found, form: "=", at: place))
      return advance()
    }
    report(
      .expected(
        "`=`", context: context, found: found, form: isAtStatementEnd ? "= VALUE" : nil, at: place))
  }

  /// The `in` between a variable and its values; `of`, `:` and `=` are read as it.
  mutating func expectIn(_ context: String) {
    if eat(.in) { return }
    let isMeant = at(.of) || at(.colon) || at(.assign)
    if isMeant, !isAtLineBreak, startsOperand(peek()) || peek().kind == .leftBrace {
      silenced.append(range(of: current))
      correct(
        .expected("`in`", context: context, found: found, form: "in", at: range(of: current)))
      return advance()
    }
    report(.expected("`in`", context: context, found: found, at: placeOfMissing))
  }

  /// `x += 1`: the assignment that is meant, in the words that stand there.
  mutating func reportCompoundAssignment() {
    let place = tokens[min(elementStart, index)].offset..<max(previousEnd, 0)
    let start = min(max(Int(place.lowerBound), 0), Int(place.upperBound))
    let name = String(decoding: bytes[start..<Int(place.upperBound)], as: UTF8.self)
    let isShort = name.utf8.count <= 24
    report(
      .compoundAssignment(
        text(of: current), of: isShort && !name.isEmpty ? name : "x", at: range(of: current)))
  }

  /// `x := 1`, of which the lexer has said how it is written: here it makes a value.
  mutating func reportColonEquals(_ place: Expression) {
    guard case .reference(let reference) = place.kind, reference.module == nil, !isPanicking else {
      return
    }
    silenced.append(range(of: current))
    correct(.colonEquals(reference.name.text, at: range(of: current)))
    excuse(reference.name.range)
  }

  /// `fails EAGAIN, EBUSY`, `fails EAGAIN | EBUSY`: read as `or`.
  mutating func eatForeignOr() -> Bool {
    let isSign = at(.bad) && text(of: current) == "|"
    guard at(.comma) || isSign, !isAtLineBreak, peek().kind == .word,
      bytes[Int(peek().offset)] == UInt8(ascii: "E")
    else { return false }
    silenced.append(range(of: current))
    correct(.foreignSpelling(text(of: current), means: "or", at: range(of: current)))
    advance()
    return true
  }

  /// What to do where an operand is missing.
  func adviceOnOperand(after previous: String) -> String? {
    guard !isAtLineBreak else { return nil }
    if at(.leftBrace), Word(rawValue: previous)?.isSimpleVerb == true || previous == "await" {
      return "`\(previous)` takes a condition or a value, and no block"
    }
    if at(.word), Word(rawValue: text(of: current)) == .for, previous == "sleep" { return nil }
    return ForeignWords.operands[text(of: current)]
  }

  /// What a mended habit names may never have been declared: nothing is said about it again.
  mutating func excuse(_ place: SourceRange) {
    if place.lower < place.upper { broken.append(place) }
  }
}
