import Foundation
import Graft
import Testing

/// `Grammar/reference.md` is prose by hand and tables by the checker: what stands between
/// `<!-- table: NAME -->` and `<!-- end -->` is what `ReferenceTable` says.
///
/// `GRAFT_REWRITE=1 swift test --filter ReferenceTests` writes the tables anew.
@Suite struct ReferenceTests {
  static let page = packageRoot.appending(path: "Grammar/reference.md")

  @Test func theTablesAreThoseOfTheChecker() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let anew = Self.withTables(text)
    if ProcessInfo.processInfo.environment["GRAFT_REWRITE"] != nil {
      try anew.write(to: Self.page, atomically: true, encoding: .utf8)
    } else {
      #expect(anew == text, "the tables of Grammar/reference.md are not up to date")
    }
  }

  @Test func everyTableStandsOnThePageOnce() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let named = text.matches(of: /<!-- table: (.+) -->/).map { String($0.1) }
    #expect(named.sorted() == ReferenceTable.all.map(\.name).sorted())
  }

  private static func withTables(_ text: String) -> String {
    var result: [String] = []
    var isInTable = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "<!-- end -->" { isInTable = false }
      if !isInTable { result.append(String(line)) }
      guard let match = line.wholeMatch(of: /<!-- table: (.+) -->/) else { continue }
      isInTable = true
      if let table = ReferenceTable.all.first(where: { $0.name == match.1 }) {
        result.append(table.markdown)
      }
    }
    return result.joined(separator: "\n")
  }

  @Test func theCommandLooksWordsUp() throws {
    let run = try GraftProcess.run(["reference", "safe", "point"])
    #expect(run.status == 0)
    #expect(
      run.output == """
        kernel verbs:

        verb        where            meaning
        safe point  a kernel thread  where kGraft may migrate a kernel thread

        """)
    #expect(try GraftProcess.run(["reference", "EAGAIN"]).output.contains("11"))
    #expect(try GraftProcess.run(["reference", "settings"]).output.contains("cpus N"))
    let unknown = try GraftProcess.run(["reference", "aply"])
    #expect(unknown.status == 5)
    #expect(unknown.complaint.contains("did you mean 'apply'?"))
  }
}
