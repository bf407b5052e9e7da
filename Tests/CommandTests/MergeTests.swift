import Foundation
import Testing

/// `graft merge`: shards become the whole, or the command says what is wrong.
@Suite struct MergeTests {
  private static let forms = [
    "--report-junit", "NAME.xml", "--report-tap", "NAME.tap", "--report-json", "NAME.json",
    "--github-summary", "NAME.md",
  ]

  private static func forms(_ name: String) -> [String] {
    forms.map { $0.replacing("NAME", with: name) }
  }

  private func folder() throws -> BatchFolder {
    var files = ["m.graft": BatchFolder.mixed, "z.graft": "scenario \"z\" { aply }\n"]
    for number in 0..<9 { files["a/\(number).graft"] = BatchFolder.passing(number) }
    return try BatchFolder(files)
  }

  private static let words = ["a", "m.graft", "z.graft"]

  private func runShards(_ folder: BatchFolder, _ kind: String) throws {
    for number in 1...3 {
      let run = try folder.run(
        ["run"] + Self.words + ["--partition", "\(kind):\(number)/3"]
          + ["--report-json", "\(number).json"])
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
    for form in ["xml", "tap", "json", "md"] {
      #expect(try folder.text("merged.\(form)") == (try folder.text("whole.\(form)")), "\(form)")
    }
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
    try folder.scratch.write("odd.json", "{\"schema\":\"graft-report\",\"version\":2}")
    try folder.scratch.write("none.json", "[]")
    for (names, complaint) in [
      (["1.json", "3.json"], "the report of 2/3 is missing"),
      (["1.json", "2.json", "3.json", "2.json"], "2.json and 2.json are both count:2/3"),
      (["1.json", "2.json", "3.json", "whole.json"], "whole.json is no shard, and others are"),
      (["whole.json", "other.json"], "is in whole.json and in other.json"),
      (["1.json", "less.json", "3.json"], "less.json is a part of"),
      (["cut.json"], "cut.json is not whole"), (["half.json"], "it is not JSON"),
      (["odd.json"], "it is of version 2"), (["none.json"], "a value has another type"),
      (["nowhere.json"], "No such file"),
    ] {
      let run = try folder.run(["merge"] + names + ["--report-tap", "merged.tap"])
      #expect(run.status == 1, "\(names)")
      #expect(run.complaint.contains(complaint), "\(names): \(run.complaint)")
      #expect(!folder.exists("merged.tap"))
    }
  }

  @Test func reportsOfDifferentFilesAreJoinedInTheirOrder() throws {
    let folder = try folder()
    defer { folder.remove() }
    _ = try folder.run(["run", "m.graft", "--report-json", "m.json"])
    _ = try folder.run(["run", "a", "--report-json", "a.json"])
    let run = try folder.run(["merge", "m.json", "a.json", "-q"])
    #expect(run.status == 4)
    #expect(run.output.contains("16 scenarios: 13 passed, 2 failed, 1 skipped"))
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
