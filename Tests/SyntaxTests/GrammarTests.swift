import Foundation
import GrammarSentences
import Testing

@testable import Syntax

/// `Grammar/` is data that others build on: it must say what the parser does.
@Suite struct GrammarTests {
  static let ebnf = (try? file("graft.ebnf")).map { EBNF($0) } ?? EBNF("")

  static func file(_ name: String) throws -> String {
    try String(contentsOf: Corpus.grammar.appending(path: name), encoding: .utf8)
  }

  @Test func everyRuleIsDefinedAndUsed() {
    #expect(Self.ebnf.rules.count > 80)
    #expect(Self.ebnf.undefined.isEmpty)
  }

  @Test(arguments: 0..<200)
  func sentencesOfTheGrammarAreReadWithoutAWord(_ seed: Int) {
    var generator = SentenceGenerator(Self.ebnf, seed: UInt64(seed))
    let source = generator.sentence(of: "file", depth: 10 + seed % 6)
    check(source, expect: "")
  }

  @Test(arguments: [
    "declaration", "kernel", "patch", "scenario", "program", "module", "machine", "definition",
  ])
  func sentencesOfEachDeclarationAreReadWithoutAWord(_ rule: String) {
    for seed in 0..<40 {
      var generator = SentenceGenerator(Self.ebnf, seed: UInt64(1000 + seed))
      check(generator.sentence(of: rule, depth: 9 + seed % 7), expect: "")
    }
  }

  @Test func sentencesSurviveTheFormatter() throws {
    for seed in 0..<60 {
      var generator = SentenceGenerator(Self.ebnf, seed: UInt64(seed))
      let source = generator.sentence(of: "scenario", depth: 10 + seed % 5)
      let once = try #require(formatted(source))
      expectEqual(formatted(once), once)
      expectEqual(outline(parsed(once).declarations), outline(parsed(source).declarations))
    }
  }

  @Test func everyWordStandsInTheGrammar() {
    let missing = Word.allCases.map(\.rawValue).filter { !Self.ebnf.terminals.contains($0) }
    #expect(missing.filter { !["true", "false"].contains($0) } == [])
    for unit in Unit.all { #expect(Self.ebnf.terminals.contains(unit.spelling)) }
  }

  @Test func everyWordOfTheGrammarIsAWordOfTheLexer() {
    let known = Set(Word.allCases.map(\.rawValue) + Unit.all.map(\.spelling))
    let words = Self.ebnf.terminals.filter { $0.first?.isLetter == true }
    #expect(words.subtracting(known) == [])
  }

  @Test(arguments: ["graft.tmLanguage.json", "graft.vim"])
  func everyWordStandsInTheEditorGrammars(_ name: String) throws {
    let text = try Self.file(name)
    let words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    // In the JSON the first word of a list follows `\b(?:`, so it is read as it stands.
    let missing = Word.allCases.map(\.rawValue).filter { !words.contains($0) }
    #expect(missing == [])
    for unit in Unit.all { #expect(words.contains(unit.spelling)) }
  }

  @Test func theTextMateGrammarIsJSON() throws {
    let data = try Data(contentsOf: Corpus.grammar.appending(path: "graft.tmLanguage.json"))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    #expect(object?["scopeName"] as? String == "source.graft")
  }

  @Test func everyWordBelongsToAGroup() {
    let grouped = Set(WordGroup.allGroups.flatMap(\.words))
    #expect(Word.allCases.filter { !grouped.contains($0) } == [])
  }

  @Test func theReservedWordsAreThoseThatCannotBeNames() {
    for word in Word.allCases {
      let isFree = codes("scenario \"s\" { let \(word.rawValue) = 1 }").isEmpty
      #expect(isFree != WordGroup.reserved.words.contains(word), "\(word.rawValue)")
    }
  }
}
