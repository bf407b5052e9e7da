import Machine

/// The identity of a run beside the scenario's text: a seed, or a list of choices.
package enum Schedule: Sendable, Hashable {
  /// Time is kept. Seed 0 is the natural order; any other picks among equals and within ranges.
  case seed(UInt64)
  /// Time is arbitrary: the number of each step's choice. Where the list ends the run ends.
  case choices([Int])
  /// Time is kept: the number of each step's choice among what is due at its moment.
  case timed([Int], TimedMode)

  package init(_ choices: [Int], _ timed: TimedMode?) {
    self = timed.map { .timed(choices, $0) } ?? .choices(choices)
  }

  /// Of a list of choices the token; nil of a seed.
  package func token(for textHash: UInt32) -> ReplayToken? {
    switch self {
    case .seed: nil
    case .choices(let choices): ReplayToken(textHash: textHash, choices: choices)
    case .timed(let choices, let mode):
      ReplayToken(textHash: textHash, choices: choices, timed: mode)
    }
  }
}

/// A schedule as text, bound to the scenario it belongs to: `k1-<text hash>-<numbers>`. One of a
/// search that kept time begins with `t1`, and by what that kept: `s` for slices, `g` and a number
/// of nanoseconds for a grain.
///
/// The numbers are written in base 32 digits, runs of a number repeated as `digits*count`, joined
/// by `.`; short enough for a bug's title as long as the run is.
package struct ReplayToken: Sendable, Hashable {
  /// The first 32 bits of the hash of the scenario's text and rules.
  package var textHash: UInt32
  package var choices: [Int]
  /// How time was kept, where it was.
  package var timed: TimedMode?

  package init(textHash: UInt32, choices: [Int], timed: TimedMode? = nil) {
    self.textHash = textHash
    self.choices = choices
    self.timed = timed
  }

  /// The version of the numbering of choices; it changes whenever a schedule would mean another
  /// run.
  package static let version = "k1"
  package static let timedVersion = "t1"

  private var head: String {
    guard let timed else { return Self.version }
    return Self.timedVersion + (timed.keepsSlices ? "s" : "")
      + (timed.grain.map { "g" + String($0, radix: 32) } ?? "")
  }

  private static func timed(_ head: Substring) -> TimedMode? {
    guard head.hasPrefix(timedVersion) else { return nil }
    var rest = head.dropFirst(timedVersion.utf8.count)
    var mode = TimedMode(keepsSlices: rest.first == "s")
    if mode.keepsSlices { rest = rest.dropFirst() }
    if rest.isEmpty { return mode }
    guard rest.first == "g", rest.dropFirst().utf8.allSatisfy(isDigit),
      let grain = Int64(rest.dropFirst(), radix: 32), grain > 0
    else { return nil }
    mode.grain = grain
    return mode
  }

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
    return "\(head)-\(String(textHash, radix: 32))-\(parts.joined(separator: "."))"
  }

  /// The most steps a token may stand for; a typing error must not fill the memory.
  package static let greatestLength = 10_000_000

  /// Reads a token; nil when it isn't one.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let hash = UInt32(parts[1], radix: 32) else { return nil }
    timed = Self.timed(parts[0])
    guard timed != nil || parts[0] == Self.version else { return nil }
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
