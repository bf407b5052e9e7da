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
    package var rows: [Row]

    let number: Int
    let axes: [Axis]
    let survey: OperatorSurvey
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
    // Nothing of a text with errors is lowered.
    let surveyor: OperatorSurveyor? =
      diagnostics.contains { $0.severity == .error }
      ? nil : OperatorSurveyor(checker.index, checker.facts)
    let scenarios = checker.index.scenarios.indices.map { checker.scenario($0, surveyor) }
    return Checked(
      diagnostics: diagnostics, scenarios: scenarios, index: checker.index,
      facts: checker.facts, hosts: hosts, actions: actions, commands: commands,
      sources: sources)
  }
}

extension Checked.Scenario {
  /// Rows in which each value of each variable of the matrix occurs.
  package var coveringRows: [Checked.Row] {
    var seen: [Set<AxisValue>] = axes.map { _ in [] }
    return rows.filter { row in
      // A scenario without a matrix has one row, without values.
      var isNew = row.values.isEmpty
      for (axis, value) in row.values.enumerated() where seen[axis].insert(value).inserted {
        isNew = true
      }
      return isNew
    }
  }
}

extension Checker {
  func run(_ files: [SourceFile]) {
    broken = BrokenText(files, sources)
    buildIndex(files)
    for number in index.kernels.indices { checkKernelVariables(number) }
    for number in index.patches.indices { checkMoreFields(number) }
    for number in index.kernels.indices { checkFunctions(number) }
    if let kernel = index.kernel, !index.patches.isEmpty {
      index.uses = KernelUses(of: kernel, facts)
    }
    for number in index.patches.indices {
      checkFamily(number)
      checkPatch(number)
    }
    for number in index.kernels.indices { checkInterrupts(number) }
    for number in index.kernels.indices { checkAtomicBlocks(number) }
    checkPrograms()
    for number in index.topDefinitions.values.sorted() { checkDefinition(number, scenario: nil) }
    place = Place(context: .operatorBody, kernel: index.booted)
    for block in index.machines { check(block) }
    checkScenarios()
    checkConditionCalls()
    checkUnusedNames()
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

  func scenario(_ number: Int, _ surveyor: OperatorSurveyor?) -> Checked.Scenario {
    let declaration = index.scenarios[number]
    let axes = matrices[number]
    return Checked.Scenario(
      name: declaration.title.text, origin: declaration.title.range,
      isLesson: declaration.flavour == .lesson, tags: declaration.tags.map(\.text),
      isExhaustive: declaration.everySchedule != nil,
      rows: rows(of: Array(axes.prefix(Self.greatestAxisCount))).map { row($0, axes, declaration) },
      number: number, axes: axes,
      survey: surveyor?.survey(of: declaration.body) ?? OperatorSurvey())
  }

  /// The product of the axes, the last one fastest.
  private func rows(of axes: [Axis]) -> [[AxisValue]] {
    axes.reduce([[]]) { rows, axis in
      rows.flatMap { row in axis.values.map { row + [$0] } }
    }
  }

  /// A value in a row's name. One that could be taken for several stands between quotes.
  private static func nameText(_ value: AxisValue) -> String {
    guard value.text.contains(where: { ",\"".contains($0) }) else { return value.text }
    return "\"" + value.text.replacing("\"", with: "\\\"") + "\""
  }

  private func row(
    _ values: [AxisValue], _ axes: [Axis], _ declaration: ScenarioDeclaration
  ) -> Checked.Row {
    let parts = zip(axes, values).map { "\($0.name.text)=\(Self.nameText($1))" }
    var row = Checked.Row(
      id: parts.isEmpty ? "" : "[" + parts.joined(separator: ",") + "]", values: values)
    let marks = declaration.body.statements.lazy.compactMap { statement in
      if case .mark(let mark) = statement.kind { mark } else { nil }
    }
    guard !marks.isEmpty else { return row }
    let evaluator = CompileTime(index: index, facts: facts, row: values)
    for mark in marks {
      let applies = mark.condition.map { evaluator.value(of: $0) == 1 } ?? true
      guard applies else { continue }
      switch mark.kind {
      case .skip: row.skipReason = row.skipReason ?? mark.reason.text
      case .expectedFailure: row.expectedFailureReason = mark.reason.text
      }
    }
    return row
  }
}
