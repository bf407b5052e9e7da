import Diagnostics
import Machine
import Syntax

/// Scenarios, their matrices, `def`s and programs, and the machine's settings.
extension Checker {
  func checkPrograms() {
    for program in index.programs {
      if program.name.text == "init", let parameter = program.parameters.first {
        report(.initTakesNothing(parameter))
      }
      place = Place(context: .userTask, kernel: index.booted)
      let kinds = callKinds(.program(program.name.text))
      checkCallable(program.parameters, kinds.parameters, program.body)
    }
  }

  private func checkCallable(_ parameters: [Name], _ kinds: [Kind], _ body: Block) {
    loopDepth = 0
    nesting = 0
    inScope {
      for (parameter, kind) in zip(parameters, kinds) { declare(parameter, .parameter, kind) }
      checkStatements(body.statements)
    }
  }

  func checkDefinition(_ number: Int, scenario: Int?) {
    let definition = index.definitions[number]
    let kinds = callKinds(.definition(number))
    place = Place(
      context: .operatorBody, kernel: index.booted, scenario: scenario, result: kinds.result,
      isDefinition: true)
    // The body's `always` would outlive it.
    if scenario == nil { scenarioDefinitions = [:] }
    let outer = nesting
    checkCallable(definition.parameters, kinds.parameters, definition.body)
    nesting = outer
  }

  // MARK: Scenarios

  func checkScenarios() {
    var titles: [String: SourceRange] = [:]
    for (number, scenario) in index.scenarios.enumerated() {
      if let first = titles.updateValue(scenario.title.range, forKey: scenario.title.text),
        !scenario.title.range.isEmpty
      {
        report(.duplicateScenario(scenario.title, first: first))
      }
      matrices.append([])
      axisNumbers.append([:])
      place = Place(context: .operatorBody, kernel: index.booted)
      scenarioDefinitions = [:]
      for axis in scenario.axes { checkAxis(axis, of: number) }
      checkScenario(scenario, number)
      for axis in matrices[number]
      where !usedAxes.contains(axis.name.range) && !axis.name.text.hasPrefix("_") {
        report(.unused("the matrix variable", axis.name))
      }
      boundMatrix(number, scenario)
    }
    let ofRows = Set(
      zip(index.scenarios, matrices).filter { !$0.1.isEmpty }.map { $0.0.title.text })
    for scenario in index.scenarios { checkTitle(scenario.title, ofRows) }
  }

  /// What reports call a source that has errors, and snapshots without scenarios.
  package static let reservedTitles = ["(source)", "(expected)"]

  /// A title is a name, and no other name in reports may be spelled so: not that of a row.
  ///
  /// - Parameter ofRows: titles of the scenarios that have rows.
  private func checkTitle(_ title: TextLiteral, _ ofRows: Set<String>) {
    if Self.reservedTitles.contains(title.text) {
      return report(.titleOfReports(title, "a file, where it is no scenario that fails"))
    }
    guard title.text.hasSuffix("]"), !ofRows.isEmpty else { return }
    let brackets = title.text.indices.lazy.filter { title.text[$0] == "[" }
    for bracket in brackets.prefix(Self.greatestAxisCount) {
      let owner = String(title.text[..<bracket])
      if ofRows.contains(owner) { return report(.titleOfReports(title, "a row of \"\(owner)\"")) }
    }
  }

  /// Rows that a scenario may have; each is a program of its own.
  static let greatestRowCount = 100_000

  /// Rows that the scenarios of a text may have together.
  static let greatestTotalRowCount = 1_000_000

  /// Variables that a matrix may have: names of rows are made of all of them.
  static let greatestAxisCount = 100

  private func boundMatrix(_ number: Int, _ scenario: ScenarioDeclaration) {
    if matrices[number].count > Self.greatestAxisCount {
      report(
        .badMatrix(
          "the matrix has more than \(Self.greatestAxisCount) variables",
          at: matrices[number][Self.greatestAxisCount].name.range, help: "split the scenario"))
    }
    var rows = 1
    for axis in matrices[number] {
      let (product, overflow) = rows.multipliedReportingOverflow(by: max(1, axis.values.count))
      rows = overflow ? .max : product
    }
    if rows > Self.greatestRowCount {
      report(
        .badMatrix(
          "the matrix has more than \(Self.greatestRowCount) rows", at: scenario.title.range,
          help: "give its variables fewer values, or split the scenario"))
    } else if !hasTooManyRows, totalRowCount + rows > Self.greatestTotalRowCount {
      hasTooManyRows = true
      report(
        .badMatrix(
          "the file's scenarios have more than \(Self.greatestTotalRowCount) rows together",
          at: scenario.title.range,
          help: "give their variables fewer values, or put some of them into another file"))
    }
    totalRowCount += min(rows, Self.greatestRowCount)
    // Rows that are too many are nobody's: nothing of the text is going to run.
    guard rows > Self.greatestRowCount || hasTooManyRows else { return }
    for axis in matrices[number].indices where matrices[number][axis].values.count > 1 {
      matrices[number][axis].values.removeLast(matrices[number][axis].values.count - 1)
    }
  }

  private func checkScenario(_ scenario: ScenarioDeclaration, _ number: Int) {
    var known: [String: Int] = [:]
    var own: [Int] = []
    scenario.body.forEachStatement { statement in
      guard case .definition(let definition) = statement.kind else { return }
      let id = index.definitions.count
      index.definitions.append(definition)
      facts.definitionAt[definition.name.range] = id
      if let other = known[definition.name.text] ?? index.topDefinitions[definition.name.text] {
        report(
          .duplicate(
            "`def`", definition.name.text, at: definition.name.range,
            first: index.definitions[other].name.range))
      }
      known[definition.name.text] = id
      own.append(id)
    }
    for id in own {
      scenarioDefinitions = known
      checkDefinition(id, scenario: number)
    }
    scenarioDefinitions = known
    place = Place(context: .operatorBody, kernel: index.booted, scenario: number)
    loopDepth = 0
    nesting = 0
    checkOpening(scenario.body)
    inScope { checkStatements(scenario.body.statements) }
  }

  /// `machine`, `skip` and `xfail` say what is settled before the first step, and stand there.
  private func checkOpening(_ body: Block) {
    var hasBegun = false
    for statement in body.statements {
      switch statement.kind {
      case .machine where hasBegun:
        report(
          .misplaced("`machine`", belongs: "first in a scenario, or in a file", at: statement.range)
        )
      case .mark where hasBegun:
        report(.misplaced("`skip` or `xfail`", belongs: "first in a scenario", at: statement.range))
      default: hasBegun = hasBegun || statement.isAction
      }
    }
  }

  // MARK: Matrix

  private func checkAxis(_ axis: MatrixAxis, of number: Int) {
    if let other = axisNumbers[number][axis.variable.text] {
      report(
        .duplicate(
          "the matrix variable", axis.variable.text, at: axis.variable.range,
          first: matrices[number][other].name.range))
      usedAxes.insert(axis.variable.range)
    } else if let other = find(axis.variable.text), !axis.variable.isMissing {
      usedAxes.insert(axis.variable.range)
      report(.hides(axis.variable, sort: sort(of: other), at: declaration(of: other)))
    }
    let (kind, values) = axisValues(axis.values)
    var texts: Set<String> = []
    if let twice = values.first(where: { !texts.insert($0.text).inserted }) {
      report(
        .badMatrix(
          "`\(axis.variable.text)` has the value \(twice.text) twice", at: axis.values.range,
          help: "rows are named by their values; give each value once"))
    }
    if values.isEmpty, kind != .error {
      report(
        .badMatrix(
          "the matrix variable `\(axis.variable.text)` has no values", at: axis.values.range,
          help: "a scenario without rows would never run"))
    }
    if axisNumbers[number][axis.variable.text] == nil {
      axisNumbers[number][axis.variable.text] = matrices[number].count
    }
    matrices[number].append(Axis(name: axis.variable, kind: kind, values: values))
  }

  private func axisValues(_ expression: Expression) -> (Kind, [AxisValue]) {
    guard case .list(let element) = check(expression) else {
      if facts.kinds[expression.range] != .error {
        report(
          .badMatrix(
            "a matrix variable takes its values from a list", at: expression.range,
            help: "write `[1, 10, 100]` or `1..5`"))
      }
      return (.error, [])
    }
    switch expression.kind {
    case .list(let elements):
      return (facts.table.resolve(element), elements.compactMap(axisValue))
    case .range(let low, let high):
      guard let first = facts.constants[low.range], let last = facts.constants[high.range] else {
        break
      }
      let (width, overflow) = last.subtractingReportingOverflow(first)
      guard last < first || (!overflow && width < 10_000) else {
        report(
          .badMatrix(
            "a matrix variable has at most 10000 values", at: expression.range,
            help: "choose a shorter range"))
        return (.error, [])
      }
      // Where there are too many rows in any case, one value says what kind they are of.
      let end = hasTooManyRows ? min(first, last) : last
      let numbers = first <= last ? Array(first...end) : []
      return (element, numbers.map { AxisValue(meaning: .word($0), text: "\($0)") })
    default: break
    }
    report(
      .badMatrix(
        "the values of a matrix variable must stand in the text", at: expression.range,
        help: "write `[1, 10, 100]` or `1..5`"))
    return (.error, [])
  }

  private func axisValue(_ expression: Expression) -> AxisValue? {
    let text = text(of: expression.range)
    if let value = facts.constants[expression.range] {
      return AxisValue(meaning: .word(value), text: text)
    }
    switch (expression.kind, facts.symbols[expression.range]) {
    case (.string(let content), _):
      guard let plain = content.plain else { break }
      return AxisValue(meaning: .string(plain), text: plain)
    case (.reference, .engine(let name)): return AxisValue(meaning: .engine(name), text: name)
    case (.reference, .patch(let name)):
      guard index.patch(named: name)?.family == nil else { return nil }
      return AxisValue(meaning: .patch(PatchReference(patch: name)), text: name)
    case (.index(let base, let place), _):
      guard case .patch(let name)? = facts.symbols[base.range],
        let number = facts.constants[place.range]
      else { break }
      let patch = PatchReference(patch: name, member: number)
      return AxisValue(meaning: .patch(patch), text: patch.name)
    case (.reference, nil): return nil
    default: break
    }
    report(.notConstant("a value of the matrix", at: expression.range))
    return nil
  }

  // MARK: Settings

  func check(_ block: MachineBlock) {
    var seen: [String: SourceRange] = [:]
    for setting in block.settings where !setting.key.isMissing {
      guard Setting.all.contains(where: { $0.name == setting.key.text }) else {
        let near = nearest(to: setting.key.text, among: Setting.all.map(\.name))
        report(.unknownSetting(setting.key, near: near))
        continue
      }
      if let first = seen.updateValue(setting.range, forKey: setting.key.text) {
        report(.duplicate("the setting", setting.key.text, at: setting.range, first: first))
      }
      check(setting)
    }
  }

  private func check(_ setting: MachineSetting) {
    switch setting.key.text {
    case "cpus": checkNumber(setting, .integer, 1...256, "the number of CPUs", "1 to 256")
    case "slice": checkNumber(setting, .duration, 1...Int64.max, "the slice", "above 0")
    case "jitter": checkNumber(setting, .duration, 0...Int64.max, "the jitter", "0 or more")
    case "preempt":
      if !setting.values.isEmpty { report(.settingForm(setting, takes: "nothing")) }
    case "patching":
      guard let engine = setting.values.first, setting.values.count <= 2 else {
        return report(.settingForm(setting, takes: "an engine, and perhaps its generation"))
      }
      check(engine, is: .engine)
      if setting.values.count == 2 { checkGeneration(setting.values[1], engine) }
    case "ftrace":
      let isOff = setting.values.count == 1 && setting.values.first?.plainName == "off"
      if !isOff { report(.settingForm(setting, takes: "`off`")) }
    default: for value in setting.values { check(value) }
    }
  }

  private func checkNumber(
    _ setting: MachineSetting, _ kind: Kind, _ allowed: ClosedRange<Int64>, _ what: String,
    _ words: String
  ) {
    guard setting.values.count == 1, let value = setting.values.first else {
      return report(.settingForm(setting, takes: kind == .integer ? "one number" : "one duration"))
    }
    if case .reference(let reference) = value.kind, find(reference) == nil,
      ["on", "off", "yes", "no", "true", "false", "auto", "none"].contains(reference.name.text)
    {
      return report(.settingForm(setting, takes: kind == .integer ? "one number" : "one duration"))
    }
    check(value, is: kind)
    if let number = facts.constants[value.range], !allowed.contains(number) {
      report(.outOfRange(what, value: number, allowed: words, at: value.range))
    } else if let dependent = firstDependent(value) {
      report(.notConstant("a setting of the machine", at: dependent))
    }
  }

  private func checkGeneration(_ value: Expression, _ engine: Expression) {
    check(value, is: .string)
    guard case .string(let text) = value.kind, let plain = text.plain,
      case .engine(let name)? = facts.symbols[engine.range],
      let known = EngineName.all.first(where: { $0.name == name })
    else { return }
    guard !known.generations.contains(plain) else { return }
    let list = known.generations.map { "\"\($0)\"" }.listed
    report(
      .badSetting(
        "\(name) has no generation \"\(plain)\"", at: value.range,
        help: known.generations.isEmpty ? "leave it out" : "it has \(list)"))
  }
}
