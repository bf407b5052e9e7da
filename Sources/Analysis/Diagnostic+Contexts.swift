import Diagnostics
import Syntax

extension Diagnostic {
  static func wrongContext(
    _ verb: Verb, at range: SourceRange, in context: Context, help: String?
  ) -> Diagnostic {
    // Threads and interrupts are kernel code too, where that is one of the places.
    let contexts =
      verb.contexts.contains(.kernel)
      ? verb.contexts.subtracting([.kernelThread, .interrupt]) : verb.contexts
    let places = Context.allCases.filter(contexts.contains).map(\.place)
    return .error(
      .wrongContext, "`\(verb.name)` belongs in \(places.listed), not in \(context.place)",
      at: range, label: "this is \(context.place)", help: help)
  }

  static func sleepsInInterrupt(
    handler: Name, path: [(name: String, range: SourceRange)], verb: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .sleepsInInterrupt, "interrupt handler `\(handler.text)` would sleep",
      labels: [.primary(range, "`\(verb)` sleeps")]
        + path.map { .secondary($0.range, "calls `\($0.name)`") }
        + [.secondary(handler.range, "runs in interrupt context")],
      help: "wake a kernel thread instead, and let it sleep")
  }

  static func outsideLoop(_ word: String, at range: SourceRange) -> Diagnostic {
    .error(
      .outsideLoop, "`\(word)` stands outside of any loop", at: range,
      help: word == "break" ? "`return` leaves the body" : nil)
  }

  static func kernelFunctionFromProgram(_ name: Name, declared: SourceRange?) -> Diagnostic {
    Diagnostic(
      .error, .callFromWrongSide, "a program can't call the kernel function `\(name.text)`",
      labels: [.primary(name.range, "called from user space")]
        + (declared.map { [.secondary($0, "declared `fn` here")] } ?? []),
      help: "a program enters the kernel through a `syscall`")
  }

  static func kernelCodeFromOperator(_ name: Name, declared: SourceRange?) -> Diagnostic {
    Diagnostic(
      .error, .callFromWrongSide, "a scenario can't call the kernel's `\(name.text)`",
      labels: [.primary(name.range, "called from outside the machine")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: "let a `program` call a `syscall`, and `spawn` it")
  }

  static func notCallable(_ name: Name, is sort: String, declared: SourceRange?, help: String)
    -> Diagnostic
  {
    Diagnostic(
      .error, .callFromWrongSide, "`\(name.text)` is \(sort) and can't be called",
      labels: [.primary(name.range, "called here")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: help)
  }

  static func actsInCondition(_ what: String, verb: String, at range: SourceRange) -> Diagnostic {
    .error(
      .actsInCondition, "the condition of `\(verb)` may only ask, and \(what) acts", at: range,
      label: "this acts",
      help: "it is looked at after every step; call it before, and keep the answer with `let`")
  }

  static func callActsInCondition(
    _ name: Name, verb: String, at range: SourceRange, action: String, actionRange: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .actsInCondition,
      "the condition of `\(verb)` may only ask, and `\(name.text)` does more",
      labels: [.primary(range, "called here"), .secondary(actionRange, action)],
      help: "a condition is looked at within one step; call it before, and keep the answer")
  }

  /// The function is one that a patch of the scenario replaces.
  static func tracedInCondition(
    _ name: String, verb: String, at range: SourceRange, patch: Name
  ) -> Diagnostic {
    Diagnostic(
      .error, .actsInCondition,
      "the condition of `\(verb)` can't call `\(name)`, which patch `\(patch.text)` replaces",
      labels: [.primary(range, "entering it is a step"), .secondary(patch.range, "this patch")],
      help: "call it before, and keep the answer in a variable")
  }

  static func nestedProperty(_ verb: String, at range: SourceRange) -> Diagnostic {
    .error(
      .nestedProperty, "`\(verb)` stands directly in the scenario's body", at: range,
      label: "inside another statement",
      help: "it holds from where it stands to the scenario's end, so no branch or loop can own it")
  }

  static func uncatchable(_ name: Name) -> Diagnostic {
    .error(
      .uncatchable, "a program can neither catch nor ignore \(name.text)", at: name.range,
      label: "the kernel sees to this one itself",
      help: "handle another one, such as \(name.text == "KILL" ? "TERM" : "TSTP")")
  }

  static func initTakesNothing(_ parameter: Name) -> Diagnostic {
    .error(
      .badInit, "`program init` takes no parameters", at: parameter.range,
      help: "nobody starts it: make it a `var` of the program")
  }

  static func initIsThere(_ name: Name, declared: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .badInit, "`init` is there from the start, once",
      labels: [
        .primary(name.range, "started again"), .secondary(declared, "this is pid 1"),
      ],
      help: "give the program another name, or leave this out")
  }

  static func misplaced(_ what: String, belongs place: String, at range: SourceRange) -> Diagnostic
  {
    .error(.misplacedClause, "\(what) belongs \(place)", at: range)
  }

  /// - Parameter kind: `right` or `wrong`.
  static func unanswerable(lacks kind: String, at range: SourceRange) -> Diagnostic {
    .error(
      .unanswerable, "the question has no \(kind) answer", at: range,
      help: "an answer is a line: `\(kind) \"TEXT\" [if CONDITION] [because \"TEXT\"]`")
  }

  /// - Parameter isReplacement: whether a patch puts the body in another one's place.
  static func returnsNothing(isReplacement: Bool, at range: SourceRange) -> Diagnostic {
    .error(
      .misplacedClause,
      isReplacement
        ? "what this replaces gives no value, so its replacement can't return one"
        : "`return` with a value belongs in a function that gives one",
      at: range, label: "write `return` alone",
      help: isReplacement ? "or let the kernel's own function return a value too" : nil)
  }

  /// A write to kGraft's `in_progress` asks nobody which patch is meant.
  static func forceOfPatch(at range: SourceRange) -> Diagnostic {
    .error(
      .misplacedClause, "kGraft's `force` takes no patch: it goes over every task", at: range,
      label: "whatever is being patched", help: "write `force` alone")
  }

  static func neverFails(at range: SourceRange) -> Diagnostic {
    .error(
      .misplacedClause, "`fails` belongs behind what can be refused", at: range,
      label: "this has no errno",
      help: "that is apply, revert, force, write, signal, cat(…) and commands after `$`")
  }

  static func notSimulated(_ feature: String, at range: SourceRange) -> Diagnostic {
    .error(
      .notSimulated, "`\(feature)` is not simulated yet", at: range,
      label: "this scenario needs it",
      help: Unsimulated.instead(of: feature) ?? "other scenarios of the file run without it")
  }

  static func tooLarge(_ what: String, limit: Int, at range: SourceRange) -> Diagnostic {
    .error(
      .tooLarge, "\(what) is too large for the machine: the limit is \(limit)", at: range,
      help: "split it into several")
  }
}

extension [String] {
  /// "a, b or c".
  var listed: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}
