import Foundation
import Testing

/// `graft explore --checkpoint FILE`, and `--resume FILE` to go on.
@Suite struct CheckpointCommandTests {
  private static func text(tasks: Int = 2, more: String = "") -> String {
    """
    kernel "4.4.21-69-default" {
        var calls in 0..2 = 0
        fn f() { calls = calls + 1; return 0 }
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
        check calls < 2
        report "calls", calls
    }
    \(more)

    """
  }

  private func folder() throws -> BatchFolder {
    try BatchFolder([
      "s.graft": Self.text(),
      "two.graft": Self.text(more: "scenario \"t\" { sleep 1ms }"),
    ])
  }

  @Test(arguments: [
    [], ["--no-symmetry", "--jobs", "2"], ["--no-partial-order"], ["--strategy", "depth"],
    ["--no-dead-variables", "--break", "immutable-window"],
  ])
  func theAnswerIsThatOfAnUnbrokenSearch(_ options: [String]) throws {
    let folder = try folder()
    defer { folder.remove() }
    let words = ["explore", "s.graft"] + options
    let whole = try folder.run(words)
    let bounded = try folder.run(words + ["--states", "400", "--checkpoint", "c"])
    #expect(bounded.output.contains("bounded by states") && folder.exists("c"))
    if bounded.status == 6 {
      #expect(bounded.complaint.contains("graft: how far the search came is kept; to go on:\n"))
      #expect(bounded.complaint.contains(" --resume c\n"))
    }
    let farther = try folder.run(
      words + ["--states", "900", "--resume", "c", "--checkpoint", "c"])
    let direct = try folder.run(words + ["--states", "900"])
    #expect(Self.withoutBytes(farther.output) == Self.withoutBytes(direct.output))
    let resumed = try folder.run(words + ["--resume", "c"])
    #expect(resumed.output == whole.output && resumed.status == whole.status)
    #expect(resumed.complaint == whole.complaint)
  }

  @Test(arguments: ["1", "2"])
  func anInterruptionIsGoneOnFrom(_ jobs: String) throws {
    let folder = try BatchFolder(["s.graft": Self.text(tasks: 6)])
    defer { folder.remove() }
    let words = ["explore", "s.graft", "--no-symmetry", "--jobs", jobs, "--states", "300000"]
    let run = try GraftProcess.run(
      words + ["--checkpoint", "c", "--checkpoint-every", "100ms"], in: folder.scratch.folder,
      interruptAfterSeconds: 0.3)
    #expect(run.status == 130 && run.output.contains("  interrupted: "))
    #expect(
      run.complaint.contains("to go on:\n  graft explore s.graft::s --no-symmetry --resume c"))
    let resumed = try folder.run(words + ["--resume", "c"])
    let whole = try folder.run(words)
    #expect(resumed.status == 6)
    #expect(Self.withoutBytes(resumed.output) == Self.withoutBytes(whole.output))
  }

  /// Of a search that a bound of states ends, some parts may have been made in vain.
  private static func withoutBytes(_ text: String) -> String {
    text.replacing(#/\d+ bytes a state/#, with: "")
  }

  @Test func whatIsNoneOfThisSearchIsRefused() throws {
    let folder = try folder()
    defer { folder.remove() }
    _ = try folder.run(["explore", "s.graft", "--states", "400", "--checkpoint", "c"])
    let bytes = Array(try Data(contentsOf: folder.scratch.folder.appending(path: "c")))
    let text = String(decoding: bytes.prefix(19), as: UTF8.self)
    #expect(text == "graft-checkpoint 1\n")
    try folder.scratch.write("cut", bytes.dropLast(20))
    try folder.scratch.write("half", bytes.prefix(30))
    try folder.scratch.write("empty", [])
    try folder.scratch.write("foreign", Array("{\"schema\":\"graft-report\"}".utf8))
    try folder.scratch.write("older", Array("graft-checkpoint 0\n".utf8) + bytes.dropFirst(19))
    var flipped = bytes
    flipped[bytes.count / 2] ^= 4
    try folder.scratch.write("flipped", flipped)
    let other = String(decoding: bytes.prefix(25), as: UTF8.self).replacing("0.1.0", with: "0.0.9")
    try folder.scratch.write("stranger", Array(other.utf8) + bytes.dropFirst(25))
    for (name, options, reason) in [
      ("cut", [], "it is damaged, or was cut short"), ("half", [], "or was cut short"),
      ("empty", [], "it is no checkpoint"), ("foreign", [], "it is no checkpoint of a search"),
      ("older", [], "it is of version 0; this graft goes on from 1"),
      ("flipped", [], "it is damaged"), ("nowhere", [], "No such file"),
      ("stranger", [], "it was made by graft 0.0.9, and this is graft 0.1.0"),
      ("c", ["--no-symmetry"], "it was made with no options, and this search has `--no-symmetry`"),
      ("c", ["--break", "quantum"], "the text has changed since, or the rules have"),
      ("c", ["--strategy", "depth"], "this search has `--strategy depth`"),
      ("c", ["--max-depth", "2", "--no-partial-order"], "this search has `--no-partial-order`"),
    ] as [(String, [String], String)] {
      let run = try folder.run(["explore", "s.graft", "--resume", name] + options)
      #expect(run.status == 1, "\(name) \(options)")
      #expect(run.complaint.contains("graft: can't go on from \(name): "), "\(run.complaint)")
      #expect(run.complaint.contains(reason), "\(run.complaint)")
    }
    try folder.scratch.write("s.graft", Self.text().replacing("calls < 2", with: "calls < 1"))
    #expect(
      try folder.run(["explore", "s.graft", "--resume", "c"]).complaint
        .contains("c: the text has changed since"))
    #expect(
      try folder.run(["explore", "two.graft::s", "--resume", "c"]).complaint
        .contains("c: it belongs to s.graft::s"))
  }

  @Test(arguments: [
    (["two.graft", "--checkpoint", "c"], "--checkpoint needs one scenario"),
    (["s.graft", "--checkpoint", "c", "--strategy", "pct"], "nothing is kept"),
    (["s.graft", "--resume", "c", "--swarm", "1/2"], "nothing is kept"),
    (["s.graft", "--checkpoint-every", "1s"], "goes with --checkpoint"),
    (["s.graft", "--checkpoint", "c", "--checkpoint-every", "x"], "is no duration"),
    (["s.graft", "--checkpoint", "c", "--repeat", "2"], "are for one search"),
  ])
  func whatMakesNoSenseIsRefused(_ words: [String], _ reason: String) throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run(["explore"] + words)
    #expect(run.status == 1 && run.complaint.contains(reason), "\(run.complaint)")
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let folder = try folder()
    defer { folder.remove() }
    let run = try folder.run(
      ["explore", "s.graft", "--states", "400", "--checkpoint", "no/where"])
    #expect(run.status == 6 && run.complaint.contains("graft: can't write no/where"))
  }
}
