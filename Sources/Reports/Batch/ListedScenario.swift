import Diagnostics
import Execution

/// A scenario that could be run, as a line of JSON: what an editor needs to show and to start it.
package struct ListedScenario: Sendable {
  package let text: String

  package init(_ entry: ScenarioEntry, _ unit: ScenarioUnit) {
    let position = unit.sources.position(at: entry.range.lower, in: entry.range.file)
    var line = JSONLine()
    line.add("id", "\(entry.id)")
    line.add("file", unit.sources[entry.range.file].name)
    line.add("line", position.line)
    line.add("name", entry.id.name)
    line.add("row", entry.id.row)
    line.add("tags", raw: "[" + entry.tags.map(jsonQuoted).joined(separator: ",") + "]")
    line.add("mode", entry.isExhaustive ? "every_schedule" : "run")
    line.add("skip", entry.skipReason)
    line.add("xfail", entry.expectedFailureReason)
    text = line.text
  }
}
