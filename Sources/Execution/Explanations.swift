import Analysis
import Diagnostics
import Syntax

extension Explanation {
  /// Every code that a user can meet, in order.
  package static let all: [Explanation] =
    (ofSyntax + ofAnalysis + ofLint + ofLoading + ofRuns)
    .sorted { $0.code.rawValue < $1.code.rawValue }

  package static func of(_ code: String) -> Explanation? {
    all.first { $0.code.rawValue == code.uppercased() }
  }

  /// The codes of `use`.
  static let ofLoading: [Explanation] = [
    Explanation(
      code: .useOutsideRoot, title: "a file outside the scenario root",
      text: """
        A scenario sees the files below the folder it belongs to and nothing else of the computer \
        it runs on: no absolute path, and no `..` that leads out. So a scenario that somebody \
        sends \
        you cannot read your files.
        """,
      wrong: """
        use "/etc/passwd"
        scenario "s" { sleep 1ms }
        """,
      right: """
        use "common/kernel.graft"
        scenario "s" { sleep 1ms }
        # file: common/kernel.graft
        kernel "3.12" { fn f() { work 1us } }
        """),
    Explanation(
      code: .useCycle, title: "files that use each other",
      text: """
        Files that use each other in a circle have no order in which to be read. What both need \
        belongs in a third file.
        """,
      wrong: """
        use "other.graft"
        scenario "s" { sleep 1ms }
        # file: other.graft
        use "main.graft"
        """,
      right: """
        use "other.graft"
        scenario "s" { sleep 1ms }
        # file: other.graft
        kernel "3.12" { fn f() { work 1us } }
        """),
    Explanation(
      code: .unreadable, title: "a used file that cannot be read",
      text: """
        The path of `use` is relative to the file that says it. The message ends with what the \
        operating system says. A symbolic link that is found in a folder and leads out of it is \
        not read either; name it on the command line, and it is.
        """,
      wrong: """
        use "kernal.graft"
        scenario "s" { sleep 1ms }
        # file: kernel.graft
        kernel "3.12" { fn f() { work 1us } }
        """,
      right: """
        use "kernel.graft"
        scenario "s" { sleep 1ms }
        # file: kernel.graft
        kernel "3.12" { fn f() { work 1us } }
        """),
    Explanation(
      code: .tooManyFiles, title: "too many files",
      text: """
        A scenario file and all that it uses may be \(SourceLoader.greatestFileCount) files.
        """,
      wrong: "",
      right: "scenario \"s\" { sleep 1ms }\n",
      recipe: """
        for n in $(seq 300); do echo > $n.graft; printf 'use "%s.graft"\\n' $n; done > all.graft
        graft check all.graft
        """),
  ]
}
