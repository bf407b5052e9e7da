import Foundation
import Testing

/// `graft merge`: shards become the whole, or the command says what is wrong.
@Suite struct MergeTests {
  private static let forms = [
    "--report-junit", "NAME.xml", "--report-tap", "NAME.tap", "--report-json", "NAME.json",
    "--github-summary", "NAME.md", "--report-html", "NAME.html", "--report-trace", "NAME.trace",
  ]

  private static func forms(_ name: String) -> [String] {
    forms.map { $0.replacing("NAME", with: name) }
  }

  private func folder() throws -> BatchFolder {
    var files = [
      "m.graft": BatchFolder.mixed, "z.graft": "scenario \"z\" { aply }\n",
      "k.graft": RunCommandTests.kernel + "scenario \"k\" { spawn server; sleep 1ms; apply fix; "
        + "await not in_progress within 1s }\n",
    ]
    for number in 0..<9 { files["a/\(number).graft"] = BatchFolder.passing(number) }
    return try BatchFolder(files)
  }

  private static let words = ["a", "m.graft", "z.graft", "k.graft"]

  private func runShards(_ folder: BatchFolder, _ kind: String) throws {
    for number in 1...3 {
      let run = try folder.run(
        ["run"] + Self.words + ["--partition", "\(kind):\(number)/3"]
          + ["--report-json", "\(number).json", "--report-trace", "\(number).trace"])
      #expect(run.status == 2)
    }
  }

  @Test(arguments: ["hash", "count"])
  func shardsGiveTheReportsOfOneMachine(_ kind: String) throws {
    let folder = try folder()
    defer { folder.remove() }
    let whole = try folder.run(["run"] + Self.words + Self.forms("whole"))
    try runShards(folder, kind)
    // In whatever order they come.
    let merged = try folder.run(["merge", "3.json", "1.json", "2.json"] + Self.forms("merged"))
    #expect(merged.status == whole.status)
    // Sources and timelines too.
    #expect(try folder.text("whole.html").contains("data-kind=\"source\""))
    #expect(try folder.text("whole.html").contains("data-kind=\"timeline\""))
    for form in ["xml", "tap", "json", "md", "html", "trace"] {
      #expect(try folder.text("merged.\(form)") == (try folder.text("whole.\(form)")), "\(form)")
    }
    // A part without its trace has none to give.
    _ = try folder.run(["run", "a", "--report-json", "plain.json"])
    let plain = try folder.run(["merge", "plain.json", "--report-trace", "t"])
    #expect(plain.status == 1)
    #expect(plain.complaint.contains("a/0.graft::number 0 came without its trace"))
  }

  @Test func whatIsMissingOrThereTwiceIsRefused() throws {
    let folder = try folder()
    defer { folder.remove() }
    try runShards(folder, "count")
    for (name, words) in [("whole", Self.words), ("other", ["m.graft"]), ("third", ["a"])] {
      _ = try folder.run(["run"] + words + ["--report-json", "\(name).json"])
    }
    _ = try folder.run(
      ["run", "a", "--partition", "count:2/3", "--report-json", "less.json"])
    _ = try folder.run(
      ["run", "m.graft", "--max-failures", "1", "--jobs", "1", "--report-json", "cut.json"])
    try folder.scratch.write("half.json", String(try folder.text("1.json").dropLast(200)))
    try folder.scratch.write("odd.json", "{\"schema\":\"graft-report\",\"version\":99}")
    try folder.scratch.write("none.json", "[]")
    for (names, complaint) in [
      (["1.json", "3.json"], "the report of 2/3 is missing"),
      (["1.json", "2.json", "3.json", "2.json"], "2.json and 2.json are both count:2/3"),
      (["1.json", "2.json", "3.json", "whole.json"], "whole.json is no shard, and others are"),
      (["whole.json", "other.json"], "is in whole.json and in other.json"),
      (["1.json", "less.json", "3.json"], "less.json is a part of"),
      (["cut.json"], "cut.json is not whole"), (["half.json"], "it is not JSON"),
      (["odd.json"], "it is of version 99"), (["none.json"], "a value has another type"),
      (["nowhere.json"], "No such file"),
    ] {
      let run = try folder.run(["merge"] + names + ["--report-tap", "merged.tap"])
      #expect(run.status == 1, "\(names)")
      #expect(run.complaint.contains(complaint), "\(names): \(run.complaint)")
      #expect(!folder.exists("merged.tap"))
    }
  }

  @Test func partsThatRanInAnotherWayAreRefused() throws {
    let folder = try folder()
    defer { folder.remove() }
    for (number, options) in [(1, []), (2, ["--seed", "7"]), (3, [])] {
      _ = try folder.run(
        ["run", "a", "--partition", "count:\(number)/3", "--report-json", "\(number).json"]
          + options)
    }
    let run = try folder.run(["merge", "1.json", "2.json", "3.json"])
    #expect(run.status == 1)
    #expect(
      run.complaint
        == "graft: 2.json is of `graft run --seed 7`, and 1.json of `graft run`: "
        + "they are parts of different batches\n")
    // A report is not written over what is joined.
    _ = try folder.run(["run", "a", "--report-json", "1.json"])
    let over = try folder.run(["merge", "1.json", "--report-json", "1.json"])
    #expect(
      over.complaint == "graft: can't write 1.json: it is one of the reports that are joined\n")
  }

  @Test func whatThereIsIsJoinedOnRequest() throws {
    let folder = try folder()
    defer { folder.remove() }
    try runShards(folder, "count")
    _ = try folder.run(
      ["run"] + Self.words + ["--partition", "count:2/3", "--max-failures", "1"]
        + ["--jobs", "1", "--report-json", "2.json"])
    let words = ["merge", "2.json", "1.json"]
    #expect(try folder.run(words).status == 1)
    let run = try folder.run(words + ["--partial", "--report-junit", "j.xml", "-q"])
    // A source with errors weighs more.
    #expect(run.status == 2)
    #expect(run.complaint.contains("graft: 2.json is not whole: the rest was not run"))
    #expect(run.complaint.contains("graft: the report of 3/3 is missing\n"))
    #expect(try folder.text("j.xml").contains("<testsuite name=\"(batch)\""))
    for number in 1...2 {
      _ = try folder.run(
        ["run", "a", "--partition", "count:\(number)/3", "--report-json", "\(number).json"])
    }
    let good = try folder.run(["merge", "1.json", "2.json", "--partial"])
    #expect(good.status == 6)
    #expect(good.output.hasSuffix("6 scenarios: 6 passed; parts of the batch are missing\n"))
  }

  /// A snapshot that is another is one in each part's report too.
  @Test func aDifferenceIsJoined() throws {
    let folder = try BatchFolder(passing: 6)
    defer { folder.remove() }
    _ = try folder.run(["run", "a", "--update"])
    try folder.scratch.write(
      "a/3.graft", BatchFolder.passing(3).replacing("sleep 4ms", with: "sleep 5ms"))
    try folder.scratch.write(
      "a/4.graft", BatchFolder.passing(4).replacing("number 4", with: "another"))
    let forms = Self.forms("whole").dropLast(2)
    let whole = try folder.run(["run", "a", "--check"] + forms)
    #expect(whole.status == 7)
    for number in 1...2 {
      _ = try folder.run(
        ["run", "a", "--check", "--partition", "count:\(number)/2"]
          + ["--report-json", "\(number).json"])
    }
    let merged = try folder.run(["merge", "1.json", "2.json"] + Self.forms("merged").dropLast(2))
    #expect(merged.status == 7)
    #expect(merged.output.contains("DIFF  a/3.graft::number 3\n"))
    for form in ["xml", "tap", "json", "md", "html"] {
      #expect(try folder.text("merged.\(form)") == (try folder.text("whole.\(form)")), "\(form)")
    }
  }

  @Test func reportsOfDifferentFilesAreJoinedInTheirOrder() throws {
    let folder = try folder()
    defer { folder.remove() }
    _ = try folder.run(["run", "m.graft", "--report-json", "m.json"])
    _ = try folder.run(["run", "a", "--report-json", "a.json"])
    let run = try folder.run(["merge", "m.json", "a.json", "-q"])
    #expect(run.status == 4)
    #expect(
      run.output.contains("16 scenarios: 12 passed, 1 failed as expected, 2 failed, 1 skipped"))
  }

  // MARK: Bazel

  @Test func bazelsVariablesAreHeard() throws {
    let folder = try folder()
    defer { folder.remove() }
    try folder.scratch.write("premature", "")
    let run = try folder.run(
      ["run", "a"],
      environment: [
        "TEST_TOTAL_SHARDS": "3", "TEST_SHARD_INDEX": "1", "TEST_SHARD_STATUS_FILE": "status",
        "XML_OUTPUT_FILE": "bazel.xml", "TEST_PREMATURE_EXIT_FILE": "premature",
      ])
    #expect(run.status == 0)
    #expect(run.output.contains("3 scenarios: 3 passed"))
    #expect(folder.exists("status"))
    #expect(!folder.exists("premature"))
    #expect(try folder.text("bazel.xml").contains("tests=\"3\""))
    let one = try folder.run(["run", "a"], environment: ["TESTBRIDGE_TEST_ONLY": "number 4"])
    #expect(one.output.contains("number 4"))
    #expect(!one.output.contains("number 5"))
    // A name from a report is no pattern.
    let row = try folder.run(
      ["run", "m.graft"], environment: ["TESTBRIDGE_TEST_ONLY": "m.graft::rows[n=1]"])
    #expect(row.output.contains("PASS  m.graft::rows[n=1]"))
    #expect(
      try folder.run(
        ["list", "a"], environment: ["TEST_TOTAL_SHARDS": "3", "TEST_SHARD_INDEX": "0"]
      )
      .output.split(separator: "\n").count == 3)
  }

  @Test(arguments: [
    (["TEST_TOTAL_SHARDS": "x"], "TEST_TOTAL_SHARDS is 'x', and should be a number"),
    (
      ["TEST_TOTAL_SHARDS": "2", "TEST_SHARD_INDEX": "5"],
      "TEST_SHARD_INDEX is '5', and should be a number from 0 to 1"
    ),
    (["TEST_TOTAL_SHARDS": "2"], "TEST_SHARD_INDEX is not set, and should be a number from 0 to 1"),
  ])
  func shardsThatMakeNoSenseAreRefused(
    _ environment: [String: String], _ complaint: String
  ) throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run(["run", "a"], environment: environment)
    #expect(run.status == 1)
    #expect(run.complaint == "graft: \(complaint)\n")
    #expect(run.output == "")
  }

  @Test func whoEndsTooSoonLeavesBazelsFile() throws {
    let folder = try BatchFolder([
      "s.graft": "program busy { loop { work 1us } }\nscenario \"s\" { spawn busy; sleep 10h }\n"
    ])
    defer { folder.remove() }
    let run = try GraftProcess.run(
      ["run", "s.graft"], in: folder.scratch.folder, trapAfterSeconds: 1,
      environment: ["TEST_PREMATURE_EXIT_FILE": "premature"])
    #expect(run.status == 70)
    #expect(folder.exists("premature"))
  }
}
