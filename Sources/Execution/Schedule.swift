/// The identity of a run beside the scenario's text: a seed, or a list of choices.
package enum Schedule: Sendable, Hashable {
  /// Time is kept. Seed 0 is the natural order; any other picks among equals and within ranges.
  case seed(UInt64)
  /// Time is arbitrary: the number of each step's choice. Where the list ends the run ends.
  case choices([Int])
}

/// A schedule as text, bound to the scenario it belongs to: `k1-<text hash>-<numbers>`.
///
/// The numbers are written in base 32 digits, runs of a number repeated as `digits*count`, joined
/// by `.`; short enough for a bug's title as long as the run is.
package struct ReplayToken: Sendable, Hashable {
  /// The first 32 bits of the hash of the scenario's text and rules.
  package var textHash: UInt32
  package var choices: [Int]

  package init(textHash: UInt32, choices: [Int]) {
    self.textHash = textHash
    self.choices = choices
  }

  /// The version of the numbering of choices; it changes whenever a schedule would mean another
  /// run.
  package static let version = "k1"

  package var text: String {
    var parts: [String] = []
    var index = 0
    while index < choices.count {
      var end = index
      while end < choices.count, choices[end] == choices[index] { end += 1 }
      let number = String(choices[index], radix: 32)
      parts.append(end - index > 1 ? "\(number)*\(end - index)" : number)
      index = end
    }
    return "\(Self.version)-\(String(textHash, radix: 32))-\(parts.joined(separator: "."))"
  }

  /// The most steps a token may stand for; a typing error must not fill the memory.
  package static let greatestLength = 10_000_000

  /// Reads a token; nil when it isn't one.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == Self.version, let hash = UInt32(parts[1], radix: 32) else {
      return nil
    }
    textHash = hash
    choices = []
    for run in parts[2].split(separator: ".") {
      let pieces = run.split(separator: "*", omittingEmptySubsequences: false)
      guard pieces.count <= 2, pieces.allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }),
        let number = Int(pieces[0], radix: 32), number >= 0,
        let count = pieces.count == 2 ? Int(pieces[1]) : 1, count > 0,
        count <= Self.greatestLength - choices.count
      else { return nil }
      choices.append(contentsOf: repeatElement(number, count: count))
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "v")).contains(byte)
  }
}
