import Foundation
import Testing

/// The manual page and the completions that `make install` installs.
@Suite struct ManualTests {
  @Test func theManualPageTellsEveryCommandAndOption() throws {
    let page = try GraftProcess.run(["manual"])
    #expect(page.status == 0)
    #expect(page.output.hasPrefix(".TH GRAFT 1"))
    for command in ["RUN", "EXPLORE", "LIST", "MERGE", "CHECK", "FMT", "LINT", "EXPLAIN"] {
      #expect(page.output.contains(".SH GRAFT \(command)\n"))
    }
    let help = try GraftProcess.run(["run", "--help"]).output
    for option in Set(help.matches(of: /--[a-z-]+/).map { String($0.0) }) {
      #expect(page.output.contains(option.replacing("-", with: "\\-")), "\(option)")
    }
  }

  @Test(.enabled(if: RequiredTool.command("man")))
  func manReadsIt() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let run = try folder.shell(
      "\"$GRAFT\" manual >graft.1 && MANWIDTH=100 LC_ALL=C.UTF-8 man --warnings -l graft.1 | col -b"
    )
    #expect(run.status == 0)
    #expect(run.complaint == "")
    #expect(run.output.contains("--report-junit"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func thereAreCompletions(_ shell: String) throws {
    let script = try GraftProcess.run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    #expect(script.output.contains("report-junit"))
  }
}
