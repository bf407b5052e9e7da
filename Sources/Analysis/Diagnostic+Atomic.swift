import Diagnostics
import Syntax

extension Diagnostic {
  static func notInAtomic(
    _ what: String, block: String, path: [(name: String, range: SourceRange)],
    at range: SourceRange
  ) -> Diagnostic {
    let why = block == "atomic" ? "it is one step" : "the kernel must not sleep there"
    let shown = what.hasPrefix("a ") ? what : "`\(what)`"
    return Diagnostic(
      .error, .notInAtomic, "\(shown) can't happen in `\(block)`: \(why)",
      labels: [.primary(range, "this is not possible there")]
        + path.map { .secondary($0.range, "calls `\($0.name)`") },
      help: "do it before the block, or after its end")
  }

  static func leavesAtomic(_ word: String, block: String, at range: SourceRange) -> Diagnostic {
    .error(
      .leavesAtomic, "`\(word)` would leave `\(block)` in its middle", at: range,
      label: "leaves the block",
      help: "keep what is needed in a `var`, and go on after the block's end")
  }

  static func recordWithoutPool(_ name: Name) -> Diagnostic {
    .error(
      .recordWithoutPool, "record `\(name.text)` does not say how many objects there can be",
      at: name.range, help: "write `record \(name.text)[8] { … }`")
  }
}
