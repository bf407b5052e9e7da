import Foundation
import Testing

/// `graft.toml`: found upwards, a key for each option, and told where it is wrong.
@Suite struct ConfigurationTests {
  private func folder(_ text: String) throws -> BatchFolder {
    try BatchFolder([
      "graft.toml": text, "s.graft": BatchFolder.mixed, "below/further/t.graft": "",
    ])
  }

  @Test func theProfileSaysWhatTheCommandLineDoesNot() throws {
    let folder = try folder(
      """
      # What everybody wants.
      [profile.default]
      tag = ["good or rows", "not nowhere"]   # a list
      quiet = true
      filter = 'rows|passes'

      [profile.ci]
      report-tap = "r.tap"
      quiet = false
      jobs = 2
      """)
    defer { folder.remove() }
    let plain = try folder.run(["run", "s.graft"])
    #expect(plain.output.hasSuffix("4 scenarios: 3 passed, 1 failed\n"))
    #expect(!plain.output.contains("PASS"))
    #expect(try folder.run(["run", "s.graft", "-v"]).output.contains("PASS"))
    let ci = try folder.run(["run", "s.graft", "--profile", "ci"])
    #expect(ci.output.contains("PASS"))
    #expect(try folder.text("r.tap").contains("1..4"))
    // The command line has the last word.
    _ = try folder.run(["run", "s.graft", "--profile=ci", "--report-tap", "other.tap"])
    #expect(folder.exists("other.tap"))
    #expect(try folder.run(["list", "s.graft"]).output.split(separator: "\n").count == 4)
    #expect(
      try folder.run(["run", "s.graft", "--no-config"]).output.contains("7 scenarios"))
  }

  /// Wherever in the project a batch is started, its scenarios have the names that they have at the
  /// project's root: parts of one batch may be started in different folders.
  @Test func aProjectIsOneFromEachOfItsFolders() throws {
    let folder = try folder("filter = \"passes|number\"\n")
    defer { folder.remove() }
    try folder.scratch.write("below/further/t.graft", BatchFolder.passing(1))
    try folder.scratch.write("below/s.graft", BatchFolder.passing(2))
    let further = folder.scratch.folder.appending(path: "below/further")
    func below(_ words: [String]) throws -> GraftProcess.Outcome {
      try GraftProcess.run(
        words, in: further, environment: ["XDG_STATE_HOME": folder.scratch.folder.path + "/state"])
    }
    let all = ["s.graft::passes", "below/further/t.graft::number 1", "below/s.graft::number 2"]
    let listed = try below(["list", "../..", "t.graft", "../s.graft"])
    #expect(
      Set(listed.output.split(separator: "\n").map { $0.split(separator: " @")[0] })
        == Set(all.map { $0[...] }))
    #expect(listed.complaint.contains("where graft.toml is"))
    // What a message calls it is a word, here as there; what is typed comes first.
    #expect(try below(["run", "below/s.graft::number 2"]).status == 0)
    #expect(try below(["list", "s.graft"]).output.hasPrefix("s.graft::passes"))
    // Reports go where they were typed.
    _ = try below(["run", "t.graft", "-q", "--report-junit", "r.xml"])
    #expect(try folder.text("below/further/r.xml").contains("below/further/t.graft"))
    // What failed is known everywhere.
    try folder.scratch.write("below/s.graft", "scenario \"passes not\" { assert in_progress }\n")
    _ = try folder.run(["run", "below", "-q"])
    #expect(try below(["list", "--rerun", "last"]).output == "below/s.graft::passes not\n")
    // Without the file a name is one from where graft was started.
    #expect(try below(["list", "t.graft", "--no-config"]).output == "t.graft::number 1\n")
  }

  /// What is a path there begins where the file is; files that it names need no word.
  @Test func itsPathsBeginWhereItIs() throws {
    let folder = try folder(
      """
      files = ["s.graft", "below"]
      report-junit = "out/r.xml"
      timeout = "1min"
      tap-version = 13
      """)
    defer { folder.remove() }
    try folder.scratch.write("below/further/t.graft", BatchFolder.passing(1))
    let here = try folder.run(["run"])
    #expect(here.output.contains("8 scenarios"))
    #expect(try folder.text("out/r.xml").contains("tests=\"8\""))
    let further = folder.scratch.folder.appending(path: "below/further")
    let below = try GraftProcess.run(["run", "-q", "--tag", "rows"], in: further)
    #expect(below.output.contains("3 scenarios"))
    #expect(try folder.text("out/r.xml").contains("tests=\"3\""))
    #expect(try folder.run(["list"]).output.split(separator: "\n").count == 8)
    // What is named is all there is.
    #expect(try folder.run(["list", "below"]).output == "below/further/t.graft::number 1\n")
  }

  @Test(arguments: [
    ("[profile.default]\n\njob = 2", "graft.toml:3: unknown key 'job'; did you mean 'jobs'?"),
    ("[profile.other]\nreport-junid = 'x'", ":2: unknown key 'report-junid'"),
    ("jobs = \"2\"", ":1: 'jobs' needs a whole number"),
    ("quiet = 1", ":1: 'quiet' needs true or false"),
    ("tag = [1]", ":1: expected a string in quotes"), ("jobs", ":1: expected `=` after 'jobs'"),
    ("tag = \"a", ":1: the string is not closed"), ("jobs = 2 3", ":1: expected the line's end"),
    ("[profile.ci]\n[profile.ci]", ":2: the table [profile.ci] stands here a second time"),
    ("jobs = 1\njobs = 2", ":2: 'jobs' is set a second time"),
    ("[profiles.ci]", ":1: [profiles.ci] is not known"), ("[profile", ":1: expected `]`"),
    ("seed = 4", ":1: 'seed' is for a single run, and no key"),
    ("replay = 'x'", ":1: 'replay' is for a single run"),
    ("files = 3", ":1: 'files' needs a string or"), ("= 2", ":1: expected a key"),
    ("jobs = 1.5", ":1: 'jobs' needs a string in quotes, a whole number"),
    ("tag = \"\\q\"", ":1: this escape is not known"),
    (
      "quiet = true\nbreak = \"quantm\"",
      "graft.toml:2: --break 'quantm' is not known; did you mean"
    ),
    ("# two\n\njobs = 1000", "graft.toml:3: --jobs needs a number from 1 to 256"),
    ("tag = \"(\"", "graft.toml:1: --tag: "), ("runs = 3", "graft.toml:1: --runs goes with"),
  ])
  func whatIsWrongIsToldWithItsLine(_ text: String, _ complaint: String) throws {
    let folder = try folder(text)
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft"])
    #expect(run.status == 1)
    #expect(run.complaint.contains(complaint), "\(run.complaint)")
    #expect(run.output.isEmpty)
  }

  @Test func aProfileThatIsNotThereIsOne() throws {
    let folder = try folder("[profile.nightly]\njobs = 2\n")
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft", "--profile", "nightli"])
    #expect(run.status == 1)
    #expect(run.complaint.contains("has no profile 'nightli'; did you mean 'nightly'?"))
  }

  /// Every key is an option of `graft run`, and each of its options that has a place in a project
  /// is a key.
  @Test func everyKeyIsAnOption() throws {
    let help = try GraftProcess.run(["run", "--help"]).output
    var options = Set(help.matches(of: /--([a-z][a-z-]+)/).map { String($0.1) })
    // Those of a single run, and those that say where the file is.
    options.subtract([
      "seed", "replay", "limits", "rerun", "help", "version", "profile", "no-config", "watch",
      "update", "quiet", "verbose",
    ])
    let folder = try BatchFolder(["s.graft": "scenario \"s\" { sleep 1ms }\n"])
    defer { folder.remove() }
    for key in options.sorted() {
      try folder.scratch.write("graft.toml", "[profile.x]\n\(key) = \"value\"\n")
      let run = try folder.run(["run", "s.graft"])
      #expect(!run.complaint.contains("unknown key"), "\(key)")
    }
  }
}
