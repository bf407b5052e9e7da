import Diagnostics
import GrammarSentences
import Testing

@testable import Syntax

/// Whatever comes in, reading it ends soon, never traps, and says something bounded.
@Suite struct HostileInputTests {
  /// Reads a text in every way there is.
  private func read(_ bytes: [UInt8]) -> [Diagnostic] {
    let text = SourceText(name: "demo.graft", bytes: bytes)
    var map = SourceMap()
    let file = map.add(text)
    let result = parse(text, file: file)
    _ = parseFragment(text, file: file)
    #expect(result.diagnostics.count <= DiagnosticBag.limit + 1)
    #expect(result.tree.hasErrors == !result.diagnostics.isEmpty)
    for form in DiagnosticRenderer.Form.allCases {
      let renderer = DiagnosticRenderer(sources: map, form: form)
      for diagnostic in result.diagnostics {
        let shown = renderer.render(diagnostic)
        #expect(!shown.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 })
        #expect(shown.utf8.count < 20_000)
      }
    }
    return result.diagnostics
  }

  @Test(arguments: ["{", "(", "[", "-", "not ", "a.", "a[", "f(", "\"{", "$ {", "if a {", "a + "])
  func tenThousandLevelsAreRefusedOnce(_ opening: String) {
    let prefix = "scenario \"s\" {\nassert "
    let source = prefix + String(repeating: opening, count: 10_000) + "\n}\n"
    #expect(read(Array(source.utf8)).count <= 3, "\(opening)")
  }

  @Test func nestingUpToTheLimitIsFine() {
    let deep = String(repeating: "(", count: 90) + "1" + String(repeating: ")", count: 90)
    parsed("scenario \"s\" { print \(deep) }")
    let blocks = String(repeating: "loop {", count: 190) + String(repeating: "}", count: 190)
    parsed("program p { \(blocks) }")
  }

  @Test func longChainsAreRefusedAndLongListsAreNot() {
    let chain = Array(repeating: "a", count: 1000).joined(separator: " + ")
    #expect(codes("scenario \"s\" { print \(chain) }") == ["E0112"])
    let list = Array(repeating: "a", count: 1000).joined(separator: ", ")
    parsed("scenario \"s\" { print [\(list)] }")
    let elses = Array(repeating: "if a { }", count: 1000).joined(separator: " else ")
    parsed("scenario \"s\" { \(elses) }")
  }

  @Test func megabytesOfGarbageEndSoon() {
    let patterns: [[UInt8]] = [
      [0], [0xFF], [0x22], [0x7B], Array("a b ".utf8), Array("\\q\"".utf8), Array(")\n".utf8),
      Array("\u{202E}a".utf8), [0xE2, 0x20],
    ]
    for pattern in patterns {
      let bytes = (0..<(200_000 / pattern.count)).flatMap { _ in pattern }
      // Quadratic work would be felt as a hang here; the messages are bounded whatever comes in.
      #expect(read(bytes).count <= 101, "\(pattern)")
    }
  }

  @Test func aFileOverTheLimitIsRefusedUnread() {
    let bytes = [UInt8](repeating: 0x28, count: 10_000_000)
    let text = SourceText(name: "demo.graft", bytes: bytes)
    let result = parse(text, file: SourceFileID(0))
    #expect(result.diagnostics.map(\.code.rawValue) == ["E0001"])
    #expect(result.tree.declarations.isEmpty)
  }

  @Test(arguments: try Corpus.names(in: "accepted"))
  func mutilatedFilesAreReadToTheEnd(_ name: String) throws {
    let original = Array(try Corpus.text("accepted/\(name)").utf8)
    var random = SplitMix(state: 7)
    for _ in 0..<60 {
      var bytes = original
      for _ in 0...random.below(3) { mutate(&bytes, &random) }
      _ = read(bytes)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard bytes.count > 2 else { return }
    let place = random.below(bytes.count)
    switch random.below(5) {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes[place] = UInt8(random.below(256))
    case 2: bytes.insert(contentsOf: Array("{}()[]\"$#;,=".utf8), at: place)
    case 3:
      let end = min(bytes.count, place + random.below(40))
      bytes.removeSubrange(place..<end)
    default:
      let end = min(bytes.count, place + random.below(40))
      bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
    }
  }

  /// Deleting one token of a good file is one mistake, and should be few messages.
  @Test func oneMissingTokenGivesFewMessages() throws {
    let text = SourceText(name: "demo.graft", try Corpus.text("accepted/tour.graft"))
    var lexer = Lexer(text, file: SourceFileID(0))
    lexer.run()
    var worst = 0
    var total = 0
    for token in lexer.tokens where token.length > 0 {
      var bytes = text.bytes
      bytes.removeSubrange(token.bytes)
      let damaged = SourceText(name: "demo.graft", bytes: bytes)
      let count = parse(damaged, file: SourceFileID(0)).diagnostics.count
      worst = max(worst, count)
      total += count
    }
    #expect(worst <= 3)
    #expect(Double(total) / Double(lexer.tokens.count) < 0.9)
  }
}
