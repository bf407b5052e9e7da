import Graft

extension Command {
  static let ofSeeing: [Command] = [
    Command(
      "ps", "ps [WORD …] [by COLUMN]", .seeing,
      "the tasks: state, universe, and where each sleeps", operand: .filter,
      details: """
        A word picks tasks: `old`, `new`, a state (`S`, `D`, `R`, `T`, `Z`), a program's name, a PID, \
        a queue. `-ef`, `aux` and the like are the machine's own `ps`. `by pid`, `by since`, `by name`, `by place` sorts. Of many tasks groups are shown; \
        `ps all` shows each.
        """
    ) { $0.ps($1) },
    Command(
      "timeline", "timeline [DURATION]", .seeing, "every task's way, a lane for each",
      aliases: ["lanes"]
    ) { $0.timeline($1) },
    Command(
      "story", "story [LINES]", .seeing, "what has happened, from the beginning"
    ) { $0.tellStory($1) },
    Command(
      "stack", "stack TASK", .seeing, "the functions that a task is inside of", operand: .task
    ) { $0.stack($1) },
    Command(
      "functions", "functions [NAME]", .seeing,
      "which version of each function each universe gets",
      operand: .function
    ) { $0.functions($1) },
    Command("patches", "patches", .seeing, "the patches, and the state of each") { console, _ in
      console.patches()
    },
    Command("transition", "transition", .seeing, "how far the transition is") { console, _ in
      console.transition()
    },
    Command(
      "why", "why [TASK]", .seeing, "why the transition, or a task, does not get on",
      operand: .task
    ) { $0.why($1) },
    Command("properties", "properties", .seeing, "what is watched for, and whether it holds") {
      console, _ in console.properties()
    },
    Command("cat", "cat PATH", .seeing, "read a virtual file", operand: .virtualPath) {
      $0.cat($1)
    },
    Command("ls", "ls [PATH]", .seeing, "the virtual files of a directory", operand: .virtualPath) {
      $0.list($1)
    },
    Command("dmesg", "dmesg", .seeing, "the kernel log") { console, _ in console.dmesg() },
    Command(
      "watch", "watch [EXPRESSION]", .seeing, "show an expression whenever it changes",
      operand: .condition
    ) { $0.watch($1) },
    Command(
      "break", "break when CONDITION", .seeing, "stop whatever runs when the condition comes true",
      operand: .condition
    ) { $0.breakWhen($1) },
    Command(
      "unwatch", "unwatch N", .seeing, "forget a watch, or a break", operand: .watch
    ) { $0.unwatch($1) },
  ]
}

extension Console {
  private var table: TaskTable {
    session.look { machine, row in TaskTable(machine, &row) }
  }

  private static let greatestRows = 60

  func ps(_ text: String) {
    if Self.isOfMachine(text) {
      enterStatement("$ ps " + text)
      return
    }
    var words = text.split(separator: " ").map(String.init)
    var rows = table.rows
    if let place = words.firstIndex(of: "by"), place + 1 < words.count {
      guard sort(&rows, by: words[place + 1]) else {
        return complain("`ps by` takes pid, state, universe, since, place or name")
      }
      words.removeSubrange(place...(place + 1))
    }
    let wantsAll = words.contains("all")
    words.removeAll { $0 == "all" }
    for word in words { rows = rows.filter { Self.matches($0, word) } }
    guard !rows.isEmpty else {
      return say(words.isEmpty ? "no tasks" : "no task is " + words.joined(separator: " "))
    }
    if rows.count > Self.greatestRows, !wantsAll { return sayGroups(rows) }
    let keepsTime = session.time == .kept && width >= 60
    var shown = TableText(
      ["PID", "S", "UNIV", "WHERE", "IN"] + (keepsTime ? ["SINCE"] : []) + ["COMMAND"],
      right: [0])
    for row in rows {
      let universe = row.isOld.map { $0 ? "old" : "new" } ?? "-"
      var cells = ["\(row.pid)", String(row.state.letter), universe, row.place, row.function]
      if row.function.isEmpty { cells[4] = "-" }
      if keepsTime { cells.append(row.since.map { Duration.moment(nanoseconds: $0) } ?? "-") }
      cells.append(row.isKernelThread ? "[\(row.name)]" : row.name)
      shown.rows.append(cells)
    }
    let tones = rows.map(\.isOld)
    say(
      shown.text(width: max(40, width), paint: paint) { paint, number, line in
        switch tones[number] {
        case true?: paint.old(line)
        case false?: paint.new(line)
        case nil: line
        }
      })
  }

  /// `-ef`, `aux` and their like are the machine's own `ps`.
  private static func isOfMachine(_ text: String) -> Bool {
    guard let first = text.split(separator: " ").first else { return false }
    return first.hasPrefix("-") || (first.hasPrefix("a") && first.allSatisfy("auxw".contains))
  }

  private static func matches(_ row: TaskTable.Row, _ word: String) -> Bool {
    switch word {
    case "old": row.isOld == true
    case "new": row.isOld == false
    default:
      String(row.state.letter) == word || row.name == word || "\(row.pid)" == word
        || row.place.hasPrefix(word) || row.function == word || "\(row.name):\(row.pid)" == word
    }
  }

  private func sort(_ rows: inout [TaskTable.Row], by column: String) -> Bool {
    switch column {
    case "pid": rows.sort { $0.pid < $1.pid }
    case "since": rows.sort { ($0.since ?? 0, $0.pid) < ($1.since ?? 0, $1.pid) }
    case "name": rows.sort { ($0.name, $0.pid) < ($1.name, $1.pid) }
    case "place", "where": rows.sort { ($0.place, $0.pid) < ($1.place, $1.pid) }
    case "state":
      rows.sort { (String($0.state.letter), $0.pid) < (String($1.state.letter), $1.pid) }
    case "universe":
      rows.sort { ($0.isOld == true ? 0 : 1, $0.pid) < ($1.isOld == true ? 0 : 1, $1.pid) }
    default: return false
    }
    return true
  }

  /// Many tasks, in groups of those that are alike.
  private func sayGroups(_ rows: [TaskTable.Row]) {
    var groups: [String: (count: Int, first: TaskTable.Row)] = [:]
    for row in rows {
      let place = row.place.split(separator: " ").first.map(String.init) ?? ""
      let key = "\(row.name) \(row.state.letter) \(row.isOld.map(String.init) ?? "-") \(place)"
      groups[key, default: (0, row)].count += 1
    }
    var shown = TableText(
      ["TASKS", "S", "UNIV", "WHERE", "COMMAND", "FIRST PID"], right: [0])
    for key in groups.keys.sorted(by: { groups[$0]?.count ?? 0 > groups[$1]?.count ?? 0 }) {
      guard let group = groups[key] else { continue }
      let place = group.first.place.split(separator: " ").first.map(String.init) ?? ""
      shown.rows.append([
        "\(group.count)", String(group.first.state.letter),
        group.first.isOld.map { $0 ? "old" : "new" } ?? "-", place, group.first.name,
        "\(group.first.pid)",
      ])
    }
    say(
      shown.text(width: width, paint: paint)
        + paint.dim("\(rows.count) tasks; `ps all` shows each, `ps old` those in the way") + "\n")
  }

  // MARK: What happened

  func timeline(_ text: String) {
    var first: Int64?
    if !text.isEmpty {
      guard let duration = Self.duration(text) else { return usage("timeline") }
      first = session.now - duration
    }
    let lanes = Lanes(
      session.chronicle.events, session.machine.program, keepsTime: session.time == .kept,
      ordinaryFrom: session.chronicle.ordinaryFrom, from: first,
      end: first == nil ? nil : session.now)
    guard !lanes.isEmpty else { return say("no task has moved yet") }
    say(lanes.text(width: width, paint: paint))
  }

  func tellStory(_ text: String) {
    guard text.isEmpty || Int(text) ?? 0 > 0 else { return usage("story") }
    let told = storyText(limit: Int(text) ?? 200)
    say(told.isEmpty ? "nothing has happened yet" : told)
  }

  func dmesg() {
    var text = ""
    for event in session.chronicle.events {
      guard case .kernelLog(let line) = event.kind else { continue }
      let when =
        session.time == .kept ? Duration.moment(nanoseconds: event.time) : "#\(event.step)"
      text += paint.dim("[\(String(repeating: " ", count: max(0, 12 - when.count)))\(when)] ")
      text += escapingControls(line) + "\n"
    }
    say(text.isEmpty ? paint.dim("the kernel log is empty") : text)
  }

  // MARK: A task

  /// The tasks that a text means: a PID, `server:100`, or an expression.
  func tasks(_ text: String) -> [TaskSlot]? {
    let digits = text.split(separator: ":").last.map(String.init) ?? text
    if let pid = Int(digits), let slot = slot(pid) { return [slot] }
    guard let answer = session.ask(text) else {
      complain("`\(text)` is no task; a PID or a name is one")
      return nil
    }
    guard let value = answer.text else {
      note(.source)
      show(answer.diagnostics, answer.sources)
      return nil
    }
    let words = value.split { "[], ".contains($0) }
    let slots = words.compactMap { word -> TaskSlot? in
      word.split(separator: ":").last.flatMap { Int($0) }.flatMap(slot)
    }
    if slots.isEmpty || !value.contains(":") {
      complain("`\(text)` is \(value), and no task")
      return nil
    }
    return slots
  }

  private func slot(_ pid: Int) -> TaskSlot? {
    session.look { machine, row in machine.slot(pid: pid, &row) }
  }

  func stack(_ text: String) {
    guard !text.isEmpty else { return usage("stack") }
    guard let slots = tasks(text) else { return }
    for slot in slots { say(stackText(slot)) }
  }

  private func stackText(_ slot: TaskSlot) -> String {
    let sources = session.text.sources
    let (frames, row) = session.look { machine, row in
      (
        machine.stack(of: slot, &row),
        TaskTable(machine, &row, includingGone: true).rows.first { $0.slot == slot }
      )
    }
    guard let row else { return "no such task" }
    var text = paint.bold("\(row.name):\(row.pid)") + "  \(row.state.letter)"
    text += row.isOld.map { $0 ? " " + paint.old("old") : " " + paint.new("new") } ?? ""
    text += "  \(row.place)"
    if let since = row.since { text += paint.dim("  since \(Duration.moment(nanoseconds: since))") }
    text += "\n"
    guard row.state != .gone, row.state != .zombie else { return text }
    let program = session.machine.program
    let width = frames.map { program.functions[$0.function.rawValue].name.count }.max() ?? 0
    for (depth, frame) in frames.enumerated() {
      let function = program.functions[frame.function.rawValue]
      let origin = program.origins[frame.address]
      let patch = function.patch.map { " of \(program.patches[$0.rawValue].name)" } ?? ""
      let padding = String(repeating: " ", count: max(0, width - function.name.count))
      var line = "  #\(depth) \(function.name)\(padding)\(patch)"
      if origin.file >= 0 {
        let file = SourceFileID(origin.file)
        let code = sources[file].text(in: origin.range).prefix { $0 != "\n" }
        line += "  " + (sources.place(of: origin) ?? "") + "  "
        line = fitted(line + String(code), indent: 0)
      }
      text += line + "\n"
    }
    return text
  }

  func why(_ text: String) {
    let (sources, terms) = (session.text.sources, session.trialTerms)
    if text.isEmpty {
      let lines = session.look { machine, row in
        Why.sentences(machine, &row, trying: terms, grouping: true) { sources.place(of: $0) }
      }
      return say(lines.joined(separator: "\n"))
    }
    if let pid = Int(text.split(separator: ":").last ?? ""), let slot = slot(pid) {
      return sayWhy(slot)
    }
    guard let slots = tasks(text) else { return }
    for slot in slots { sayWhy(slot) }
  }

  private func sayWhy(_ slot: TaskSlot) {
    let (sources, terms) = (session.text.sources, session.trialTerms)
    say(
      session.look { machine, row in
        Why.answer(slot, machine, &row, trying: terms) { sources.place(of: $0) }
      })
  }

  // MARK: Watching

  func watch(_ text: String) {
    guard !text.isEmpty else { return listWatches() }
    add(text, .show)
  }

  func breakWhen(_ text: String) {
    let condition = Self.trimmed(String(text.dropFirst("when".count)))
    guard text.hasPrefix("when"), !condition.isEmpty else { return usage("break") }
    add(condition, .stop)
  }

  private static let greatestWatches = 32

  private func add(_ text: String, _ purpose: Watch.Purpose) {
    guard session.watches.count < Self.greatestWatches else {
      return complain("\(Self.greatestWatches) watches are as many as there can be")
    }
    let answer = session.watch(text, purpose)
    guard let value = answer.text else {
      note(.source)
      if answer.diagnostics.isEmpty { return complain("`\(text)` is nothing that can be watched") }
      return show(answer.diagnostics, answer.sources)
    }
    retell()
    let number = session.watches.last?.number ?? 0
    say(
      "\(number): \(purpose == .show ? "watch" : "break when") \(text)"
        + paint.dim("  now \(value)"))
  }

  func listWatches() {
    guard !session.watches.isEmpty else { return say("nothing is watched") }
    for watch in session.watches {
      let what = watch.purpose == .show ? "watch" : "break when"
      say(
        "\(watch.number): \(what) \(watch.question.text)" + paint.dim("  now \(watch.last ?? "?")"))
    }
  }

  func unwatch(_ text: String) {
    guard let number = Int(text) else { return usage("unwatch") }
    guard session.unwatch(number) else {
      return complain("there is no watch \(number); `watch` lists them")
    }
    listWatches()
  }
}
