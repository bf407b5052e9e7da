import Graft

/// What may come next on a line: commands, verbs, names, files, and of live things only those that
/// the word before can mean.
extension Console {
  package func complete(_ before: String) -> Completion {
    let word = Self.lastWord(of: before)
    let head = String(before.dropLast(word.count))
    let words = head.split { " \t,;(".contains($0) }.map(String.init)
    guard let first = words.first else { return Completion(beginnings, word: word) }
    if let command = Command.named(first) {
      return Completion(operands(of: command, words, word), word: word)
    }
    // Only what a verb can be about, where it stands directly behind it.
    if words.count == 1 || head.hasSuffix(", ") || ["of", "if"].contains(words.last ?? "") {
      let wanted = operandsOfVerb(words, isFirst: words.count == 1)
      if let wanted { return Completion(wanted, word: word) }
    }
    return Completion(names, word: word, suffix: "")
  }

  /// The letters before the cursor that belong to one word.
  static func lastWord(of text: String) -> String {
    String(
      text.reversed().prefix { $0.isLetter || $0.isNumber || "_/.-@:\"'".contains($0) }
        .reversed())
  }

  /// What a line can begin with.
  private var beginnings: [Completion.Candidate] {
    let commands = Command.all.map { Completion.Candidate($0.name, $0.summary) }
    let verbs = Verb.all.filter { $0.contexts.contains(.operatorBody) && $0.isSimulated }
      .map { Completion.Candidate($0.name, $0.help) }
    let shell = Commands.all.filter(\.isSimulated).map { Completion.Candidate($0.name, $0.help) }
    let words = [
      "let", "if", "for", "while", "kernel", "patch", "program", "def", "machine", "spawn",
    ]
    return commands + verbs + shell + words.map { Completion.Candidate($0) } + names
  }

  /// Everything that has a name.
  private var names: [Completion.Candidate] {
    let names = session.text.names
    func all(_ words: [String], _ help: String) -> [Completion.Candidate] {
      words.map { Completion.Candidate($0, help) }
    }
    return all(names.locals, "yours") + all(names.programs, "program")
      + all(names.patches, "patch") + all(names.definitions, "def") + all(names.queues, "queue")
      + all(names.variables, "kernel variable")
      + all(["in_progress", "transition", "count(", "every(", "some(", "true", "false"], "")
  }

  private func operands(
    of command: Command, _ words: [String], _ word: String
  ) -> [Completion.Candidate] {
    switch command.operand {
    case .nothing: return []
    case .task: return liveTasks(where: { _ in true })
    case .path: return files(word)
    case .virtualPath: return virtualFiles(word)
    case .scenario:
      return session.text.scenarios.map { Completion.Candidate("\"\($0.title.text)\"") }
    case .branch:
      return branches.keys.sorted().map { Completion.Candidate($0, "branch") }
        + (command.name == "compare" ? [Completion.Candidate(branchName, "branch")] : [])
    case .topic:
      return Command.all.map { Completion.Candidate($0.name, $0.summary) }
        + Command.Topic.allCases.map { Completion.Candidate($0.rawValue, "topic") }
    case .condition:
      if command.name == "back", words.count == 1 { return [Completion.Candidate("until")] }
      if command.name == "break", words.count == 1 { return [Completion.Candidate("when")] }
      return names
    case .statement:
      if words.count == 1 { return [Completion.Candidate("if")] }
      if words.count == 2 { return beginnings }
      return operandsOfVerb(Array(words.dropFirst(2)), isFirst: words.count == 3) ?? names
    case .filter:
      let fixed = ["old", "new", "all", "by", "R", "S", "D", "T", "Z"]
      return fixed.map { Completion.Candidate($0) }
        + session.text.names.programs.map { Completion.Candidate($0, "program") }
    }
  }

  /// What the verb at the beginning can be about in this world; nil for one that says nothing of
  /// itself.
  private func operandsOfVerb(_ words: [String], isFirst: Bool) -> [Completion.Candidate]? {
    let names = session.text.names
    switch words.first {
    case "wake": return isFirst ? liveQueues : nil
    case "apply": return isFirst ? livePatches(loaded: false) : nil
    case "revert": return isFirst ? livePatches(loaded: true) : nil
    case "signal":
      guard isFirst else { return localTasks }
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
  private var localTasks: [Completion.Candidate] {
    session.text.names.locals.compactMap { name in
      guard let value = session.ask(name)?.text, value.contains(":") else { return nil }
      return Completion.Candidate(name, value)
    }
  }

  private func liveTasks(where isWanted: (TaskTable.Row) -> Bool) -> [Completion.Candidate] {
    let rows = session.look { machine, row in TaskTable(machine, &row) }.rows
    return rows.prefix(500).filter(isWanted).map { row in
      let universe = row.isOld.map { $0 ? "old, " : "new, " } ?? ""
      return Completion.Candidate(
        "\(row.name):\(row.pid)", "\(row.state.letter), \(universe)\(row.place)")
    } + localTasks
  }

  private func virtualFiles(_ word: String) -> [Completion.Candidate] {
    let path = word.lastIndex(of: "/").map { String(word[...$0]) } ?? "/"
    return session.look { machine, row in
      guard case .success(.directory(let directory)) = FileNode.at(path, machine, &row) else {
        return []
      }
      return directory.names(machine, &row).map { name in
        let whole = (path.hasSuffix("/") ? path : path + "/") + name
        if case .directory? = directory.find(name, machine, &row) {
          return Completion.Candidate(whole + "/")
        }
        return Completion.Candidate(whole)
      }
    }
  }

  private func files(_ word: String) -> [Completion.Candidate] {
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let found = around.list(folder).map { Completion.Candidate(folder + $0) }
    return word.isEmpty || "example".hasPrefix(word)
      ? found + [Completion.Candidate("example", "a kernel, two patches, a program")] : found
  }
}
