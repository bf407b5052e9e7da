import GrammarSentences
import Testing

@Suite struct AcceptedCorpusTests {
  @Test(arguments: try Corpus.names(in: "accepted"))
  func isReadWithoutAWord(_ name: String) throws {
    parsed(try Corpus.text("accepted/\(name)"))
  }
}
