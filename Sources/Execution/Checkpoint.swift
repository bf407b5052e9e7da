import Diagnostics
import Exploration
import Machine

/// How far a search came, as the bytes of a file: whose search it is, in words, and then its
/// snapshot. It belongs to one scenario of one text, to the options that the search ran with, and
/// to the graft that made it; whatever else would go on from it is refused.
package struct Checkpoint: Sendable {
  /// Whose search it is.
  package struct Identity: Sendable, Hashable {
    /// That of the program.
    package var version: String
    package var scenario: String
    /// Of everything that the text is made of, and of the rules.
    package var textHash: UInt64
    /// What the answer depends on beside, as words of a command line.
    package var options: [String]

    package init(_ scenario: RunnableScenario, version: String, options: [String]) {
      self.version = version
      self.scenario = "\(scenario.id)"
      let text = ScenarioUnit.textHash(of: scenario.sources)
      textHash = text &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(scenario.textHash)
      self.options = options
    }

    fileprivate init(version: String, scenario: String, textHash: UInt64, options: [String]) {
      self.version = version
      self.scenario = scenario
      self.textHash = textHash
      self.options = options
    }
  }

  package struct Mistake: Error {
    package var reason: String
  }

  package var identity: Identity
  package var snapshot: SearchSnapshot

  package init(_ identity: Identity, _ snapshot: SearchSnapshot) {
    self.identity = identity
    self.snapshot = snapshot
  }

  /// Why somebody else's search can't go on from it; nil: it is the same one's.
  package func objection(to other: Identity) -> String? {
    if identity.version != other.version {
      return "it was made by graft \(identity.version), and this is graft \(other.version)"
    }
    if identity.scenario != other.scenario {
      return "it belongs to \(identity.scenario)"
    }
    if identity.textHash != other.textHash {
      return "the text has changed since, or the rules have"
    }
    if identity.options != other.options {
      func words(_ options: [String]) -> String {
        options.isEmpty ? "no options" : "`\(options.joined(separator: " "))`"
      }
      return "it was made with \(words(identity.options)), and this search has "
        + words(other.options)
    }
    return nil
  }

  // MARK: Bytes

  /// What a checkpoint begins with, whichever version it is of.
  private static let kind = "graft-checkpoint"

  /// A line each: the kind and the version of the form, the identity, an empty one; then numbers.
  package var bytes: [UInt8] {
    let lines =
      ["\(Self.kind) \(SearchSnapshot.version)", identity.version, identity.scenario]
      + [String(identity.textHash, radix: 16)] + identity.options + ["", ""]
    return Array(lines.map(Self.escaped).joined(separator: "\n").utf8) + snapshot.bytes
  }

  package init(bytes: [UInt8]) throws(Mistake) {
    var lines: [String] = []
    var rest = bytes[...]
    while lines.count < Self.greatestLines {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
      lines.append(Self.unescaped(String(decoding: rest[..<end], as: UTF8.self)))
      rest = rest[(end + 1)...]
      if lines.count == 1 { try Self.checkKind(lines[0]) }
      if end == bytes.startIndex || lines.last?.isEmpty == true { break }
    }
    guard let first = lines.first else { throw Self.foreign }
    try Self.checkKind(first)
    guard lines.count >= 5, lines.last == "", let hash = UInt64(lines[3], radix: 16) else {
      throw Mistake(reason: "it is damaged, or was cut short")
    }
    identity = Identity(
      version: lines[1], scenario: lines[2], textHash: hash,
      options: Array(lines[4..<(lines.count - 1)]))
    do throws(SearchSnapshot.Mistake) {
      snapshot = try SearchSnapshot(bytes: rest)
    } catch {
      throw Mistake(reason: "\(error.reason), or was cut short")
    }
  }

  /// Lines of an identity at the most.
  private static let greatestLines = 1_000

  private static let foreign = Mistake(reason: "it is no checkpoint of a search")

  private static func checkKind(_ line: String) throws(Mistake) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[0] == kind, let version = Int(words[1]) else { throw foreign }
    guard version == SearchSnapshot.version else {
      throw Mistake(
        reason: "it is of version \(version); this graft goes on from \(SearchSnapshot.version)")
    }
  }

  /// A line's own line breaks are none.
  private static func escaped(_ line: String) -> String {
    line.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }

  private static func unescaped(_ line: String) -> String {
    var text = ""
    var isEscaped = false
    for character in line.unicodeScalars {
      if isEscaped {
        text.unicodeScalars.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
