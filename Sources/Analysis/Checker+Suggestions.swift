import Diagnostics
import Machine
import Syntax

/// "Did you mean" in a text of any length: who looks for a near name goes through all that are in
/// reach, so that a file of unknown names would cost the square of its length. Nothing is looked
/// for beside errors that nobody is shown, and the names gone through are bounded.
struct SuggestionBudget {
  /// Errors that get advice. As many are shown.
  static let greatestCount = 100
  /// Names that are gone through in a text, for all of its errors.
  static let greatestNameCount = 1_000_000

  private(set) var count = 0
  private(set) var nameCount = 0

  var isSpent: Bool { count >= Self.greatestCount || nameCount >= Self.greatestNameCount }

  mutating func take(names: Int) {
    count += 1
    nameCount += names
  }

  /// The same, where there may be no advice of it.
  mutating func goThrough(names: Int) { nameCount += names }
}

/// An unknown name of a statement, as it was looked for.
struct UnknownName: Hashable {
  var module: String?
  var name: String
  var sort: String?
}

extension Checker {
  /// The near name of what is wanted, and, where none is, all that could stand there if they are
  /// few.
  ///
  /// - Parameters:
  ///   - first: words that could stand there too, before all names.
  ///   - last: the same, after them.
  func suggestion(
    for name: String, first: [String] = [], last: [String] = [], isListed: Bool = false,
    where isWanted: (Symbol) -> Bool
  ) -> (near: String?, listed: [String]) {
    guard !suggestions.isSpent else { return (nil, []) }
    let names = namesInReach
    suggestions.take(names: names.count)
    let words = Set(first + last)
    func canStand(_ candidate: String) -> Bool {
      // What has no name is declared all the same.
      if candidate.isEmpty { return false }
      return words.contains(candidate) || find(candidate).map(isWanted) == true
    }
    let near = nearest(to: name, among: first + names + last, where: canStand)
    guard isListed, near == nil else { return (near, []) }
    var seen: Set<String> = []
    var listed: [String] = []
    for candidate in first + names + last where canStand(candidate) {
      if seen.insert(candidate).inserted { listed.append(candidate) }
      // More than a message has room for.
      if listed.count > Self.greatestListCount { return (nil, []) }
    }
    return (nil, listed)
  }

  /// The nearest of some of the text's names.
  func near(_ name: String, among names: () -> [String]) -> String? {
    guard !suggestions.isSpent else { return nil }
    let names = names()
    suggestions.take(names: names.count)
    return nearest(to: name, among: names)
  }

  /// Names that a message shows where none is near.
  private static let greatestListCount = 8

  /// Names in reach, nearest first, some of them perhaps twice.
  private var namesInReach: [String] {
    var names = scopes.reversed().flatMap { $0.declared.map(\.name).sorted() }
    if place.context == .operatorBody {
      if let scenario = place.scenario { names += matrices[scenario].map(\.name.text) }
      names += scenarioDefinitions.keys.sorted() + namesOfOperator
    }
    if let patch = place.patch {
      names += index.patches[patch].ownOrder.map(\.name)
      if let family = index.patches[patch].declaration.family { names.append(family.variable.text) }
    }
    if place.context == .userTask { names += index.programs.map(\.name.text) }
    if let kernel = place.kernel { names += index.kernels[kernel].order.map(\.name) }
    return names
  }

  // MARK: What is declared below

  /// Where a statement of the blocks around declares the name further down.
  func declaredBelow(_ name: Name) -> SourceRange? {
    for number in openBlocks.indices.reversed() {
      let found = openBlocks[number].declarations(of: name.text)
      if let later = found.first(where: { $0.statement > name.range.lower }) { return later.name }
    }
    return nil
  }
}

/// The statements of a block that is being checked.
struct OpenBlock {
  private let statements: [Statement]
  /// What they declare, by name, in written order; made when it is first asked for.
  private var declarations: [String: [Declaration]]?

  struct Declaration {
    /// Where its statement begins.
    var statement: Int32
    var name: SourceRange
  }

  init(_ statements: [Statement]) { self.statements = statements }

  mutating func declarations(of name: String) -> [Declaration] {
    if let declarations { return declarations[name] ?? [] }
    var made: [String: [Declaration]] = [:]
    for statement in statements {
      let declared: Name
      switch statement.kind {
      case .binding(let binding): declared = binding.name
      case .variable(let variable): declared = variable.name
      default: continue
      }
      made[declared.text, default: []].append(
        Declaration(statement: statement.range.lower, name: declared.range))
    }
    declarations = made
    return made[name] ?? []
  }
}
