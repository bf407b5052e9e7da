import Diagnostics
import Syntax

extension Diagnostic {
  /// - Parameter sort: what was looked for, as in "a patch", or nil where any name would do.
  static func unknownName(
    _ name: Name, sort: String?, near: String?, listed: [String] = []
  ) -> Diagnostic {
    let what =
      sort.map { "no \($0.withoutArticle) is called `\(name.text)`" }
      ?? "nothing is called `\(name.text)` here"
    var help: String?
    if near == nil, !listed.isEmpty, listed.count <= 8 {
      help = "there is " + listed.map { "`\($0)`" }.joined(separator: ", ")
    }
    return .error(
      .unknownName, what, at: name.range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown name", help: help,
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  /// A name that other languages give to what has another one here.
  static func foreignName(_ name: Name, sort: String?, form: String) -> Diagnostic {
    var diagnostic = unknownName(name, sort: sort, near: nil)
    diagnostic.labels = [.primary(name.range, write(form))]
    return diagnostic
  }

  static func duplicate(_ sort: String, _ text: String, at range: SourceRange, first: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      .error, .duplicateName, "\(sort) `\(text)` is declared twice",
      labels: [.primary(range, "declared again here"), .secondary(first, "first declared here")],
      help: "give one of them another name")
  }

  static func duplicateClause(_ text: String, at range: SourceRange, first: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      .error, .duplicateName, "a patch has one `\(text)`",
      labels: [.primary(range, "again here"), .secondary(first, "first here")],
      help: "leave one of the two out")
  }

  static func duplicateFunction(_ name: Name, first: SourceRange, next: Int) -> Diagnostic {
    Diagnostic(
      .error, .duplicateName, "function `\(name.text)` is declared twice",
      labels: [
        .primary(name.range, "declared again here"), .secondary(first, "first declared here"),
      ],
      help: "a second function of the same name is written `fn \(name.text)@\(next)`")
  }

  static func hides(_ name: Name, sort: String, at other: SourceRange?) -> Diagnostic {
    Diagnostic(
      .error, .hiddenName, "`\(name.text)` is already the name of \(sort)",
      labels: [.primary(name.range, "this would hide it")]
        + (other.map { [.secondary($0, "declared here")] } ?? []),
      help: "a name can't hide another; choose a different one")
  }

  static func wrongSort(
    _ name: Name, is found: String, wanted: String, declared: SourceRange?, help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, .wrongSort, "`\(name.text)` is \(found), and \(wanted) is needed here",
      labels: [.primary(name.range, "this must be \(wanted)")]
        + (declared.map { [.secondary($0, "declared here as \(found)")] } ?? []),
      help: help)
  }

  static func unknownVerb(_ name: Name, near: String?) -> Diagnostic {
    .error(
      .unknownVerb, "`\(name.text)` is no verb", at: name.range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown verb",
      help: near == nil ? "a function is called with parentheses: `\(name.text)(…)`" : nil,
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  /// A verb of a shell, of the kernel or of another language.
  static func foreignVerb(_ name: Name, form: String, help: String?) -> Diagnostic {
    .error(
      .unknownVerb, "`\(name.text)` is no verb", at: name.range, label: write(form), help: help)
  }

  /// `recv 1200`.
  static func callWithoutParentheses(_ name: Name, form: String) -> Diagnostic {
    .error(
      .unknownVerb, "`\(name.text)` is called with parentheses", at: name.range, label: write(form))
  }

  /// A verb without what belongs to it, or with what does not.
  static func incompleteVerb(_ name: Name, form: String) -> Diagnostic {
    .error(
      .unknownVerb, "`\(name.text)` can't stand like this", at: name.range, label: write(form))
  }

  /// A verb that is called where neither a verb nor a function of that name can be.
  static func wrongPlaceForVerb(_ name: Name) -> Diagnostic {
    let verb = Verb.named(name.text)
    let places = Context.allCases.filter { verb?.contexts.contains($0) == true }.map(\.place)
    return .error(
      .unknownVerb, "`\(name.text)` is no function", at: name.range, label: "unknown function",
      help: "the verb of that name belongs in \(places.joined(separator: " or "))")
  }

  /// `ext4.sync()`.
  static func moduleBeforeDot(_ module: Name, _ name: Name) -> Diagnostic {
    .error(
      .unknownName, "`\(module.text)` is a module", at: module.range,
      label: "write `\(module.text)::\(name.text)`")
  }

  static func verbAsValue(_ name: Name, _ verb: Verb) -> Diagnostic {
    .error(
      .unknownName, "`\(name.text)` is a verb and gives no value", at: name.range,
      label: "a value is needed here", help: "a statement of its own is `\(verb.signature)`")
  }

  /// Names as a message has them: of very many no more than anyone reads.
  static func listed(_ names: [String], _ spelled: (String) -> String) -> String {
    let most = 40
    let list = names.prefix(most).map(spelled).joined(separator: ", ")
    return names.count <= most ? list : list + " and \(names.count - most) more"
  }

  static func unknownMember(
    _ name: Name, of owner: String, near: String?, known: [String]
  ) -> Diagnostic {
    let list = listed(known) { "`.\($0)`" }
    return .error(
      .unknownMember, "\(owner) has no `.\(name.text)`", at: name.range,
      label: near.map { "did you mean `.\($0)`?" } ?? "unknown property",
      help: known.isEmpty ? nil : "\(owner) can be asked for \(list)",
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  /// `xs.len`.
  static func lengthElsewhere(_ name: Name, of list: String) -> Diagnostic {
    .error(
      .unknownMember, "the length of a list is counted, there is no `\(name.text)`",
      at: name.range, label: "unknown name",
      help: "how many there are: `count(x in \(list): true)`")
  }

  /// A `let` or `var` that stands further down.
  static func usedBeforeDeclared(_ name: Name, declared: SourceRange, line: Int) -> Diagnostic {
    Diagnostic(
      .error, .unknownName, "`\(name.text)` is declared below, at line \(line)",
      labels: [.primary(name.range, "used before that"), .secondary(declared, "declared here")],
      help: "move its declaration above this")
  }

  /// A name from a fixed list: a signal, an error, a monitor.
  static func unknownFixedName(
    _ name: Name, sort: String, near: String?, known: [String]
  ) -> Diagnostic {
    .error(
      .unknownFixedName, "`\(name.text)` is no \(sort)", at: name.range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown \(sort)",
      // A long list is no help beside the right answer.
      help: known.isEmpty || near != nil && known.count > 12
        ? nil : "known are " + listed(known) { $0 },
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  /// - Parameter wanted: the whole path with the right name in it.
  static func unknownPath(
    _ path: String, near: String, wanted: String?, form: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .unknownFixedName, "there is no `\(path)`", at: range, label: "did you mean `\(near)`?",
      help: "if it is meant to fail here, write `\(form) fails ENOENT`",
      fixIt: wanted.map { FixIt(range: range, replacement: "\"\($0)\"") })
  }

  static func unknownRoot(
    _ path: String, known: [String], form: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .unknownFixedName, "there is no `\(path)`", at: range,
      label: "the files are below " + known.sorted().map { "`/\($0)`" }.joined(separator: " and "),
      help: "if it is meant to fail here, write `\(form) fails ENOENT`")
  }

  static func relativePath(
    _ path: String, wanted: String?, form: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .unknownFixedName, "a path begins with `/`, and this is `\(path)`", at: range,
      label: wanted.map { "write `\($0)`" } ?? "there is no such file",
      help: "if it is meant to fail here, write `\(form) fails ENOENT`")
  }

  static func unknownState(_ state: String, near: String?, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownFixedName, "the state of a task is never \"\(state)\"", at: range,
      label: near.map { "did you mean \"\($0)\"?" } ?? "unknown state",
      help: "it is the letter that ps shows: R runs, S sleeps, D can't be woken by a signal, "
        + "T is stopped, Z has exited",
      fixIt: near.map { FixIt(range: range, replacement: "\"\($0)\"") })
  }

  /// The name exists, but code of this kind can't see it.
  static func notVisible(
    _ name: Name, sort: String, from context: Context, declared: SourceRange?, help: String
  ) -> Diagnostic {
    Diagnostic(
      .error, .notVisibleHere, "\(context.place) can't use \(sort) `\(name.text)` directly",
      labels: [.primary(name.range, "out of reach from \(context.place)")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: help)
  }
}

extension String {
  /// "patch" of "a patch".
  var withoutArticle: String {
    if hasPrefix("a ") { return String(dropFirst(2)) }
    if hasPrefix("an ") { return String(dropFirst(3)) }
    if hasPrefix("the ") { return String(dropFirst(4)) }
    return self
  }
}
