import Diagnostics
import GrammarSentences
import Syntax
import Testing

/// `Grammar/corpus/rejected/*.graft`: each line that is wrong says so in `# error: E0101 text`,
/// where `text` is a part of the message. An error that is missing fails, and so does one that
/// nobody expected.
@Suite struct RejectedCorpusTests {
  private struct Expectation: Hashable {
    var line: Int
    var code: String
    var text: Substring
  }

  private func expectations(in source: String) -> [Expectation] {
    var result: [Expectation] = []
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      for part in line.split(separator: "# error: ").dropFirst() {
        let words = part.split(separator: " ", maxSplits: 1)
        let text = words.count > 1 ? words[1] : ""
        let end = text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex
        result.append(Expectation(line: index + 1, code: String(words[0]), text: text[..<end]))
      }
    }
    return result
  }

  @Test(arguments: try Corpus.names(in: "rejected"))
  func eachErrorIsExpectedAndEachExpectationMet(_ name: String) throws {
    let source = try Corpus.text("rejected/\(name)")
    let text = SourceText(name: name, source)
    var expected = expectations(in: source)
    #expect(!expected.isEmpty)
    for diagnostic in parse(text, file: SourceFileID(0)).diagnostics {
      let line = text.line(at: diagnostic.range?.lower ?? 0)
      let met = expected.firstIndex {
        $0.line == line && $0.code == diagnostic.code.rawValue
          && diagnostic.message.contains($0.text)
      }
      if let met {
        expected.remove(at: met)
      } else {
        Issue.record("line \(line): unexpected \(diagnostic.code.rawValue) \(diagnostic.message)")
      }
    }
    for missing in expected {
      Issue.record("line \(missing.line): missing \(missing.code) \(missing.text)")
    }
  }
}
