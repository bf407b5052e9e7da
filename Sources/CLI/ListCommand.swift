import ArgumentParser
import Graft

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios that 'graft run' would run, without running them.",
    discussion: """
      As text, a line each: what names it on a command line, and its tags. As JSON, a line each \
      with its file, line, name, row, tags and mode, for editors.

      Exit status: 0 there are some; 1 the command line or a file can't be read; 2 a source has \
      errors; 5 nothing was selected.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, '-', FILE::NAME, FILE:LINE.",
      valueName: "file"))
  var files: [String] = []

  @OptionGroup(title: "Selecting") var selection: SelectionArguments

  @Option(help: "How they are listed: text or json.")
  var format: Format = .text

  @OptionGroup var shown: DiagnosticArguments

  func run() throws {
    let environment = try BatchEnvironment()
    let partition = selection.partition ?? environment.partition
    var opener = FileOpener(filter: try selection.scenarioFilter(with: environment))
    opener.isForgiving = selection.rerunsLast
    var number = 0
    var listed = 0
    var statuses: Set<ExitStatus> = []
    for request in try FileSelection(try selection.words(files)).requests {
      let file = opener.open(request)
      if let status = file.status { statuses.insert(status) }
      if let complaint = file.complaint {
        Terminal.printError("graft: \(escapingControls(complaint))\n")
      }
      guard let unit = file.unit else { continue }
      if unit.hasErrors { shown.show(unit.diagnostics, of: unit.sources) }
      var text = ""
      for entry in file.selected.compactMap({ unit.entry(at: Int($0)) }) {
        defer { number += 1 }
        if let partition, !partition.includes(entry.id, number: number) { continue }
        text += line(entry, unit)
        listed += 1
      }
      Terminal.print(text)
    }
    if listed == 0, statuses.isEmpty {
      if number == 0 { Terminal.printError("graft: no scenario was selected\n") }
      statuses.insert(.nothingSelected)
    }
    if let status = ExitStatus.byWeight.first(where: statuses.contains) {
      throw ExitCode(status.rawValue)
    }
  }

  private func line(_ entry: ScenarioEntry, _ unit: ScenarioUnit) -> String {
    switch format {
    case .text:
      let tags = entry.tags.map { " @" + $0 }.joined()
      return escapingControls("\(entry.id)") + tags + "\n"
    case .json:
      return ListedScenario(entry, unit).text
    }
  }
}
