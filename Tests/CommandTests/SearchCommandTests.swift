import Foundation
import Testing

/// The ways in which `graft explore` can be told to search: none changes an answer.
@Suite struct SearchCommandTests {
  private static let scenario = """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        syscall call(n) { let m = n + 1; f(); return m }
    }
    patch fix { fn f() { return 1 } }
    program looper { loop { call(2) } }
    scenario "s" { spawn 2 of looper; apply fix; await not in_progress }

    """

  private func explore(_ arguments: [String]) throws -> (states: Int, answers: [String]) {
    let run = try GraftProcess.run(
      ["explore", "-"] + arguments, input: Array(Self.scenario.utf8))
    #expect(run.status == 0, "\(run.output)")
    let lines = run.output.split(separator: "\n").map(String.init)
    let figures = try #require(lines.first { $0.hasPrefix("  complete: ") })
    let words = figures.split(separator: " ")
    return (try #require(Int(words[1])), lines.filter { $0.hasPrefix("  ALWAYS") })
  }

  @Test func noReductionChangesAnAnswer() throws {
    let reduced = try explore([])
    let ordered = try explore(["--no-partial-order"])
    let apart = try explore(["--no-symmetry", "--no-partial-order"])
    let dead = try explore(["--no-dead-variables", "--no-symmetry", "--no-partial-order"])
    #expect(reduced.answers == apart.answers && apart.answers == dead.answers)
    #expect(ordered.answers == apart.answers)
    #expect(reduced.states < ordered.states && ordered.states < apart.states)
    // `n` and `m` stay where they are until their frame goes.
    #expect(apart.states < dead.states)
  }

  @Test func anyNumberOfThreadsSaysTheSame() throws {
    let one = try GraftProcess.run(
      ["explore", "-", "--jobs", "1"], input: Array(Self.scenario.utf8))
    for jobs in ["2", "5"] {
      let many = try GraftProcess.run(
        ["explore", "-", "--jobs", jobs], input: Array(Self.scenario.utf8))
      #expect(many.output == one.output)
    }
  }
}
