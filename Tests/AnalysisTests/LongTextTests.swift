import Diagnostics
import Syntax
import Testing

@testable import Analysis

/// Texts so long that nobody wrote them: one fitting diagnostic at its place, without the work that
/// it says is too much. What would take the square of the length is counted here, not timed.
@Suite struct LongTextTests {
  private func numbered(_ line: String, _ count: Int) -> String {
    let parts = line.split(separator: "#", omittingEmptySubsequences: false)
    return (0..<count).map { parts.joined(separator: "\($0)") }.joined(separator: "\n")
  }

  private func checker(_ source: String) -> Checker {
    var map = SourceMap()
    let text = SourceText(name: "demo.graft", source)
    let (tree, _) = parse(text, file: map.add(text))
    let checker = Checker(sources: map, hosts: [], commands: [])
    checker.run([tree])
    return checker
  }

  // MARK: Suggestions

  @Test(arguments: ["print unknown#", "unknown#(1)", "apply unknown#", "unknown# = 1", "unknown#"])
  func onlyErrorsThatAreShownGetSuggestions(_ line: String) {
    let checker = checker("scenario \"s\" {\n\(numbered(line, 2_000))\n}\n")
    #expect(checker.sortedDiagnostics.count == 101)
    #expect(checker.suggestions.count == SuggestionBudget.greatestCount)
  }

  /// 2,000 names in reach for each of 400 that are unknown would be 800,000 to be gone through.
  @Test func namesThatAreGoneThroughAreBounded() {
    let known = numbered("let known# = #", 2_000)
    let checker = checker("scenario \"s\" {\n\(known)\n\(numbered("print knwon#", 400))\n}\n")
    #expect(checker.suggestions.count == SuggestionBudget.greatestCount)
    #expect(checker.suggestions.nameCount < 100 * 2_100)
    let first = checker.sortedDiagnostics.first { $0.severity == .error }
    #expect(first?.fixIt?.replacement == "known0")
  }

  /// One name of a statement is one mistake, however often it stands there.
  @Test func aNameIsLookedForOnceInAStatement() {
    let text = String(repeating: "{a}", count: 3_000)
    let checker = checker("scenario \"s\" { print \"\(text)\" }\n")
    #expect(checker.suggestions.count == 1)
    #expect(checker.diagnostics.map(\.code) == [.unknownName])
  }

  @Test func theSameNameIsAMistakeInTheNextStatementToo() {
    check(
      """
      scenario "s" {
          print a + a  # error: E0201 nothing is called `a`
          print a      # error: E0201 nothing is called `a`
      }
      """)
  }

  @Test func aNameThatIsDeclaredBelowIsFoundInEveryBlockAround() {
    check(
      """
      scenario "s" {
          if in_progress { print late }  # error: E0201 declared below, at line 4
          print late                     # error: E0201 declared below, at line 4
          let late = 1
          print late
      }
      """)
  }

  // MARK: Limits

  @Test func tooLongAListIsSaidOnceWhereItStands() {
    let list = Array(repeating: "n", count: 4_097).joined(separator: ", ")
    check(
      """
      scenario "s" {
          let n = 1
          print [\(list)]  # error: E0902 this list is too large for the machine: the limit is 4096
      }
      ---
      scenario "s" {
          print [\(list)]  # error: E0902 this list
      }
      """)
  }

  @Test func aTextHasOnlySoManyValues() {
    let text = String(repeating: "{a}", count: 4_097)
    check(
      """
      scenario "s" {
          print "\(text)"  # error: E0902 the number of values in this text
      }
      """)
  }

  /// Each has a register of its own until the end of its block.
  @Test func aBlockHasOnlySoManyNames() {
    let lines = numbered("let a# = in_progress", 4_096)
    check(
      "scenario \"s\" {\n\(lines)\nlet b = 1  # error: E0902 the number of names in this block\n}")
  }

  @Test func aMatrixHasOnlySoManyVariables() {
    let axes = (0..<100).map { "a\($0) in [1]" }.joined(separator: ", ")
    let uses = (0..<100).map { "a\($0)" }.joined(separator: " + ")
    let found = CheckedSource("scenario \"s\" for \(axes) { print \(uses) }\n")
    #expect(found.all.isEmpty)
    #expect(found.checked.scenarios.first?.rows.count == 1)
    check(
      """
      scenario "s" for \(axes),
          b in [1] {  # error: E0602 the matrix has more than 100 variables
          print \(uses) + b
      }
      """)
  }

  /// Nothing behind the first that has no room is lowered.
  @Test func tooManyFunctionsAreSaidOnce() throws {
    let functions = (0..<1_000).map { "fn f\($0)() { f\($0 + 1)() }" }.joined(separator: "\n")
    let found = CheckedSource(
      """
      kernel "4.4" {
      \(functions)
      fn f1000() { return }
      syscall g() { f0() }
      }
      program p { g() }
      scenario "s" { spawn p }
      """)
    #expect(found.all.isEmpty)
    let scenario = try #require(found.checked.scenarios.first)
    let lowering = Lowering(found.checked, scenario, scenario.rows[0])
    lowering.functionLimit = 100
    lowering.run()
    let messages = lowering.diagnostics.map(\.message)
    #expect(messages == ["the number of functions is too large for the machine: the limit is 100"])
    #expect(lowering.program.functions.count == 100)
  }

  // MARK: Inline functions

  /// Who has a copy of an inline function is found along the calls, and these are found once.
  @Test func aCircleOfInlineFunctionsHasNoCopies() {
    let circle = (0..<1_000).map { "inline fn f\($0)() { f\(($0 + 1) % 1_000)() }" }
    let source = { (caller: String, patched: String) in
      """
      kernel "4.4" {
      \(circle.joined(separator: "\n"))
      \(caller)
      }
      patch z { \(patched) }
      """
    }
    #expect(CheckedSource(source("", "fn f0() { work 1us }")).all.isEmpty)
    let copied = CheckedSource(source("syscall g() { f7() }", "fn f0() { work 1us }")).all
    #expect(copied.map(\.code) == [.patchOfInline])
    let both = "fn f0() { work 1us }\nsyscall g() { f7() }"
    #expect(CheckedSource(source("syscall g() { f7() }", both)).all.isEmpty)
  }
}
