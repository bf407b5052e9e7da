import Machine

/// A function that the host lends to the operator, with what the checker, help and the reference
/// must know of it: `cat(path: string) -> string`.
package struct HostDeclaration: Sendable {
  package var name: String
  package var parameters: [Kind]
  /// What stands for the last argument where it may be left out; nil: it may not.
  package var lastDefault: Int64?
  package var result: Kind
  /// One line.
  package var help: String
  package var function: HostFunction
  /// Of a function that takes a path: the first part of it that no world is known to have, what
  /// stands before it, and what is known there.
  package typealias UnknownPart =
    @Sendable (_ path: String) -> (before: String, part: String, known: [String])?
  package var unknownPart: UnknownPart?

  package init(
    name: String, parameters: [Kind], lastDefault: Int64? = nil, result: Kind, help: String,
    function: HostFunction, unknownPart: UnknownPart? = nil
  ) {
    self.name = name
    self.parameters = parameters
    self.lastDefault = lastDefault
    self.result = result
    self.help = help
    self.function = function
    self.unknownPart = unknownPart
  }
}
