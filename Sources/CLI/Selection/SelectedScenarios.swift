import ArgumentParser
import Graft

/// The scenarios that a command line means, for commands that take them file by file.
enum SelectedScenarios {
  /// Reads the files one after the other, says what is wrong with them, and gives what was selected
  /// in each. Throws the exit status when something was wrong, or nothing was selected.
  static func read(
    _ files: [String], _ selection: SelectionArguments, _ shown: DiagnosticArguments,
    _ take: (ScenarioUnit, [ScenarioEntry]) -> Void
  ) throws {
    let environment = try BatchEnvironment()
    let selection = try selection.selection()
    let partition = try environment.part(beside: selection.partition)
    var opener = FileOpener(filter: try selection.filter(with: environment))
    opener.isForgiving = selection.rerunsLast
    var number = 0
    var count = 0
    var statuses: Set<ExitStatus> = []
    for request in try FileSelection(try selection.words(files)).requests {
      let file = opener.open(request)
      if let status = file.status { statuses.insert(status) }
      if let complaint = file.complaint {
        Terminal.printError("graft: \(escapingControls(complaint))\n")
      }
      guard let unit = file.unit else { continue }
      if unit.hasErrors { shown.show(unit.diagnostics, of: unit.sources) }
      let entries = file.selected.compactMap { unit.entry(at: Int($0)) }.filter { entry in
        defer { number += 1 }
        return partition?.includes(entry.id, number: number) ?? true
      }
      count += entries.count
      take(unit, entries)
    }
    if count == 0, statuses.isEmpty {
      if number == 0 { Terminal.printError("graft: no scenario was selected\n") }
      statuses.insert(.nothingSelected)
    }
    if let status = ExitStatus.byWeight.first(where: statuses.contains) {
      throw ExitCode(status.rawValue)
    }
  }
}
