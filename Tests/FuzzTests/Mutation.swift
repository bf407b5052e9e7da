import Graft
import GrammarSentences

@testable import Syntax

/// Ways to spoil a text: some of its bytes, and some of its tokens, so that it stays nearly right.
struct Mutation {
  let seeds: [[UInt8]]

  func text(_ random: inout SplitMix) -> [UInt8] {
    var bytes = seeds[random.below(seeds.count)]
    for _ in 0...random.below(4) {
      switch random.below(8) {
      case 0: spoilBytes(&bytes, &random)
      case 1, 2: moveLines(&bytes, &random)
      default: spoilTokens(&bytes, &random)
      }
    }
    return Array(bytes.prefix(60_000))
  }

  private func spoilBytes(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard bytes.count > 2 else { return }
    let place = random.below(bytes.count)
    let end = min(bytes.count, place + random.below(60))
    switch random.below(6) {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes[place] = UInt8(random.below(256))
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
    case 4: bytes.insert(contentsOf: Array("{}()[]\"$#;,=..".utf8), at: place)
    default:
      let other = seeds[random.below(seeds.count)]
      guard !other.isEmpty else { return }
      bytes.insert(contentsOf: other[random.below(other.count)...], at: place)
    }
  }

  private func moveLines(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let other = seeds[random.below(seeds.count)].split(separator: 10)
    let place = random.below(lines.count)
    switch random.below(4) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[random.below(lines.count)], at: place)
    case 2: lines.swapAt(place, random.below(lines.count))
    default:
      if !other.isEmpty { lines.insert(other[random.below(other.count)], at: place) }
    }
    bytes = Array(lines.joined(separator: [10]))
  }

  /// Deletes, doubles, swaps or replaces tokens; a replacement is often of the same sort, so that
  /// the text still parses and the checker has something to think about.
  private func spoilTokens(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let text = SourceText(name: "fuzz.graft", bytes: bytes)
    var lexer = Lexer(text, file: SourceFileID(0))
    lexer.run()
    let tokens = lexer.tokens.filter { $0.length > 0 }
    guard tokens.count > 1 else { return }
    let chosen = tokens[random.below(tokens.count)]
    switch random.below(7) {
    case 0: bytes.removeSubrange(chosen.bytes)
    case 1: bytes.insert(contentsOf: [32] + bytes[chosen.bytes] + [32], at: chosen.bytes.upperBound)
    case 2: bytes.replaceSubrange(chosen.bytes, with: Self.odd[random.below(Self.odd.count)].utf8)
    case 3:
      let word = Word.allCases[random.below(Word.allCases.count)].rawValue
      bytes.replaceSubrange(chosen.bytes, with: word.utf8)
    default:
      let alike = tokens.filter { $0.kind == chosen.kind }
      let other = alike[random.below(alike.count)]
      bytes.replaceSubrange(chosen.bytes, with: Array(bytes[other.bytes]))
    }
  }

  private static let odd = [
    "0", "-1", "1", "3", "4096", "9223372036854775807", "-9223372036854775808", "0ns", "1ns",
    "292h",
    "2562047h", "true", "\"\"", "\"{1}\"", "[]", "list[0]", "list[99999]", "1..0", "1..100000",
    "in_progress", "mixed", "new", "old", "kgraft", "t", "@", "::", ".", "..", "f@2",
    "choose(1, 2)",
    "(", ")", "{", "}", "=", "==", "-", "not", "spawn", "count(t in [1]: true)", "\n", ";",
  ]
}
