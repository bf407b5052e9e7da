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
    let first = keys.map(\.count).max() ?? 0
    let width = (columns[0].map(\.value.count) + [names[0].count]).max() ?? 0
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    lines.append(
      paint.dim(pad("", first) + "  ") + paint.bold(pad(names[0], width)) + "  "
        + paint.bold(names[1]))
    var same = 0
    for key in keys {
      let left = values[0][key] ?? "–"
      let right = values[1][key] ?? "–"
      guard left != right else {
        same += 1
        continue
      }
      lines.append(paint.dim(pad(key, first)) + "  " + pad(left, width) + "  " + right)
    }
    if same > 0 { lines.append(paint.dim("\(same) more that are the same")) }
    lines.append(Self.parting(sessions, names, paint))
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
    facts += session.look { machine, row in
      var found: [(key: String, value: String)] = []
      found.append(("in_progress", machine.engine.isInProgress(machine, &row) ? "1" : "0"))
      for row in TaskTable(machine, &row).rows.prefix(1_000) {
        let universe = row.isOld.map { $0 ? " old" : " new" } ?? ""
        found.append(("\(row.name):\(row.pid)", "\(row.state.letter)\(universe) \(row.place)"))
      }
      for (number, variable) in machine.program.variables.enumerated() {
        found.append((variable.name, "\(machine.variable(number, &row))"))
      }
      return found
    }
    return facts
  }

  private static func parting(
    _ sessions: [LiveSession], _ names: [String], _ paint: Paint
  ) -> String {
    let events = sessions.map(\.chronicle.events)
    var place = 0
    while place < min(events[0].count, events[1].count), events[0][place] == events[1][place] {
      place += 1
    }
    guard place < events[0].count || place < events[1].count else {
      return paint.dim("the same things have happened in both")
    }
    let parted = place < events[0].count ? events[0][place] : events[1][place]
    let when =
      sessions[0].time == .kept ? " at \(Duration.moment(nanoseconds: parted.time))" : ""
    return paint.dim("they part at step \(parted.step)\(when)")
  }
}
