import Graft

/// What may stand behind a command's name.
extension Console {
  func operands(
    of command: Command, _ words: [String], _ word: String
  ) -> [Completion.Candidate] {
    switch command.operand {
    case .nothing, .scenario: return []
    case .task: return liveTasks(where: { _ in true })
    case .path: return files(word, toLoad: true)
    case .newPath:
      let options = command.name == "save" ? ["--failing", "--force"] : ["--force"]
      return files(word, toLoad: false)
        + options.filter { !words.contains($0) }.map {
          Completion.Candidate(
            $0, $0 == "--force" ? "write over a file" : "the statement that went wrong")
        }
    case .virtualPath: return virtualFiles(word)
    case .branch: return branchNames(command)
    case .topic: return words.count == 1 ? Self.helpWords : []
    case .condition:
      if command.name == "back", words.count == 1 {
        return [Completion.Candidate("until", "to where a condition last held")]
      }
      if command.name == "break", words.count == 1 {
        return [Completion.Candidate("when", "a condition")]
      }
      return names
    case .statement: return operands(ofWhatIf: words, word)
    case .filter: return words.last == "by" ? Self.columns : filters
    case .function:
      return session.machine.program.tracedFunctions.map {
        Completion.Candidate($0.symbol, "some patch names it")
      }
    case .timeModel:
      return [
        Completion.Candidate("kept", "the earliest step comes next"),
        Completion.Candidate("arbitrary", "any possible step may come next"),
      ]
    case .watch:
      return session.watches.map { Completion.Candidate("\($0.number)", $0.question.text) }
    }
  }

  private func branchNames(_ command: Command) -> [Completion.Candidate] {
    let here = command.name == "compare" ? [branchName] : []
    return (branches.keys.sorted() + here).map { name in
      let branch = name == branchName ? session : branches[name]?.session
      return Completion.Candidate(name, branch.map { "step \($0.steps)" } ?? "branch")
    }
  }

  private func operands(ofWhatIf words: [String], _ word: String) -> [Completion.Candidate] {
    if words.count == 1 { return [Completion.Candidate("if", "a statement")] }
    if words.count == 2 {
      let moves = ["run", "until", "finish"]
      let others = Command.all.map(\.name).filter { !moves.contains($0) }
      return beginnings.filter { !others.contains($0.text) }
    }
    let statement = Array(words.dropFirst(2))
    if let name = statement.first,
      Commands.all.contains(where: { $0.name == name && $0.isSimulated })
    {
      return operands(ofShell: name, statement, word)
    }
    return operandsOfVerb(statement, isFirst: words.count == 3) ?? names
  }

  private static let columns = [
    ("pid", "its number"), ("state", "R S D T Z"), ("universe", "old ones first"),
    ("since", "who has been there longest first"), ("place", "where it is"),
    ("name", "its program"),
  ].map { Completion.Candidate($0.0, $0.1) }

  private var filters: [Completion.Candidate] {
    let fixed = [
      ("old", "in the old universe"), ("new", "in the new universe"), ("all", "each of many"),
      ("by", "sorted by a column"), ("R", "running, or could"), ("S", "asleep"),
      ("D", "asleep, and no signal wakes it"), ("T", "stopped"), ("Z", "exited, not waited for"),
    ]
    return fixed.map { Completion.Candidate($0.0, $0.1) }
      + session.text.names.programs.map { Completion.Candidate($0, "program") }
      + session.text.names.queues.map { Completion.Candidate($0, "queue") }
  }

  /// What a command of the shell can be about.
  func operands(ofShell name: String, _ words: [String], _ word: String) -> [Completion.Candidate] {
    guard let command = Commands.all.first(where: { $0.name == name }) else { return [] }
    switch name {
    case "kill":
      return Signal.allCases.map { Completion.Candidate("-\($0.name)", "SIG\($0.name)") }
        + session.look({ machine, row in TaskTable(machine, &row) }).rows.prefix(500).map {
          Completion.Candidate("\($0.pid)", $0.name)
        }
    case "cat", "ls", "grep": return virtualFiles(word)
    default: break
    }
    let program = session.machine.program
    switch command.operands {
    case .word(let all):
      return words.count == 1 || words.last?.hasPrefix("-") == true
        ? all.map { Completion.Candidate($0.name, $0.help) } : []
    case .module: return program.modules.map { Completion.Candidate($0.name, "module") }
    case .packages, .anything, .unknown: return []
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

  /// Folders, and the files that can be meant.
  private func files(_ word: String, toLoad isLoading: Bool) -> [Completion.Candidate] {
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let found = around.list(path(folder)).filter {
      $0.hasSuffix("/") || $0.hasSuffix(".graft") || !isLoading
    }.map { Completion.Candidate(folder + $0) }
    guard isLoading, "example".hasPrefix(word) else { return found }
    return found + [Completion.Candidate("example", "a kernel, two patches, a program")]
  }
}
