import Administration
import Analysis
import Diagnostics

extension ReferenceTable {
  /// Every table of the language reference.
  package static let all: [ReferenceTable] =
    all(hosts: ScenarioUnit.hosts()) + [
      ReferenceTable(
        "commands", columns: ["command", "meaning"],
        rows: Commands.all.filter(\.isSimulated).map { ["`$ \($0.usage)`", $0.help] }),
      ReferenceTable(
        "codes", columns: ["code", "meaning"],
        rows: Explanation.all.map { ["`\($0.code.rawValue)`", $0.title] }),
    ]
}
