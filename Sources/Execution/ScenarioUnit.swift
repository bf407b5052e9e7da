import Administration
import Analysis
import Diagnostics
import Machine
import Patching
import Syntax

/// A file and everything it uses: one namespace, checked as a whole.
package struct ScenarioUnit: Sendable {
  /// As the user named it.
  package let path: String
  package let sources: SourceMap
  /// What parsing and checking have to say, in order of position.
  package let diagnostics: [Diagnostic]
  /// What was read, the file itself last.
  package let trees: [SourceFile]
  let checked: Checked
  /// How many entries stand before each scenario's, and how many there are.
  private let firstEntries: [Int]
  private let textHash: UInt64

  /// - Parameters:
  ///   - path: how the file was named; `use` in it is relative to it.
  ///   - name: what diagnostics call it, if not that.
  ///   - reader: reads the files that it uses.
  package init(
    path: String, shownAs name: String? = nil, bytes: [UInt8],
    reader: @escaping SourceLoader.Reader
  ) {
    var loader = SourceLoader(reader: reader)
    loader.load(name ?? path, bytes: bytes)
    self.init(path, loader)
  }

  /// A file that is there and not to be read.
  package init(path: String, unreadable reason: String) {
    var loader = SourceLoader(reader: { _ in .success([]) })
    loader.refuse(path, reason)
    self.init(path, loader)
  }

  private init(_ path: String, _ loader: SourceLoader) {
    self.path = path
    sources = loader.sources
    trees = loader.trees
    let sources = loader.sources
    checked = Analyzer.check(
      loader.trees, loader.sources, hosts: Self.hosts { sources.place(of: $0) },
      actions: [OperatorFunctions.write], commands: Commands.all)
    firstEntries = checked.scenarios.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.rows.count) }
    diagnostics = loader.diagnostics + Self.diagnostics(of: checked, beside: loader.diagnostics)
    textHash = Self.textHash(of: sources)
  }

  /// What the check says, and, where nothing of the text is lowered, what lowering it would say of
  /// its commands.
  private static func diagnostics(
    of checked: Checked, beside loaded: [Diagnostic]
  ) -> [Diagnostic] {
    let isWhole = !loaded.contains { $0.severity == .error }
    guard checked.hasErrors || !isWhole,
      !checked.diagnostics.contains(where: { $0.code == .tooManyErrors })
    else { return checked.diagnostics }
    // Of a line that is wrong in itself its words are not judged.
    let known = Set(checked.diagnostics.filter { $0.severity == .error }.compactMap(\.range))
    let ofCommands = checked.mistakesInCommands(isWhole: isWhole).filter { mistake in
      mistake.range.map { !known.contains($0) } ?? true
    }
    let all = checked.diagnostics + ofCommands
    return all.enumerated().sorted { left, right in
      let (first, second) = (left.element.range, right.element.range)
      return (first?.file.index ?? 0, first?.lower ?? 0, left.offset)
        < (second?.file.index ?? 0, second?.lower ?? 0, right.offset)
    }.map(\.element)
  }

  /// The hash of everything that a file is made of.
  static func textHash(of sources: SourceMap) -> UInt64 {
    UInt64(bitPattern: StringTable.word(for: sources.files.map { sources[$0].bytes }))
  }

  /// What a replay token is bound to: the text, the scenario by its title and row, and the rules.
  static func textHash(
    _ textHash: UInt64, _ title: String, _ rules: KGraftRules, _ broken: [KGraftMutation]
  ) -> UInt32 {
    let names = broken.map(\.rawValue).sorted().joined(separator: ",")
    let identity = "\(title) kgraft \(rules.generation.rawValue) without \(names)"
    let hash = textHash ^ UInt64(bitPattern: StringTable.word(for: identity))
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }

  /// What an administrator types that gives a value.
  ///
  /// - Parameter place: a place of the text, as people write it.
  package static func hosts(
    _ place: @escaping @Sendable (Origin) -> String? = { _ in nil }
  ) -> [HostDeclaration] {
    [
      HostDeclaration(
        name: "cat", parameters: [.string], result: .string,
        help: "the content of a virtual file, without its last newline",
        function: OperatorFunctions.cat, unknownPart: FileNode.unknownPart),
      HostDeclaration(
        name: "ls", parameters: [.string], result: .list(.string),
        help: "the names in a directory, in their order",
        function: OperatorFunctions.ls, unknownPart: FileNode.unknownPart),
      HostDeclaration(
        name: "why", parameters: [.task], lastDefault: -1, result: .string,
        help: "what a task that blocks a transition waits for, what would move it and what would "
          + "not; without a task, of the first few that block",
        function: OperatorFunctions.why(place)),
    ]
  }

  /// The files that were read, as they were named.
  package var sourcePaths: [String] { sources.files.map { sources[$0].name } }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// Every row of every scenario, in source order.
  package var entries: [ScenarioEntry] {
    checked.scenarios.flatMap { scenario in
      scenario.rows.map { entry(of: scenario, $0) }
    }
  }

  /// The entries of the scenario that a line of the file belongs to: one that it stands in, or
  /// that follows upon it with nothing but comments between.
  package func entryNumbers(atLine line: Int) -> [Int] {
    guard let tree = trees.last, let file = sources.files.first else { return [] }
    func lineNumber(_ offset: Int32) -> Int { sources.position(at: offset, in: file).line }
    let next = tree.declarations.first {
      lineNumber(max($0.range.lower, $0.range.upper - 1)) >= line
    }
    guard case .scenario(let scenario) = next else { return [] }
    var number = 0
    var found: [Int] = []
    for checked in checked.scenarios {
      let isIt =
        checked.origin.file == file && scenario.range.contains(checked.origin.lower)
      if isIt { found += number..<(number + checked.rows.count) }
      number += checked.rows.count
    }
    return found
  }

  /// The entries of that name, or the one of that name and row. Cost: of scenarios by other names
  /// no row is made.
  package func entryNumbers(named name: String) -> [Int] {
    var number = 0
    var found: [Int] = []
    for scenario in checked.scenarios {
      defer { number += scenario.rows.count }
      if scenario.name == name {
        found += number..<(number + scenario.rows.count)
      } else if name.hasSuffix("]"), name.hasPrefix(scenario.name) {
        let row = name.dropFirst(scenario.name.count)
        found += scenario.rows.indices.filter { scenario.rows[$0].id == row }.map { number + $0 }
      }
    }
    return found
  }

  /// The text of the file itself.
  package var ownText: String? {
    sources.files.first.map { file in sources[file].text(in: 0..<sources[file].bytes.count) }
  }

  private func entry(of scenario: Checked.Scenario, _ row: Checked.Row) -> ScenarioEntry {
    ScenarioEntry(
      id: ScenarioID(path: path, name: scenario.name, row: row.id),
      range: scenario.origin, tags: scenario.tags, skipReason: row.skipReason,
      expectedFailureReason: row.expectedFailureReason, scenario: scenario, row: row)
  }

  /// How many entries there are.
  package var entryCount: Int { firstEntries.last ?? 0 }

  /// One of them, without making the others.
  package func entry(at number: Int) -> ScenarioEntry? {
    guard number >= 0, number < entryCount else { return nil }
    var low = 0
    var high = checked.scenarios.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstEntries[middle] <= number { low = middle } else { high = middle }
    }
    let scenario = checked.scenarios[low]
    return entry(of: scenario, scenario.rows[number - firstEntries[low]])
  }

  /// Lowers one of the unit's entries. Nil, with errors, when it can't be simulated.
  ///
  /// - Parameter broken: rules of the engine to take out on purpose.
  package func runnable(
    _ entry: ScenarioEntry, breaking broken: [KGraftMutation], everySchedule: Bool
  ) -> (scenario: RunnableScenario?, diagnostics: [Diagnostic]) {
    guard !hasErrors else { return (nil, diagnostics) }
    let (lowered, diagnostics) = checked.lower(entry.scenario, entry.row)
    guard let lowered else { return (nil, diagnostics) }
    let rules = broken.reduce(lowered.rules) { $0.without($1) }
    return (
      RunnableScenario(
        id: entry.id, program: lowered.program, rules: rules,
        isExhaustive: lowered.isExhaustive || everySchedule, range: entry.range, sources: sources,
        textHash: Self.textHash(textHash, entry.id.title, rules, broken)),
      diagnostics
    )
  }
}

/// One row of a scenario's matrix, or the scenario itself where it has none.
package struct ScenarioEntry: Sendable {
  package let id: ScenarioID
  package let range: SourceRange
  package let tags: [String]
  /// Whether it asks for every schedule by itself.
  package var isExhaustive: Bool { scenario.isExhaustive }
  /// Whether it also teaches.
  package var isLesson: Bool { scenario.isLesson }
  package let skipReason: String?
  package let expectedFailureReason: String?
  let scenario: Checked.Scenario
  let row: Checked.Row
}

extension SourceMap {
  /// `file:line:column` of a place that the machine carries; nil where the text has none.
  package func place(of origin: Origin) -> String? {
    guard origin.file >= 0 else { return nil }
    let file = SourceFileID(origin.file)
    let position = position(at: origin.lower, in: file)
    return "\(self[file].name):\(position.line):\(position.column)"
  }
}
