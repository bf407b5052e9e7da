import Foundation
import Testing

/// `Grammar/corpus/mistakes/*.txt`: a source with a typical mistake, a line `~~~`, and what the
/// user sees. Read their diffs like code: each message must let a newcomer mend the file.
/// `GRAFT_REWRITE=1 swift test --filter MistakeSnapshots` writes them anew.
@Suite struct MistakeSnapshots {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Grammar/corpus/mistakes")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".txt") }.sorted() ?? []

  @Test func thereAreEnoughOfThem() { #expect(Self.names.count >= 30) }

  @Test(arguments: names)
  func theUserSeesWhatIsWritten(_ name: String) throws {
    let file = Self.folder.appending(path: name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let separator = try #require(text.range(of: "~~~\n"))
    let source = String(text[..<separator.lowerBound])
    let shown = rendered(source, lowering: true)
    #expect(!shown.isEmpty, "this is no mistake")
    if ProcessInfo.processInfo.environment["GRAFT_REWRITE"] != nil {
      try (source + "~~~\n" + shown).write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(shown == String(text[separator.upperBound...]))
    }
  }
}
