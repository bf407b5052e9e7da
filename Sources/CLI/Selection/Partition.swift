import Graft

/// `hash:2/4` or `count:2/4`: this machine's part of a batch.
///
/// By hash, a scenario stays on its machine whatever comes or goes beside it; by count, the parts
/// are equally large.
struct Partition: Sendable {
  var shard: Shard

  init(_ shard: Shard) { self.shard = shard }

  init?(_ argument: String) {
    let halves = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, let kind = Shard.Kind(rawValue: String(halves[0])) else { return nil }
    let numbers = halves[1].split(separator: "/", omittingEmptySubsequences: false)
    guard numbers.count == 2, let number = Int(numbers[0]), let count = Int(numbers[1]),
      number >= 1, number <= count
    else { return nil }
    shard = Shard(kind: kind, number: number, count: count)
  }

  /// - Parameter number: its place among all that were selected.
  func includes(_ id: ScenarioID, number: Int) -> Bool {
    switch shard.kind {
    case .count: number % shard.count == shard.number - 1
    case .hash: Int(Self.hash("\(id)") % UInt64(shard.count)) == shard.number - 1
    }
  }

  /// FNV-1a, and a last stir, for its low bits are poor: the same on every machine and in every
  /// version.
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
    return hash ^ (hash >> 32)
  }
}
