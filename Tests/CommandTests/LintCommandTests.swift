import Foundation
import Testing

@Suite struct LintCommandTests {
  static let questionable = """
    program server { loop { work 1ms } }
    scenario "s" { spawn server; sleep 1s }

    """

  @Test func aWarningFailsOnlyWhenStrict() throws {
    let input = Array(Self.questionable.utf8)
    let run = try GraftProcess.run(["lint", "-"], input: input)
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(
      run.complaint == """
        warning[W0802]: this scenario claims nothing, and passes whatever happens
         --> <stdin>:2:10
          |
        2 | scenario "s" { spawn server; sleep 1s }
          |          ^^^
          |
          = help: end it with what must hold: `assert …`, `await … within D`, `expect log …`

        1 warning

        """)
    #expect(try GraftProcess.run(["lint", "--strict", "-"], input: input).status == 4)
  }

  @Test func theFormsAreThoseOfCheck() throws {
    let input = Array(Self.questionable.utf8)
    let short = try GraftProcess.run(["lint", "--error-format", "short", "-"], input: input)
    #expect(short.complaint.hasPrefix("<stdin>:2:10: warning[W0802]: "))
    let json = try GraftProcess.run(["lint", "--error-format", "json", "-"], input: input)
    #expect(json.output.hasPrefix("{\"version\":1,\"severity\":\"warning\",\"code\":\"W0802\","))
    #expect(json.complaint == "")
  }

  @Test func whatIsWrongIsSaidFirst() throws {
    let run = try GraftProcess.run(["lint", "-"], input: Array("scenario \"s\" { spawn x }".utf8))
    #expect(run.status == 2)
    #expect(run.complaint.contains("error[E0201]"))
    #expect(!run.complaint.contains("W0802"))
  }

  /// A kernel in a file of its own is judged together with the scenarios that use it.
  @Test func usedFilesCount() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write(
      "kernel.graft", "kernel \"3.12\" { var n = 0; syscall probe() { n = n + 1 } }\n")
    try scratch.write(
      "a.graft",
      """
      use "kernel.graft"
      program looper { loop { probe() } }
      scenario "s" in every schedule { let t = spawn looper; always t.alive; await t.in_kernel }

      """)
    let run = try GraftProcess.run(["lint", "a.graft"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(run.complaint.contains("warning[W0806]"))
    #expect(run.complaint.contains("--> a.graft:3"))
    #expect(run.complaint.contains("::: kernel.graft:1:"))
  }

  @Test func theScenariosOfThisPackageAreFreeOfWarnings() throws {
    let folder = packageRoot.appending(path: "Scenarios")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".graft") }.sorted()
    let run = try GraftProcess.run(["lint", "--strict"] + files, in: folder)
    #expect(run.status == 0)
    #expect(run.output + run.complaint == "")
  }
}
