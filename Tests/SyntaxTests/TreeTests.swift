import Diagnostics
import GrammarSentences
import Syntax
import Testing

/// That the tree says what was written. Expressions are compared in a short form with all their
/// parentheses.
@Suite struct TreeTests {
  private func statements(_ source: String) -> [Statement] {
    guard case .scenario(let node) = parsed("scenario \"s\" { \(source)\n }").declarations.first
    else { return [] }
    return node.body.statements
  }

  private func argument(_ source: String) -> String {
    guard case .verb(let verb) = statements("print \(source)").first?.kind,
      verb.arguments.count == 1
    else { return "?" }
    return short(verb.arguments[0])
  }

  @Test(arguments: [
    ("a or b and c", "(a or (b and c))"), ("not a and b", "((not a) and b)"),
    ("not a == b", "(not (a equal b))"), ("a + b * c - d", "((a add (b multiply c)) subtract d)"),
    ("a - b - c", "((a subtract b) subtract c)"), ("-a * b", "((negate a) multiply b)"),
    ("- - 1", "(negate (negate 1))"), ("1..n - 1", "(1 to (n subtract 1))"),
    ("a in 0..3", "(a isIn (0 to 3))"), ("a < b + 1 and c", "((a less (b add 1)) and c)"),
    ("f(a)(b)[1].c", "f(a)(b)[1].c"), ("ext4::sync@2", "ext4::sync@2"), ("10ms", "10000000ns"),
    ("(a)", "<a>"), ("[1, true,]", "[1, true]"), ("5 % 2 / 3", "((5 remainder 2) divide 3)"),
    ("count(t in a: t.b == old) == 3", "(count(t a (t.b equal old)) equal 3)"),
    ("-1", "(negate 1)"), ("state(1)", "state(1)"), ("has shadow(o, n)", "has(o n)"),
    ("\"a{b}c\\n\"", "'a{b}c\n'"),
  ])
  func expressionsBindAsTheTableSays(_ source: String, _ expected: String) {
    #expect(argument(source) == expected)
  }

  @Test func verbsKeepArgumentsAndFailures() throws {
    let kinds = statements("signal STOP, t; apply p fails EAGAIN or EBUSY; write(\"a\", \"b\")")
    let verbs = kinds.compactMap { if case .verb(let verb) = $0.kind { verb } else { nil } }
    #expect(verbs.map(\.verb.text) == ["signal", "apply", "write"])
    #expect(verbs.map { $0.arguments.map(short) } == [["STOP", "t"], ["p"], ["'a'", "'b'"]])
    #expect(verbs[1].failure?.errors.map(\.text) == ["EAGAIN", "EBUSY"])
    #expect(verbs[0].failure == nil)
  }

  @Test func requestsKeepTheirParts() throws {
    let kinds = statements(
      "spawn 3 of p(1) on cpu 2\nlet r = wait q killable timeout 3s until c\nwait q")
    guard case .expression(let first) = kinds[0].kind,
      case .spawn(let spawn) = first.expression.kind,
      case .binding(let second) = kinds[1].kind, case .wait(let wait) = second.value.kind,
      case .expression(let third) = kinds[2].kind, case .wait(let bare) = third.expression.kind
    else {
      Issue.record("other nodes than these")
      return
    }
    #expect(spawn.count.map(short) == "3")
    #expect(spawn.call.program.text == "p")
    #expect(spawn.cpu.map(short) == "2")
    #expect(wait.mode == .killable)
    #expect(wait.timeout.map(short) == "3000000000ns")
    #expect(wait.until.map(short) == "c")
    #expect(bare.mode == .interruptible)
  }

  @Test func shellLinesKeepTheirTextAndFailure() {
    let kinds = statements("$ echo \"{x}\" '{y}' \\{ fails EINVAL  # no text")
    guard case .expression(let statement) = kinds.first?.kind,
      case .shell(let line) = statement.expression.kind
    else {
      Issue.record("no shell line")
      return
    }
    #expect(short(line) == "echo \"{x}\" '{y}' {")
    #expect(line.segments.count == 3)
    #expect(statement.failure?.errors.map(\.text) == ["EINVAL"])
  }

  @Test func rangesSpanWhatWasRead() throws {
    let source = "scenario \"s\" {\n  await a == b   within 4s # c\n}\n"
    let text = SourceText(name: "x", source)
    guard case .scenario(let node) = parsed(source).declarations.first,
      case .await(let waiting) = node.body.statements.first?.kind
    else {
      Issue.record("other nodes than these")
      return
    }
    #expect(text.text(in: node.range) == "scenario \"s\" {\n  await a == b   within 4s # c\n}")
    #expect(text.text(in: node.body.statements[0].range) == "await a == b   within 4s")
    #expect(text.text(in: waiting.condition.range) == "a == b")
    #expect(waiting.limit.map { text.text(in: $0.range) } == "4s")
  }

  @Test func aTruncatedFileGetsOneMessage() throws {
    let tour = try Corpus.text("accepted/tour.graft")
    let cut = String(tour.prefix(upTo: try #require(tour.range(of: "safe point")).upperBound))
    #expect(codes(cut) == ["E0105"])
  }
}

private func short(_ list: [Expression]) -> String { list.map(short).joined(separator: ", ") }

private func short(_ text: InterpolatedText) -> String {
  text.segments.map { segment in
    switch segment {
    case .text(let text): text
    case .expression(let value): "{\(short(value))}"
    }
  }.joined()
}

private func short(_ expression: Expression) -> String {
  switch expression.kind {
  case .integer(let value): "\(value)"
  case .duration(let nanoseconds): "\(nanoseconds)ns"
  case .boolean(let value): "\(value)"
  case .string(let text): "'\(short(text))'"
  case .list(let elements): "[\(short(elements))]"
  case .reference(let reference):
    (reference.module.map { $0.text + "::" } ?? "") + reference.name.text
      + (reference.occurrence.map { "@\($0.number)" } ?? "")
  case .member(let base, let name): "\(short(base)).\(name.text)"
  case .index(let base, let place): "\(short(base))[\(short(place))]"
  case .call(let callee, let arguments): "\(short(callee))(\(short(arguments)))"
  case .unary(let operation, let operand): "(\(operation) \(short(operand)))"
  case .binary(let node): "(\(short(node.left)) \(node.operation) \(short(node.right)))"
  case .range(let low, let high): "(\(short(low)) to \(short(high)))"
  case .parenthesised(let inner): "<\(short(inner))>"
  case .quantified(let node):
    "\(node.quantifier)(\(node.variable.text) \(short(node.sequence)) \(short(node.condition)))"
  case .state(let id): "state(\(short(id)))"
  case .hasShadow(let shadow): "has(\(short(shadow.object)) \(shadow.variable.text))"
  default: "?"
  }
}
