import Foundation
import Testing

/// `graft demo`, as a user runs it.
@Suite struct DemoTests {
  static let lessons = """
    lesson "one" { chapter "a" { say "Hello."; pause } }
    lesson "two" { say "Again."; assert not in_progress or in_progress }
    scenario "none" { print 1 }
    """

  @Test func withoutATerminalFramesArePrinted() throws {
    let folder = try BatchFolder(["a.graft": "lesson \"one\" { say \"Hello.\"; notes \"softly\" }"])
    defer { folder.remove() }
    let run = try folder.run(["demo", "a.graft", "--size", "40x10"])
    #expect(run.status == 0 && run.complaint.isEmpty)
    // The beginning, what is said, the end: ten rows each, and an empty line.
    #expect(run.output.split(separator: "\n", omittingEmptySubsequences: false).count == 34)
    #expect(run.output.contains("\n Hello.\n"))
    #expect(!run.output.contains("\u{1b}"))
    #expect(try folder.run(["demo", "a.graft", "--size", "40x10"]).output == run.output)
    // With a presenter the notes stand among them.
    let noted = try folder.run([
      "demo", "a.graft", "--presenter", "--notes", "notes", "--size", "40x10",
    ])
    #expect(noted.output.contains(" » softly\n") && !run.output.contains("softly"))
  }

  @Test func oneLessonIsPlayed() throws {
    let folder = try BatchFolder(["a.graft": Self.lessons, "b.graft": "lesson \"x\" {"])
    defer { folder.remove() }
    let all = try folder.run(["demo", "a.graft"])
    #expect(all.status == 1 && all.complaint.contains("there are 2 lessons; name one of them"))
    #expect(try folder.run(["demo", "a.graft::two"]).output.contains("Again."))
    // A scenario that is named is played, too.
    #expect(try folder.run(["demo", "a.graft::none"]).output.contains("none"))
    #expect(try folder.run(["demo", "a.graft::three"]).status == 5)
    #expect(try folder.run(["demo", "b.graft"]).status == 2)
    #expect(try folder.run(["demo", "c.graft"]).status == 1)
    #expect(try folder.run(["demo"]).status == 1)
  }

  @Test func exportsAreFilesOfTheirForms() throws {
    let folder = try BatchFolder(["a.graft": Self.lessons])
    defer { folder.remove() }
    let run = try folder.run([
      "demo", "a.graft::one", "--export", "out/l.cast", "--export", "l.svg", "--export", "l.md",
      "--export", "l.html",
    ])
    #expect(run.status == 0 && run.output.isEmpty && run.complaint.isEmpty)
    #expect(try folder.text("out/l.cast").hasPrefix("{\"version\":2,\"width\":80,\"height\":24"))
    #expect(try folder.text("l.svg").hasPrefix("<svg "))
    #expect(try folder.text("l.md").hasPrefix("# one\n"))
    #expect(try folder.text("l.html").hasPrefix("<!DOCTYPE html>"))
    // A course is one page, and no recording.
    #expect(try folder.run(["demo", "a.graft", "--export", "c.html"]).status == 0)
    #expect(try folder.text("c.html").components(separatedBy: "data-kind=\"lesson\"").count == 3)
    let several = try folder.run(["demo", "a.graft", "--export", "c.cast"])
    #expect(several.status == 1 && several.complaint.contains("takes one lesson"))
    #expect(try folder.run(["demo", "a.graft", "--export", "c.gif"]).status == 1)
    #expect(try folder.run(["demo", "a.graft::one", "--cast-version", "1"]).status == 1)
    #expect(try folder.run(["demo", "a.graft::one", "--size", "big"]).status == 1)
    #expect(try folder.run(["demo", "a.graft::one", "--export", "/proc/x.md"]).status == 1)
  }

  @Test func aLessonThatFailsIsNotExported() throws {
    let folder = try BatchFolder(["a.graft": "lesson \"l\" { say \"a\"; assert in_progress }"])
    defer { folder.remove() }
    let run = try folder.run(["demo", "a.graft", "--export", "l.md"])
    #expect(run.status == 4 && run.complaint.contains("it fails: assertion failed"))
    #expect(throws: (any Error).self) { try folder.text("l.md") }
    let shown = try folder.run(["demo", "a.graft"])
    #expect(shown.status == 4 && shown.output.contains("The lesson fails"))
  }

  @Test(.enabled(if: RequiredTool.command("chromium")))
  func aBrowserPlaysIt() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let script = packageRoot.appending(path: "Tests/Browser/lesson.py").path
    let run = try folder.shell("python3 '\(script)' \"$GRAFT\"")
    let broken = run.output.split(separator: "\n").filter { $0.hasPrefix("NOT") }
    #expect(run.status == 0 && broken.isEmpty, "\(broken) \(run.complaint)")
    #expect(run.output.contains("0 failures"))
  }

  /// The format's own player has the last word.
  @Test(.enabled(if: RequiredTool.command("asciinema")))
  func asciinemaPlaysIt() throws {
    let folder = try BatchFolder(["a.graft": Self.lessons])
    defer { folder.remove() }
    // It wants a terminal of its own, a locale that it trusts, and a folder that it may write to,
    // which a home need not be.
    let run = try folder.shell(
      """
      export LC_ALL=C.UTF-8 ASCIINEMA_CONFIG_HOME="$PWD"
      "$GRAFT" demo a.graft::one --export l.cast && python3 -c \
        'import pty, sys; sys.exit(pty.spawn(["asciinema", "cat", "l.cast"]) >> 8)' </dev/null
      """)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output.contains("Hello."), "\(run.output)")
  }

  /// The player on a real pseudo-terminal.
  @Test(.enabled(if: RequiredTool.command("python3")))
  func itPlaysOnATerminal() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let script = packageRoot.appending(path: "Tests/Prompt/demo.py").path
    let run = try folder.shell("python3 '\(script)' \"$GRAFT\"")
    let broken = run.output.split(separator: "\n").filter { $0.hasPrefix("NOT") }
    #expect(run.status == 0 && broken.isEmpty, "\(broken) \(run.complaint)")
  }
}
