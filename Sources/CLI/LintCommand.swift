import ArgumentParser
import Graft

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Point out what is allowed in scenario files, and seldom meant.",
    discussion: """
      A comment `# lint: allow CODE` on a line, or alone on the line before it, keeps a rule quiet \
      there. `graft explain CODE` says what a rule is there for.

      Exit status: 0 whatever is pointed out; 1 the command line or a file can't be read; 2 a \
      source has errors; 4 with --strict, something is pointed out.
      """)

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, or '-' for standard input.",
      valueName: "file"))
  var files: [String]

  @Flag(help: "Let a warning fail the command.")
  var strict = false

  @OptionGroup var shown: DiagnosticArguments

  func run() throws {
    var hasErrors = false
    var warnings = 0
    for unit in try UnitReader.read(files) {
      let errors = unit.diagnostics.filter { $0.severity == .error }
      guard errors.isEmpty, let tree = unit.trees.last else {
        shown.show(errors, of: unit.sources)
        hasErrors = true
        continue
      }
      let found = Linter.lint(LintedFile(tree, in: unit.trees, unit.sources))
      shown.show(found, of: unit.sources)
      warnings += found.count { $0.severity == .warning }
    }
    if shown.errorFormat == .long, warnings > 0 {
      Terminal.printError("\n\(warnings) \(warnings == 1 ? "warning" : "warnings")\n")
    }
    if hasErrors { throw ExitCode(ExitStatus.source.rawValue) }
    if strict, warnings > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}
