import Graft

/// Where two branches differ, task by task, and where they parted.
struct Comparison {
  private let names: [String]
  private var lines: [String] = []

  init(_ names: [String], _ sessions: inout [LiveSession], _ paint: Paint) {
    self.names = names
    let columns = sessions.indices.map { Self.facts(of: &sessions[$0]) }
    let keys = Self.order(columns[0].map(\.key) + columns[1].map(\.key))
    let values = columns.map { Dictionary($0.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }) }
    let differing = keys.filter { values[0][$0] != values[1][$0] }
    let first = differing.map(\.count).max() ?? 0
    let width = (differing.map { values[0][$0]?.count ?? 1 } + [names[0].count]).max() ?? 0
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    lines.append(
      paint.dim(pad("", first) + "  ") + paint.bold(pad(names[0], width)) + "  "
        + paint.bold(names[1]))
    let same = keys.count - differing.count
    for key in differing {
      let left = values[0][key] ?? "–"
      let right = values[1][key] ?? "–"
      lines.append(paint.dim(pad(key, first)) + "  " + pad(left, width) + "  " + right)
    }
    if same > 0 { lines.append(paint.dim("\(same) more that are the same")) }
    lines += Self.parting(&sessions, names, paint)
    lines += Self.statements(sessions, names, paint)
  }

  func text(width: Int) -> String { lines.joined(separator: "\n") + "\n" }

  private static func order(_ keys: [String]) -> [String] {
    var seen: Set<String> = []
    return keys.filter { seen.insert($0).inserted }
  }

  private static func facts(of session: inout LiveSession) -> [(key: String, value: String)] {
    var facts: [(key: String, value: String)] = []
    if session.time == .kept {
      facts.append(("time", Duration.moment(nanoseconds: session.now)))
    }
    facts.append(("step", "\(session.steps)"))
    let sources = session.text.entries.count
    facts.append(("statements", "\(sources)"))
    if let diagnosis = session.diagnosis() {
      facts.append(("it ends with", "\(diagnosis.code.rawValue) \(diagnosis.message)"))
    } else if session.end == .finished {
      facts.append(("it ends with", "success"))
    }
    facts += session.look { machine, row in
      var found: [(key: String, value: String)] = []
      found.append(("in_progress", machine.engine.isInProgress(machine, &row) ? "1" : "0"))
      if let engine = machine.engine as? KGraft {
        found += versions(engine, machine, &row)
      }
      for row in TaskTable(machine, &row).rows.prefix(1_000) {
        let universe = row.isOld.map { $0 ? " old" : " new" } ?? ""
        found.append(("\(row.name):\(row.pid)", "\(row.state.letter)\(universe) \(row.place)"))
      }
      for (number, variable) in machine.program.variables.enumerated() {
        found.append((variable.name, "\(machine.variable(number, &row))"))
      }
      return found
    }
    let said = session.chronicle.events.count { event in
      if case .kernelLog = event.kind { true } else { false }
    }
    facts.append(("kernel log", said == 1 ? "1 line" : "\(said) lines"))
    for name in session.text.names.locals.suffix(greatestLocals) {
      if let value = session.ask(name)?.text { facts.append((name, String(value.prefix(40)))) }
    }
    return facts
  }

  private static let greatestLocals = 24

  /// Which patches are loaded, and which code each universe gets.
  private static func versions(
    _ engine: KGraft, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [(key: String, value: String)] {
    let program = machine.program
    var found: [(key: String, value: String)] = []
    for (number, patch) in program.patches.enumerated() {
      let isLoaded = engine.isLoaded(PatchID(number), machine, &row)
      found.append(("patch \(patch.name)", isLoaded ? "loaded" : "not loaded"))
    }
    for (number, traced) in program.tracedFunctions.enumerated() {
      let names = [true, false].map { isOld in
        engine.version(of: TracedFunctionID(number), isOld: isOld, machine, &row)
          .map { program.patches[$0.rawValue].name } ?? "original"
      }
      let shown = names[0] == names[1] ? names[0] : "old: \(names[0]), new: \(names[1])"
      found.append((traced.symbol, shown))
    }
    return found
  }

  /// Where the ways part, and what each does there.
  private static func parting(
    _ sessions: inout [LiveSession], _ names: [String], _ paint: Paint
  ) -> [String] {
    let events = sessions.map(\.chronicle.events)
    var place = 0
    while place < min(events[0].count, events[1].count), events[0][place] == events[1][place] {
      place += 1
    }
    guard place < events[0].count || place < events[1].count else {
      return [paint.dim("the same things have happened in both")]
    }
    let parted = place < events[0].count ? events[0][place] : events[1][place]
    let when =
      sessions[0].time == .kept ? " at \(Duration.moment(nanoseconds: parted.time))" : ""
    var lines = [paint.dim("they part at step \(parted.step)\(when):")]
    for number in sessions.indices {
      let next = told(&sessions[number], from: place)
      lines.append("  \(paint.bold(names[number])): " + next)
    }
    return lines
  }

  /// The first things that happen from an event on.
  private static func told(_ session: inout LiveSession, from place: Int) -> String {
    let tasks = session.taskNames()
    let words = EventText(session.machine.program, sources: session.text.sources, names: tasks)
    let texts = session.chronicle.events.dropFirst(place).lazy.compactMap { words.text($0.kind) }
    let first = Array(texts.prefix(2))
    return first.isEmpty ? "nothing more" : first.joined(separator: "; ")
  }

  /// What the operator did in one alone.
  private static func statements(
    _ sessions: [LiveSession], _ names: [String], _ paint: Paint
  ) -> [String] {
    let done = sessions.map { $0.stretches.map(\.text) }
    let common = zip(done[0], done[1]).prefix { $0 == $1 }.count
    return sessions.indices.compactMap { number in
      let own = done[number].dropFirst(common)
      guard !own.isEmpty else { return nil }
      let shown = own.prefix(4).map { "`\(escapingControls(String($0.prefix { $0 != "\n" })))`" }
      return paint.dim("in \(names[number]) alone: ") + shown.joined(separator: ", ")
        + (own.count > 4 ? paint.dim(" and \(own.count - 4) more") : "")
    }
  }
}
