import Foundation
import Testing

/// Every option of every command, tried through the built program: what it is to do is seen.
@Suite struct FlagTests {
  /// A command line, and what it comes to.
  struct Use: Sendable, CustomTestStringConvertible {
    var words: [String]
    var status: Int32
    /// What stands in the output, the complaint or the file; with `!` before it, what does not.
    var said: String
    /// A report to look into.
    var file: String?

    init(_ words: String, _ status: Int32, _ said: String, in file: String? = nil) {
      self.words = words.split(separator: " ").map(String.init).map {
        $0.replacing("_", with: " ")
      }
      self.status = status
      self.said = said
      self.file = file
    }

    var testDescription: String { words.joined(separator: " ") }
  }

  private static let files = [
    "s.graft": """
    scenario "good" @a { sleep 1ms ; report "figure", 7 }
    scenario "bad" @b { assert in_progress }

    """,
    "k.graft": RunCommandTests.kernel + """
      scenario "k" in every schedule { spawn server; apply fix; await not in_progress }

      """,
    // It asks for nothing that hangs on how waiting tasks are woken.
    "m.graft": RunCommandTests.kernel + """
      scenario "m" @a { spawn server; apply fix; sleep 1ms; assert in_progress }

      """,
    "broken.graft": "scenario {\n",
    "wrong.graft": "scenario \"w\" { aply fix }\n", "odd.graft": "scenario  \"o\"  { sleep 1ms }\n",
    "kept.graft": "scenario \"o\" { sleep 1ms }\n", "kept.graft.expected": "== o\nFAIL\n",
    "graft.toml": "[profile.small]\nfilter = \"good\"\n",
  ]

  /// What `run` and `explore` have in common, behind the command and `s.graft`.
  private static let ofBatches: [Use] = [
    Use("--jobs 2", 4, "1 passed, 1 failed"), Use("-j 2", 4, "1 passed, 1 failed"),
    Use("-j3", 4, "1 passed, 1 failed"), Use("--max-failures 1", 4, "1 failed"),
    Use("--max-time 1h", 4, "1 passed, 1 failed"), Use("--timeout 1h", 4, "1 passed, 1 failed"),
    Use("--repeat 2", 4, "1 passed, 1 failed"), Use("--slowest 1", 4, " ms"),
    Use("--break fake-signal", 4, "--break fake-signal"), Use("--never mixed", 4, "--never mixed"),
    Use("--preset ci", 4, "!--preset"),
    Use("--preset repl", 4, "--preset repl"), Use("--preset untrusted", 4, "--preset untrusted"),
    Use("--limits", 0, "untrusted"), Use("--verbose", 4, "> sleep 1ms"),
    Use("-v", 4, "> sleep 1ms"),
    Use("--quiet", 4, "!PASS"), Use("-q", 4, "!PASS"), Use("--color auto", 4, "!\u{1b}["),
    Use("--color always", 4, "\u{1b}["), Use("--color never", 4, "!\u{1b}["),
    Use("--check", 4, "there is no s.graft.expected yet"),
    Use("--update", 4, "wrote s.graft.expected: 2 scenarios"),
    Use("--tag b", 4, "FAIL  s.graft::bad"), Use("--filter good", 0, "good"),
    Use("--partition count:1/2", 0, "good"), Use("--profile small", 0, "good"),
    Use("--no-config --profile small", 4, "2 scenarios"),
    Use("--swarm 1/2", 4, "1 failed"),
    Use("--exact", 4, "1 failed"),
    Use("--states 100000", 4, "1 passed, 1 failed"), Use("--no-symmetry", 4, "1 failed"),
    Use("--no-dead-variables", 4, "1 failed"), Use("--no-partial-order", 4, "1 failed"),
    Use("--timed", 4, "1 failed"), Use("--timed --grain 1us", 4, "1 failed"),
    Use("--never mixed", 4, "1 failed"), Use("--strategy random --runs 10", 4, "1 failed"),
    Use("--max-memory 1G", 4, "1 failed"), Use("--max-depth 1000", 4, "1 failed"),
    Use("--max-search-time 1h", 4, "1 failed"), Use("--save r", 4, "# schedules: ", in: "r"),
    Use("--report-junit r", 4, "<testsuites name=\"graft\"", in: "r"),
    Use("--report-tap r", 4, "TAP version 14\n", in: "r"),
    Use("--report-tap r --tap-version 13", 4, "TAP version 13\n", in: "r"),
    Use("--report-json r", 4, "\"schema\":\"graft-report\"", in: "r"),
    Use("--report-html r", 4, "<!DOCTYPE html>", in: "r"),
    Use("--report-html r --timelines", 4, "<!DOCTYPE html>", in: "r"),
    Use("--report-github", 4, "::error file=s.graft"),
    Use("--github-summary r", 4, "## ❌ graft", in: "r"),
    Use("--report-trace r", 4, "\"traceEvents\"", in: "r"),
    Use("--trace r", 4, "s.graft::bad", in: "r"),
  ]

  static let uses: [Use] =
    ["run", "explore"].flatMap { command in
      ofBatches.map { use in
        var use = use
        use.words = [command, "s.graft"] + use.words
        return use
      }
        + [
          Use("\(command) wrong.graft --error-format long", 2, "error[E"),
          Use("\(command) wrong.graft --error-format short", 2, "wrong.graft:1:16: error"),
          Use("\(command) wrong.graft --error-format json", 2, "\"line\":1"),
          Use("\(command) kept.graft --check", 7, "DIFF  kept.graft::o"),
          Use("\(command) --rerun last", 5, "nothing failed"),
          Use("\(command) - --watch", 1, "standard input can't be watched"),
          Use("\(command) k.graft --states 2", 6, "--states allows more"),
          Use("\(command) --help", 0, "USAGE: graft \(command)"),
          Use("\(command) -h", 0, "USAGE: graft \(command)"),
          Use("\(command) --version", 0, "graft 0."),
        ]
    } + [
      Use("run s.graft --seed 3", 4, "--seed 3"),
      Use("explore s.graft --strategy pct --runs 5 --seed 3", 4, "1 failed"),
      Use("explore k.graft --exact", 4, "  complete, exact: "),
      Use("run s.graft --swarm 2/2 --report-json r", 4, "\"count\":2", in: "r"),
      Use("explore s.graft --swarm 2/2 --report-json r", 4, "\"count\":2", in: "r"),
      Use("explore k.graft --swarm 2/3", 6, "  job 2 of 3, depth first"),
      Use("explore k.graft --swarm 3/3 --seed 5 --runs 9", 6, "seed 8"),
      Use("explore k.graft --states 5 --checkpoint r", 6, "is kept; to go on:"),
      Use("explore k.graft --states 5 --checkpoint r --checkpoint-every 1s", 6, "--resume r"),
      Use("explore k.graft --resume nowhere", 1, "can't go on from nowhere: No such file"),
      Use("run s.graft::good --replay nonsense", 1, "is not a replay token"),
      Use("list s.graft --format text", 0, "s.graft::good @a\n"),
      Use("list s.graft --format json", 0, "\"line\":1"),
      Use("list s.graft --tag b", 0, "bad"), Use("list s.graft --filter good", 0, "!bad"),
      Use("list s.graft --partition count:2/2", 0, "bad"),
      Use("list s.graft --profile small", 0, "!bad"),
      Use("list s.graft --no-config --profile small", 0, "bad"),
      Use("list --rerun last", 5, "nothing failed"),
      Use("list wrong.graft --error-format short", 2, "wrong.graft:1:16: error"),
      Use("list wrong.graft --color always", 2, "\u{1b}["),
      Use("mutate m.graft --rule fake-signal", 4, "missed"),
      Use("mutate m.graft --rule fake-signal --all", 4, "missed"),
      Use("mutate m.graft --rule fake-signal --jobs 1", 4, "missed"),
      Use("mutate m.graft --rule fake-signal -j 1", 4, "missed"),
      Use("mutate m.graft --rule fake-signal --states 100000", 4, "missed"),
      Use("mutate m.graft --rule fake-signal --preset ci", 4, "missed"),
      Use("mutate m.graft --rule fake-signal --report-json r", 4, "\"fake-signal\"", in: "r"),
      Use("mutate m.graft --rule fake-signal --report-json -", 4, "{\"format\":"),
      Use("mutate m.graft --rule fake-signal --quiet", 4, "missed"),
      Use("mutate m.graft --rule fake-signal -q", 4, "missed"),
      Use("mutate m.graft --tag b", 5, "no scenario"),
      Use("mutate m.graft --filter nothing", 5, "no scenario"),
      Use("mutate m.graft --partition count:2/2", 5, "!missed"),
      Use("mutate m.graft --profile small", 5, "no scenario"),
      Use("mutate m.graft --rule fake-signal --no-config --profile small", 4, "missed"),
      Use("mutate --rerun last", 5, "nothing failed"),
      Use("mutate wrong.graft --error-format short", 2, "wrong.graft:1:16: error"),
      Use("mutate wrong.graft --color always", 2, "\u{1b}["),
      Use("check wrong.graft --error-format long", 2, "error[E"),
      Use("check wrong.graft --error-format short", 2, "wrong.graft:1:16: error"),
      Use("check wrong.graft --error-format json", 2, "\"line\":1"),
      Use("check wrong.graft --color always", 2, "\u{1b}["),
      Use("lint wrong.graft --error-format short", 2, "wrong.graft:1:16: error"),
      Use("lint wrong.graft --color never", 2, "!\u{1b}["),
      Use("lint s.graft --strict", 0, "!error"),
      Use("fmt --check odd.graft", 7, "odd.graft"),
      Use("fmt broken.graft --error-format short", 2, "broken.graft:1:"),
      Use("fmt broken.graft --color always", 2, "\u{1b}["),
      Use("repl -e print_\"said\"", 0, "said"), Use("--version", 0, "graft 0."),
      Use("--help", 0, "USAGE: graft"), Use("-h", 0, "USAGE: graft"),
    ]

  @Test(arguments: uses)
  func anOptionDoesWhatItSays(_ use: Use) throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    let run = try folder.run(use.words)
    #expect(run.status == use.status, "\(run.output)\(run.complaint)")
    let text = try use.file.map(folder.text) ?? run.output + run.complaint
    if use.said.hasPrefix("!") {
      #expect(!text.contains(use.said.dropFirst()), "\(text)")
    } else {
      #expect(text.contains(use.said), "\(text.prefix(2_000))")
    }
  }

  /// What `merge` takes, of a part that a run has left.
  @Test func whatIsJoinedTakesTheSameForms() throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    _ = try folder.run(
      ["run", "s.graft", "--report-json", "part.json", "--report-trace", "part.trace"])
    for use in Self.ofMerge {
      let run = try folder.run(["merge", "part.json"] + use.words)
      #expect(run.status == use.status, "\(use)")
      let text = try use.file.map(folder.text) ?? run.output + run.complaint
      let isThere = text.contains(use.said.drop { $0 == "!" })
      #expect(isThere != use.said.hasPrefix("!"), "\(use): \(text.prefix(2_000))")
    }
  }

  private static let ofMerge: [Use] =
    ofBatches.filter { use in
      use.file != nil
        && use.words.allSatisfy { !["--trace", "--timelines", "--save"].contains($0) }
    } + [
      Use("-q", 4, "!PASS"), Use("--quiet", 4, "!PASS"), Use("--partial", 4, "1 failed"),
      Use("--report-github", 4, "::error file=s.graft"), Use("--help", 0, "USAGE: graft merge"),
    ]

  /// Those that other suites try, because they take more than a line.
  private static let elsewhere: Set<String> = [
    "run --watch", "explore --watch", "--version", "--help", "--generate-completion-script",
    "merge --help", "merge --version",
  ]

  @Test(arguments: ["run", "explore", "list", "merge", "mutate", "check", "lint", "fmt"])
  func everyOptionOfEveryCommandIsTried(_ command: String) throws {
    let help = try GraftProcess.run([command, "--help"]).output
    let lines = help.matches(of: /^  (?:-[a-z], )?--([a-z][a-z-]+)/.anchorsMatchLineEndings())
    let options = Set(lines.map { "--\($0.1)" }).subtracting(["--help", "--version"])
    #expect(!options.isEmpty)
    let tried =
      command == "merge"
      ? Set(Self.ofMerge.flatMap(\.words))
      : Set(Self.uses.filter { $0.words.first == command }.flatMap(\.words))
    for option in options where !Self.elsewhere.contains("\(command) \(option)") {
      #expect(tried.contains(option), "no test runs graft \(command) with \(option)")
    }
  }
}
