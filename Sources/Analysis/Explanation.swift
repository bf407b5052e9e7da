import Diagnostics

/// What `graft explain CODE` shows: a title, why the rule is there, and a text that breaks it
/// beside one that does not. A test holds both texts against the checker.
package struct Explanation: Sendable {
  package var code: DiagnosticCode
  package var title: String
  package var text: String
  package var wrong: String
  package var right: String

  package static let all: [Explanation] =
    names + kinds + contexts + patches + scenarios + warnings + limits

  package static func of(_ code: String) -> Explanation? {
    all.first { $0.code.rawValue == code.uppercased() }
  }
}
