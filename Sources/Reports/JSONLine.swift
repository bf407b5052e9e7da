import Diagnostics

/// A JSON object on one line, its members in the order in which they are added.
package struct JSONLine {
  private var members = ""

  package init() {}

  package mutating func add(_ name: String, _ value: String) { append(name, jsonQuoted(value)) }
  package mutating func add(_ name: String, _ value: Int64) { append(name, "\(value)") }
  package mutating func add(_ name: String, _ value: UInt64) { append(name, "\(value)") }
  package mutating func add(_ name: String, _ value: Int) { append(name, "\(value)") }
  package mutating func add(_ name: String, _ value: Bool) {
    append(name, value ? "true" : "false")
  }

  /// A value that is JSON already.
  package mutating func add(_ name: String, raw value: String) { append(name, value) }

  /// Null where there is no value: a member that a kind has is always there.
  package mutating func add(_ name: String, _ value: String?) {
    append(name, value.map(jsonQuoted) ?? "null")
  }

  private mutating func append(_ name: String, _ value: String) {
    if !members.isEmpty { members += "," }
    members += jsonQuoted(name) + ":" + value
  }

  package var object: String { "{" + members + "}" }

  /// With its line break.
  package var text: String { object + "\n" }
}
