import Administration
import Analysis
import Diagnostics
import Machine
import Patching
import Syntax

/// The text of a session: files that were loaded, declarations, and what the operator was told, in
/// order. It grows at a prompt; all of it is checked and lowered again each time, so that there is
/// one language and one checker.
///
/// A value: whoever tries something takes a copy and keeps it, or doesn't.
package struct SessionText {
  /// One statement of the operator's.
  package struct Entry {
    package var statement: Statement
    /// As it stands in a file.
    package var text: String
    /// Typed at the prompt, and not part of a scenario that was started.
    package var isTyped: Bool
    /// Whether the operator pauses behind it.
    package var pausesAfter: Bool

    /// Whether it says how the scenario's machine is made.
    package var isSetting: Bool { if case .machine = statement.kind { true } else { false } }
  }

  /// What it was made of, so that it can be made again.
  package enum Input {
    case file(String)
    case typed(String)
  }

  package private(set) var inputs: [Input] = []
  package private(set) var sources: SourceMap
  /// What was declared, without the scenarios.
  private var trees: [SourceFile] = []
  var declaredTrees: [SourceFile] { trees }
  /// Scenarios of the files that were loaded.
  package internal(set) var scenarios: [ScenarioDeclaration] = []
  /// Of the files that scenarios stand in: the hash of everything that such a file is made of.
  var textHashes: [SourceFileID: UInt64] = [:]
  package var entries: [Entry] = []
  /// The scenario that the entries are the body of.
  package internal(set) var header: ScenarioDeclaration
  package var pausesFirst = true
  /// Whether the entries began as the body of a scenario.
  package internal(set) var isScenario = false
  /// Whether steps are those of a run: then what is declared and not used makes none.
  package var isExact = false
  /// The row of the scenario's matrix.
  package var rowID = ""
  package var brokenRules: [KGraftMutation] = []
  /// Before the files: for what a file needs to be shown.
  private var fileNames: [String] = []

  package init() {
    sources = SourceMap()
    let text = SourceText(name: "session", "scenario \"session\" {\n}\n")
    let file = sources.add(text)
    header = .empty(
      title: "session", at: SourceRange(file: file, lower: 0, upper: Int32(text.bytes.count)))
  }

  // MARK: Files

  /// Adds a file and what it uses. Nil, with what is wrong, when it has errors.
  package mutating func load(
    _ path: String, bytes: [UInt8], reader: @escaping SourceLoader.Reader
  ) -> [Diagnostic] {
    var loader = SourceLoader(reader: reader, adding: sources)
    loader.load(path, bytes: bytes)
    sources = loader.sources
    let found = loader.diagnostics
    for tree in loader.trees { add(tree) }
    noteTextHash(of: path, bytes, reader, loader.trees)
    inputs.append(.file(path))
    fileNames.append(path)
    guard !found.contains(where: { $0.severity == .error }) else { return found }
    // Its scenarios are checked once, all together; of the session's body they are no part.
    let checked = Analyzer.check(
      loader.trees, sources, hosts: hosts, actions: [OperatorFunctions.write],
      commands: Commands.all)
    return trees.count == loader.trees.count ? found + checked.diagnostics : found
  }

  /// Scenarios stand beside what is declared: the session's body is one by itself.
  private mutating func add(_ tree: SourceFile) {
    var kept = tree
    kept.declarations = []
    for declaration in tree.declarations {
      if case .scenario(let scenario) = declaration {
        scenarios.append(scenario)
      } else {
        kept.declarations.append(declaration)
      }
    }
    trees.append(kept)
  }

  package var loadedFiles: [String] { fileNames }

  // MARK: What is typed

  /// What a text at the prompt turned out to be.
  package struct Typed {
    package var declarations: [Declaration]
    package var statements: [Entry]

    /// Scenarios and lessons among the declarations.
    package var scenarios: [ScenarioDeclaration] {
      declarations.compactMap { declaration in
        if case .scenario(let scenario) = declaration { scenario } else { nil }
      }
    }
  }

  /// Reads a text and adds its declarations. Its statements are for the caller to put in.
  package mutating func read(
    _ text: String
  ) -> (typed: Typed, isIncomplete: Bool, diagnostics: [Diagnostic]) {
    let source = SourceText(name: "prompt", text)
    let file = sources.add(source)
    let (fragment, diagnostics) = parseFragment(source, file: file)
    var typed = Typed(declarations: [], statements: [])
    for item in fragment.items {
      switch item {
      case .declaration(let declaration): typed.declarations.append(declaration)
      case .statement(let statement):
        typed.statements.append(
          Entry(
            statement: statement, text: source.text(in: statement.range), isTyped: true,
            pausesAfter: true))
      }
    }
    guard !typed.declarations.isEmpty else { return (typed, fragment.isIncomplete, diagnostics) }
    let tree = SourceFile(
      file: file, declarations: typed.declarations, comments: [], hasErrors: false,
      broken: [], range: SourceRange(file: file, lower: 0, upper: Int32(source.bytes.count)))
    let found = typed.scenarios.isEmpty ? [] : check(adding: tree)
    // One that is typed again is meant instead of the one before.
    let titles = Set(typed.scenarios.map(\.title.text))
    scenarios.removeAll {
      titles.contains($0.title.text) && sources[$0.range.file].name == "prompt"
    }
    add(tree)
    inputs.append(.typed(text))
    return (typed, fragment.isIncomplete, diagnostics + found)
  }

  /// Adds a text that is no statement of the session's, for the places in it.
  mutating func add(_ text: String) -> SourceFileID {
    sources.add(SourceText(name: "prompt", text))
  }

  /// Whether a file is the text that was read last.
  func isLast(_ file: SourceFileID) -> Bool { Int(file.index) == sources.files.count - 1 }

  /// Whether a text only needs another line.
  package static func isIncomplete(_ text: String) -> Bool {
    let (fragment, _) = parseFragment(SourceText(name: "prompt", text), file: SourceFileID(0))
    return fragment.isIncomplete
  }

  /// The text as one expression, if it is one that only asks.
  package mutating func question(_ text: String) -> Expression? {
    // Two more bytes, for the places of what is made of it.
    let source = SourceText(name: "prompt", text + "  ")
    let file = sources.add(source)
    guard let expression = parseExpression(source, file: file), isQuestion(expression) else {
      return nil
    }
    return expression
  }

  private func isQuestion(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .spawn, .shell, .wait, .allocate, .missing: return false
    case .reference(let reference):
      return !Verb.isVerb(reference.name.text) && !isDefinition(reference.name.text)
    case .call(let callee, _):
      guard case .reference(let reference) = callee.kind else { return true }
      return !Verb.isVerb(reference.name.text) && !isDefinition(reference.name.text)
    default: return true
    }
  }

  private func isDefinition(_ name: String) -> Bool {
    for case .definition(let definition) in trees.flatMap(\.declarations)
    where definition.name.text == name {
      return true
    }
    return false
  }

  // MARK: To a program

  var hosts: [HostDeclaration] {
    let sources = sources
    return ScenarioUnit.hosts { sources.place(of: $0) }
  }

  /// Checks everything and lowers it.
  ///
  /// - Parameter questions: each an `await` that the operator never comes to.
  package func compile(
    asking questions: [Statement] = []
  ) -> (scenario: RunnableScenario?, diagnostics: [Diagnostic]) {
    var declaration = header
    declaration.body.statements = entries.map(\.statement) + questions
    var form = SessionForm()
    form.takesAll = !isExact
    form.pausesFirst = pausesFirst
    form.pauses = Set(entries.indices.filter { entries[$0].pausesAfter })
    form.questions = questions.count
    form.typedFiles = Set(entries.filter(\.isTyped).map(\.statement.range.file))
    let tree = SourceFile(
      file: header.range.file, declarations: [.scenario(declaration)], comments: [],
      hasErrors: false, broken: [], range: header.range)
    let checked = Analyzer.check(
      trees + [tree], sources, hosts: hosts, actions: [OperatorFunctions.write],
      commands: Commands.all)
    let said = checked.withoutUnusedNames
    guard !checked.hasErrors, let scenario = checked.scenarios.last,
      let row = scenario.rows.first(where: { $0.id == rowID }) ?? scenario.rows.first
    else { return (nil, said) }
    var (lowered, diagnostics) = checked.lower(scenario, row, as: form)
    if lowered == nil {
      // Something that is declared and not used can't be simulated.
      form.takesAll = false
      (lowered, diagnostics) = checked.lower(scenario, row, as: form)
    }
    guard let lowered else { return (nil, said + diagnostics) }
    let rules = brokenRules.reduce(lowered.rules) { $0.without($1) }
    return (
      RunnableScenario(
        id: ScenarioID(
          path: fileNames.last ?? "session", name: scenario.name, row: row.id),
        program: lowered.program, rules: rules, isExhaustive: scenario.isExhaustive,
        range: scenario.origin, sources: sources,
        textHash: ScenarioUnit.textHash(
          textHashes[header.range.file] ?? 0, scenario.name + row.id, rules, brokenRules)),
      said + diagnostics
    )
  }

  // MARK: Names, for completion

  package struct Names {
    package var programs: [String] = []
    package var patches: [String] = []
    package var definitions: [String] = []
    package var queues: [String] = []
    package var variables: [String] = []
    package var functions: [String] = []
    /// `let` and `var` of the operator's.
    package var locals: [String] = []
  }

  package var names: Names {
    var names = Names()
    for declaration in trees.flatMap(\.declarations) {
      switch declaration {
      case .program(let program): names.programs.append(program.name.text)
      case .patch(let patch): names.patches.append(patch.name.text)
      case .definition(let definition): names.definitions.append(definition.name.text)
      case .kernel(let kernel): names.add(kernel.members)
      case .module(let module): names.add(module.members)
      default: break
      }
    }
    for entry in entries {
      switch entry.statement.kind {
      case .binding(let binding): names.locals.append(binding.name.text)
      case .variable(let variable): names.locals.append(variable.name.text)
      case .definition(let definition): names.definitions.append(definition.name.text)
      default: break
      }
    }
    return names
  }
}

extension SessionText.Names {
  fileprivate mutating func add(_ members: [KernelMember]) {
    for member in members {
      switch member {
      case .queue(let queue): queues.append(queue.name.text)
      case .variable(let variable): variables.append(variable.name.text)
      case .function(let function): functions.append(function.name.text)
      case .module(let module): add(module.members)
      default: break
      }
    }
  }
}
