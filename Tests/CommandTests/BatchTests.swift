import Foundation
import Testing

/// Batches through the built program: order, workers, ends.
@Suite struct BatchTests {
  static let reports = [
    "--report-junit", "r.xml", "--report-tap", "r.tap", "--report-json", "r.json",
    "--github-summary", "r.md", "--report-trace", "r.trace", "--trace", "r.jsonl",
  ]
  private static let reportNames = ["r.xml", "r.tap", "r.json", "r.md", "r.trace", "r.jsonl"]

  /// Files of differing length, so that later ones are done before earlier ones.
  private func unevenFolder() throws -> BatchFolder {
    var files = ["z.graft": BatchFolder.mixed]
    for number in 0..<24 {
      files["a/\(100 + number).graft"] =
        number % 5 == 0
        ? """
        program busy { loop { work 1us } }
        scenario "long \(number)" { spawn busy; sleep 20ms; assert \(number < 20 ? "not " : "")in_progress }

        """ : BatchFolder.passing(number)
    }
    return try BatchFolder(files)
  }

  @Test func theNumberOfWorkersChangesNotAByte() throws {
    let folder = try unevenFolder()
    defer { folder.remove() }
    var texts: [[String]] = []
    for jobs in ["1", "2", "7"] {
      let run = try folder.run(["run", "a", "z.graft", "--jobs", jobs] + Self.reports)
      #expect(run.status == 4)
      texts.append([run.output, run.complaint] + (try Self.reportNames.map(folder.text)))
    }
    #expect(texts[0][0].contains("::long 20"))
    #expect(texts.allSatisfy { $0 == texts[0] })
    // In source order: the folder by name, then the file.
    let heads = texts[0][0].split(separator: "\n").filter { $0.contains("::") && $0.first != " " }
    #expect(heads.first?.contains("a/100.graft::long 0") == true)
  }

  @Test func anErrorInOneFileLeavesTheOthersTheirVerdict() throws {
    let folder = try BatchFolder([
      "a.graft": BatchFolder.passing(1), "b.graft": "scenario \"b\" { aply fix }\n",
      "c.graft": "scenario \"c\" { assert in_progress }\n",
    ])
    defer { folder.remove() }
    let run = try folder.run(["run", ".", "--report-json", "r.json"])
    #expect(run.status == 2)
    #expect(run.complaint.contains("b.graft:1:"))
    #expect(run.output.contains("FAIL  c.graft::c"))
    #expect(run.output.contains("2 scenarios: 1 passed, 1 failed; 1 file with errors"))
    #expect(try folder.text("r.json").contains("\"name\":\"(source)\""))
  }

  @Test func maxFailuresEndsInSourceOrder() throws {
    var files: [String: String] = [:]
    for number in 0..<40 {
      files["\(100 + number).graft"] =
        "scenario \"s\" { assert \(number % 2 == 0 ? "not " : "")in_progress }\n"
    }
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let outputs = try ["1", "5"].map { jobs in
      let run = try folder.run([
        "run", ".", "--max-failures", "3", "--jobs", jobs, "--report-tap", "r.tap",
      ])
      #expect(run.status == 4)
      return run.output + (try folder.text("r.tap"))
    }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0].contains("6 scenarios: 3 passed, 3 failed"))
    #expect(outputs[0].contains("1..6\nBail out!"))
  }

  @Test func maxTimeEndsAScenarioThatIsUnderWay() throws {
    let folder = try BatchFolder([
      "s.graft": """
      program busy { loop { work 1us } }
      scenario "short" { sleep 1ms }
      scenario "long" { spawn busy; sleep 10h }

      """
    ])
    defer { folder.remove() }
    for jobs in ["1", "2"] {
      let run = try folder.run([
        "run", "s.graft", "--max-time", "500ms", "--jobs", jobs, "--report-json", "r.json",
      ])
      #expect(run.status == 6)
      #expect(
        run.output.contains("2 scenarios: 1 passed, 1 without an answer; the time was over"))
      #expect(
        run.output.contains(
          "OPEN  s.graft::long  it was under way when the batch's time was over\n"))
      let report = try folder.text("r.json")
      #expect(report.contains("\"stopped_by\":\"max_time\""))
      #expect(report.contains("\"selected\":2,\"unreached\":0"))
    }
  }

  @Test func anInterruptionWritesTheReportsOfWhatRan() throws {
    let folder = try BatchFolder([
      "s.graft": """
      program busy { loop { work 1us } }
      scenario "short" { sleep 1ms }
      scenario "long" { spawn busy; sleep 10h }
      scenario "never reached" { sleep 1ms }

      """
    ])
    defer { folder.remove() }
    for jobs in ["1", "3"] {
      let run = try folder.run(
        signalled: ["run", "s.graft", "--jobs", jobs, "--report-junit", "r.xml"],
        afterSeconds: 1.5)
      #expect(run.status == 130)
      #expect(run.output.contains("interrupted before the rest"))
      let report = try folder.text("r.xml")
      #expect(report.contains("name=\"short\""))
      #expect(report.hasSuffix("</testsuites>\n"))
      // What was under way is named, with its line.
      #expect(run.output.contains("OPEN  s.graft::long  it was under way when the batch was"))
      #expect(report.contains("name=\"long\" classname=\"s.graft\" file=\"s.graft\" line=\"3\""))
      #expect(report.contains("<testsuite name=\"(batch)\""))
      // What failed and what was not reached is to be run again.
      let again = try folder.run(["list", "--rerun", "last"])
      #expect(again.status == 0)
      #expect(again.output.contains("s.graft::long\n"))
      #expect(again.output.contains("s.graft::never reached\n") == (jobs == "1"))
      #expect(!again.output.contains("s.graft::short"))
    }
  }

  /// The second Ctrl-C, a while after the first, waits for nothing.
  /// The budget of operations would end it after several seconds of a debug build.
  @Test(arguments: ["run", "explore"])
  func aComputationIsInterrupted(_ command: String) throws {
    let folder = try BatchFolder(["s.graft": "scenario \"s\" { loop { } }\n"])
    defer { folder.remove() }
    let run = try folder.run(
      signalled: [command, "s.graft", "--report-junit", "r.xml"], afterSeconds: 0.5)
    #expect(run.status == 130)
    #expect(run.output.contains("interrupted before the rest"))
    #expect(try folder.text("r.xml").hasSuffix("</testsuites>\n"))
  }

  @Test func aSecondInterruptionEndsAtOnce() throws {
    let folder = try BatchFolder([
      "s.graft": """
      program busy { loop { work 1us } }
      scenario "s" { spawn busy; sleep 100ms }

      """
    ])
    defer { folder.remove() }
    // Nobody reads from the pipe, which is full at once: the trace can never be written.
    let run = try folder.shell(
      """
      mkfifo pipe; exec 3<>pipe
      "$GRAFT" run s.graft --trace pipe & graft=$!
      sleep 1; kill -TERM $graft; sleep 0.6; kill -TERM $graft
      wait $graft
      """)
    #expect(run.status == 143)
  }

  @Test func whatFailedIsRunAgain() throws {
    let folder = try BatchFolder(["s.graft": BatchFolder.mixed])
    defer { folder.remove() }
    #expect(try folder.run(["run", "s.graft"]).status == 4)
    let again = try folder.run(["run", "--rerun", "last"])
    #expect(again.status == 4)
    #expect(again.output.contains("2 scenarios: 2 failed") || again.output.contains("0 passed, 2"))
    // It converges: when nothing fails any more, nothing is left.
    try folder.scratch.write(
      "s.graft",
      BatchFolder.mixed.replacing("assert in_progress", with: "assert not in_progress").replacing(
        "< 3", with: "< 9")
    )
    let mended = try folder.run(["run", "--rerun", "last"])
    #expect(mended.status == 0)
    #expect(mended.output.contains("2 scenarios: 2 passed"))
    let nothing = try folder.run(["run", "--rerun", "last"])
    #expect(nothing.status == 5)
    #expect(nothing.complaint.contains("nothing failed"))
  }

  /// What is not run keeps its state, whatever else runs meanwhile.
  @Test func whatWasNotRunThisTimeIsStillLeft() throws {
    let folder = try BatchFolder([
      "s.graft": BatchFolder.mixed, "t.graft": "scenario \"t\" { assert in_progress }\n",
      "u.graft": BatchFolder.passing(1),
    ])
    defer { folder.remove() }
    func left() throws -> [String] {
      try folder.run(["list", "--rerun", "last"]).output.split(separator: "\n").map {
        String($0.split(separator: " @")[0])
      }
    }
    _ = try folder.run(["run", ".", "-q"])
    let all = ["s.graft::fails", "s.graft::rows[n=3]", "t.graft::t"]
    #expect(try left() == all)
    // The command that a failure prints; one that passes; a seed that is another question.
    _ = try folder.run(["run", "s.graft::fails", "--seed", "0"])
    _ = try folder.run(["run", "u.graft", "-q"])
    #expect(try Set(left()) == Set(all))
    #expect(try folder.run(["list", "t.graft", "--rerun", "last"]).output == "t.graft::t\n")
    try folder.scratch.write("t.graft", "scenario \"t\" { sleep 1ms }\n")
    _ = try folder.run(["run", "t.graft"])
    #expect(try Set(left()) == Set(all.dropLast()))
    // A file that is away is said, and blocks nobody; when it is back, so is what it had left.
    _ = try folder.shell("mv s.graft v.graft")
    let gone = try folder.run(["run", "--rerun", "last"])
    #expect(gone.status == 5)
    #expect(gone.complaint.contains("graft: s.graft is not there, and is left out\n"))
    _ = try folder.shell("mv v.graft s.graft")
    #expect(try Set(left()) == Set(all.dropLast()))
    // A batch of everything is done with what is not there.
    _ = try folder.shell("mv s.graft v.graft")
    _ = try folder.run(["run", ".", "-q"])
    #expect(try Set(left()) == ["v.graft::fails", "v.graft::rows[n=3]"])
  }

  /// A name in a report is of one thing.
  @Test(arguments: [
    "scenario \"a\" for n in [1, 2] { print n }\nscenario \"a[n=1]\" { print 1 }\n",
    "scenario \"a[n=1]\" { print 1 }\nscenario \"a\" for n in [1, 2] { print n }\n",
    "scenario \"(source)\" { print 1 }\n", "scenario \"(expected)\" { print 1 }\n",
    "scenario \"a\" for n in [1, 2, 1] { print n }\n",
  ])
  func noTwoCasesHaveOneName(_ text: String) throws {
    let folder = try BatchFolder(["s.graft": text])
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft", "--error-format", "short"])
    #expect(run.status == 2)
    #expect(run.complaint.contains("error[E060"), "\(run.complaint)")
    #expect(run.complaint.split(separator: "\n").count { $0.contains("error[") } == 1)
  }

  @Test func theOptionsOfTheLastBatchAreThoseOfTheNext() throws {
    let folder = try BatchFolder([
      "s.graft": "scenario \"s\" { assert in_progress }\nscenario \"t\" { sleep 1ms }\n"
    ])
    defer { folder.remove() }
    _ = try folder.run(["run", "s.graft", "--seed", "5", "--preset", "untrusted"])
    let again = try folder.run(["run", "--rerun", "last"])
    #expect(again.output.contains("seed 5"))
    #expect(
      again.output.contains("replay: graft run s.graft::s --seed 5 --preset untrusted\n"))
    // With other options it is another question, which is asked first now.
    _ = try folder.run(["explore", "s.graft", "-q"])
    let other = try folder.run(["run", "--rerun", "last"])
    #expect(other.output.contains("every schedule"))
    #expect(
      other.complaint.contains("1 more are left of graft run 'FILE…' --seed 5 --preset untrusted"))
  }

  @Test func aScenarioHasATimeOfItsOwn() throws {
    let folder = try BatchFolder([
      "s.graft": "scenario \"hangs\" { loop { } }\nscenario \"short\" { sleep 1ms }\n"
    ])
    defer { folder.remove() }
    let run = try folder.run([
      "run", "s.graft", "--timeout", "300ms", "--report-junit", "r.xml", "--report-html", "r.html",
    ])
    #expect(run.status == 3)
    #expect(run.output.contains("ERROR s.graft::hangs"))
    #expect(
      run.output.contains("the scenario takes more than 300ms of the clock's time, its --timeout"))
    #expect(run.output.contains("= replay: graft run s.graft::hangs --seed 0 --timeout 300ms"))
    #expect(run.output.contains("2 scenarios: 1 passed, 1 could not go on"))
    #expect(try folder.text("r.xml").contains("name=\"hangs\""))
    #expect(try folder.run(["run", "s.graft", "--timeout", "soon"]).status == 1)
  }

  /// A log that people read when something fails: no line for what passes.
  @Test func aLogInCIIsQuiet() throws {
    let folder = try BatchFolder(["s.graft": BatchFolder.mixed])
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft"], environment: ["CI": "true"])
    #expect(!run.output.contains("PASS") && run.output.contains("FAIL  s.graft::fails"))
    #expect(
      try folder.run(["run", "s.graft", "-v"], environment: ["CI": "true"]).output
        .contains("PASS  s.graft::passes"))
  }

  @Test func whatDidNotPassIsNamedAtTheEnd() throws {
    let folder = try BatchFolder(["s.graft": BatchFolder.mixed])
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft", "-j2"])
    #expect(
      run.output.hasSuffix(
        """

          FAIL  s.graft::fails
          FAIL  s.graft::rows[n=3]

        7 scenarios: 3 passed, 1 failed as expected, 2 failed, 1 skipped

        """))
  }

  @Test func aTerminalThatIsClosedLeavesReports() throws {
    let folder = try BatchFolder([
      "s.graft": "program busy { loop { work 1us } }\nscenario \"s\" { spawn busy; sleep 10h }\n"
    ])
    defer { folder.remove() }
    let run = try folder.shell(
      """
      "$GRAFT" run s.graft --report-json r.json & graft=$!
      sleep 1; kill -HUP $graft; wait $graft
      """)
    #expect(run.status == 129)
    #expect(try folder.text("r.json").contains("\"stopped_by\":\"interrupted\""))
  }

  @Test func repeatingComesToTheSame() throws {
    let folder = try BatchFolder(["s.graft": BatchFolder.mixed])
    defer { folder.remove() }
    let once = try folder.run(["run", "s.graft", "--jobs", "1"])
    let often = try folder.run(["run", "s.graft", "--jobs", "1", "--repeat", "3"])
    #expect(often.status == once.status)
    #expect(often.output == once.output)
  }

  @Test func theSlowestAreNamedOnStandardError() throws {
    let folder = try unevenFolder()
    defer { folder.remove() }
    let run = try folder.run(["run", "a", "-q", "--slowest", "3"])
    let lines = run.complaint.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.contains(" steps  a/") })
  }

  @Test func verboseTellsEveryStory() throws {
    let folder = try BatchFolder(passing: 2)
    defer { folder.remove() }
    #expect(try !folder.run(["run", "a"]).output.contains("> sleep"))
    let told = try folder.run(["run", "a", "--verbose"]).output
    #expect(told.contains("> sleep 1ms") && told.contains("> sleep 2ms"))
  }

  @Test func limitsAreShown() throws {
    let run = try GraftProcess.run(["run", "--limits"])
    #expect(run.status == 0)
    #expect(run.output.contains("untrusted") && run.output.contains("operations"))
  }

  @Test(arguments: [
    ["--jobs", "0"], ["--jobs", "x"], ["--max-failures", "0"], ["--max-time", "5"],
    ["--max-time", "-1s"], ["--repeat", "0"], ["--rerun", "first"],
    ["--slowest", "-1"], ["--color", "blue"], ["--tap-version", "12"], ["--timeout", "0s"],
    ["--report-junit", "x", "--report-tap", "x"], ["--report-junit", "x", "--report-tap", "./x"],
    ["--report-junit", "-", "--report-tap", "-"], ["-q", "-v"],
  ])
  func aWrongOptionIsOne(_ options: [String]) throws {
    let folder = try BatchFolder(passing: 2)
    defer { folder.remove() }
    let run = try folder.run(["run", "a"] + options)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(!run.complaint.isEmpty)
    #expect(!folder.exists("x"))
  }

  @Test func coloursFollowTheOptionAndTheEnvironment() throws {
    let folder = try BatchFolder(passing: 1)
    defer { folder.remove() }
    func hasColour(_ options: [String], _ environment: [String: String] = [:]) throws -> Bool {
      try folder.run(["run", "a"] + options, environment: environment).output
        .contains("\u{1b}")
    }
    #expect(try !hasColour([]))
    #expect(try hasColour(["--color", "always"]))
    #expect(try hasColour(["--color", "always"], ["NO_COLOR": "1"]))
    #expect(try !hasColour(["--color", "never"]))
  }
}

extension BatchFolder {
  /// `graft`, and the signal of Ctrl-C after so many seconds.
  func run(signalled arguments: [String], afterSeconds: Double) throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      arguments, in: scratch.folder, interruptAfterSeconds: afterSeconds,
      environment: ["XDG_STATE_HOME": scratch.folder.path + "/state"])
  }
}
