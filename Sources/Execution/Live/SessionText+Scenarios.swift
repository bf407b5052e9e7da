import Administration
import Analysis
import Diagnostics
import Machine
import Patching
import Syntax

/// Scenarios that were loaded or typed, and the one that a session goes through.
extension SessionText {
  /// Takes a scenario as what the operator is to do; what was typed is gone.
  ///
  /// - Parameter isExact: its steps are to be those that a run of it has.
  package mutating func start(_ scenario: ScenarioDeclaration, rowID: String, isExact: Bool) {
    header = scenario
    self.rowID = rowID
    self.isExact = isExact
    pausesFirst = false
    isScenario = true
    let source = sources[scenario.range.file]
    entries = scenario.body.statements.flatMap { statement -> [Entry] in
      guard case .chapter(let chapter) = statement.kind else { return [entry(statement, source)] }
      return self.entries(of: chapter, statement, source)
    }
  }

  private func entry(_ statement: Statement, _ source: SourceText) -> Entry {
    Entry(
      statement: statement, text: source.text(in: statement.range), isTyped: false,
      pausesAfter: false)
  }

  /// A chapter is a heading and no scope: what stands in it follows it.
  private func entries(
    of chapter: Chapter, _ statement: Statement, _ source: SourceText
  ) -> [Entry] {
    var heading = chapter
    heading.body.statements = []
    let start = SourceRange(
      file: statement.range.file, lower: statement.range.lower,
      upper: chapter.body.range.lower)
    let title = source.text(in: start)
    var first = statement
    first.kind = .chapter(heading)
    first.range = start
    return [
      Entry(statement: first, text: title + "{ }", isTyped: false, pausesAfter: false)
    ] + chapter.body.statements.map { entry($0, source) }
  }

  /// The rows of a scenario's matrix by their names, `[n=3]`; one without a name where there is
  /// no matrix.
  package func rowIDs(of scenario: ScenarioDeclaration) -> [String] {
    check([.scenario(scenario)], in: scenario.range).scenarios.last?.rows.map(\.id) ?? []
  }

  /// What the checker says of a tree besides what is there.
  func check(adding tree: SourceFile) -> [Diagnostic] {
    check(tree.declarations, in: tree.range).diagnostics.filter { diagnostic in
      diagnostic.severity == .error
        && diagnostic.range.map { $0.file == tree.file } ?? true
    }
  }

  private func check(_ declarations: [Declaration], in range: SourceRange) -> Checked {
    let tree = SourceFile(
      file: range.file, declarations: declarations, comments: [], hasErrors: false, broken: [],
      range: range)
    return Analyzer.check(
      declaredTrees + [tree], sources, hosts: hosts, actions: [OperatorFunctions.write],
      commands: Commands.all)
  }

  /// What replay tokens of a file's scenarios are bound to: the same that a run has of the file.
  mutating func noteTextHash(
    of path: String, _ bytes: [UInt8], _ reader: @escaping SourceLoader.Reader,
    _ trees: [SourceFile]
  ) {
    guard let own = trees.last?.file else { return }
    var loader = SourceLoader(reader: reader)
    loader.load(path, bytes: bytes)
    textHashes[own] = ScenarioUnit.textHash(of: loader.sources)
  }

  /// The statements of the last scenario, which is then none of the text's any more.
  package mutating func takeLastScenario() -> [String]? {
    guard let scenario = scenarios.popLast() else { return nil }
    let source = sources[scenario.range.file]
    return scenario.body.statements.map { source.text(in: $0.range) }
  }

  // MARK: As text

  /// The scenarios that are there, as they were written.
  package var scenarioTexts: [String] {
    scenarios.map { sources[$0.range.file].text(in: $0.range) }
  }

  /// The word that a kept session begins with.
  package var headerWord: String {
    isScenario && header.flavour == .lesson ? "lesson" : "scenario"
  }

  /// What stands between the title and the body: the row of the matrix that the session is of.
  package var headerClauses: String {
    guard isScenario, rowID.hasPrefix("["), rowID.hasSuffix("]") else { return "" }
    var rest = rowID.dropFirst().dropLast()
    var text = ""
    for (number, axis) in header.axes.enumerated() {
      guard rest.hasPrefix(axis.variable.text + "=") else { return "" }
      rest = rest.dropFirst(axis.variable.text.count + 1)
      var value = String(rest)
      if number + 1 < header.axes.count,
        let next = rest.range(ofText: ",\(header.axes[number + 1].variable.text)=")
      {
        value = String(rest[..<next.lowerBound])
        rest = rest[rest.index(after: next.lowerBound)...]
      }
      text += number == 0 ? " for " : ", "
      text += "\(axis.variable.text) in [\(written(value, axis))]"
    }
    return text
  }

  /// A value of a matrix as it stands there.
  private func written(_ value: String, _ axis: MatrixAxis) -> String {
    guard case .list(let elements) = axis.values.kind else { return value }
    let source = sources[axis.range.file]
    let texts = elements.map { source.text(in: $0.range) }
    return texts.contains(value) ? value : texts.contains("\"\(value)\"") ? "\"\(value)\"" : value
  }
}

extension Substring {
  /// Where a text stands in it first.
  fileprivate func range(ofText text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<(index(start, offsetBy: text.count))
      }
      start = index(after: start)
    }
    return nil
  }
}
