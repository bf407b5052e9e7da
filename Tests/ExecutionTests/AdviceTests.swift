import Execution
import Testing

/// What a run that goes wrong advises can be done as it stands there.
@Suite struct AdviceTests {
  private func failure(_ body: String) throws -> Failure {
    let outcome = try ScenarioTexts.run("scenario \"x\" {\n\(body)\n}").outcome
    return try #require(outcome.failure)
  }

  @Test func aWriteThatMayFailIsAdvisedWhole() throws {
    let help = try #require(try failure("write \"/proc/1/nope\", \"1\"").diagnostic.help)
    #expect(help.contains("`write \"/proc/1/nope\", \"1\" fails ENOENT`"))
    let body = "write \"/proc/1/nope\", \"1\" fails ENOENT"
    let outcome = try ScenarioTexts.run("scenario \"x\" { \(body) }").outcome
    #expect(outcome.failure == nil)
  }

  /// A path in the text that no world has, and that is nearly one that there is.
  @Test(arguments: [
    ("cat(\"/proc/versoin\")", "/proc/version"),
    ("cat(\"/sys/kernel/kgraft/in_progres\")", "/sys/kernel/kgraft/in_progress"),
    ("cat(\"/sys/kernel/kgraf/in_progress\")", "/sys/kernel/kgraft"),
    ("ls(\"/pro\")", "/proc"), ("cat(\"/proc/sys/kernel/tained\")", "/proc/sys/kernel/tainted"),
  ])
  func aMisspeltPathIsSeen(_ call: String, _ path: String) throws {
    let found = ScenarioTexts.unit("scenario \"x\" { print \(call) }").diagnostics
    #expect(found.map(\.code.rawValue) == ["E0207"])
    #expect(found.first?.labels.first?.message.contains("`\(path)`") == true)
  }

  /// What is there, what only a world can have, and what is said to fail.
  @Test(arguments: [
    "print cat(\"/proc/version\")", "print ls(\"/proc/\")", "print cat(\"/proc/100/stat\")",
    "print cat(\"/sys/kernel/kgraft/in_progressed/state\")", "print cat(\"/sys/module/fix/taint\")",
    "cat(\"/proc/versoin\") fails ENOENT", "cat(\"/etc/passwd\") fails ENOENT",
  ])
  func otherPathsAreLeftAlone(_ statement: String) {
    let text = """
      kernel "3.12" { fn f() { work 1us }  syscall s() { f() } }
      patch in_progressed { fn f() { work 2us } }
      scenario "x" { apply in_progressed; \(statement) }
      """
    #expect(ScenarioTexts.unit(text).diagnostics.isEmpty)
  }

  /// `use` without a path is the parser's mistake, and nobody else's.
  @Test(arguments: ["use common", "use", "use \"{x}\""])
  func aUseWithoutAPathIsOneMistake(_ use: String) {
    let unit = ScenarioTexts.unit("\(use)\nscenario \"x\" { sleep 1ms }")
    #expect(unit.diagnostics.count == 1)
  }
}
