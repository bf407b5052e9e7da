import ArgumentParser
import Graft

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Report every mistake in scenario files, without running anything.",
    discussion: "What a run would refuse before its first step is reported too.")

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, or '-' for standard input.",
      valueName: "file"))
  var files: [String]

  @Option(help: "How mistakes are shown: long, short or json.")
  var errorFormat: DiagnosticRenderer.Form = .long

  @Option(help: "Colours: auto, always or never.")
  var color: ColourChoice = .auto

  func run() throws {
    var errors = 0
    var warnings = 0
    let units = try UnitReader.read(files)
    for unit in units {
      let isColoured = Terminal.wantsColour(color, isTerminal: Terminal.isErrorTerminal)
      let renderer = DiagnosticRenderer(
        sources: unit.sources, form: errorFormat, usesColour: isColoured, width: Terminal.width)
      let diagnostics = unit.diagnostics + unit.refusalsOfText
      let text = renderer.render(diagnostics)
      if errorFormat == .json { Terminal.print(text) } else { Terminal.printError(text) }
      errors += diagnostics.count { $0.severity == .error }
      warnings += diagnostics.count { $0.severity == .warning }
    }
    if errorFormat == .long, errors + warnings > 0 {
      let count = { (number: Int, word: String) in "\(number) \(word)\(number == 1 ? "" : "s")" }
      Terminal.printError("\n\(count(errors, "error")), \(count(warnings, "warning"))\n")
    }
    // Taking everything apart that was read takes as long as a tenth of reading it.
    withExtendedLifetime(units) {
      exitProcess((errors > 0 ? ExitStatus.source : .passed).rawValue)
    }
  }
}

extension DiagnosticRenderer.Form: ExpressibleByArgument {}
