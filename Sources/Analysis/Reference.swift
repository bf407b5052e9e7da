import Machine
import Syntax

/// One table of the language reference, made of the tables that the checker itself reads.
package struct ReferenceTable: Sendable {
  package var name: String
  package var columns: [String]
  package var rows: [[String]]

  package init(_ name: String, columns: [String], rows: [[String]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }

  /// The table for a Markdown page, without a line break at its end.
  package var markdown: String {
    ([columns, columns.map { _ in "---" }] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }

  /// The table for a terminal.
  package var text: String {
    var widths = columns.map(\.count)
    let plain = ([columns] + rows).map { row in row.map { $0.replacing("`", with: "") } }
    for row in plain {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) }
    }
    return plain.map { row in
      var line = ""
      for (index, cell) in row.enumerated() {
        let isLast = index == row.count - 1
        line += cell + (isLast ? "" : String(repeating: " ", count: widths[index] - cell.count + 2))
      }
      return line + "\n"
    }.joined()
  }
}

extension ReferenceTable {
  /// Every table that this module knows, by the names under which the reference has them.
  package static func all(hosts: [HostDeclaration]) -> [ReferenceTable] {
    let monitors = MonitorName.all.map { [code($0.name), note($0.help, $0.monitor != nil)] }
    let tasks = TaskProperty.all.map { [code(".\($0.name)"), $0.kind.words, $0.help] }
    let worlds = WorldProperty.all.map { [code($0.name), $0.kind.words, $0.help] }
    let settings = Setting.all.map { [code($0.signature), note($0.help, $0.isSimulated)] }
    return [
      verbs("operator verbs") { $0.contexts.contains(.operatorBody) && !isOfLessons($0) },
      verbs("lesson verbs", where: isOfLessons),
      verbs("task verbs") { $0.contexts.contains(.userTask) },
      kernelVerbs, patchMembers,
      functions(hosts),
      ReferenceTable("task properties", columns: ["property", "is", "meaning"], rows: tasks),
      ReferenceTable("world properties", columns: ["property", "is", "meaning"], rows: worlds),
      ReferenceTable("monitors", columns: ["monitor", "sees"], rows: monitors),
      ReferenceTable("settings", columns: ["setting", "meaning"], rows: settings),
      engines, signals, errors, words, units, unsimulated,
    ]
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func note(_ help: String, _ isSimulated: Bool) -> String {
    isSimulated ? help : "\(help) *(checked, not simulated yet)*"
  }

  // MARK: Verbs

  private static func isOfLessons(_ verb: Verb) -> Bool {
    WordGroup.lessonVerbs.spellings.contains(verb.name)
  }

  private static func verbs(
    _ name: String, where isIncluded: (Verb) -> Bool
  ) -> ReferenceTable {
    ReferenceTable(
      name, columns: ["verb", "meaning"],
      rows: Verb.all.filter(isIncluded).map { [code($0.signature), note($0.help, $0.isSimulated)] })
  }

  private static var kernelVerbs: ReferenceTable {
    let inKernel: [Context] = [.kernel, .kernelThread, .interrupt]
    let rows = Verb.all.filter { !$0.contexts.isDisjoint(with: inKernel) }.map { verb in
      let places = inKernel.filter { verb.contexts.contains($0) }.map(\.place)
      let shown = places.count == inKernel.count ? "everywhere" : places.joined(separator: ", ")
      return [code(verb.signature), shown, note(verb.help, verb.isSimulated)]
    }
    return ReferenceTable("kernel verbs", columns: ["verb", "where", "meaning"], rows: rows)
  }

  /// What a patch is made of, word by word.
  private static var patchMembers: ReferenceTable {
    let rows = [
      ["package \"NAME\" version \"VERSION\"", "the package that brings it"],
      ["fixes \"CVE-…\", …", "what `kgr -v patches` and `zypper` say that it is for"],
      ["replaces all", "it takes the place of every earlier patch"],
      ["immediate", "3.12: finished at once, whoever is in the middle of what it changes"],
      ["vermagic \"RELEASE\"", "3.12: the only kernel that lets it in"],
      ["fn NAME(…) { … }", "replaces the function of that name, with the same parameters"],
      ["syscall NAME(…) { … }", "the same of a system call"],
      ["irq NAME { … }", "the same of an interrupt handler"],
      ["kthread NAME { … }", "the same of a kernel thread"],
      ["foreign fn …", "built for another kernel: this one lacks the function or can't trace it"],
      ["weak fn …", "3.12: the patch can do without the function (`abort_if_missing`)"],
      ["required fn …", "3.12: without the function the patch is refused"],
      ["const NAME = VALUE", "replaces every function that reads the constant"],
      ["new fn NAME(…) { … }", "a function that the kernel lacks"],
      ["var NAME = VALUE", "a variable that the kernel lacks"],
      ["module \"NAME\" { … }", "what is replaced in a module"],
      ["record NAME { FIELDS }", "more fields of a record"],
      ["shadow NAME on RECORD", "a shadow variable"],
      ["state ID version N", "livepatch only"],
      ["on pre_patch { … }", "livepatch only"],
    ]
    return ReferenceTable(
      "patch members", columns: ["member", "meaning"], rows: rows.map { [code($0[0]), $0[1]] })
  }

  private static func functions(_ hosts: [HostDeclaration]) -> ReferenceTable {
    let rows = hosts.map { host in
      let parameters =
        host.parameters.map(\.words).joined(separator: ", ")
        + (host.lastDefault == nil ? "" : ", or nothing")
      return [code("\(host.name)(…)"), parameters, host.result.words, host.help]
    }
    return ReferenceTable(
      "functions", columns: ["function", "takes", "gives", "meaning"], rows: rows)
  }

  // MARK: The machine

  private static var unsimulated: ReferenceTable {
    ReferenceTable(
      "not simulated yet", columns: ["what", "meanwhile"],
      rows: Unsimulated.all.map { [code($0.feature), $0.instead] })
  }

  private static var engines: ReferenceTable {
    let rows = EngineName.all.map { engine in
      let generations = engine.generations.map { code("\"\($0)\"") }.joined(separator: ", ")
      return [code(engine.name), generations, engine.isSimulated ? "yes" : "not yet"]
    }
    return ReferenceTable("engines", columns: ["engine", "generations", "simulated"], rows: rows)
  }

  private static var signals: ReferenceTable {
    ReferenceTable(
      "signals", columns: ["signal", "number", "without a handler"],
      rows: Signal.allCases.sorted { $0.rawValue < $1.rawValue }.map { signal in
        let effect =
          switch signal.defaultAction {
          case .stops: "stops the task"
          case .continues: "lets a stopped task go on"
          case .ends: "ends the task"
          case .nothing: "nothing"
          }
        return [code(signal.name), "\(signal.rawValue)", effect]
      })
  }

  private static var errors: ReferenceTable {
    ReferenceTable(
      "errors", columns: ["error", "number", "meaning"],
      rows: Errno.allCases.map { [code($0.name), "\($0.rawValue)", $0.message] })
  }

  // MARK: Words

  private static var words: ReferenceTable {
    ReferenceTable(
      "words", columns: ["group", "words"],
      rows: WordGroup.allGroups.map { group in
        [group.name, group.spellings.map(code).joined(separator: " ")]
      })
  }

  private static var units: ReferenceTable {
    ReferenceTable(
      "units", columns: ["unit", "nanoseconds"],
      rows: Unit.all.map { [code($0.spelling), "\($0.nanoseconds)"] })
  }
}
