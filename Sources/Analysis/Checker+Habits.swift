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
      .kernel: "if not CONDITION { oops }", .kernelThread: "if not CONDITION { oops }",
      .interrupt: "if not CONDITION { oops }", .userTask: "if not CONDITION { exit }",
    ],
    "oops": [.operatorBody: "assert CONDITION", .userTask: "exit [STATUS]"],
    "safe point": [.kernel: "work D"],
  ]

  /// A verb that stands there as a function that is called: `fork()`, `safe_point()`.
  func reportVerbCalled(_ reference: Reference, _ arguments: [Expression]) -> Bool {
    guard reference.module == nil else { return false }
    let name = reference.name
    guard let verb = Verb.named(name.text) ?? verbWritten(name.text) else { return false }
    guard verb.contexts.contains(place.context) else {
      // A function may be called like a verb of one word, like one of two none can.
      return verb.name.contains(" ") && !allow(verb.name, at: name.range)
    }
    var form = verb.signature
    if verb.name == "thread", case .reference(let program)? = arguments.first?.kind {
      form = "thread \(program.name.text)"
    }
    report(.incompleteVerb(name, form: form))
    return true
  }

  /// A verb of two words, written as one: `safe_point`, `irqsoff`.
  func verbWritten(_ text: String) -> Verb? {
    guard !isDone else { return nil }
    let bare = text.filter { $0 != "_" }.lowercased()
    return Self.verbsOfTwoWords.first { $0.bare == bare }?.verb
  }

  private static let verbsOfTwoWords: [(bare: String, verb: Verb)] =
    Verb.all.filter { $0.name.contains(" ") }.map { ($0.name.filter { $0 != " " }, $0) }

  /// `g 1`, `call g`: the call that is meant, and whether it may stand here.
  func reportedAsCall(_ node: VerbStatement) -> Bool {
    if let symbol = find(node.verb.text), isCallable(symbol) || sort(of: symbol) == "a system call"
    {
      note(symbol, at: node.verb.range)
      guard mayCall(symbol, node.verb) else { return true }
      let arguments = node.arguments.map { self.text(of: $0.range) }.joined(separator: ", ")
      let shown = arguments.utf8.count <= 40 ? arguments : "…"
      report(.callWithoutParentheses(node.verb, form: "\(node.verb.text)(\(shown))"))
      return true
    }
    guard ["call", "invoke", "execute"].contains(node.verb.text), let first = node.arguments.first
    else { return false }
    var called = first
    if case .call(let callee, _) = first.kind { called = callee }
    guard case .reference(let reference) = called.kind, let symbol = find(reference) else {
      return false
    }
    note(symbol, at: called.range)
    guard mayCall(symbol, reference.name) else { return true }
    let text = text(of: first.range)
    let form = called.range == first.range ? "\(text)()" : text
    report(.foreignVerb(node.verb, form: form, help: nil))
    return true
  }

  /// `len("abc")`; of a list there is a form.
  func reportedAsLength(_ reference: Reference, _ arguments: [Expression]) -> Bool {
    guard ["len", "length", "size", "count"].contains(reference.name.text),
      arguments.count == 1, let argument = arguments.first
    else { return false }
    let kind = check(argument)
    if kind.isList {
      let list = text(of: argument.range)
      report(
        .foreignName(
          reference.name, sort: "a function",
          form: "count(x in \(list.utf8.count <= 40 ? list : "LIST"): true)"))
      return true
    }
    guard kind == .string else {
      reportUnknown(reference, sort: "a function", where: isCallable)
      return true
    }
    var diagnostic = Diagnostic.unknownName(reference.name, sort: "a function", near: nil)
    diagnostic.help = ForeignWords.lengthOfText
    report(diagnostic)
    return true
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
    case .patch:
      "a patch is named alone, and asked nothing: a transition is over when `not in_progress` "
        + "holds, and a task has it when `.universe == new`"
    default: nil
    }
  }

  /// `ext4.sync()`: the name of a module before a dot.
  func reportedAsModule(_ base: Expression, _ name: Name) -> Bool {
    guard case .reference(let reference) = base.kind, reference.module == nil,
      let kernel = place.kernel, find(reference) == nil,
      index.kernels[kernel].modules[reference.name.text] != nil
    else { return false }
    let key = MemberKey(owner: .module(reference.name.text), name: name.text)
    if let symbol = member(key)?.symbol, case .function = symbol, !isCallable(symbol) {
      return !mayCall(symbol, name)
    }
    report(.moduleBeforeDot(reference.name, name))
    return true
  }
}
