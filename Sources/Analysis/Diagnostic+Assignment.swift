import Diagnostics
import Syntax

extension Diagnostic {
  static func taskIndexed(_ task: String, _ place: String, at range: SourceRange) -> Diagnostic {
    .error(
      .wrongKind, "expected a list, found a task", at: range, label: "this is a task",
      help: "what a task is asked for stands behind a dot: `\(task).\(place)`")
  }

  static func pathWithoutQuotes(_ function: String, at range: SourceRange) -> Diagnostic {
    .error(
      .wrongSort, "`\(function)` is called with a text in parentheses", at: range,
      help: "write the path in quotes: `\(function)(\"/…\")`")
  }

  /// `list[n]` that is no first value of a kernel variable.
  static func listElsewhere(at range: SourceRange) -> Diagnostic {
    .error(
      .misplacedClause,
      "`list[N]` is the first value of a kernel variable, and stands nowhere else",
      at: range, help: "write the elements: `[0, 0, 0]`")
  }

  static func interruptWithoutPeriod(_ name: Name) -> Diagnostic {
    .error(
      .interruptWithoutPeriod, "the interrupt `\(name.text)` never comes", at: name.range,
      label: "how often?", help: "say when: `irq \(name.text) every 4ms { … }`")
  }

  /// A field of an object, or what a task is asked for, assigned by code that has no hand in it.
  static func fieldFromOutside(_ name: Name, isOfTask: Bool) -> Diagnostic {
    .notAssignable(
      name.text, why: isOfTask ? "the task's own" : "a field of a kernel object", at: name.range,
      declared: nil,
      help: isOfTask
        ? "a task changes it by what it does"
        : "only kernel code changes it: write a `syscall` that does")
  }

  static func elementOfValue(at range: SourceRange) -> Diagnostic {
    .error(
      .notAssignable, "an element can be assigned only where its list is a `var`", at: range,
      label: "this is a value", help: "keep the list in a `var`, and change an element of that")
  }
}
