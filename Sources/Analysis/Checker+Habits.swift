import Diagnostics
import Machine
import Syntax

/// What people mean by a name that other languages have, told with the words that this place has.
extension Checker {
  // MARK: Verbs

  /// A verb of another language: how it is written here, where it may be written at all.
  func reportForeignVerb(_ name: Name, form: String) {
    let (form, help) = formHere(form)
    report(.foreignVerb(name, form: form, help: help))
  }

  /// The form, or the one that means the same in this context, or where the form belongs.
  private func formHere(_ form: String) -> (form: String, help: String?) {
    guard let verb = verb(beginning: form), !verb.contexts.contains(place.context) else {
      return (form, nil)
    }
    if let other = Self.formsElsewhere[verb.name]?[place.context] { return (other, nil) }
    let places = Context.allCases.filter(verb.contexts.contains).map(\.place)
    return (form, "`\(verb.name)` belongs in \(places.joined(separator: " or "))")
  }

  private func verb(beginning form: String) -> Verb? {
    let words = form.split { " [({".contains($0) }.map(String.init)
    guard let first = words.first else { return nil }
    if words.count > 1, let verb = Verb.named("\(first) \(words[1])") { return verb }
    return Verb.named(first)
  }

  /// What stands for a verb where it can't.
  private static let formsElsewhere: [String: [Context: String]] = [
    "print": [.kernel: "printk TEXT", .kernelThread: "printk TEXT", .interrupt: "printk TEXT"],
    "sleep": [.kernel: "work D", .interrupt: "work D"],
    "work": [.operatorBody: "sleep D"],
    "assert": [
      .kernel: "if CONDITION { oops }", .kernelThread: "if CONDITION { oops }",
      .interrupt: "if CONDITION { oops }", .userTask: "if CONDITION { exit }",
    ],
    "oops": [.operatorBody: "assert CONDITION", .userTask: "exit [STATUS]"],
    "safe point": [.kernel: "work D"],
  ]

  /// A verb that stands there as a function that is called: `fork()`, `safe_point()`.
  func reportVerbCalled(_ reference: Reference, _ arguments: [Expression]) -> Bool {
    guard reference.module == nil else { return false }
    let name = reference.name
    guard let verb = Verb.named(name.text) ?? verbWritten(name.text),
      verb.contexts.contains(place.context)
    else { return false }
    var form = verb.signature
    if verb.name == "thread", case .reference(let program)? = arguments.first?.kind {
      form = "thread \(program.name.text)"
    }
    report(.incompleteVerb(name, form: form))
    return true
  }

  /// A verb of two words, written as one: `safe_point`, `irqsoff`.
  private func verbWritten(_ text: String) -> Verb? {
    let bare = text.filter { $0 != "_" }.lowercased()
    return Verb.all.first { $0.name.contains(" ") && $0.name.filter { $0 != " " } == bare }
  }

  // MARK: Arguments of what is not known

  /// Of an unknown function nobody knows what it takes: queues and programs are no mistakes there.
  func checkUnknownArguments(_ arguments: [Expression]) {
    for argument in arguments {
      if case .reference(let reference) = argument.unparenthesised.kind,
        let symbol = find(reference)
      {
        note(symbol, at: argument.unparenthesised.range)
      } else {
        check(argument)
      }
    }
  }

  // MARK: Durations

  /// `work 5us-10us`: a range that was written with a minus.
  func rangeMeant(by expression: Expression) -> String? {
    guard case .binary(let node) = expression.unparenthesised.kind, node.operation == .subtract,
      let low = facts.constants[node.left.range], let high = facts.constants[node.right.range],
      low <= high
    else { return nil }
    return "\(text(of: node.left.range))..\(text(of: node.right.range))"
  }

  // MARK: Names behind a dot

  /// What to do about a property that lists, texts and tasks have elsewhere.
  func adviceOnMember(_ name: Name, of kind: Kind) -> String? {
    switch kind {
    case .list: ForeignWords.listMembers[name.text]
    case .string: ForeignWords.textMembers[name.text]
    case .task: ForeignWords.taskMembers[name.text]
    default: nil
    }
  }

  /// `ext4.sync()`: the name of a module before a dot.
  func reportedAsModule(_ base: Expression, _ name: Name) -> Bool {
    guard case .reference(let reference) = base.kind, reference.module == nil,
      let kernel = place.kernel, find(reference) == nil,
      index.kernels[kernel].modules[reference.name.text] != nil
    else { return false }
    report(.moduleBeforeDot(reference.name, name))
    return true
  }
}
