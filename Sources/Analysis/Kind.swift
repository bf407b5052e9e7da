import Diagnostics

/// What sort of value an expression has. The machine sees words only; whether a duration is added
/// to a number is found out here.
package indirect enum Kind: Hashable, Sendable {
  case integer, boolean, duration, string
  case task, patch, universe, engine, record
  case list(Kind)
  /// What `$ command` gives: `.out` and `.status`.
  case result
  /// What a statement gives that has no value.
  case nothing
  /// Not known yet; the number is the `KindTable`'s.
  case unknown(Int)
  /// Something is wrong here and was reported; nothing more is said about it.
  case error

  /// With its article, for messages: "a duration".
  package var words: String {
    switch self {
    case .integer: "an int"
    case .boolean: "a bool"
    case .duration: "a duration"
    case .string: "a string"
    case .task: "a task"
    case .patch: "a patch"
    case .universe: "a universe"
    case .engine: "an engine"
    case .record: "a record"
    case .list(let element):
      element.isConcrete ? "a list of \(element.plural)" : "a list"
    case .result: "the result of a command"
    case .nothing: "nothing"
    case .unknown, .error: "a value"
    }
  }

  package var plural: String {
    switch self {
    case .integer: "ints"
    case .boolean: "bools"
    case .duration: "durations"
    case .string: "strings"
    case .task: "tasks"
    case .patch: "patches"
    case .universe: "universes"
    case .engine: "engines"
    case .record: "records"
    case .list: "lists"
    case .result: "results"
    case .nothing, .unknown, .error: "values"
    }
  }

  /// Whether it is still to be found out.
  var isOpen: Bool { if case .unknown = self { true } else { false } }

  private var isConcrete: Bool {
    switch self {
    case .unknown, .error, .nothing: false
    default: true
    }
  }
}

/// Kinds that are found out from use: a parameter of a function has no kind in the text, it takes
/// the one that its first use or its first argument gives it. Union-find over the unknown ones.
struct KindTable: Sendable {
  private var bindings: [Kind?] = []
  /// Unknown ones that can only become a task or a list of tasks: `signal` takes either.
  private var tasks: Set<Int> = []
  /// Where in the text an unknown one became known.
  private var origins: [Int: SourceRange] = [:]
  /// What is being looked at, for the origins.
  var place: SourceRange?

  mutating func fresh() -> Kind {
    bindings.append(nil)
    return .unknown(bindings.count - 1)
  }

  func resolve(_ kind: Kind) -> Kind {
    var current = kind
    while case .unknown(let number) = current, let next = bindings[number] { current = next }
    if case .list(let element) = current { return .list(resolve(element)) }
    return current
  }

  /// The place that gave a kind to what was unknown before, if it was.
  func origin(of kind: Kind) -> SourceRange? {
    var current = kind
    var found: SourceRange?
    while case .unknown(let number) = current, let next = bindings[number] {
      found = origins[number] ?? found
      current = next
    }
    return found
  }

  /// Makes the kind one of a task or of a list of tasks; one that is unknown stays so, and can
  /// become nothing else. False when it is something else already.
  mutating func restrictToTasks(_ kind: Kind) -> Bool {
    switch resolve(kind) {
    case .task, .error: return true
    case .unknown(let number):
      tasks.insert(number)
      return true
    case .list(let element): return unify(element, .task)
    default: return false
    }
  }

  private mutating func bind(_ number: Int, to kind: Kind) -> Bool {
    if contains(kind, number) { return false }
    if tasks.contains(number), !restrictToTasks(kind) { return false }
    bindings[number] = kind
    if case .unknown = kind { return true }
    origins[number] = place
    return true
  }

  /// Makes both the same kind; false when they can't be.
  mutating func unify(_ left: Kind, _ right: Kind) -> Bool {
    switch (resolve(left), resolve(right)) {
    case (.error, _), (_, .error): return true
    case (.unknown(let first), .unknown(let second)):
      return first == second || bind(first, to: .unknown(second))
    case (.unknown(let number), let kind), (let kind, .unknown(let number)):
      return bind(number, to: kind)
    case (.list(let first), .list(let second)): return unify(first, second)
    case (let first, let second): return first == second
    }
  }

  /// Two places disagree about it, which has been said: from here on it goes with anything.
  mutating func giveUp(_ kind: Kind) {
    var current = kind
    while case .unknown(let number) = current {
      current = bindings[number] ?? .error
      if case .unknown = current { continue }
      bindings[number] = .error
    }
  }

  private func contains(_ kind: Kind, _ number: Int) -> Bool {
    switch resolve(kind) {
    case .unknown(let other): other == number
    case .list(let element): contains(element, number)
    default: false
    }
  }
}
