import Foundation
import Testing

/// What is printed as a name is one thing's, and picks it, whatever stands in it.
@Suite struct NamesOfRowsTests {
  private static let texts = [
    "r.graft": """
    scenario "a" for n in ["1", "1,m=2"] for m in ["2,m=3", "3"] { report "n", n; sleep 1ms }

    """,
    "p.graft": """
    scenario "one" { assert in_progress }
    scenario "two" for n in [1, 2] { assert n > 2 }

    """,
    "f.graft": "scenario \"a\" { report \"== b\", 1; sleep 1ms }\n",
  ]

  @Test func valuesWithCommasStandBetweenQuotes() throws {
    let folder = try BatchFolder(Self.texts)
    defer { folder.remove() }
    let names = try folder.run(["list", "r.graft"]).output.split(separator: "\n").map(String.init)
    #expect(names.count == 4 && Set(names).count == 4)
    #expect(names.contains(#"r.graft::a[n="1,m=2",m=3]"#), "\(names)")
    #expect(names.contains(#"r.graft::a[n=1,m="2,m=3"]"#), "\(names)")
    for name in names {
      #expect(try folder.run(["list", name]).output == name + "\n")
    }
    #expect(try folder.run(["run", "-q", "r.graft", "--update"]).status == 0)
    #expect(try folder.run(["run", "-q", "r.graft", "--check"]).status == 0)
  }

  @Test func aFigureIsNoHead() throws {
    let folder = try BatchFolder(Self.texts)
    defer { folder.remove() }
    #expect(try folder.run(["run", "-q", "f.graft", "--update"]).status == 0)
    let check = try folder.run(["run", "-q", "f.graft", "--check"])
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func aRerunIsOfWhatIsNamed() throws {
    let folder = try BatchFolder(Self.texts)
    defer { folder.remove() }
    #expect(try folder.run(["run", "-q", "p.graft"]).status == 4)
    func rerun(_ word: String) throws -> GraftProcess.Outcome {
      try folder.run(["run", "-q", "--rerun", "last", word])
    }
    #expect(try rerun("p.graft::one").output.contains("one") == true)
    #expect(try rerun("p.graft::one").output.contains("two") == false)
    #expect(try rerun("p.graft::two[n=2]").output.contains("n=1") == false)
    #expect(try rerun("p.graft::two").output.contains("2 scenarios"))
    #expect(try rerun("p.graft").output.contains("3 scenarios"))
    let line = try rerun("p.graft:2")
    #expect(line.status == 1 && line.complaint.contains("--rerun goes with files and FILE::NAME"))
  }
}
