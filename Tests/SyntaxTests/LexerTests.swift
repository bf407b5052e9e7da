import Diagnostics
import GrammarSentences
import Testing

@testable import Syntax

@Suite struct LexerTests {
  private func lexed(_ source: String) -> Lexer {
    var lexer = Lexer(SourceText(name: "demo.graft", source), file: SourceFileID(0))
    lexer.run()
    return lexer
  }

  private func kinds(_ source: String) -> [TokenKind] { lexed(source).tokens.map(\.kind) }

  /// Tokens do not overlap, and between them stand only blanks and comments.
  private func checkCover(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let lexer = lexed(source)
    var covered = [Bool](repeating: false, count: lexer.bytes.count)
    var end = 0
    for token in lexer.tokens {
      #expect(Int(token.offset) >= end, sourceLocation: sourceLocation)
      end = Int(token.end)
      for byte in token.bytes { covered[byte] = true }
    }
    for comment in lexer.comments {
      for byte in comment.range.bytes {
        #expect(!covered[byte], sourceLocation: sourceLocation)
        covered[byte] = true
      }
    }
    let gaps = lexer.bytes.indices.filter { !covered[$0] }
    let isBlankOnly = gaps.allSatisfy { isBlank(lexer.bytes[$0]) || lexer.bytes[$0] == 10 }
    #expect(isBlankOnly, sourceLocation: sourceLocation)
    #expect(lexer.tokens.last?.kind == .endOfFile, sourceLocation: sourceLocation)
  }

  @Test(arguments: try Corpus.names(in: "accepted"))
  func tokensAndTriviaCoverAFileExactly(_ name: String) throws {
    checkCover(try Corpus.text("accepted/\(name)"))
  }

  @Test(arguments: [
    "", " ", "\"", "\"{", "\"{\"{", "$", "$ a {b", "$ a\\", "a\0b", "é€", "'x", "1.5", "1..5",
    "0x", "\"\\", "\"\\u{", "/* x", "a // b", "}{", "$ }", "\"}\"", "\r\n\r", "#", "&&&|||!",
  ])
  func oddTextsAreCoveredToo(_ source: String) { checkCover(source) }

  @Test func punctuationTakesTheLongest() {
    #expect(
      kinds("== = != <= < >= > .. . :: : +=")
        == [
          .equal, .assign, .notEqual, .lessOrEqual, .less, .greaterOrEqual, .greater, .dotDot,
          .dot, .doubleColon, .colon, .compoundAssign, .endOfFile,
        ])
  }

  @Test func aRangeOfIntegersIsNoFraction() {
    #expect(kinds("0..3") == [.integer, .dotDot, .integer, .endOfFile])
    #expect(kinds("1.5s..2s") == [.duration, .dotDot, .duration, .endOfFile])
  }

  @Test(
    arguments: [
      ("1ns", 1), ("2us", 2_000), ("10ms", 10_000_000), ("1.5s", 1_500_000_000),
      ("4min", 240_000_000_000), ("1h", 3_600_000_000_000), ("0.25us", 250), ("1_000ns", 1_000),
      ("9223372036854775807ns", Int64.max), ("2562047h", 9_223_369_200_000_000_000),
    ] as [(String, Int64)])
  func durationsAreNanoseconds(_ text: String, _ value: Int64) {
    let bytes = Array(text.utf8)
    #expect(NumberReading(bytes, bytes.indices) == .nanoseconds(value))
  }

  @Test(
    arguments: [
      ("0", 0), ("9_000", 9000), ("0x2f", 47), ("0XFF", 255), ("0x7fff_ffff_ffff_ffff", Int64.max),
      ("9223372036854775807", Int64.max),
    ] as [(String, Int64)])
  func integersAreRead(_ text: String, _ value: Int64) {
    let bytes = Array(text.utf8)
    #expect(NumberReading(bytes, bytes.indices) == .integer(value))
  }

  @Test(arguments: [
    ("9223372036854775808", NumberReading.tooLarge), ("0x8000000000000000", .tooLarge),
    ("2562048h", .durationTooLong), ("99999999999999999999ns", .durationTooLong),
    ("0.5ns", .durationTooFine), ("1.5", .fractionWithoutUnit), ("1_", .malformed),
    ("0x", .malformed), ("0xg", .malformed), ("10msec", .unknownUnit(at: 2)),
    ("5x", .unknownUnit(at: 1)),
  ])
  func badNumbersAreToldApart(_ text: String, _ reading: NumberReading) {
    let bytes = Array(text.utf8)
    #expect(NumberReading(bytes, bytes.indices) == reading)
  }

  @Test func everyWordIsFoundInTheTable() {
    for word in Word.allCases {
      #expect(lexed(word.rawValue).tokens.first?.word == word)
      #expect(lexed(word.rawValue + "x").tokens.first?.word != word)
    }
  }

  @Test func escapesAreReplaced() {
    let text = #"a\n\t\\\"\{\}\u{41}\u{2665}"#
    #expect(unescaped(Array(text.utf8)[...]) == "a\n\t\\\"{}A\u{2665}")
  }

  @Test func aRunOfBadBytesIsOneComplaint() {
    let bytes = Array("a ".utf8) + [UInt8](repeating: 0xFF, count: 1000) + Array(" b".utf8)
    var lexer = Lexer(SourceText(name: "x", bytes: bytes), file: SourceFileID(0))
    lexer.run()
    #expect(lexer.bag.diagnostics.map(\.code.rawValue) == ["E0002"])
    #expect(lexer.tokens.map(\.kind) == [.word, .bad, .word, .endOfFile])
  }

  @Test func shellLinesEndWhereTheyShould() {
    func text(_ source: String) -> [String] {
      let lexer = lexed(source)
      return lexer.tokens.filter { $0.kind == .text }.map { lexer.source.text(in: $0.bytes) }
    }
    #expect(text("$ ls -l   # comment") == ["ls -l"])
    #expect(text("$ echo '# {x}' \"# no\" ") == ["echo '# {x}' \"# no\""])
    #expect(text("$ echo {a} b") == ["echo ", " b"])
    #expect(text("{ $ ls }") == ["ls"])
    #expect(text("$ insmod x fails EAGAIN or EBUSY") == ["insmod x"])
    #expect(text("$ echo fails EAGAIN or") == ["echo fails EAGAIN or"])
    #expect(text("$ echo fails miserably") == ["echo fails miserably"])
    #expect(text("$ a; b") == ["a; b"])
  }
}
