import Diagnostics
import Foundation
import Testing

@testable import Syntax

/// One brace too many or too few is one mistake, said of in its place, and nothing behind it is
/// misread: over shipped scenarios, each with one brace changed in several places.
@Suite struct BraceTests {
  /// With bodies on one line and over several, patches, modules, records and `else`.
  static let names = [
    "bottom-halves", "function-states", "late-module", "first-series", "killable-sleeper",
    "threads-of-a-process",
  ]

  enum Change: String, CaseIterable, Sendable {
    case openingRemoved, closingRemoved, closingDoubled, closingAddedBelow
  }

  private static func text(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Scenarios/kgraft/\(name).graft")
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// Eight braces of a kind, evenly over the file.
  private static func places(of kind: TokenKind, in text: String) -> [Token] {
    var lexer = Lexer(SourceText(name: "x.graft", text), file: SourceFileID(0))
    lexer.run()
    let all = lexer.tokens.filter { $0.kind == kind }
    return (0..<8).map { all[$0 * (all.count - 1) / 7] }
  }

  private static func changed(_ text: String, at brace: Token, _ change: Change) -> String {
    var bytes = Array(text.utf8)
    let place = Int(brace.offset)
    switch change {
    case .openingRemoved, .closingRemoved: bytes.remove(at: place)
    case .closingDoubled: bytes.insert(UInt8(ascii: "}"), at: place)
    case .closingAddedBelow:
      // Indented as the line that it stands below.
      let start = (bytes[..<place].lastIndex(of: 10) ?? -1) + 1
      let end = bytes[place...].firstIndex(of: 10) ?? bytes.count
      let indentation = bytes[start...].prefix { $0 == UInt8(ascii: " ") }
      bytes.insert(contentsOf: [10] + indentation + [UInt8(ascii: "}")], at: end)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Where the message may stand: on the line that was changed; for what is missing also where the
  /// block was opened, or before the next line that shows it.
  private static func isInPlace(
    _ diagnostic: Diagnostic, _ source: SourceText, _ brace: Token, _ change: Change
  ) -> Bool {
    let line = source.line(at: brace.offset)
    let lines = diagnostic.labels.map { source.line(at: $0.range.lower) }
    switch change {
    case .openingRemoved: return lines.first == line
    case .closingDoubled: return lines.first == line
    case .closingAddedBelow:
      // Of several `}` below each other the one that stands out of line, or the next.
      return lines.contains { $0 == line + 1 || $0 == line + 2 }
    case .closingRemoved:
      guard let first = lines.first else { return false }
      let isNext = (min(line, first)...max(line, first)).dropFirst().dropLast().allSatisfy {
        let between = source.text(ofLine: $0).drop { $0 == " " }
        return between.isEmpty || between.hasPrefix("#")
      }
      return isNext || lines.contains(line)
    }
  }

  @Test(arguments: names, Change.allCases)
  func oneBraceIsOneMistake(_ name: String, _ change: Change) throws {
    let text = try Self.text(name)
    #expect(codes(text).isEmpty)
    let kind: TokenKind = change == .openingRemoved ? .leftBrace : .rightBrace
    for brace in Self.places(of: kind, in: text) {
      let source = SourceText(name: "\(name).graft", Self.changed(text, at: brace, change))
      let found = parse(source, file: SourceFileID(0)).diagnostics
      let line = source.line(at: brace.offset)
      let said = found.map { "\(source.line(at: $0.range?.lower ?? 0)): \($0.message)" }
      #expect((1...2).contains(found.count), "\(change) at line \(line): \(said)")
      let isInPlace = found.first.map { Self.isInPlace($0, source, brace, change) } ?? false
      #expect(isInPlace, "\(change) at line \(line): \(said)")
    }
  }

  private func check(_ text: String, says expected: String...) {
    let source = SourceText(name: "x.graft", text)
    let said = parse(source, file: SourceFileID(0)).diagnostics.map {
      "\(source.line(at: $0.range?.lower ?? 0)): \($0.code.rawValue) \($0.message)"
    }
    #expect(said.count == expected.count, "\(said)")
    for (said, expected) in zip(said, expected) {
      #expect(said.hasPrefix(expected), "\(said)")
    }
  }

  @Test func twoStrayBraces() {
    check(
      """
      kernel "4.4" {
          fn f(x) { work 1us }}
          fn g() { f(1) }
      }
      scenario "s" {
          if in_progress { print 1 }}
          sleep 1ms
      }
      """, says: "2: E0106 `}` closes nothing", "6: E0106 `}` closes nothing")
  }

  @Test func aBlockWithoutBracesIsOneMistake() {
    check("scenario \"s\" {\n  if in_progress\n    sleep 1ms\n  print 1\n}\n", says: "2: E0101")
    check(
      "scenario \"s\" {\n  if in_progress\n    sleep 1ms\n  }\n  print 1\n}\n", says: "2: E0101")
    check("scenario \"s\" {\n  if in_progress:\n    sleep 1ms\n  print 1\n}\n", says: "2: E0101")
    check(
      """
      scenario "s" {
        while in_progress do
          if in_progress then
            sleep 1ms
          else
            sleep 2ms
          fi
        done
        print 1
      }
      """, says: "2: E0101 expected `{` to begin the `while` block, found `do`", "5: E0101")
    check(
      """
      scenario "s" {
        if in_progress:
          sleep 1ms
        else:
          sleep 2ms
        print 1
      }
      """, says: "2: E0101 expected `{` to begin the `if` block, found `:`")
  }

  @Test func aDeclarationInsideAnotherIsInTheWrongPlace() {
    check("scenario \"s\" { scenario \"t\" { print 1 } }", says: "1: E0117 `scenario` cannot")
    check(
      "kernel \"4.4\" { fn f(x) { return x }\n patch p { fn f(x) { return 1 } } }",
      says: "2: E0117 `patch` cannot stand here")
  }

  /// A text whose layout says nothing: the braces are all there is to go by.
  @Test func aTextWithoutIndentationIsReadByItsBraces() {
    check(
      """
      kernel "4.4" {
      fn f() {
      work 1us
      }
      fn g() {
      work 1us
      }
      """, says: "7: E0105 expected `}` to close the `kernel` block, found the end of the file")
  }

  /// Braces without end, each of which the layout is asked about: linear work, or this hangs.
  @Test func manyBracesAreFewMessages() {
    let texts = [
      "kernel \"4.4\" {\n" + String(repeating: "}", count: 100_000) + "\n"
        + String(repeating: " ", count: 100_000) + "x\n",
      "kernel \"4.4\" {\n" + String(repeating: "if x } ", count: 20_000) + "\n",
      String(repeating: "{\n", count: 50_000) + String(repeating: "}\n", count: 49_999),
      String(repeating: "scenario \"s\" {\n  if c\n  if c\n", count: 2_000),
    ]
    for text in texts { #expect((1...101).contains(codes(text).count)) }
  }

  /// What is missing on a line of its own is said of at that line's end.
  @Test func aBlockOfOneLineEndsThere() {
    check(
      "program p { loop { work 1us }\n\nscenario \"s\" { spawn p }\n",
      says: "1: E0105 expected `}` to close the `program` block, found the end of the line")
  }

  /// Whatever the layout is, braces that pair up are not complained of.
  @Test func oddLayoutsAreNoMistake() {
    check("kernel \"4.4\"\n{\n  fn f()\n  {\n    work 1us\n    }\n    fn g() { f() } }\n")
    check("scenario \"s\" {\nif in_progress {\nprint 1 } else {\nprint 2 }\n    }\n")
    check("scenario \"s\" for n in [1,\n2], m in [3,\n4] {\n  print n + m\n}\n")
  }
}
