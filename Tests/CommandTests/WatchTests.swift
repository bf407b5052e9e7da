import Foundation
import Testing

/// `--watch`: what changed runs again, and what uses it; nothing else.
@Suite struct WatchTests {
  @Test func whatAFileIsUsedByRunsAgain() throws {
    let folder = try BatchFolder([
      "a/shared.graft": "program p { loop { work 1ms } }\n",
      "a/uses.graft": "use \"shared.graft\"\nscenario \"uses it\" { spawn p; sleep 1ms }\n",
      "a/alone.graft": "scenario \"alone\" { sleep 1ms }\n",
    ])
    defer { folder.remove() }
    // Waits for a line in the output, ten seconds at the most.
    let run = try folder.shell(
      """
      until_line() { n=0; until [ "$(grep -c "$1" out)" -ge "$2" ]; do
        n=$((n + 1)); [ $n -lt 200 ] || return 1; sleep 0.05; done; }
      # A shell lets no Ctrl-C through to what runs in the background; CI servers send SIGTERM.
      "$GRAFT" run a --watch --jobs 1 >out 2>err & graft=$!
      trap 'kill -KILL $graft 2>/dev/null' EXIT
      until_line 'uses it' 1 && until_line 'PASS  a/alone' 1 || exit 9
      watching() { n=0; until [ "$(grep -c watching err)" -ge "$1" ]; do
        n=$((n + 1)); [ $n -lt 200 ] || return 1; sleep 0.05; done; }
      watching 1 || exit 12
      echo 'program p { loop { work 2ms } }' >a/shared.graft
      until_line 'uses it' 2 || exit 10
      watching 2 || exit 13
      echo 'scenario "new" { sleep 1ms }' >a/new.graft
      until_line 'PASS  a/new.graft' 1 || exit 11
      watching 3 || exit 14
      kill -TERM $graft; wait $graft; status=$?
      grep -c 'a/alone.graft::' out
      exit $status
      """)
    #expect(run.status == 143, "\(run.output)\(run.complaint)")
    #expect(run.output == "1\n")
  }

  @Test(arguments: [["--report-tap", "x"], ["--rerun", "last"], ["-"]])
  func whatCannotBeWatchedIsOne(_ words: [String]) throws {
    let folder = try BatchFolder(passing: 1)
    defer { folder.remove() }
    #expect(try folder.run(["run", "--watch"] + words).status == 1)
  }
}
