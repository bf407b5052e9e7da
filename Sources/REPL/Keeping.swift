import Graft

/// A session as a scenario that runs without anybody at a prompt.
struct Keeping {
  private let session: LiveSession
  private let observations: [Console.Observation]

  init(_ session: LiveSession, observations: [Console.Observation]) {
    self.session = session
    self.observations = observations
  }

  static func title(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? "session"
    let name = file.hasSuffix(".graft") ? String(file.dropLast(6)) : file
    let words = name.replacing("-", with: " ").replacing("_", with: " ")
    return words.filter { !"\"\\{}".contains($0) }
  }

  /// The text, with what does not hold in a run of its own left out; how much that was; and what is
  /// wrong with it all the same.
  func verified(
    title: String, failing: String?
  ) -> (text: String, dropped: Int, problem: String?) {
    var left = observations + finalObservations()
    var dropped = 0
    while true {
      let text = text(title: title, failing: failing, left)
      switch outcome(of: text) {
      case .passes:
        let problem = failing == nil ? nil : "it passes in a run of its own"
        return (text, dropped, problem)
      case .fails(let line, let message):
        let failingLine = failing.flatMap { statement in
          text.split(separator: "\n", omittingEmptySubsequences: false)
            .lastIndex { $0.contains(statement.prefix { $0 != "\n" }) }
        }
        if let failingLine, line == failingLine + 1 { return (text, dropped, nil) }
        guard let wrong = index(ofLine: line, in: text, left) else {
          return (text, dropped, "in a run of its own it goes another way: \(message)")
        }
        left.remove(at: wrong)
        dropped += 1
      }
    }
  }

  private enum Outcome {
    case passes
    case fails(line: Int, message: String)
  }

  private func outcome(of text: String) -> Outcome {
    let unit = ScenarioUnit(path: "session.graft", bytes: Array(text.utf8)) { path in
      .failure(.init(reason: "\(path) is not part of it"))
    }
    func failure(_ diagnostic: Diagnostic?) -> Outcome {
      guard let diagnostic else { return .fails(line: 0, message: "it can't run") }
      let line = diagnostic.range.map { unit.sources.position(at: $0.lower, in: $0.file).line } ?? 0
      return .fails(line: line, message: diagnostic.message)
    }
    guard let entry = unit.entries.last else {
      return failure(unit.diagnostics.first { $0.severity == .error })
    }
    let (scenario, diagnostics) = unit.runnable(
      entry, breaking: session.text.brokenRules, everySchedule: false)
    guard let scenario else { return failure(diagnostics.first { $0.severity == .error }) }
    var options = RunOptions()
    options.limits = .repl
    let record = ScenarioRunner(scenario, options).run()
    guard let wrong = record.outcome.failure else { return .passes }
    return failure(wrong.diagnostic)
  }

  /// Which assertion of what was seen stands on a line.
  private func index(
    ofLine line: Int, in text: String, _ all: [Console.Observation]
  ) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard line > 0, line <= lines.count else { return nil }
    let wanted = lines[line - 1]
    let before = lines[..<(line - 1)].count { $0 == wanted }
    let same = all.indices.filter { "    \(Self.assertion(all[$0]))" == wanted }
    return before < same.count ? same[before] : same.last
  }

  /// What holds at the end, worth asserting.
  private func finalObservations() -> [Console.Observation] {
    var copy = session
    guard copy.end == nil || copy.end == .finished else { return [] }
    var found: [Console.Observation] = []
    func add(_ text: String, _ literal: String) {
      found.append(
        Console.Observation(
          step: copy.steps, nanoseconds: copy.now, marks: copy.course.marks.count, text: text,
          literal: literal))
    }
    guard !copy.machine.program.patches.isEmpty else { return [] }
    let isOn = copy.look { machine, row in machine.engine.isInProgress(machine, &row) }
    add("in_progress", isOn ? "true" : "false")
    guard copy.end == nil else { return found }
    for name in copy.text.names.locals {
      let question = "count(t_ in \(name): t_.universe == old)"
      if let value = copy.ask(question)?.text { add(question, value) }
    }
    return found
  }

  static func assertion(_ observation: Console.Observation) -> String {
    switch observation.literal {
    case "true": return "assert \(observation.text)"
    case "false": return "assert not (\(observation.text))"
    default: return "assert \(grouped(observation.text)) == \(observation.literal)"
    }
  }

  /// In parentheses where it has an operator of its own.
  private static func grouped(_ text: String) -> String {
    let isCall = text.hasSuffix(")") && text.prefix { $0.isLetter || $0 == "_" }.count > 0
    let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "._[]".contains($0) }
    return isCall || isPlain ? text : "(\(text))"
  }

  // MARK: Text

  func text(title: String, failing: String?) -> String {
    text(title: title, failing: failing, observations)
  }

  private func text(
    title: String, failing: String?, _ observations: [Console.Observation]
  ) -> String {
    var lines = declarations
    let header =
      session.text.isScenario ? session.text.headerClauses : ""
    lines.append("scenario \"\(title)\"\(header) {")
    var seen = observations[...]
    var last: Int64 = 0
    func write(upTo marks: Int) {
      while let next = seen.first, next.marks <= marks {
        pass(to: next.nanoseconds)
        lines.append("    " + Self.assertion(next))
        seen.removeFirst()
      }
    }
    /// The operator waited that long at the prompt.
    func pass(to moment: Int64) {
      guard moment > last else { return }
      lines.append("    sleep \(Duration.text(nanoseconds: moment - last))")
      last = moment
    }
    for stretch in session.stretches {
      write(upTo: stretch.marks)
      pass(to: stretch.began)
      if stretch.wasLeft {
        lines.append(
          "    sleep \(Duration.text(nanoseconds: max(1, stretch.ended - stretch.began)))")
      } else {
        lines += indented(stretch.text)
      }
      last = stretch.ended
    }
    write(upTo: .max)
    if let failing {
      pass(to: session.now)
      lines += indented(failing)
    } else if session.end == nil {
      pass(to: session.now)
    }
    lines.append("}")
    return lines.joined(separator: "\n") + "\n"
  }

  private func indented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
  }

  /// What was loaded and typed, without the scenarios and without `use`.
  private var declarations: [String] {
    let texts = session.text.declarationTexts
    return texts.isEmpty ? [] : texts.flatMap { [$0, ""] }
  }
}
