import Diagnostics
import Syntax

/// What a patch says of the functions that it replaces, and of the kernel that it was built for.
extension Diagnostic {
  static func nothingForeign(
    _ name: Name, attribute: SourceRange, original: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .badPatchAttribute, "`\(name.text)` is there to be patched, and not `foreign`",
      labels: [
        .primary(attribute, "says that this kernel lacks it, or can't trace it"),
        .secondary(original, "declared here"),
      ],
      help: "leave `foreign` out")
  }

  static func callOfForeign(_ name: Name, attribute: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .unknownName, "this kernel has no function `\(name.text)` to call",
      labels: [
        .primary(name.range, "nothing is linked to it"),
        .secondary(attribute, "this says that the kernel lacks it"),
      ],
      help: "call what the kernel has; a module with such a call would not be loaded at all")
  }

  static func repeatedAttribute(
    _ name: Name, _ attribute: FunctionAttribute, first: SourceRange
  ) -> Diagnostic {
    let word = attribute.kind.word.rawValue
    return Diagnostic(
      .error, .badPatchAttribute, "`\(name.text)` is `\(word)` already",
      labels: [.primary(attribute.range, "again here"), .secondary(first, "first here")],
      help: "leave one of the two out")
  }

  /// There is nothing to look for: no code of an inline function stands anywhere under its name.
  static func inlineReplacement(
    _ name: Name, inline: SourceRange, attribute: FunctionAttribute
  ) -> Diagnostic {
    let word = attribute.kind.word.rawValue
    return Diagnostic(
      .error, .badPatchAttribute, "`\(name.text)` can't be both `\(word)` and `inline`",
      labels: [
        .primary(inline, "has no code under its name"),
        .secondary(attribute.range, "is about what is looked for by its name"),
      ],
      help: "leave one of the two out")
  }

  static func weakAndRequired(
    _ name: Name, weak: SourceRange, required: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .badPatchAttribute, "`\(name.text)` can't be both `weak` and `required`",
      labels: [
        .primary(required, "refuses the patch when it is missing"),
        .secondary(weak, "leaves it out when it is missing"),
      ],
      help: "leave one of the two out")
  }

  static func attributeOfHelper(_ name: Name, _ attribute: FunctionAttribute) -> Diagnostic {
    let word = attribute.kind.word.rawValue
    return Diagnostic(
      .error, .badPatchAttribute,
      "`\(word)` is of a function that is replaced, and `\(name.text)` is new",
      labels: [.primary(attribute.range, "there is nothing to look up")],
      help: "leave `\(word)` out")
  }

  /// `abort_if_missing` went in March 2016, when functions got the name of their object.
  static func attributeOfOlder(
    _ attribute: FunctionAttribute, generation: String
  ) -> Diagnostic {
    let word = attribute.kind.word.rawValue
    return Diagnostic(
      .error, .notOfThisEngine,
      "kGraft \(generation) leaves out what is in a module that is absent, and nothing else",
      labels: [.primary(attribute.range, "`\(word)` is of 3.12")],
      help: "leave `\(word)` out, or write `machine { patching kgraft \"3.12\" }`")
  }

  static func immediateOfOlder(_ range: SourceRange, generation: String) -> Diagnostic {
    Diagnostic(
      .error, .notOfThisEngine, "kGraft \(generation) waits for everybody, whatever the patch",
      labels: [.primary(range, "of 3.12")],
      help: "leave it out, or write `machine { patching kgraft \"3.12\" }`")
  }

  static func vermagicOfOlder(_ clause: VermagicClause, generation: String) -> Diagnostic {
    Diagnostic(
      .error, .notOfThisEngine, "kGraft \(generation) does not compare releases",
      labels: [.primary(clause.range, "of 3.12")],
      help: "leave it out, or write `machine { patching kgraft \"3.12\" }`")
  }
}
