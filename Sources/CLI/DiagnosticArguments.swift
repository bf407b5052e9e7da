import ArgumentParser
import Graft

/// How a command that reads sources shows what is wrong with them.
struct DiagnosticArguments: ParsableArguments {
  @Option(help: "How mistakes are shown: long, short or json.")
  var errorFormat: DiagnosticRenderer.Form = .long

  @Option(help: "Colours: auto, always or never.")
  var color: ColourChoice = .auto

  /// For people and `grep` on standard error; JSON, which a program asked for, on standard output.
  func show(_ diagnostics: [Diagnostic], of sources: SourceMap) {
    guard !diagnostics.isEmpty else { return }
    let isColoured = Terminal.wantsColour(color, isTerminal: Terminal.isErrorTerminal)
    let renderer = DiagnosticRenderer(
      sources: sources, form: errorFormat, usesColour: isColoured, width: Terminal.width)
    let text = renderer.render(diagnostics)
    if errorFormat == .json { Terminal.print(text) } else { Terminal.printError(text) }
  }
}
