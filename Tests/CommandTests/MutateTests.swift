import Analysis
import Execution
import Foundation
import Testing

/// `graft mutate`: which rules of the patching engine a suite would miss.
@Suite struct MutateTests {
  /// One that says what the immutable window is for, and one that patches and looks at nothing.
  private static let kernel = """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        fn g() { return 0 }
        syscall both() { let x = f(); let y = g(); return x + y }
    }
    patch fix {
        fn f() { return 1 }
        fn g() { return 1 }
    }
    program looper { loop { both() } }
    program napper { loop { both(); sleep 1s } }

    """
  private static let careful = """
    scenario "no call is mixed" in every schedule {
        spawn 2 of looper
        never mixed
        apply fix
        await not in_progress
    }

    """
  private static let careless = """
    scenario "it is patched" in every schedule {
        spawn 2 of looper
        apply fix
        await not in_progress
    }

    """

  private func mutate(_ scenarios: String, _ arguments: [String]) throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      ["mutate", "-"] + arguments, input: Array((Self.kernel + scenarios).utf8))
  }

  @Test func aSuiteThatClaimsTheRuleNoticesIt() throws {
    let run = try mutate(Self.careless + Self.careful, ["--rule", "immutable-window"])
    #expect(run.status == 0, "\(run.output)\(run.complaint)")
    #expect(
      run.output == """
        CAUGHT immutable-window: slow stubs decide by the task's flag from the first one on
          -::no call is mixed
            `never mixed` does not hold
        1 rule taken out, 2 scenarios: 1 noticed, 0 missed

        """)
  }

  /// A call that begins in the window and meets one stub runs new code, then old: the monitor sees
  /// it in some schedule, and the command shows it again.
  @Test func aRuleThatNobodyClaimsIsMissedAndShown() throws {
    let run = try mutate(Self.careless, ["--rule", "immutable-window"])
    #expect(run.status == 4)
    #expect(run.output.contains("MISSED immutable-window"))
    #expect(run.output.contains("it would show in -::it is patched, if that were claimed"))
    #expect(run.output.contains("`never mixed` does not hold"))
    #expect(run.output.contains("1 rule taken out, 1 scenario: 0 noticed, 1 missed"))
    let line = try #require(run.output.split(separator: "\n").first { $0.contains("to see it:") })
    #expect(line.hasSuffix("--break immutable-window --never mixed"), "\(line)")
    let token = try #require(
      line.split(separator: "--replay ").last?.split(separator: " ").first)
    let again = try GraftProcess.run(
      [
        "run", "-", "--replay", token.trimmingCharacters(in: ["'"]), "--break",
        "immutable-window", "--never", "mixed",
      ], input: Array((Self.kernel + Self.careless).utf8))
    #expect(again.status == 4)
    #expect(again.output.contains("`never mixed` does not hold"))
  }

  /// A zombie holds nothing up here, for nobody dies: no rule about zombies can show.
  @Test func aRuleThatNothingComesToIsMissedWithoutAWayToIt() throws {
    let run = try mutate(Self.careful, ["--rule", "zombie-exemption"])
    #expect(run.status == 4)
    #expect(
      run.output.contains("no claim of these scenarios, no monitor and no run of theirs tells"))
  }

  /// How often the worker looks is seen in a run alone, by when things happen.
  @Test func aRuleOfTimeShowsInARun() throws {
    let sleeper = """
      scenario "a sleeper" {
          spawn napper
          apply fix
          sleep 5s
      }

      """
    let run = try mutate(sleeper, ["--rule", "quantum"])
    #expect(run.status == 4)
    // The first of the looks that come every millisecond, and none before two seconds otherwise.
    #expect(run.output.contains("new: `0.001"), "\(run.output)")
    #expect(run.output.contains("the worker looks: 1 still in the old universe`"))
    #expect(run.output.contains("= to see it: graft run '-::a sleeper' --break quantum --verbose"))
  }

  @Test func whatDoesNotPassIsNotAsked() throws {
    let run = try mutate(
      "scenario \"wrong\" { assert not in_progress == in_progress }\n", [])
    #expect(run.status == 4)
    #expect(run.complaint.contains("what does not pass can't miss anything"))
    #expect(!run.output.contains("MISSED"))
  }

  @Test func whatIsWrongWithTheWordsIsSaid() throws {
    let rule = try mutate(Self.careful, ["--rule", "quantun"])
    #expect(rule.status == 1)
    #expect(rule.complaint.contains("--rule 'quantun' is not known; did you mean 'quantum'?"))
    let none = try mutate(Self.careful, ["--filter", "nobody"])
    #expect(none.status == 5)
    let empty = try GraftProcess.run(["mutate", "-"], input: [])
    #expect(empty.status == 5)
  }

  @Test func anyNumberOfHandsSaysTheSame() throws {
    let arguments = ["--all", "--rule", "immutable-window", "--rule", "cpu-switch"]
    let one = try mutate(Self.careless + Self.careful, arguments + ["--jobs", "1"])
    let four = try mutate(Self.careless + Self.careful, arguments + ["--jobs", "4"])
    #expect(one.output == four.output && one.status == four.status)
  }

  @Test func theReportIsJSON() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.folder.appending(path: "missed.json").path
    let run = try mutate(
      Self.careless, ["--rule", "immutable-window", "--quiet", "--report-json", path])
    #expect(run.status == 4)
    let data = try Data(contentsOf: URL(filePath: path))
    let object = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["format"] as? String == "graft-mutation/1")
    #expect(object["missed"] as? Int == 1)
    let rules = try #require(object["rules"] as? [[String: Any]])
    #expect(rules.count == 1 && rules[0]["rule"] as? String == "immutable-window")
    let exposure = try #require(rules[0]["exposure"] as? [String: Any])
    #expect(exposure["scenario"] as? String == "-::it is patched")
  }

  /// Noticed, and missed and exposed: all of it follows `Grammar/mutation.schema.json`.
  @Test(.enabled(if: RequiredTool.python("jsonschema")))
  func theReportFollowsItsSchema() throws {
    let folder = try BatchFolder([
      "m.graft": Self.kernel + Self.careful, "less.graft": Self.kernel + Self.careless,
    ])
    defer { folder.remove() }
    for (file, rule) in [("m.graft", "immutable-window"), ("less.graft", "fake-signal")] {
      let rules = ["--rule", "immutable-window", "--rule", rule]
      _ = try folder.run(["mutate", file, "--report-json", "\(file).json"] + rules)
    }
    let script = """
      import json, jsonschema
      schema = json.load(open('\(packageRoot.path)/Grammar/mutation.schema.json'))
      jsonschema.Draft202012Validator.check_schema(schema)
      for name in ['m.graft.json', 'less.graft.json']:
          report = json.load(open(name))
          jsonschema.validate(report, schema)
          assert report['missed'] == sum(rule['missed'] for rule in report['rules'])
          jsonschema.validate({**report, 'rules': report['rules'][:1]}, schema)
          try:
              jsonschema.validate({**report, 'rules': [{'rule': 'x'}]}, schema)
          except jsonschema.ValidationError: continue
          raise SystemExit('the schema lets anything pass')
      """
    try folder.scratch.write("check.py", script)
    let run = try folder.shell("python3 check.py")
    #expect(run.status == 0, "\(run.complaint)")
  }

  /// Each monitor of the language can be claimed on the command line, and nothing else.
  @Test func everyMonitorCanBeClaimed() {
    #expect(
      StandingClaim.allCases.map(\.rawValue).sorted() == MonitorName.all.map(\.name).sorted())
  }
}
