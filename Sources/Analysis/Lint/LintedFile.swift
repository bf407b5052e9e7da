import Diagnostics
import Syntax

/// The file that is judged, and the files it uses, in which its kernel and its helpers may stand.
package struct LintedFile {
  package let tree: SourceFile
  let declarations: [Declaration]
  private let source: SourceText
  /// The `def`s at the top of files.
  private let definitions: [String: Definition]

  /// - Parameter unit: the trees of the file and of all that it uses.
  package init(_ tree: SourceFile, in unit: [SourceFile], _ sources: SourceMap) {
    self.tree = tree
    source = sources[tree.file]
    declarations = unit.flatMap(\.declarations)
    var definitions: [String: Definition] = [:]
    for case .definition(let node) in declarations { definitions[node.name.text] = node }
    self.definitions = definitions
  }

  /// The scenarios and lessons of the file itself.
  var scenarios: [ScenarioDeclaration] {
    tree.declarations.compactMap { if case .scenario(let node) = $0 { node } else { nil } }
  }

  /// The scenarios that are searched, not run.
  var searchedScenarios: [ScenarioDeclaration] { scenarios.filter { $0.everySchedule != nil } }

  // MARK: In the order of doing

  /// Every statement of a scenario as written, with those of a `def` where it is called first.
  func steps(of scenario: ScenarioDeclaration) -> [Statement] {
    var definitions = definitions
    scenario.body.forEachStatement { statement in
      if case .definition(let node) = statement.kind { definitions[node.name.text] = node }
    }
    var walk = CallWalk(definitions: definitions)
    walk.visit(scenario.body)
    return walk.steps
  }

  private struct CallWalk {
    /// Those that were not met yet.
    var definitions: [String: Definition]
    var steps: [Statement] = []

    mutating func visit(_ block: Block) {
      for statement in block.statements {
        steps.append(statement)
        for name in statement.calledNames {
          if let called = definitions.removeValue(forKey: name) { visit(called.body) }
        }
        for inner in statement.blocks { visit(inner) }
      }
    }
  }

  // MARK: Exceptions

  /// Whether a comment on the diagnostic's line, or alone on the line before it, allows it.
  func allows(_ diagnostic: Diagnostic) -> Bool {
    guard let place = diagnostic.range?.lower else { return false }
    let line = source.line(at: place)
    return tree.comments.contains { comment in
      let own = source.line(at: comment.range.lower)
      guard own == line || (comment.isOwnLine && own == line - 1) else { return false }
      let text = String(decoding: source.bytes[comment.range.bytes], as: UTF8.self)
      guard let list = text.split(separator: "lint: allow ").dropFirst().first else { return false }
      return list.split { !$0.isLetter && !$0.isNumber }.contains {
        $0 == diagnostic.code.rawValue
      }
    }
  }
}

extension Statement {
  /// The arguments of a simple verb, nil for anything else.
  func arguments(of verb: String) -> [Expression]? {
    guard case .verb(let node) = kind, node.verb.text == verb else { return nil }
    return node.arguments
  }

  /// The names that are called in the statement itself, the blocks in it apart.
  var calledNames: [String] {
    var names: [String] = []
    func visit(_ part: Expression) {
      if case .call(let callee, _) = part.kind, let name = callee.plainName { names.append(name) }
    }
    for expression in expressions { expression.forEachPart(visit) }
    return names
  }
}

extension Expression {
  /// The name, where the expression is one without a module.
  var plainName: String? {
    guard case .reference(let node) = kind, node.module == nil else { return nil }
    return node.name.text
  }

  /// Whether a name stands anywhere in the expression.
  func mentions(_ name: String) -> Bool {
    var isFound = false
    func visit(_ part: Expression) { isFound = isFound || part.plainName == name }
    forEachPart(visit)
    return isFound
  }

  /// Without the parentheses around it.
  var bare: Expression {
    if case .parenthesised(let inner) = kind { inner.bare } else { self }
  }
}
