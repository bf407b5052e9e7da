import Foundation
import Graft
import Testing

/// `FILE.expected`: written, compared, and differences told in words.
@Suite struct SnapshotTests {
  private static func text(sleeping milliseconds: Int, poke: Bool = false) -> String {
    RunCommandTests.kernel + """
      scenario "first" {
          let t = spawn server
          sleep 1ms
          apply fix
          sleep \(milliseconds)ms
          \(poke ? "print \"poked\"" : "")
          wake packets
          await not in_progress
      }
      scenario "second" in every schedule { always true }
      scenario "third" { report "figure", 7 }

      """
  }

  @Test func whatIsKeptIsComparedAndADifferenceIsTold() throws {
    let folder = try BatchFolder(["s.graft": Self.text(sleeping: 100)])
    defer { folder.remove() }
    let missing = try folder.run(["run", "s.graft", "--check"])
    #expect(missing.status == 7)
    #expect(missing.output.contains("there is no s.graft.expected yet"))
    #expect(!folder.exists("s.graft.expected"))

    let written = try folder.run(["run", "s.graft", "--update"])
    #expect(written.status == 0)
    #expect(written.complaint.contains("wrote s.graft.expected: 3 scenarios"))
    let kept = try folder.text("s.graft.expected")
    #expect(kept.contains("== first\n") && kept.contains("ALWAYS always true\n"))
    #expect(kept.contains("\nfigure: 7\nPASS\n"))
    #expect(try folder.run(["run", "s.graft", "--check", "--jobs", "3"]).status == 0)

    try folder.scratch.write("s.graft", Self.text(sleeping: 150))
    let later = try folder.run(["run", "s.graft", "--check"])
    #expect(later.status == 7)
    #expect(later.output.contains("DIFF  s.graft::first"))
    #expect(later.output.contains("now comes 50ms later"))
    #expect(later.output.contains("3 scenarios: 2 passed, 1 unlike its snapshot"))
    #expect(!later.output.contains("PASS  s.graft::first"))
    #expect(!later.output.contains("DIFF  s.graft::second"))

    try folder.scratch.write("s.graft", Self.text(sleeping: 100, poke: true))
    let more = try folder.run(["run", "s.graft", "--check"])
    #expect(more.output.contains(/new: `0\.101\d+   poked`/))
    // What is written anew is reviewed.
    let anew = try folder.run(["run", "s.graft", "--update"])
    #expect(anew.status == 0)
    #expect(
      anew.complaint.contains(
        /s\.graft::first is another than before:\n  new: `0\.101\d+   poked`\n/))
    #expect(anew.complaint.hasSuffix("wrote s.graft.expected: 3 scenarios, 1 changed\n"))
  }

  /// A difference is a verdict: in every report, in the counts, and for whoever runs it again.
  @Test func aDifferenceStandsInEveryReport() throws {
    let folder = try BatchFolder(["s.graft": Self.text(sleeping: 100)])
    defer { folder.remove() }
    _ = try folder.run(["run", "s.graft", "--update"])
    try folder.scratch.write(
      "s.graft", Self.text(sleeping: 150).replacing("\"second\"", with: "\"another\""))
    let run = try folder.run(
      ["run", "s.graft", "--check", "--report-github"] + BatchTests.reports)
    #expect(run.status == 7)
    let end =
      "3 scenarios: 1 passed, 2 unlike their snapshots; 1 file of snapshots without their scenarios"
    #expect(run.output.hasSuffix("\(end)\n"))
    #expect(
      run.output.contains("::error file=s.graft,line=8,col=10,title=DIFF first::it is another"))
    let junit = try folder.text("r.xml")
    #expect(junit.contains("tests=\"4\" failures=\"3\""))
    #expect(junit.contains("type=\"differs\">DIFF  s.graft::first\n"))
    #expect(junit.contains("name=\"(expected)\""))
    #expect(
      try folder.text("r.tap").contains("not ok 1 - s.graft::first\n  ---\n  verdict: differs"))
    #expect(try folder.text("r.md").hasPrefix("## ❌ graft: \(end)\n"))
    #expect(
      try folder.text("r.json").contains(
        "\"verdict\":\"differs\",\"reason\":\"s.graft.expected has scenarios that are no more\""))
    // With --check again, as it ran.
    let again = try folder.run(["run", "--rerun", "last"])
    #expect(again.status == 7)
    let one = try folder.run(["run", "s.graft", "--check", "--max-failures", "1", "-j", "1"])
    #expect(
      one.output.contains("1 scenario: 0 passed, 1 unlike its snapshot; the rest was not run"))
    // Of one scenario alone what others have left is no affair.
    _ = try folder.run(["run", "s.graft::third", "--update"])
    #expect(try folder.run(["run", "s.graft::third", "--check"]).status == 0)
  }

  @Test func onlyWhatRanIsRewritten() throws {
    let folder = try BatchFolder(["s.graft": Self.text(sleeping: 100)])
    defer { folder.remove() }
    _ = try folder.run(["run", "s.graft", "--update"])
    let before = SnapshotFile(try folder.text("s.graft.expected"))
    try folder.scratch.write("s.graft", Self.text(sleeping: 150).replacing("7", with: "8"))
    _ = try folder.run(["run", "s.graft::third", "--update"])
    let after = SnapshotFile(try folder.text("s.graft.expected"))
    #expect(after["first"] == before["first"])
    #expect(after["third"]?.lines == ["figure: 8", "PASS"] || after["third"] != before["third"])
    #expect(after.titles == ["first", "second", "third"])
    // A scenario that is no more is a difference, and goes with the next update.
    try folder.scratch.write(
      "s.graft", Self.text(sleeping: 100).replacing("\"second\"", with: "\"another\""))
    let gone = try folder.run(["run", "s.graft", "--check"])
    #expect(gone.status == 7)
    #expect(gone.output.contains("has scenarios that are no more\n  second"))
    _ = try folder.run(["run", "s.graft", "--update"])
    #expect(
      SnapshotFile(try folder.text("s.graft.expected")).titles == ["first", "another", "third"])
  }

  /// A file of snapshots whose scenarios have gone away, and one that is none.
  @Test func snapshotsThatAreNobodysAreADifference() throws {
    let folder = try BatchFolder([
      "a/s.graft": BatchFolder.passing(1), "a/gone.graft.expected": "== s\nPASS\n",
    ])
    defer { folder.remove() }
    let update = try folder.run(["run", "a", "--update"])
    #expect(update.status == 0)
    #expect(update.complaint.contains("a/gone.graft.expected is there, and a/gone.graft is not"))
    let check = try folder.run(["run", "a", "--check", "--report-tap", "r.tap"])
    #expect(check.status == 7)
    #expect(check.output.contains("1 passed; 1 file of snapshots without their scenarios"))
    #expect(try folder.text("r.tap").contains("not ok 2 - a/gone.graft::"))
    // One part of a batch says it.
    #expect(try folder.run(["run", "a", "--check", "--partition", "count:2/2"]).status != 7)
    _ = try folder.shell("rm a/gone.graft.expected; echo something else > a/s.graft.expected")
    let garbage = try folder.run(["run", "a", "--check"])
    #expect(garbage.status == 7)
    #expect(garbage.output.contains("a/s.graft.expected:1 is not of a file of snapshots"))
  }

  @Test func aFailureComesBeforeADifference() throws {
    let folder = try BatchFolder(["s.graft": "scenario \"s\" { assert in_progress }\n"])
    defer { folder.remove() }
    #expect(try folder.run(["run", "s.graft", "--check"]).status == 4)
    #expect(try folder.run(["run", "s.graft", "--check", "--update"]).status == 1)
    #expect(
      try folder.run(["run", "-", "--update"], input: Array("scenario \"s\" {}".utf8)).status == 1)
  }

  @Test func timesAreComparedInWords() {
    let old = Snapshot(lines: [
      "    0.000000 > apply fix", "    2.010051 → t:103 is new", "    3.000000   done", "PASS",
    ])
    let new = Snapshot(lines: [
      "    0.000000 > apply fix", "    4.010051 → t:103 is new", "    5.000000   done", "FAIL",
    ])
    // What follows as much later is not told again.
    #expect(
      new.review(since: old) == [
        "`→ t:103 is new` now comes 2s later", "no more: `PASS`", "new: `FAIL`",
      ])
    #expect(
      Snapshot(lines: ["          #5 > wake"]).review(
        since: Snapshot(lines: ["          #2 > wake"])) == ["`wake` now comes 3 steps later"])
    #expect(new.review(since: new).isEmpty)
  }
}
