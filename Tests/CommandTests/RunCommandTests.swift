import Foundation
import Testing

/// `graft run` and `graft explore` as a user meets them: the built program, its output and its exit
/// statuses.
@Suite struct RunCommandTests {
  static let root: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Makefile").path) {
      folder.deleteLastPathComponent()
    }
    return folder
  }()

  static let experiment = "Scenarios/manual/central-experiment.graft"
  static let window = "Scenarios/kgraft/immutable-window.graft"

  /// A kernel with one function to patch, for short scenarios.
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn verify() { return 1 }
        syscall recv() { wait packets; verify() }
    }
    patch fix { fn verify() { return 2 } }
    program server { loop { recv() } }

    """

  private func run(
    scenario text: String, _ arguments: [String] = []
  ) throws -> GraftProcess.Outcome {
    try GraftProcess.run(["run", "-"] + arguments, input: Array((Self.kernel + text).utf8))
  }

  // MARK: Exit statuses

  @Test func theCentralExperimentPasses() throws {
    let run = try GraftProcess.run(["run", Self.experiment], in: Self.root)
    #expect(run.status == 0)
    #expect(run.complaint == "")
    #expect(run.output.contains("PASS"))
    // Refused while the transition is under way: EAGAIN, with the kernel's own line.
    #expect(run.output.contains("kgr: can't patch, another patching not yet finalized"))
    #expect(run.output.contains("kgr succeeded"))
  }

  @Test func aWrongCommandLineIsOne() throws {
    for arguments in [
      ["run"], ["run", "--frobnicate", Self.window], ["run", "/nonexistent.graft"],
      ["run", Self.window, "--break", "gravity"], ["run", Self.window, "--replay", "nonsense"],
      ["run", Self.window, "--states", "0"], ["frobnicate"],
    ] {
      let run = try GraftProcess.run(arguments, in: Self.root)
      #expect(run.status == 1, "graft \(arguments.joined(separator: " "))")
      #expect(!run.complaint.isEmpty, "graft \(arguments.joined(separator: " "))")
      #expect(run.output.isEmpty, "graft \(arguments.joined(separator: " "))")
    }
  }

  @Test func aSourceWithErrorsIsTwo() throws {
    let run = try run(scenario: "scenario \"s\" { apply fxi }")
    #expect(run.status == 2)
    #expect(run.complaint.contains("fxi"))
    #expect(run.complaint.contains("`fix`"))
  }

  @Test func aVerbThatFailsIsThree() throws {
    let run = try run(scenario: "scenario \"s\" { spawn server; apply fix; apply fix }")
    #expect(run.status == 3)
    #expect(run.output.contains("EEXIST"))
  }

  @Test func overflowIsThreeWithItsPlace() throws {
    let run = try run(
      scenario: """
        scenario "s" {
            var x = 9223372036854775807
            x = x + 1
            print "{x}"
        }
        """)
    #expect(run.status == 3)
    // Seven lines of kernel, patch and program stand before the scenario.
    #expect(run.output.contains("<stdin>:10:9"))
  }

  @Test func anEndlessComputationIsThree() throws {
    let run = try run(
      scenario: "scenario \"s\" {\n var x = 0\n loop { x = x + 1 - 1 }\n}",
      ["--preset", "untrusted"])
    #expect(run.status == 3)
    #expect(run.output.contains("more than 10000000 operations"))
    #expect(run.output.contains("<stdin>:10:2"))
  }

  @Test func aFailedAssertionIsFourAndShowsItsValues() throws {
    let run = try run(
      scenario: """
        scenario "s" {
            let servers = spawn 2 of server
            sleep 1ms
            assert count(t in servers: t.universe == new) == 3
        }
        """)
    #expect(run.status == 4)
    #expect(run.output.contains("E1001"))
    // The count's value hangs below it, on a line of its own with the stem before it.
    #expect(run.output.contains("|            2"))
    #expect(run.output.contains("[server:100, server:101]"))
  }

  @Test func anAwaitThatExpiresIsFour() throws {
    let run = try run(
      scenario: """
        scenario "s" {
            spawn server
            sleep 1ms
            apply fix
            await not in_progress within 10s
        }
        """)
    #expect(run.status == 4)
    #expect(run.output.contains("within 10s of machine time"))
  }

  @Test func nothingSelectedIsFive() throws {
    let empty = try GraftProcess.run(["run", "-"], input: [])
    #expect(empty.status == 5)
    let unknown = try GraftProcess.run(
      ["run", Self.window + "::no system call sees both universe"], in: Self.root)
    #expect(unknown.status == 5)
    #expect(unknown.complaint.contains("did you mean 'no system call sees both universes'?"))
  }

  @Test func aBoundReachedFirstIsSix() throws {
    let run = try GraftProcess.run(["run", Self.window, "--states", "100"], in: Self.root)
    #expect(run.status == 6)
    #expect(!run.output.contains("PASS"))
  }

  @Test func aTrapIsSeventyAndSaysHowToRepeatIt() throws {
    // A run of hours, and the signal that a trap raises.
    let text =
      Self.kernel
      + "program busy { loop { work 1us } }\nscenario \"long\" { spawn busy; sleep 10h }"
    let run = try GraftProcess.run(
      ["run", "-", "--quiet"], input: Array(text.utf8), trapAfterSeconds: 2)
    #expect(run.status == 70)
    #expect(run.complaint.contains("internal error"))
    #expect(run.complaint.contains("= replay: graft run -::long\n"))
  }

  // MARK: Schedules

  @Test func theSameSeedIsTheSameRunByteForByte() throws {
    for seed in ["0", "1", "18446744073709551615"] {
      let first = try GraftProcess.run(["run", Self.experiment, "--seed", seed], in: Self.root)
      let second = try GraftProcess.run(["run", Self.experiment, "--seed", seed], in: Self.root)
      #expect(first.status == 0)
      #expect(first.output == second.output)
    }
  }

  @Test func seedsPickDifferentSchedules() throws {
    let outputs = try ["0", "1", "2", "3"].map {
      try GraftProcess.run(["run", Self.experiment, "--seed", $0], in: Self.root).output
    }
    #expect(Set(outputs).count == 4)
  }

  @Test func withoutItsImmutableWindowEntriesAreMixed() throws {
    let run = try GraftProcess.run(
      ["run", Self.window, "--break", "immutable-window"], in: Self.root)
    #expect(run.status == 4)
    #expect(run.output.contains("SOMETIMES   never mixed"))
    // The stub of f is in, that of g is not yet: new f, then old g, in one call.
    #expect(run.output.contains("ran new f, then old g of fix_both within one call of both"))
  }

  @Test func theReplayCommandShowsTheSameFailure() throws {
    let run = try GraftProcess.run(
      ["run", Self.window, "--break", "immutable-window"], in: Self.root)
    let line = try #require(run.output.split(separator: "\n").first { $0.contains("= replay: ") })
    let command = try #require(line.components(separatedBy: "= replay: graft ").last)
    let replayed = try GraftProcess.run(Self.words(command), in: Self.root)
    #expect(replayed.status == 4)
    let note = "ran new f, then old g of fix_both within one call of both"
    #expect(replayed.output.contains(note))
  }

  @Test func aReplayOfAnotherTextSaysSo() throws {
    let run = try GraftProcess.run(["run", Self.window, "--replay", "k1-1-0*4"], in: Self.root)
    #expect(run.complaint.contains("belongs to another text"))
    #expect(run.status == 3)
  }

  @Test func exploreSearchesWhatOnlyAsksForOneRun() throws {
    let run = try GraftProcess.run(
      ["explore", "-"],
      input: Array((Self.kernel + "scenario \"s\" { spawn server; apply fix }").utf8))
    #expect(run.status == 0)
    #expect(run.output.contains("every schedule"))
  }

  @Test func quietSaysNothingOfWhatPasses() throws {
    let run = try GraftProcess.run(["run", "--quiet", Self.experiment, Self.window], in: Self.root)
    #expect(run.status == 0)
    #expect(run.output == "2 scenarios: 2 passed\n")
  }

  /// An assertion behind a condition that never holds passes, and says nothing: not silently.
  @Test func quietTellsOfWhatNoScheduleCameTo() throws {
    let text =
      Self.kernel
        + """
        scenario "s" in every schedule {
            let t = spawn server
            if not t.alive { assert in_progress }
        }
        """
    let run = try GraftProcess.run(["run", "-", "--quiet"], input: Array(text.utf8))
    #expect(run.status == 0)
    #expect(run.output.contains("NOT REACHED assert in_progress"))
  }

  @Test func colourIsOnlyThereWhenAskedFor() throws {
    let plain = try GraftProcess.run(["run", Self.experiment], in: Self.root)
    #expect(!plain.output.contains("\u{1b}"))
    let painted = try GraftProcess.run(
      ["run", Self.experiment, "--color", "always"], in: Self.root)
    #expect(painted.output.contains("\u{1b}[32m"))
  }

  /// The words of a command line whose only quotes are single ones.
  private static func words(_ command: String) -> [String] {
    var words: [String] = [""]
    var isQuoted = false
    for character in command {
      if character == "'" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}
