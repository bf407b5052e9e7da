import Diagnostics
import Machine
import Syntax

/// Verbs that are a word and its arguments: the table says what they take.
extension Checker {
  /// Whether a function is meant that is called like a verb, where the verb can't stand:
  /// `check(length)` in kernel code.
  private func isCall(_ node: VerbStatement, _ callee: Expression) -> Bool {
    guard case .reference(let reference) = callee.kind, node.failure == nil,
      case .function? = find(reference)
    else { return false }
    return true
  }

  func checkVerb(_ node: VerbStatement, _ range: SourceRange) {
    guard let verb = Verb.named(node.verb.text) else {
      // What its arguments ought to be is known only with the verb.
      return reportedAsCall(node) ? () : reportUnknownVerb(node.verb)
    }
    if !verb.contexts.contains(place.context) {
      let call = node.call(at: range)
      if case .call(let callee, let arguments) = call.kind, isCall(node, callee) {
        _ = checkCall(callee, arguments, call)
        return
      }
      if !allow(verb.name, at: node.verb.range) { return }
    }
    if Self.lessonVerbs.contains(verb.name), !allowInLesson(verb.name, at: node.verb.range) {
      return
    }
    if let failure = node.failure {
      if ["apply", "revert", "force", "write", "signal"].contains(verb.name) {
        checkFailure(failure)
      } else {
        report(.neverFails(at: failure.range))
      }
    }
    if reportedTextOfClaim(node.arguments, verb) { return }
    let required = verb.parameters.count { !$0.isOptional }
    if verb.isVariadic, node.arguments.count > verb.parameters.count {
      for argument in node.arguments { check(argument, verb.parameters[0].shape, of: verb) }
      return
    }
    guard (required...verb.parameters.count).contains(node.arguments.count) else {
      let wanted =
        required == verb.parameters.count
        ? required.counted("argument")
        : "\(required) or \(verb.parameters.count.counted("argument"))"
      report(
        .wrongArity(
          "`\(verb.name)`", takes: wanted, found: node.arguments.count, at: range,
          help: hasPlaceholders(node.arguments)
            ? "a value is put into a text between braces: `\"{VALUE}\"`"
            : "write: \(verb.signature)"))
      return
    }
    if nesting > 0 || !place.isScenarioBody, ["always", "never", "reach"].contains(verb.name) {
      report(.nestedProperty(verb.name, at: range))
    }
    if verb.name == "signal", reportedAsExchanged(node.arguments) { return }
    for (argument, parameter) in zip(node.arguments, verb.parameters) {
      check(argument, parameter.shape, of: verb)
    }
    if verb.name == "write", node.failure == nil, let path = node.arguments.first {
      checkPath(path, of: "write …")
    }
  }

  private static let lessonVerbs = Set(WordGroup.lessonVerbs.spellings)

  /// `printk "%d", n`
  private func hasPlaceholders(_ arguments: [Expression]) -> Bool {
    guard arguments.count > 1, case .string(let text) = arguments[0].kind else { return false }
    return text.plain?.utf8.contains(UInt8(ascii: "%")) == true
  }

  /// `assert CONDITION, "TEXT"`.
  private func reportedTextOfClaim(_ arguments: [Expression], _ verb: Verb) -> Bool {
    guard arguments.count == 2, case .string = arguments[1].kind,
      let parameter = verb.parameters.first, verb.parameters.count == 1,
      case .condition = parameter.shape
    else { return false }
    check(arguments[0], parameter.shape, of: verb)
    report(.textOfClaim(verb.name, at: arguments[1].range))
    return true
  }

  func reportUnknownVerb(_ name: Name) {
    if let form = Verb.elsewhere[name.text] { return reportForeignVerb(name, form: form) }
    if isDone { return }
    let here = Verb.all.filter { $0.contexts.contains(place.context) }.map(\.name)
    report(.unknownVerb(name, near: nearest(to: name.text, among: here)))
  }

  /// `signal servers, STOP`.
  private func reportedAsExchanged(_ arguments: [Expression]) -> Bool {
    guard case .reference(let first)? = arguments.first?.kind, first.module == nil,
      case .reference(let second)? = arguments.last?.kind,
      Signal(name: first.name.text) == nil, Signal(name: second.name.text) != nil,
      find(second) == nil
    else { return false }
    var diagnostic = Diagnostic.unknownFixedName(first.name, sort: "signal", near: nil, known: [])
    diagnostic.help = "the signal comes first: `signal \(second.name.text), \(first.name.text)`"
    report(diagnostic)
    return true
  }

  private func check(_ argument: Expression, _ shape: Verb.Parameter.Shape, of verb: Verb) {
    switch shape {
    case .value(.string): checkText(argument)
    case .value(let kind): check(argument, is: kind)
    case .durations: checkDurations(argument)
    case .object: check(argument, is: .record)
    case .anything:
      if check(argument) == .nothing { reportNoValue(argument) }
    case .patch: checkPatch(argument)
    case .queue:
      _ = expect(argument, sort: "a queue") { if case .queue = $0 { true } else { false } }
    case .lock: _ = expect(argument, sort: "a lock") { if case .lock = $0 { true } else { false } }
    case .signal:
      guard case .reference(let reference) = argument.kind, reference.module == nil else {
        if case .missing = argument.kind { return }
        return report(
          .wrongKind(
            found: check(argument), wanted: "a signal", at: argument.range,
            help: signalMeant(by: argument).map { "a signal is its name: `\($0)`" }))
      }
      if verb.name == "ignore" {
        checkCatchable(reference.name)
      } else {
        _ = signal(reference.name)
      }
    case .tasks: checkTasks(argument)
    case .condition: checkCondition(argument, of: verb)
    }
  }

  /// `report migration, x`, `expect log kgr`: a text without its quotes.
  func checkText(_ argument: Expression) {
    guard case .reference(let reference) = argument.kind, reference.module == nil,
      find(reference) == nil
    else { return check(argument, is: .string) }
    let name = reference.name.text
    reportUnknown(
      reference, sort: nil, help: "a text stands in double quotes: `\"\(name)\"`", where: isValue)
  }

  private func checkPatch(_ argument: Expression) {
    if case .reference(let reference) = argument.kind, find(reference) == nil {
      let isPatch: (Symbol) -> Bool = { if case .patch = $0 { true } else { false } }
      return reportUnknown(reference, sort: "a patch", where: isPatch)
    }
    if case .reference(let reference) = argument.kind, let symbol = find(reference),
      !isValue(symbol)
    {
      note(symbol, at: argument.range)
      return report(
        .wrongSort(
          reference.name, is: sort(of: symbol), wanted: "a patch", declared: declaration(of: symbol)
        ))
    }
    check(argument, is: .patch)
  }

  func checkDurations(_ argument: Expression) {
    guard case .range(let low, let high) = argument.kind else {
      check(argument, is: .duration)
      return checkNotNegative(argument)
    }
    check(low, is: .duration)
    checkNotNegative(low)
    check(high, is: .duration)
    if let first = facts.constants[low.range], let last = facts.constants[high.range], last < first
    {
      report(
        Diagnostic(
          .error, .outOfRange, "the upper end of a range must not be below the lower",
          labels: [
            .primary(high.range, "shorter than the other"), .secondary(low.range, "lower end"),
          ]))
    }
  }

  private func checkNotNegative(_ duration: Expression) {
    guard let value = facts.constants[duration.range], value < 0 else { return }
    if let range = rangeMeant(by: duration) {
      return report(.rangeWithMinus(range, at: duration.range))
    }
    let text = text(of: duration.range)
    report(
      .outOfRange(
        "a duration", value: value, shown: text.utf8.count <= 20 ? text : "\(value)ns",
        allowed: "0ns or more", at: duration.range))
  }

  func checkTasks(_ argument: Expression) {
    if case .reference(let reference) = argument.kind, find(reference) == nil,
      Signal(name: reference.name.text) != nil
    {
      return report(
        .wrongSort(reference.name, is: "a signal", wanted: "a task or a list", declared: nil))
    }
    let kind = check(argument)
    switch kind {
    case .task, .error: break
    case .list(let element): require(element, is: .task, argument)
    case .unknown: _ = facts.table.restrictToTasks(kind)
    default:
      report(
        .wrongKind(
          found: kind, wanted: "a task or a list of tasks", at: argument.range,
          help: "keep what `spawn` gives: `let t = spawn …`"))
    }
  }

  private func checkCondition(_ argument: Expression, of verb: Verb) {
    if isMonitor(argument, of: verb) { return }
    guard verb.name != "assert", verb.name != "check" else {
      check(argument, is: .boolean)
      return warnIfConstant(verb.name, argument)
    }
    asking(verb.name) { check(argument, is: .boolean) }
    warnIfConstant(verb.name, argument)
  }

  /// `never mixed`: a name that nothing else has.
  private func isMonitor(_ argument: Expression, of verb: Verb) -> Bool {
    guard verb.name == "never" || verb.name == "reach",
      case .reference(let reference) = argument.kind, find(reference) == nil
    else { return false }
    let name = reference.name.text
    if MonitorName.all.contains(where: { $0.name == name }) { return true }
    let monitors = MonitorName.all.map(\.name)
    let (near, _) = suggestion(for: name, first: monitors, where: isValue)
    report(.unknownFixedName(reference.name, sort: "monitor", near: near, known: monitors))
    return true
  }

  /// `signal 9, t`, `signal "KILL", t`.
  private func signalMeant(by argument: Expression) -> String? {
    switch argument.kind {
    case .integer(let number):
      return Signal.allCases.first { $0.rawValue == number }?.name
    case .string(let text):
      guard let word = text.plain?.uppercased() else { return nil }
      let name = word.hasPrefix("SIG") ? String(word.dropFirst(3)) : word
      return Signal(name: name)?.name
    default: return nil
    }
  }

  func signal(_ name: Name) -> Signal? {
    if name.isMissing { return nil }
    if let signal = Signal(name: name.text) { return signal }
    if isDone { return nil }
    let known = Signal.allCases.map(\.name)
    if let symbol = find(name.text) {
      // A task, or a list of them: the other way round.
      note(symbol, at: name.range)
      var diagnostic = Diagnostic.unknownFixedName(name, sort: "signal", near: nil, known: known)
      diagnostic.help = "the signal comes first: `signal STOP, \(name.text)`"
      report(diagnostic)
      return nil
    }
    let bare = name.text.hasPrefix("SIG") ? String(name.text.dropFirst(3)) : name.text.uppercased()
    let near = known.contains(bare) ? bare : nearest(to: bare, among: known)
    report(.unknownFixedName(name, sort: "signal", near: near, known: known))
    return nil
  }

  /// SIGKILL and SIGSTOP are the kernel's own (`sigaction(2)`: EINVAL).
  func checkCatchable(_ name: Name) {
    if let signal = signal(name), !signal.canBeCaught { report(.uncatchable(name)) }
  }

  func checkFailure(_ failure: ExpectedFailure) {
    for name in failure.errors where !name.isMissing && Errno(name: name.text) == nil {
      let known = Errno.allCases.map(\.name)
      report(
        .unknownFixedName(
          name, sort: "error", near: nearest(to: name.text.uppercased(), among: known), known: known
        ))
    }
  }
}
