import Foundation
import Testing

/// The bounds of a search on the command line, and what is said when one is reached.
@Suite struct SearchBoundCommandTests {
  private static func scenario(tasks: Int) -> String {
    """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        fn g() { return 0 }
        syscall both() { f(); g() }
    }
    patch fix { fn f() { return 1 }  fn g() { return 1 } }
    program looper { loop { both() } }
    scenario "s" in every schedule {
        spawn \(tasks) of looper
        never mixed
        apply fix
        await not in_progress
        assert not in_progress
    }

    """
  }

  private func explore(
    _ arguments: [String], tasks: Int = 2, interruptAfterSeconds: Double? = nil
  ) throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      ["explore", "-"] + arguments, input: Array(Self.scenario(tasks: tasks).utf8),
      interruptAfterSeconds: interruptAfterSeconds)
  }

  @Test(arguments: [
    (["--states", "100"], "bounded by states", "the bound of 100 states was reached first"),
    (["--max-memory", "20K"], "bounded by memory", "the budget of 20 KiB was used up first"),
    (["--max-depth", "9"], "bounded by depth", "there are schedules of more than 9 steps"),
  ])
  func eachBoundSaysWhatIsKnownSoFar(
    _ bound: [String], _ headline: String, _ reason: String
  ) throws {
    let run = try explore(bound)
    #expect(run.status == 6)
    #expect(run.output.contains("OPEN ") && run.output.contains("  \(headline): "))
    #expect(run.output.contains(reason))
    #expect(run.output.contains("  HOLDS       never mixed (so far, in "))
    #expect(run.output.contains("  NOT REACHED assert not in_progress (so far, in "))
    #expect(!run.output.contains("ALWAYS"))
    // As many hands as there are: the same bytes.
    #expect(try explore(bound + ["--jobs", "4"]).output == run.output)
  }

  @Test func aViolationThatWasFoundIsFour() throws {
    let run = try explore(["--max-depth", "8", "--break", "immutable-window"])
    #expect(run.status == 4)
    #expect(run.output.contains("bounded by depth"))
    #expect(run.output.contains("  FAILS       never mixed (so far, in "))
    #expect(run.output.contains("= replay: graft run"))
    #expect(try explore(["--max-depth", "7", "--break", "immutable-window"]).status == 6)
  }

  @Test(arguments: [["--max-search-time", "300ms"], ["--max-time", "300ms"]])
  func timeIsABound(_ bound: [String]) throws {
    let run = try explore(bound + ["--no-symmetry"], tasks: 8)
    #expect(run.status == 6)
    #expect(run.output.contains("  bounded by time: "))
    #expect(run.output.contains("the time was over first; --max-search-time and --max-time"))
    #expect(run.output.contains("  HOLDS       never mixed (so far, in "))
  }

  @Test(arguments: ["1", "2"])
  func anInterruptionSaysWhatIsKnown(jobs: String) throws {
    let run = try explore(
      ["--no-symmetry", "--jobs", jobs], tasks: 8, interruptAfterSeconds: 1)
    #expect(run.status == 130)
    #expect(run.output.contains("  interrupted: "))
    #expect(run.output.contains("  HOLDS       never mixed (so far, in "))
    #expect(run.output.contains("interrupted before everything was seen"))
  }

  /// What is violated is told in full although the time was over when it came to telling it.
  @Test func aViolationIsToldAfterAnInterruption() throws {
    let run = try explore(
      ["--no-symmetry", "--break", "immutable-window"], tasks: 8, interruptAfterSeconds: 1.5)
    #expect(run.status == 130)
    #expect(run.output.contains("FAIL ") && run.output.contains("= replay: graft run"))
  }

  @Test func theReportNamesTheBound() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    for (bound, name) in [(["--max-depth", "5"], "depth"), (["--states", "50"], "states")] {
      let run = try GraftProcess.run(
        ["explore", "-", "--report-json", "r.json"] + bound,
        input: Array(Self.scenario(tasks: 2).utf8), in: scratch.folder)
      #expect(run.status == 6)
      let report = try scratch.text("r.json")
      #expect(report.contains("\"complete\":false,\"bound\":\"\(name)\""))
      let merged = try GraftProcess.run(
        ["merge", "r.json", "--report-json", "m.json"], in: scratch.folder)
      #expect(merged.status == 6)
      #expect(try scratch.text("m.json").contains("\"bound\":\"\(name)\""))
    }
  }

  @Test(arguments: [
    ["--max-memory", "12"], ["--max-memory", "0G"], ["--max-memory", "-1G"], ["--max-memory", "G"],
    ["--max-memory", "9999999999999T"], ["--max-depth", "0"], ["--max-depth", "x"],
    ["--max-search-time", "soon"], ["--max-search-time", "0s"],
  ])
  func aBoundThatIsNoneIsRefused(_ bound: [String]) throws {
    let run = try explore(bound)
    #expect(run.status == 1)
    #expect(run.complaint.contains(bound[0]))
  }

  /// On a terminal a search says how far it is, and at its end what it took.
  @Test(.enabled(if: RequiredTool.command("python3")))
  func aTerminalSeesHowFarASearchIs() throws {
    let folder = try BatchFolder(["s.graft": Self.scenario(tasks: 8)])
    defer { folder.remove() }
    let run = try folder.shell(
      """
      python3 - <<'END'
      import os, pty, sys
      os.environ.update(TERM='xterm', COLUMNS='100')
      words = [os.environ['GRAFT'], 'explore', 's.graft', '--no-symmetry']
      status = pty.spawn(words + ['--max-search-time', '2s'], lambda fd: os.read(fd, 1024))
      sys.exit(os.waitstatus_to_exitcode(status))
      END
      """)
    #expect(run.status == 6)
    let drawn = run.output.components(separatedBy: "\r\u{1b}[K").dropFirst()
    let shape = /\d+ states · \d+\/s · frontier \d+ · depth \d+ · [\d.]+ [KMG]iB/
    #expect(drawn.contains { $0.firstMatch(of: shape) != nil })
    #expect(run.output.firstMatch(of: /bytes a state, [\d.]+ [KMG]iB, [\d.]+ s/) != nil)
  }
}
