/// What is read and checked, and what the machine of this version can't do: each with a text that
/// needs it, and with what to write instead. The message E0901 and the reference read it.
package struct Unsimulated: Sendable {
  /// As the message names it.
  package var feature: String
  /// What a user does meanwhile; in one sentence, lower case.
  package var instead: String
  /// A text with a scenario that is held up by it.
  package var example: String

  static func instead(of feature: String) -> String? {
    all.first { $0.feature == feature }?.instead
  }

  package static let all: [Unsimulated] =
    engines + operatorVerbs + rest

  private static func inScenario(_ text: String) -> String {
    """
    kernel "3.12" { queue q; fn f() { work 1us }  syscall s() { wait q; f() } }
    patch fix { fn f() { work 2us } }
    program p { loop { s() } }
    scenario "x" { \(text) }
    """
  }

  private static let engines: [Unsimulated] = ["livepatch", "kpatch", "ksplice", "immediate"].map {
    engine in
    Unsimulated(
      feature: "patching \(engine)",
      instead:
        "the engine of this version is kgraft: `patching kgraft`, with \"2014\", \"3.12\" or "
        + "\"4.4\" behind it",
      example: inScenario("machine { patching \(engine) }; spawn p; apply fix"))
  }

  private static let operatorVerbs: [Unsimulated] = [
    Unsimulated(
      feature: "boot",
      instead:
        "each scenario starts a machine of its own; `boot \"RELEASE\"` at the top of the file "
        + "picks the kernel",
      example: inScenario("spawn p; apply fix; boot \"3.12\""))
  ]

  private static let rest: [Unsimulated] = [
    Unsimulated(
      feature: "wait … until shadow(…)",
      instead: "wait for a kernel variable that is set beside the shadow variable",
      example: """
        kernel "3.12" {
            queue q
            record r[2] { a = 0 }
            syscall s() { let o = alloc r { a = 1 }; wait q; free o }
        }
        patch fix {
            shadow n on r
            syscall s() { let o = alloc r { a = 1 }; wait q until has shadow(o, n); free o }
        }
        program p { loop { s() } }
        scenario "x" { spawn p; apply fix }
        """)
  ]
}
