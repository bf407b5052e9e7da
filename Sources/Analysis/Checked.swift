import Diagnostics
import Machine
import Syntax

/// The text, checked: what is wrong with it, and which scenarios it has.
package struct Checked: Sendable {
  package let diagnostics: [Diagnostic]
  package let scenarios: [Scenario]

  let index: Index
  let facts: Facts
  let hosts: [HostDeclaration]
  let actions: [HostAction]
  /// What can be typed after `$`; without any, no command is looked up.
  let commands: [ShellCommand]
  let sources: SourceMap

  func command(named name: String) -> ShellCommand? {
    facts.commandNumbers[name].map { commands[$0] }
  }

  /// Whether something must be mended before anything can run.
  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// At a prompt everything is there to be used by and by.
  package var withoutUnusedNames: [Diagnostic] { diagnostics.filter { $0.code != .unusedName } }

  /// A scenario or lesson of the text.
  package struct Scenario: Sendable {
    package var name: String
    package var origin: SourceRange
    package var isLesson: Bool
    package var tags: [String]
    /// Whether it asks for every schedule.
    package var isExhaustive: Bool
    /// At least one; without a matrix, one with an empty id.
    package let rows: MatrixRows

    let number: Int
  }

  /// One row of a scenario's matrix.
  package struct Row: Sendable {
    /// `[sleepers=10,engine=kgraft]`, or empty.
    package var id: String
    package var skipReason: String?
    package var expectedFailureReason: String?

    let values: [AxisValue]
  }
}

/// The entry to this module.
package enum Analyzer {
  /// Resolves and checks everything; reports every mistake at once, in order of position.
  ///
  /// - Parameters:
  ///   - files: the trees of all files, those that `use` brought in included.
  ///   - hosts: what the host lends to the operator that gives a value.
  ///   - actions: what it lends that acts, by the names of their verbs.
  package static func check(
    _ files: [SourceFile], _ sources: SourceMap, hosts: [HostDeclaration] = [],
    actions: [HostAction] = [], commands: [ShellCommand] = []
  ) -> Checked {
    let checker = Checker(sources: sources, hosts: hosts, commands: commands)
    checker.run(files)
    let diagnostics = checker.sortedDiagnostics
    let maker = RowMaker(checker.index, checker.facts)
    let scenarios = checker.index.scenarios.indices.map { checker.scenario($0, maker) }
    return Checked(
      diagnostics: diagnostics, scenarios: scenarios, index: checker.index,
      facts: checker.facts, hosts: hosts, actions: actions, commands: commands,
      sources: sources)
  }
}

extension Checked.Scenario {
  /// Rows in which each value of each variable of the matrix occurs.
  package var coveringRows: some Sequence<Checked.Row> { rows.covering }

  /// Whether some row is not skipped, as far as the rows show in which each value occurs.
  var mayRun: Bool { coveringRows.contains { $0.skipReason == nil } }
}

extension Checked {
  /// Who finds what the scenarios' operators name.
  package var surveyor: OperatorSurveyor { OperatorSurveyor(index, facts) }
}

extension Checker {
  func run(_ files: [SourceFile]) {
    broken = BrokenText(files, sources)
    buildIndex(files)
    for number in index.kernels.indices { checkKernelVariables(number) }
    for number in index.patches.indices { checkMoreFields(number) }
    for number in index.kernels.indices { checkFunctions(number) }
    if let kernel = index.kernel {
      index.modulesOfKernel = ModuleTable(of: kernel)
      if !index.patches.isEmpty { index.uses = KernelUses(of: kernel, facts) }
    }
    for number in index.patches.indices {
      checkFamily(number)
      checkPatch(number)
    }
    index.channel = Channel(of: index.patches)
    for number in index.kernels.indices { checkInterrupts(number) }
    for number in index.kernels.indices { checkAtomicBlocks(number) }
    checkPrograms()
    for number in index.topDefinitions.values.sorted() { checkDefinition(number, scenario: nil) }
    place = Place(context: .operatorBody, kernel: index.booted)
    for block in index.machines { check(block) }
    checkScenarios()
    checkConditionCalls()
    checkUnusedNames()
    if !commandTexts.isEmpty { index.commandNames = commandNames }
  }

  /// In order of position, as many as anyone reads, with a last word about the rest.
  var sortedDiagnostics: [Diagnostic] {
    let all = everyDiagnostic
    guard all.count > Self.greatestShownCount else { return all }
    var shown = Array(all.prefix(Self.greatestShownCount))
    if !shown.contains(where: { $0.severity == .error }),
      let error = all.first(where: { $0.severity == .error })
    {
      shown[shown.count - 1] = error
    }
    guard let last = shown.last?.range else { return shown }
    return shown + [.tooManyErrors(limit: shown.count, at: last)]
  }

  private static let greatestShownCount = 100

  private var everyDiagnostic: [Diagnostic] {
    var seen: Set<Diagnostic> = []
    let all = oneAtEachPlace(withoutDoubtfulUnusedNames.filter { seen.insert($0).inserted })
    return all.enumerated().sorted { left, right in
      let first = left.element.range
      let second = right.element.range
      return (first?.file.index ?? 0, first?.lower ?? 0, left.offset) < (
        second?.file.index ?? 0, second?.lower ?? 0, right.offset
      )
    }.map(\.element)
  }

  /// Of errors that begin at one place, the first says what the others follow from.
  private func oneAtEachPlace(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var taken: Set<SourceRange> = []
    return diagnostics.filter { diagnostic in
      guard diagnostic.severity == .error, let range = diagnostic.range else { return true }
      let place = SourceRange(file: range.file, lower: range.lower, upper: range.lower)
      return taken.insert(place).inserted
    }
  }

  func scenario(_ number: Int, _ maker: RowMaker) -> Checked.Scenario {
    let declaration = index.scenarios[number]
    let axes = Array(matrices[number].prefix(Self.greatestAxisCount))
    return Checked.Scenario(
      name: declaration.title.text, origin: declaration.title.range,
      isLesson: declaration.flavour == .lesson, tags: declaration.tags.map(\.text),
      isExhaustive: declaration.everySchedule != nil,
      rows: MatrixRows(axes, declaration, maker), number: number)
  }
}
