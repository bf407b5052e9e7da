import Diagnostics
import Execution
import Testing

/// Every mistake is said at once: what is found as a scenario is lowered, too.
@Suite struct EveryErrorTests {
  private func codes(_ text: String) -> [String] {
    let unit = ScenarioUnit(path: "a.graft", bytes: Array(text.utf8)) { _ in .success([]) }
    return (unit.diagnostics + unit.refusals).map(\.code.rawValue)
  }

  private static let kernel = """
    kernel "3.12" { fn f() { work 1us }; syscall s() { f() }; module "ext4" { } }
    patch fix { fn f() { work 2us } }

    """

  @Test func commandsAreCheckedBesideOtherErrors() {
    let commands = "  $ kgr statsu\n  $ foo\n  $ insmod exd4\n  $ zypper install fox\n"
    #expect(
      codes(Self.kernel + "scenario \"s\" {\n\(commands)  apply fix\n}")
        == ["E0223", "E0221", "E0222", "E0226"])
    // In the order of the text, among the others.
    #expect(
      codes(Self.kernel + "scenario \"s\" {\n  sleep 5\n\(commands)  apply fox\n}")
        == ["E0302", "E0223", "E0221", "E0222", "E0226", "E0201"])
    // What could not be read may have declared the module and the package.
    #expect(
      codes(Self.kernel + "patch other { = }\nscenario \"s\" {\n\(commands)  apply fix\n}")
        .suffix(2) == ["E0223", "E0221"])
  }

  @Test func whatIsExpectedToFailOrSkippedIsLeftAlone() {
    #expect(
      codes(
        """
        scenario "a" { sleep 5
          $ foo fails ENOENT
        }
        scenario "b" { skip "later"
          $ foo
        }
        """) == ["E0302"])
    // Nor what a line names that is no command line at all.
    #expect(codes("scenario \"a\" {\n  $ foo $(bar)\n}") == ["E0225"])
  }
}
