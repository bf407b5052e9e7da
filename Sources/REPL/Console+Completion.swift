import Graft

/// What may come next on a line: commands, verbs, names, files, and of live things only those that
/// the word before can mean.
extension Console {
  package func complete(_ before: String) -> Completion {
    if let found = completeTitle(before) { return found }
    let word = Self.lastWord(of: before)
    let head = String(before.dropLast(word.count))
    if let fields = fields(head, word) { return Completion(fields, word: word, suffix: "") }
    let words = head.split { " \t,;(".contains($0) }.map(String.init)
    guard let first = words.first else { return Completion(beginnings, word: word) }
    if first == "$" {
      guard let name = words.dropFirst().first else { return Completion(shellCommands, word: word) }
      return Completion(operands(ofShell: name, Array(words.dropFirst()), word), word: word)
    }
    if let command = Command.named(first) {
      return Completion(operands(of: command, words, word), word: word)
    }
    if Commands.all.contains(where: { $0.name == first && $0.isSimulated }) {
      return Completion(operands(ofShell: first, words, word), word: word)
    }
    // Only what a verb can be about, where it stands directly behind it.
    if words.count == 1 || head.hasSuffix(", ") || ["of", "if"].contains(words.last ?? "") {
      let wanted = operandsOfVerb(words, isFirst: words.count == 1)
      if let wanted { return Completion(wanted, word: word) }
    }
    // Between the signal and the tasks there is a comma to be typed.
    if first == "signal", words.count == 2, !head.contains(",") {
      return Completion([Completion.Candidate(",", "then the tasks")], word: word)
    }
    if first == "spawn" || words.suffix(2).first == "spawn" {
      let isCounted = words.last.map { Int($0) != nil } ?? false
      return Completion(isCounted ? [Completion.Candidate("of", "of a program")] : [], word: word)
    }
    // The statement is whole; that it fails can be said of it.
    if ["wake", "apply", "revert"].contains(first) {
      return Completion([Completion.Candidate("fails", "it is refused: `fails EBUSY`")], word: word)
    }
    let isValue = ["=", "in", "return"].contains(words.last ?? "")
    let starts = isValue ? [Completion.Candidate("spawn", "start tasks")] : []
    return Completion(starts + names, word: word, suffix: "")
  }

  /// What can be asked of what stands before a full stop.
  private func fields(_ head: String, _ word: String) -> [Completion.Candidate]? {
    guard let dot = word.lastIndex(of: "."), !word.contains("/") else { return nil }
    let base = String(word[..<dot])
    let isElement = base.isEmpty && head.hasSuffix("]")
    if base == "transition" {
      return TransitionProperty.all.map { Completion.Candidate("\(base).\($0.name)", $0.help) }
    }
    guard isElement || session.text.names.locals.contains(base) else { return nil }
    return TaskProperty.all.map { Completion.Candidate("\(base).\($0.name)", $0.help) }
  }

  /// The titles of scenarios have blanks in them.
  private func completeTitle(_ before: String) -> Completion? {
    guard before.hasPrefix("scenario ") else { return nil }
    let word = String(before.dropFirst("scenario ".count))
    guard !word.contains("{") else { return Completion() }
    let mark = word.hasPrefix("\"") ? "\"" : ""
    return Completion(
      session.text.scenarios.map { scenario in
        Completion.Candidate(
          mark + escapingControls(scenario.title.text) + mark,
          scenario.flavour == .lesson ? "lesson" : "scenario")
      }, word: word, suffix: "")
  }

  /// The letters before the cursor that belong to one word.
  static func lastWord(of text: String) -> String {
    String(
      text.reversed().prefix { $0.isLetter || $0.isNumber || "_/.-@:\"'".contains($0) }
        .reversed())
  }

  /// What a line can begin with.
  var beginnings: [Completion.Candidate] {
    let commands = Command.all.map { Completion.Candidate($0.name, $0.summary) }
    let verbs = Verb.all.filter { $0.contexts.contains(.operatorBody) && $0.isSimulated }
      .map { Completion.Candidate($0.name, $0.help) }
    let words = [
      ("let", "a name for a value"), ("var", "a variable"), ("if", "if CONDITION { … }"),
      ("for", "for x in LIST { … }"), ("while", "while CONDITION { … }"),
      ("kernel", "declare a kernel"), ("patch", "declare a patch"),
      ("program", "declare a program"),
      ("def", "declare a function of yours"), ("machine", "CPUs and their speed"),
      ("spawn", "start tasks"),
    ].map { Completion.Candidate($0.0, $0.1) }
    return commands + verbs + shellCommands + words + names
  }

  private var shellCommands: [Completion.Candidate] {
    Commands.all.filter(\.isSimulated).map { Completion.Candidate($0.name, $0.help) }
  }

  /// Everything that has a name.
  var names: [Completion.Candidate] {
    let names = session.text.names
    func all(_ words: [String], _ help: String) -> [Completion.Candidate] {
      words.map { Completion.Candidate($0, help) }
    }
    return all(names.locals, "yours") + all(names.programs, "program")
      + all(names.patches, "patch") + all(names.definitions, "def") + all(names.queues, "queue")
      + all(names.variables, "kernel variable")
      + [
        ("in_progress", "whether a transition is on its way"), ("transition", "the last one"),
        ("count(", "count(t in TASKS: CONDITION)"), ("every(", "every(t in TASKS: CONDITION)"),
        ("some(", "some(t in TASKS: CONDITION)"), ("true", "it is so"), ("false", "it is not so"),
      ].map { Completion.Candidate($0.0, $0.1) }
  }

  /// What the verb at the beginning can be about in this world; nil for one that says nothing of
  /// itself.
  func operandsOfVerb(_ words: [String], isFirst: Bool) -> [Completion.Candidate]? {
    let names = session.text.names
    switch words.first {
    case "wake": return isFirst ? liveQueues : nil
    case "apply": return isFirst ? livePatches(loaded: false) : nil
    case "revert": return isFirst ? livePatches(loaded: true) : nil
    case "signal":
      guard isFirst else { return words.count < 3 ? localTasks : nil }
      return Signal.allCases.map { Completion.Candidate($0.name, "SIG\($0.name)") }
    case "spawn":
      return names.programs.map { Completion.Candidate($0, "program") }
    default:
      if words.suffix(2).first == "spawn" || words.last == "of" {
        return names.programs.map { Completion.Candidate($0, "program") }
      }
      return nil
    }
  }

  /// Queues on which somebody sleeps, with how many do.
  private var liveQueues: [Completion.Candidate] {
    var sleepers: [String: Int] = [:]
    for row in session.look({ machine, row in TaskTable(machine, &row) }).rows
    where [.sleeping, .uninterruptible].contains(row.state) {
      let place = row.place.split(separator: " ").first.map(String.init) ?? ""
      sleepers[place, default: 0] += 1
    }
    return session.text.names.queues.compactMap { queue in
      guard let count = sleepers[queue] else { return nil }
      return Completion.Candidate(queue, count == 1 ? "1 sleeper" : "\(count) sleepers")
    }
  }

  private func livePatches(loaded wanted: Bool) -> [Completion.Candidate] {
    guard let engine = session.machine.engine as? KGraft else { return [] }
    return session.look { machine, row in
      var found: [Completion.Candidate] = []
      for (number, patch) in machine.program.patches.enumerated() {
        guard engine.isLoaded(PatchID(number), machine, &row) == wanted else { continue }
        let functions = patch.functions.map {
          machine.program.tracedFunctions[$0.rawValue].name
        }
        found.append(Completion.Candidate(patch.name, functions.joined(separator: " ")))
      }
      return found
    }
  }

  /// `let`s of the operator's that are tasks, by what they are worth now.
  var localTasks: [Completion.Candidate] {
    session.text.names.locals.compactMap { name in
      guard let value = session.ask(name)?.text, value.contains(":") else { return nil }
      return Completion.Candidate(name, value)
    }
  }
}
