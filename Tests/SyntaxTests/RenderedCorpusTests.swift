import Foundation
import GrammarSentences
import Testing

/// `Grammar/corpus/rendered/*.txt`: a source, a line `~~~`, and what the user sees. Read their
/// diffs like code. `GRAFT_REWRITE=1 swift test --filter RenderedCorpusTests` writes them anew.
@Suite struct RenderedCorpusTests {
  static let folder = Corpus.grammar.appending(path: "corpus/rendered")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".txt") }.sorted() ?? []

  @Test func thereAreEnoughOfThem() { #expect(Self.names.count >= 15) }

  @Test(arguments: names)
  func theUserSeesWhatIsWritten(_ name: String) throws {
    let file = Self.folder.appending(path: name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let separator = try #require(text.range(of: "\n~~~\n"))
    let source = String(text[..<separator.lowerBound])
    let shown = rendered(source)
    if ProcessInfo.processInfo.environment["GRAFT_REWRITE"] != nil {
      try (source + "\n~~~\n" + shown).write(to: file, atomically: true, encoding: .utf8)
    } else {
      expectEqual(shown, String(text[separator.upperBound...]))
    }
  }
}
