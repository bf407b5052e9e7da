import Foundation
import Testing

/// `--save FILE`, and what takes schedules from it.
@Suite struct SaveCommandTests {
  private static let scenario = """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        syscall call() { f() }
    }
    patch fix { fn f() { return 1 } }
    program looper { loop { call() } }
    scenario "open" in every schedule { spawn looper; apply fix; assert not in_progress }
    scenario "safe" in every schedule {
        spawn looper; never mixed; apply fix; await not in_progress
    }
    scenario "timed" { sleep 1ms }

    """

  private func saved() throws -> BatchFolder {
    let folder = try BatchFolder(["s.graft": Self.scenario])
    let run = try folder.run(["run", "s.graft", "--save", "w.txt", "-q"])
    #expect(run.status == 4)
    return folder
  }

  @Test func bothSidesAreInIt() throws {
    let folder = try saved()
    defer { folder.remove() }
    let lines = try folder.text("w.txt").split(separator: "\n").dropFirst()
    #expect(
      lines.map { $0.split(separator: "\t").prefix(2).joined(separator: " ") } == [
        "fails s.graft::open", "passes s.graft::open", "passes s.graft::safe",
      ])
    // The same bytes whatever the number of hands.
    let again = try folder.run(["run", "s.graft", "--save", "v.txt", "-q", "--jobs", "1"])
    #expect(try again.status == 4 && folder.text("v.txt") == folder.text("w.txt"))
  }

  @Test(arguments: [("@w.txt", 4), ("@w.txt:fails", 4), ("@w.txt:passes", -1)])
  func aRunTakesOneFromIt(_ name: String, _ status: Int32) throws {
    let folder = try saved()
    defer { folder.remove() }
    let run = try folder.run(["run", "s.graft::open", "--replay", name])
    #expect(!run.complaint.contains("another text"))
    #expect(run.output.contains("replayed, "))
    #expect(status == 4 ? run.status == 4 : !run.output.contains("assertion failed"))
    let safe = try folder.run(["run", "s.graft::safe", "--replay", "@w.txt"])
    #expect(safe.status == 0 && safe.complaint.isEmpty)
  }

  @Test func aPromptTakesOneFromIt() throws {
    let folder = try saved()
    defer { folder.remove() }
    let prompt = try folder.run(["repl", "s.graft::open", "--replay", "@w.txt", "-e", "where"])
    let token = try #require(
      try folder.text("w.txt").split(separator: "\n").dropFirst().first?.split(separator: "\t").last
    )
    let same = try folder.run(["repl", "s.graft::open", "--replay", String(token), "-e", "where"])
    #expect(prompt.output == same.output && prompt.status == same.status)
    #expect(!prompt.output.isEmpty)
  }

  @Test func aFileThatIsNoneIsRefused() throws {
    let folder = try saved()
    defer { folder.remove() }
    try folder.scratch.write("empty", "# nothing\n")
    try folder.scratch.write("odd", "fails\tx\n")
    try folder.scratch.write("one", "passes\ts.graft::open\tk1-1f3c-0.1\n")
    for (name, words) in [
      ("@none", "none: "), ("@empty", "no schedule in it"), ("@odd", "line 1 is no schedule"),
      ("@one:fails", "no schedule in it that fails"), ("@", "No such file"), ("nonsense", "@FILE"),
    ] {
      let run = try folder.run(["run", "s.graft::open", "--replay", name])
      #expect(run.status == 1 && run.complaint.contains(words), "\(name): \(run.complaint)")
    }
    // Of another text: it is said.
    let other = try folder.run(["run", "s.graft::open", "--replay", "@one"])
    #expect(other.complaint.contains("belongs to another text"))
  }
}
