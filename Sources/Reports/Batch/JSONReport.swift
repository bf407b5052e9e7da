import Diagnostics
import Execution

/// The batch as one JSON object, a line for each case: what other programs read, and `graft merge`.
/// `Grammar/report.schema.json` describes it.
package struct JSONReport: Report {
  package static let schema = "graft-report"
  /// Changes when what the last version's readers knew would be read wrongly.
  package static let version = 2

  package static var drawsTimelines: Bool { true }

  private var count = 0
  /// The file whose text was written last; scenarios of one come together.
  private var source: String?
  private let carriesTraces: Bool

  /// - Parameter carriesTraces: whether it holds what `--report-trace` holds, for `graft merge`.
  package init(carriesTraces: Bool = false) { self.carriesTraces = carriesTraces }

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    var text = "{\"schema\":\"\(Self.schema)\",\"version\":\(Self.version),"
    text += "\"graft\":\(jsonQuoted(head.version)),"
    if let shard = head.shard {
      text += "\"shard\":{\"kind\":\"\(shard.kind.rawValue)\",\"number\":\(shard.number),"
      text += "\"count\":\(shard.count)},"
    }
    if let swarm = head.swarm {
      text += "\"swarm\":{\"number\":\(swarm.number),\"count\":\(swarm.count)},"
    }
    text += "\"options\":" + Self.list(head.options, jsonQuoted) + ","
    try sink.write(text + "\n\"scenarios\":[")
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    let isNew = item.source != nil && source != item.id.path
    if isNew { source = item.id.path }
    let object = Self.object(item, withSource: isNew, withTimeline: true)
    try sink.write((count == 0 ? "\n" : ",\n") + object.dropLast())
    if carriesTraces || item.trace != nil {
      // As long as it takes: nothing of it is held.
      try sink.write(",\"trace\":[")
      var isFirst = true
      try TimelineReport.visitLines(of: item, run) { line in
        try sink.write((isFirst ? "" : ",") + jsonQuoted(line))
        isFirst = false
      }
      try sink.write("]")
    }
    try sink.write("}")
    count += 1
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    var line = JSONLine()
    for verdict in CaseReport.Verdict.allCases {
      line.add(verdict.rawValue, summary.count(verdict))
    }
    line.add("total", summary.total)
    line.add("selected", summary.selected)
    line.add("unreached", summary.unreached)
    line.add("stopped_by", summary.stop?.rawValue)
    line.add("left_out", raw: Self.list(summary.leftOut, Self.leftOut))
    try sink.write("\n],\n\"summary\":\(line.object)}\n")
  }

  private static func leftOut(_ file: BatchSummary.LeftOut) -> String {
    var line = JSONLine()
    line.add("path", file.path)
    line.add("scenarios", raw: file.scenarios.map { "\($0)" } ?? "null")
    return line.object
  }

  /// Everything of a case; its source and its timeline where they are wanted.
  static func object(
    _ item: CaseReport, withSource: Bool = false, withTimeline: Bool = false
  ) -> String {
    var line = JSONLine()
    line.add("number", item.number)
    line.add("id", "\(item.id)")
    line.add("path", item.id.path)
    line.add("name", item.id.name)
    line.add("row", item.id.row)
    line.add("line", item.line)
    line.add("column", item.column)
    line.add("tags", raw: "[" + item.tags.map(jsonQuoted).joined(separator: ",") + "]")
    if let hash = item.textHash { line.add("fingerprint", String(hash, radix: 16)) }
    line.add("verdict", item.verdict.rawValue)
    line.add("reason", item.reason)
    line.add("mode", raw: mode(item.mode))
    line.add("steps", item.steps)
    line.add("nanoseconds", item.nanoseconds)
    line.add("figures", raw: list(item.figures, figure))
    line.add("properties", raw: list(item.properties, property))
    if !item.outcomes.isEmpty { line.add("outcomes", raw: list(item.outcomes, outcome)) }
    if let parting = item.parting { line.add("parting", raw: object(parting)) }
    if !item.warnings.isEmpty { line.add("warnings", raw: list(item.warnings, problem)) }
    line.add("problems", raw: list(item.problems, problem))
    line.add("differences", raw: list(item.differences, jsonQuoted))
    line.add("account", item.account)
    if withSource, let source = item.source { line.add("source", source) }
    if withTimeline, let timeline = item.timeline { line.add("timeline", raw: timeline.json) }
    if withTimeline, let passing = item.passing { line.add("passing", raw: passing.json) }
    return line.object
  }

  private static func list<Element>(
    _ elements: [Element], _ text: (Element) -> String
  ) -> String {
    "[" + elements.map(text).joined(separator: ",") + "]"
  }

  private static func mode(_ mode: CaseReport.Mode) -> String {
    var line = JSONLine()
    switch mode {
    case .seed(let seed):
      line.add("kind", "run")
      line.add("seed", seed)
    case .replay:
      line.add("kind", "replay")
    case .everySchedule(let search):
      line.add("kind", "every_schedule")
      line.add("states", search.states)
      line.add("transitions", search.transitions)
      line.add("depth", search.depth)
      if let alone = search.alone { line.add("alone", alone) }
      line.add("complete", search.isComplete)
      if let bound = search.bound { line.add("bound", bound) }
      if let runs = search.runs { line.add("runs", runs) }
      if let order = search.order { line.add("order", order) }
      if search.isTimed { line.add("timed", true) }
    case .none:
      line.add("kind", "none")
    }
    return line.object
  }

  private static func figure(_ figure: CaseReport.Value) -> String {
    var line = JSONLine()
    line.add("name", figure.name)
    line.add("text", figure.text)
    if let number = figure.number { line.add("number", number) }
    return line.object
  }

  private static func property(_ property: CaseReport.Property) -> String {
    var line = JSONLine()
    line.add("text", property.text)
    line.add("answer", property.answer)
    line.add("satisfied", property.isSatisfied)
    line.add("complete", property.isComplete)
    if property.isKept { line.add("kept", true) }
    line.add("replay", property.replay)
    if let command = property.counterReplay { line.add("counter_replay", command) }
    return line.object
  }

  private static func object(_ parting: CaseReport.Parting) -> String {
    var line = JSONLine()
    line.add("step", parting.step)
    line.add("fails", parting.fails)
    line.add("passes", parting.passes)
    line.add("text", parting.text)
    line.add("replay", parting.replay)
    return line.object
  }

  private static func outcome(_ outcome: CaseReport.Outcome) -> String {
    var line = JSONLine()
    line.add("figures", raw: list(outcome.figures, figure))
    line.add("remarks", raw: list(outcome.remarks, jsonQuoted))
    if let worlds = outcome.worlds { line.add("worlds", worlds) }
    line.add("replay", outcome.replay)
    return line.object
  }

  private static func problem(_ problem: CaseReport.Problem) -> String {
    var line = JSONLine()
    line.add("severity", problem.severity)
    line.add("code", problem.code)
    line.add("message", problem.message)
    line.add("path", problem.path)
    line.add("line", problem.line)
    line.add("column", problem.column)
    line.add("excerpt", problem.excerpt)
    line.add("replay", problem.replay)
    return line.object
  }
}
