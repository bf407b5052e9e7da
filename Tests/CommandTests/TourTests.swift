import Foundation
import Graft
import Testing

/// Every block of code in the pages of `Grammar/` is tried.
///
/// - ```` ```graft ```` is a file of its own: it has no mistake, and its scenarios pass.
/// - ```` ```graft wrong CODE ```` gives that code, by checking or by running.
/// - ```` ```graft more ```` goes on from the last block that is a file of its own.
/// - ```` ```graft checked ```` is free of mistakes; its scenarios need what is not simulated yet.
@Suite struct TourTests {
  struct Block: Sendable, CustomTestStringConvertible {
    var page: String
    var line: Int
    var marks: [String]
    var text: String

    var testDescription: String { "\(page):\(line)" }
  }

  static let blocks = ["tour.md", "reference.md"].flatMap { blocks(of: $0) }

  private static func blocks(of page: String) -> [Block] {
    let url = packageRoot.appending(path: "Grammar").appending(path: page)
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    var blocks: [Block] = []
    var open: Block?
    var base = ""
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard line.hasPrefix("```") else {
        open?.text += line + "\n"
        continue
      }
      if let block = open {
        if block.marks.first == "graft" { blocks.append(block) }
        if block.marks == ["graft"] { base = block.text }
        open = nil
      } else {
        let marks = line.dropFirst(3).split(separator: " ").map(String.init)
        let start = marks.contains("more") ? base : ""
        open = Block(page: page, line: number + 1, marks: marks, text: start)
      }
    }
    return blocks
  }

  @Test(arguments: blocks)
  func everyBlockDoesWhatThePageSays(_ block: Block) {
    let said = everythingSaid(about: block.text, steps: 400_000)
      .filter { !$0.code.rawValue.hasPrefix("W08") }
    let shown = said.map { "\($0.code.rawValue) \($0.message)" }
    if let mark = block.marks.firstIndex(of: "wrong") {
      let code = block.marks[mark + 1]
      #expect(said.contains { $0.code.rawValue == code }, "\(block.testDescription): \(shown)")
    } else if block.marks.contains("checked") {
      #expect(
        said.filter { $0.code.rawValue != "E0901" } == [], "\(block.testDescription): \(shown)")
    } else {
      #expect(said == [], "\(block.testDescription): \(shown)")
    }
  }

  /// The blocks as they stand are laid out as `graft fmt` lays them out.
  @Test(arguments: blocks.filter { !$0.marks.contains("wrong") && !$0.marks.contains("more") })
  func everyBlockIsTidy(_ block: Block) throws {
    let source = SourceText(name: "block.graft", block.text)
    var sources = SourceMap()
    let tree = parse(source, file: sources.add(source)).tree
    #expect(format(tree, source) == block.text, "\(block.testDescription)")
  }

  /// The tour that the language was made from: what an administrator sees while the sleepers get
  /// out of the way.
  @Test func theFirstScenarioOfTheContractPasses() throws {
    let url = packageRoot.appending(path: "Grammar/corpus/accepted/tour.graft")
    let unit = ExampleText(try String(contentsOf: url, encoding: .utf8)).unit
    let entry = try #require(unit.entries.first)
    let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
    #expect(diagnostics.filter { $0.severity == .error } == [])
    let record = ScenarioRunner(try #require(scenario), RunOptions()).run()
    #expect(record.outcome.failure == nil)
  }

  /// What this version can't simulate of it is a warning, and no mistake.
  @Test func theContractChecks() throws {
    let url = packageRoot.appending(path: "Grammar/corpus/accepted/tour.graft")
    let checked = try GraftProcess.run(["check", url.path])
    #expect(checked.status == 0, "\(checked.complaint)")
    #expect(checked.complaint.contains("warning[E0901]: `patching livepatch` is not simulated yet"))
    #expect(checked.complaint.contains("\n0 errors, "))
  }

  @Test func bothPagesHaveBlocks() {
    #expect(Self.blocks.count { $0.page == "tour.md" } >= 10)
  }
}
