import Diagnostics
import Syntax

/// STOP alone carries a sleeper to the boundary and leaves it there, stopped.
enum StopWithoutContinue: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0803"), title: "STOP without a later CONT",
    text: """
      The manual's way to get sleepers across the boundary is SIGSTOP followed by SIGCONT. After \
      SIGSTOP alone the tasks stay stopped to the end of the scenario: on a real machine that is a \
      service that is down.
      """,
    wrong: """
      program server { loop { work 1ms } }
      scenario "s" {
          let servers = spawn 3 of server
          signal STOP, servers
          sleep 100ms
          assert every(t in servers: t.alive)
      }
      """,
    right: """
      program server { loop { work 1ms } }
      scenario "s" {
          let servers = spawn 3 of server
          signal STOP, servers
          sleep 100ms
          signal CONT, servers
          assert every(t in servers: t.alive)
      }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    file.scenarios.flatMap { scenario in
      var waiting: [Statement] = []
      for step in file.steps(of: scenario) {
        switch step.arguments(of: "signal")?.first?.plainName {
        case "STOP"? where file.tree.file == step.range.file: waiting.append(step)
        // Whoever gets it: one task of the list after the other is as good.
        case "CONT"?, "KILL"?: waiting = []
        default: break
        }
      }
      return waiting.map {
        warning(
          "these tasks are stopped and stay so", at: $0.range,
          help: "send them on with `signal CONT, …`")
      }
    }
  }
}
