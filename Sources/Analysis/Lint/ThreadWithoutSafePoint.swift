import Diagnostics
import Syntax

/// A kernel thread never comes to the user boundary, where everybody else migrates.
enum ThreadWithoutSafePoint: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0810"), title: "a kernel thread without a safe point",
    text: """
      Tasks migrate where they enter or leave the kernel; a kernel thread never does. kGraft waits \
      until it passes a `safe point`, which the real patches put into the main loop of every \
      kernel thread (kgr_task_safe). One thread without it blocks every transition for ever.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us }; kthread flusher { loop { sleep 1s; f() } } }
      patch fix { fn f() { work 2us } }
      scenario "s" { apply fix; sleep 4s; assert in_progress }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us }; kthread flusher { loop { sleep 1s; safe point; f() } } }
      patch fix { fn f() { work 2us } }
      scenario "s" { apply fix; await not in_progress within 10s }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    let apply = file.scenarios.lazy.flatMap { file.steps(of: $0) }.first {
      $0.arguments(of: "apply") != nil && $0.range.file == file.tree.file
    }
    guard let apply else { return [] }
    return file.functions.compactMap { function in
      guard function.flavour == .kernelThread, function.range.file == file.tree.file,
        loopsForEver(function.body), !hasSafePoint(function.body)
      else { return nil }
      return warning(
        "`\(function.name.text)` never comes to a safe point: it blocks every transition",
        at: function.name.range, also: [.secondary(apply.range, "this one, for example")],
        help: "write `safe point` into its loop")
    }
  }

  private static func loopsForEver(_ body: Block) -> Bool {
    var isFound = false
    body.forEachStatement { if case .endlessLoop = $0.kind { isFound = true } }
    return isFound
  }

  private static func hasSafePoint(_ body: Block) -> Bool {
    var isFound = false
    body.forEachStatement { statement in
      if case .safePoint = statement.kind { isFound = true }
      // A freezable wait has one in it.
      for expression in statement.expressions {
        expression.forEachPart {
          if case .wait(let wait) = $0.kind, wait.mode == .freezable { isFound = true }
        }
      }
    }
    return isFound
  }
}
