import Diagnostics
import Syntax

extension Diagnostic {
  static func patchOfNothing(
    _ name: Name, sort: String, kernel: String, near: String?, nearRange: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .error, .patchOfNothing, "kernel \"\(kernel)\" has no \(sort) `\(name.text)` to replace",
      labels: [
        .primary(name.range, near.map { "did you mean `\($0)`?" } ?? "nothing to replace")
      ] + (nearRange.map { [.secondary($0, "declared here")] } ?? []),
      help: sort == "function"
        ? "a helper that the kernel lacks is written `new fn \(name.text)(…)`" : nil,
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  /// What is to be replaced belongs to another object: the kernel, or a module.
  static func patchOfOtherObject(
    _ name: Name, _ key: MemberKey, sort: String, declared: SourceRange?
  ) -> Diagnostic {
    let word = sort == "function" ? "fn" : "const"
    var owner = "the kernel itself"
    var help = "write it outside of `module`, directly in the patch"
    if case .module(let module) = key.owner {
      owner = "module \"\(module)\""
      help = "write it inside of `module \"\(module)\" { \(word) \(name.text) … }`"
    }
    return Diagnostic(
      .error, .patchOfNothing, "`\(name.text)` belongs to \(owner)",
      labels: [.primary(name.range, "nothing to replace here")]
        + (declared.map { [.secondary($0, "declared here")] } ?? []),
      help: help)
  }

  static func patchOfMissingModule(_ name: TextLiteral, near: String?) -> Diagnostic {
    .error(
      .patchOfNothing, "the kernel has no module \"\(name.text)\"", at: name.range,
      label: near.map { "did you mean \"\($0)\"?" } ?? "unknown module",
      fixIt: near.map { FixIt(range: name.range, replacement: "\"\($0)\"") })
  }

  static func patchOfUntraced(_ name: Name, attribute: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .patchOfUntraced, "`\(name.text)` can't be patched: it is `notrace`",
      labels: [
        .primary(name.range, "no redirection can be put at its entry"),
        .secondary(attribute, "declared `notrace` here"),
      ],
      help: "patch the functions that call it instead")
  }

  /// A constant is replaced, and one of its readers can't be.
  static func constantOfUntraced(_ name: Name, reader: Name, attribute: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .patchOfUntraced,
      "`\(reader.text)` reads `\(name.text)`, and can't be patched: it is `notrace`",
      labels: [
        .primary(name.range, "replaces every function that reads it"),
        .secondary(attribute, "`\(reader.text)` is declared `notrace` here"),
      ],
      help: "leave the constant as it is, and replace the functions that call `\(reader.text)`")
  }

  static func noSuchOccurrence(
    _ name: Name, _ spelling: String, first: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .patchOfNothing, "there is no `\(spelling)`: fewer functions have that name",
      labels: [.primary(name.range, "nothing to replace"), .secondary(first, "the first")],
      help: "`\(name.text)` alone is the first of them")
  }

  /// - Parameter areAll: whether there are no more.
  static func patchOfInline(
    _ name: Name, callers: [Name], areAll: Bool, attribute: SourceRange
  ) -> Diagnostic {
    let names =
      callers.map { "`\($0.text)`" }.joined(separator: ", ") + (areAll ? "" : " and others")
    return Diagnostic(
      .error, .patchOfInline,
      "`\(name.text)` is inlined into \(names), which this patch does not replace",
      labels: [
        .primary(name.range, "patched here"), .secondary(attribute, "declared `inline` here"),
      ] + callers.map { .secondary($0.range, "has a copy of it") },
      help: "replace \(callers.count == 1 ? "that function" : "those functions") in the patch too")
  }

  static func patchOtherParameters(
    _ name: Name, found: Int, wanted: Int, original: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .patchOtherParameters,
      "the new `\(name.text)` takes \(found.counted("parameter")), the old one \(wanted)",
      labels: [.primary(name.range, "\(found) here"), .secondary(original, "\(wanted) here")],
      help: "its callers stay as they are, so both must take the same")
  }

  static func patchOtherFlavour(
    _ name: Name, found: String, wanted: String, original: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .patchOtherFlavour, "`\(name.text)` is \(wanted), and its replacement \(found)",
      labels: [
        .primary(name.range, "replaced by \(found)"), .secondary(original, "declared as \(wanted)"),
      ], help: "what takes its place is declared as it is, by the same word")
  }

  static func helperExists(_ name: Name, original: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .helperExists, "the kernel has a function `\(name.text)` already",
      labels: [
        .primary(name.range, "`new` promises that it lacks one"),
        .secondary(original, "declared here"),
      ],
      help: "leave `new` out to replace it")
  }

  static func moduleOfPatch(_ name: Name, module: TextLiteral) -> Diagnostic {
    Diagnostic(
      .error, .duplicateName,
      "patch `\(name.text)` is a module of the name \"\(module.text)\", and there is one already",
      labels: [
        .primary(name.range, "its module has this name"), .secondary(module.range, "the other one"),
      ], help: "give the patch, or its package, another name")
  }

  static func patchByName(
    _ key: MemberKey, found: MemberKey, generation: String, at range: SourceRange,
    other: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .error, .patchByName,
      "kGraft \(generation) can't tell `\(key.spelling)` from `\(found.spelling)`",
      labels: [.primary(range, "it looks for the name alone")]
        + (other.map { [.secondary($0, "which this one has too")] } ?? []),
      help: "positions and objects came with 4.4: `machine { patching kgraft \"4.4\" }`; "
        + "or give one of the two another name")
  }

  /// A callback or a state (`include/linux/livepatch.h`), of which kGraft has none.
  static func ofLivepatch(_ feature: String, at range: SourceRange) -> Diagnostic {
    .error(
      .notOfThisEngine, "`\(feature)` is livepatch's, and kGraft has nothing like it", at: range,
      label: "the scenario patches with kGraft",
      help: "prepare data in the new functions, or keep them in a shadow variable")
  }

  static func emptyPatch(_ name: Name) -> Diagnostic {
    .error(
      .emptyPatch, "patch `\(name.text)` replaces no function", at: name.range,
      help: "give it a function, or a constant that some function reads")
  }

  // MARK: Families

  static func badFamily(_ name: Name, count: Int, most: Int, at range: SourceRange) -> Diagnostic {
    .error(
      .badFamily,
      count == 0
        ? "the family `\(name.text)` has no members"
        : "the family `\(name.text)` has more than \(most) members",
      at: range, help: "write `1..15`, or list the numbers")
  }

  static func noFamily(_ name: Name, declared: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .badFamily, "`\(name.text)` is one patch and no family",
      labels: [.primary(name.range, "has no members"), .secondary(declared, "declared here")],
      help: "leave the number out, or declare `patch \(name.text) for n in 1..3 { … }`")
  }

  static func familyWithoutNumber(_ name: Name, first: Int64?, declared: SourceRange) -> Diagnostic
  {
    Diagnostic(
      .error, .badFamily, "`\(name.text)` is a family of patches: say which one",
      labels: [.primary(name.range, "all of them"), .secondary(declared, "declared here")],
      help: "write `\(name.text)[\(first ?? 1)]`")
  }

  static func noFamilyMember(
    _ name: String, _ number: Int64, numbers: [Int64], at range: SourceRange,
    declared: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .error, .badFamily, "the family `\(name)` has no member \(number)",
      labels: [.primary(range, "no such member")]
        + (declared.map { [.secondary($0, "its members")] } ?? []),
      help: numbers.isEmpty ? nil : "it has \(numbers.words)")
  }
}

extension [Int64] {
  /// "1 to 15", or the numbers one by one, or the first of many.
  var words: String {
    if let first, let last, count > 2, last - first == Int64(count) - 1, self == sorted() {
      return "\(first) to \(last)"
    }
    let shown = prefix(8).map { "\($0)" }
    return shown.joined(separator: ", ") + (count > shown.count ? ", …" : "")
  }
}
