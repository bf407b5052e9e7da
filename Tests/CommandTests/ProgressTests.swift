import Foundation
import Testing

/// The progress line: on a terminal, and nowhere else.
@Suite struct ProgressTests {
  /// What graft writes to a terminal, for some seconds of work.
  private func onTerminal(
    _ arguments: [String], environment: String = ""
  ) throws -> GraftProcess.Outcome {
    let folder = try BatchFolder([
      "a/long.graft": """
      program busy { loop { work 1us } }
      scenario "busy" for n in [1, 2, 3, 4, 5, 6, 7, 8] { spawn busy; sleep 500ms; assert n < 8 }

      """,
      "a/short.graft": BatchFolder.passing(1),
    ])
    defer { folder.remove() }
    let words = (["run", "a", "--jobs", "2"] + arguments).map { "'\($0)'" }.joined(separator: ",")
    return try folder.shell(
      """
      python3 - <<'END'
      import os, pty, sys
      os.environ.update(TERM='xterm', COLUMNS='90')
      \(environment)
      graft = os.environ['GRAFT']
      status = pty.spawn([graft, \(words)], lambda fd: os.read(fd, 1024))
      sys.exit(os.waitstatus_to_exitcode(status))
      END
      """)
  }

  @Test(.enabled(if: RequiredTool.command("python3")))
  func aTerminalSeesHowFarItIs() throws {
    let run = try onTerminal([])
    #expect(run.status == 4)
    let drawn = run.output.components(separatedBy: "\r\u{1b}[K").dropFirst()
    #expect(drawn.contains { $0.contains("scenarios") && $0.contains("file 1 of 2") })
    #expect(drawn.contains { $0.contains("slowest") })
    // It is gone when the last line is said, and nothing of it is left between two others.
    #expect(run.output.contains("9 scenarios: 8 passed, 1 failed"))
    for line in run.output.split(whereSeparator: \.isNewline) where line.contains("PASS") {
      #expect(!line.contains("slowest") || line.contains("\u{1b}[K"))
    }
  }

  /// A search says how fast it is, what it has met and not looked at, and when it will end so.
  @Test(.enabled(if: RequiredTool.command("python3")))
  func aSearchSaysHowItGoesOn() throws {
    let text = """
      kernel "4.4" { fn f() { return 0 } syscall call() { f(); f() } }
      patch fix { fn f() { return 1 } }
      program looper { loop { call() } }
      scenario "s" { spawn 9 of looper; never mixed; apply fix; await not in_progress }

      """
    let folder = try BatchFolder(["s.graft": text])
    defer { folder.remove() }
    let run = try folder.shell(
      """
      python3 - <<'END'
      import os, pty, sys
      os.environ.update(TERM='xterm', COLUMNS='140')
      words = ['explore', 's.graft', '--no-symmetry', '--jobs', '1', '--max-search-time', '3s']
      status = pty.spawn([os.environ['GRAFT']] + words, lambda fd: os.read(fd, 1024))
      sys.exit(os.waitstatus_to_exitcode(status))
      END
      """)
    #expect(run.status == 6)
    let drawn = run.output.components(separatedBy: "\r\u{1b}[K").dropFirst()
    #expect(drawn.contains { $0.contains(" states · ") && $0.contains("/s · frontier ") })
    #expect(
      drawn.contains {
        $0.contains("at its bound in about ") || $0.contains(" to go") || $0.contains("grows")
      })
  }

  @Test(.enabled(if: RequiredTool.command("python3")), arguments: ["quiet", "CI", "dumb"])
  func whoDoesNotWatchSeesNone(_ reason: String) throws {
    let run = try onTerminal(
      reason == "quiet" ? ["-q"] : [],
      environment: reason == "CI"
        ? "os.environ['CI'] = 'true'" : reason == "dumb" ? "os.environ['TERM'] = 'dumb'" : "")
    #expect(run.status == 4)
    #expect(!run.output.contains("\u{1b}[K"))
  }
}
