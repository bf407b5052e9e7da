import Diagnostics
import Execution
import Patching

/// What became of one rule that was taken out of the patching engine.
package struct RuleReport: Sendable {
  package var rule: KGraftMutation
  /// Who noticed, in source order, and what they say of it; all of them, or the first.
  package var caught: [Catch] = []
  /// Who might have noticed, and could not be judged.
  package var open: [Catch] = []
  /// Of a rule that nobody missed: how it would show.
  package var exposure: Exposure?

  /// A scenario, and what it has to say.
  package struct Catch: Sendable {
    package var id: ScenarioID
    package var words: String
    package init(id: ScenarioID, words: String) {
      self.id = id
      self.words = words
    }
  }

  /// Where the missing rule would show, and how.
  package struct Exposure: Sendable {
    package var id: ScenarioID
    package var words: [String]
    /// The command that shows it.
    package var command: String
    /// The schedule as it is told on a terminal; empty where the words say it all.
    package var story = ""
    package init(id: ScenarioID, words: [String], command: String, story: String = "") {
      self.id = id
      self.words = words
      self.command = command
      self.story = story
    }
  }

  package init(_ rule: KGraftMutation) { self.rule = rule }

  package var isMissed: Bool { caught.isEmpty }
}

extension RuleReport.Exposure {
  /// A schedule in which a monitor sees what nobody claims.
  ///
  /// - Parameter text: tells it.
  package init?(schedule record: RunRecord, _ text: TextReport) {
    guard let failure = record.outcome.failure else { return nil }
    self.init(
      id: record.id,
      words: ["in a schedule of \(record.steps) steps: \(failure.diagnostic.message)"],
      command: failure.replayCommand, story: text.text(record))
  }

  /// Differences of a run that are told.
  private static let greatestCount = 3

  /// A run that goes another way, which nothing in the text looks at.
  package init?(
    intact: RunRecord, broken: RunRecord, without rule: KGraftMutation, sources: SourceMap
  ) {
    let differences = Snapshot(broken, sources: sources)
      .review(since: Snapshot(intact, sources: sources))
    guard !differences.isEmpty else { return nil }
    var words = differences.prefix(Self.greatestCount).map { $0 }
    if differences.count > words.count {
      words.append("and \(differences.count - words.count) more differences")
    }
    let command = Failure.command(
      ["run", "\(intact.id)", "--break", rule.rawValue, "--verbose"])
    self.init(id: intact.id, words: words, command: command)
  }
}

/// What a suite of scenarios says of all the rules, as text and as JSON.
package struct MutationReport: Sendable {
  package var rules: [RuleReport]
  /// Scenarios that pass with every rule in place, and were asked.
  package var scenarioCount: Int

  package init(_ rules: [RuleReport], scenarioCount: Int) {
    self.rules = rules
    self.scenarioCount = scenarioCount
  }

  package var missed: [RuleReport] { rules.filter(\.isMissed) }

  package var summary: String {
    let count = missed.count
    let asked = "\(rules.count) \(rules.count == 1 ? "rule" : "rules")"
    let by = "\(scenarioCount) \(scenarioCount == 1 ? "scenario" : "scenarios")"
    return "\(asked) taken out, \(by): \(rules.count - count) noticed, \(count) missed"
  }

  /// What is said of one rule.
  package static func text(_ report: RuleReport, paint: Paint) -> String {
    let name = paint.bold(report.rule.rawValue)
    guard report.isMissed else {
      var text = "\(paint.good("CAUGHT")) \(name): \(report.rule.explanation)\n"
      for item in report.caught {
        text += "  \(escapingControls("\(item.id)"))\n    \(escapingControls(item.words))\n"
      }
      return text
    }
    var text = "\(paint.bad("MISSED")) \(name): \(report.rule.explanation)\n"
    for item in report.open {
      text += "  not judged: \(escapingControls("\(item.id)"))\n"
      text += "    \(escapingControls(item.words))\n"
    }
    guard let exposure = report.exposure else {
      return text + "  no claim of these scenarios, no monitor and no run of theirs tells\n"
    }
    text += "  it would show in \(escapingControls("\(exposure.id)")), if that were claimed\n"
    for words in exposure.words { text += "    \(escapingControls(words))\n" }
    if !exposure.story.isEmpty {
      text += "\n" + exposure.story + "\n"
    }
    return text + "  = to see it: \(escapingControls(exposure.command))\n"
  }

  /// One object, with its line break.
  package var json: String {
    var line = JSONLine()
    line.add("format", "graft-mutation/1")
    line.add("scenarios", scenarioCount)
    line.add("missed", missed.count)
    line.add("rules", raw: "[" + rules.map(Self.json).joined(separator: ",") + "]")
    return line.text
  }

  private static func json(_ report: RuleReport) -> String {
    var line = JSONLine()
    line.add("rule", report.rule.rawValue)
    line.add("without", report.rule.explanation)
    line.add("missed", report.isMissed)
    line.add("caught_by", raw: json(report.caught))
    line.add("not_judged", raw: json(report.open))
    guard let exposure = report.exposure else {
      line.add("exposure", raw: "null")
      return line.object
    }
    var shown = JSONLine()
    shown.add("scenario", "\(exposure.id)")
    shown.add("words", raw: "[" + exposure.words.map(jsonQuoted).joined(separator: ",") + "]")
    shown.add("command", exposure.command)
    line.add("exposure", raw: shown.object)
    return line.object
  }

  private static func json(_ items: [RuleReport.Catch]) -> String {
    let objects = items.map { item in
      var line = JSONLine()
      line.add("scenario", "\(item.id)")
      line.add("words", item.words)
      return line.object
    }
    return "[" + objects.joined(separator: ",") + "]"
  }
}
