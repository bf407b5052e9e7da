import Foundation
import Testing

/// `--swarm i/n`: independent jobs that search the same scenarios, and `graft merge` of them.
@Suite struct SwarmTests {
  private static let text = """
    kernel "4.4.21-69-default" {
        var calls in 0..2 = 0
        fn f() { calls = calls + 1; return 0 }
        fn g() { return 0 }
        syscall both() { f(); g() }
    }
    patch fix { fn f() { return 1 }  fn g() { return 1 } }
    program looper { loop { both() } }
    program once { both() }
    scenario "long" in every schedule {
        spawn 2 of looper
        never mixed
        reach calls == 2
        apply fix
        await not in_progress
    }
    scenario "short" in every schedule {
        spawn 2 of once
        await calls > 0
        report "calls", calls
    }
    scenario "one run" { sleep 1ms }

    """

  private func folder() throws -> BatchFolder { try BatchFolder(["s.graft": Self.text]) }

  private func jobs(
    _ folder: BatchFolder, _ count: Int, _ options: [String] = [], of file: String = "s.graft"
  ) throws -> [GraftProcess.Outcome] {
    try (1...count).map { number in
      try folder.run(
        ["explore", file, "--swarm", "\(number)/\(count)", "--runs", "40", "--report-json"]
          + ["\(number).json"] + options)
    }
  }

  private func merge(
    _ folder: BatchFolder, _ count: Int, _ options: [String] = []
  ) throws -> GraftProcess.Outcome {
    try folder.run(
      ["merge"] + (1...count).map { "\($0).json" } + ["--report-json", "all.json"] + options)
  }

  @Test func eachJobGoesItsOwnWayAndTheSameEachTime() throws {
    let folder = try folder()
    defer { folder.remove() }
    let words = ["explore", "s.graft::long", "--runs", "40", "--swarm"]
    var seen: Set<String> = []
    for number in 1...7 {
      let run = try folder.run(words + ["\(number)/7"])
      #expect(run.output == (try folder.run(words + ["\(number)/7", "--jobs", "2"])).output)
      #expect(run.status == (number == 1 ? 0 : 6))
      let line = try #require(run.output.split(separator: "\n").first { $0.contains("  job ") })
      let way = String(line).replacing("job \(number)", with: "")
      #expect(seen.insert(way).inserted, "\(line)")
    }
  }

  @Test func onePartThatHasSeenEverythingSaysAll() throws {
    let folder = try folder()
    defer { folder.remove() }
    let alone = try folder.run(["explore", "s.graft", "--report-json", "alone.json"])
    #expect(alone.status == 0)
    let parts = try jobs(folder, 3)
    #expect(parts.map(\.status) == [0, 6, 6])
    #expect(try folder.text("2.json").contains("\"swarm\":{\"number\":2,\"count\":3}"))
    #expect(try folder.text("2.json").contains("\"bound\":\"waiting\",\"order\":\"depth\""))
    #expect(try merge(folder, 3).status == 0)
    // The answers, outcomes and counts of the one search.
    func answers(_ name: String) throws -> [String] {
      try folder.text(name).split(separator: "\n").filter { $0.hasPrefix("{\"number\"") }.map {
        String($0).replacing(#/,"(order|fingerprint|source)":"[^"]*"/#, with: "")
          .replacing(#/,"source":.*/#, with: "")
      }
    }
    #expect(try answers("all.json") == answers("alone.json"))
  }

  @Test func whatOneHasFoundFails() throws {
    let folder = try folder()
    defer { folder.remove() }
    // So few states that the first job finds nothing.
    let rule = ["--break", "immutable-window", "--states", "40"]
    let parts = try jobs(folder, 5, rule, of: "s.graft::long")
    #expect(parts[0].status == 6 && parts.contains { $0.status == 4 })
    let merged = try merge(folder, 5)
    #expect(merged.status == 4)
    #expect(merged.output.contains("1 scenario: 0 passed, 1 failed"))
    let report = try folder.text("all.json")
    #expect(report.contains("\"verdict\":\"failed\""))
    #expect(report.contains("\"complete\":false,\"bound\":\"swarm\""))
    // The shortest of all.
    func steps(_ name: String) throws -> [Int] {
      try folder.text(name).matches(of: #/"verdict":"failed".*?"steps":(\d+)/#).compactMap {
        Int($0.output.1)
      }
    }
    let all = try (1...5).flatMap { try steps("\($0).json") }
    #expect(try steps("all.json") == [all.min()])
  }

  @Test func whatNobodyHasSeenAsAWholeIsOpen() throws {
    let folder = try folder()
    defer { folder.remove() }
    let parts = try jobs(folder, 3, ["--states", "30"], of: "s.graft::long")
    #expect(parts.allSatisfy { $0.status == 6 })
    let merged = try merge(folder, 3)
    #expect(merged.status == 6)
    #expect(merged.output.contains("of 3 jobs of a swarm none has seen everything"))
    let report = try folder.text("all.json")
    #expect(!report.contains("ALWAYS") && report.contains("\"answer\":\"HOLDS\""))
  }

  @Test func aRunHasASeedOfItsOwn() throws {
    let folder = try folder()
    defer { folder.remove() }
    for number in 1...2 {
      let run = try folder.run(
        ["run", "s.graft::one run", "--swarm", "\(number)/2", "--report-json", "\(number).json"])
      #expect(run.status == 0)
      #expect(try folder.text("\(number).json").contains("\"seed\":\(number - 1)"))
    }
    #expect(try merge(folder, 2).status == 0)
  }

  @Test func strangersHolesAndTwinsAreRefused() throws {
    let folder = try folder()
    defer { folder.remove() }
    let one = "s.graft::short"
    func part(_ name: String, _ job: String, _ options: [String] = [], of file: String = one) throws
    {
      _ = try folder.run(
        ["explore", file, "--swarm", job, "--runs", "5", "--report-json", name] + options)
    }
    try part("1", "1/3")
    try part("2", "2/3")
    try part("3", "3/3")
    try part("of4", "2/4")
    try part("other", "2/3", ["--no-symmetry"])
    try part("more", "2/3", of: "s.graft")
    try folder.scratch.write("s.graft", Self.text.replacing("calls > 0", with: "calls > 1"))
    try part("changed", "2/3")
    _ = try folder.run(["explore", one, "--report-json", "whole"])
    try folder.scratch.write(
      "version", try folder.text("2").replacing("\"graft\":\"0.1.0\"", with: "\"graft\":\"0.0.9\""))
    for (names, reason) in [
      (["1", "3"], "the report of 2/3 is missing"),
      (["1", "2", "3", "2"], "2 and 2 are both job 2/3"),
      (["1", "of4", "3"], "they are of different swarms"),
      (["1", "other", "3"], "they are parts of different batches"),
      (["1", "more", "3"], "is not in 1"),
      (["1", "changed", "3"], "s.graft::short has another text in changed than in 1"),
      (["1", "version", "3"], "of graft 0.0.9"),
      (["1", "whole", "2", "3"], "whole is no job of a swarm, and others are"),
    ] {
      let run = try folder.run(["merge"] + names)
      #expect(run.status == 1 && run.complaint.contains(reason), "\(names) \(run.complaint)")
    }
    let partial = try folder.run(["merge", "1", "3", "--partial"])
    #expect(partial.status == 6 && partial.complaint.contains("the report of 2/3 is missing"))
  }

  @Test(arguments: [
    ["--swarm", "0/2"], ["--swarm", "3/2"], ["--swarm", "x"],
    ["--swarm", "1/2", "--strategy", "pct"],
    ["--swarm", "1/2", "--partition", "hash:1/2"], ["--swarm", "1/2", "--check"],
  ])
  func whatMakesNoSenseIsRefused(_ words: [String]) throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run(["explore", "s.graft"] + words)
    #expect(run.status == 1 && !run.complaint.isEmpty)
  }

  @Test(.enabled(if: RequiredTool.python("jsonschema")))
  func thePartsAndTheWholeFollowTheSchema() throws {
    let folder = try folder()
    defer { folder.remove() }
    _ = try jobs(folder, 4, ["--states", "30"])
    _ = try merge(folder, 4)
    let script = """
      import json, jsonschema
      schema = json.load(open('\(packageRoot.path)/Grammar/report.schema.json'))
      for name in ['1', '2', '3', '4', 'all']:
          report = json.load(open(name + '.json'))
          jsonschema.validate(report, schema)
          assert ('swarm' in report) == (name != 'all')
          for item in report['scenarios']:
              assert ('fingerprint' in item) == (name != 'all') or name == 'all'
      """
    try folder.scratch.write("check.py", script)
    let run = try folder.shell("python3 check.py")
    #expect(run.status == 0, "\(run.complaint)")
  }
}
