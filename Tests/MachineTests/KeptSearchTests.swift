import Exploration
import Machine
import Patching
import Synchronization
import Testing

/// How far a search is, kept and gone on from: the answer is that of one that was never broken off.
@Suite("A search goes on where it was kept")
struct KeptSearchTests {
  /// Everything that is kept on the way, through its bytes and back.
  private final class Album: Sendable {
    private let kept = Mutex<[SearchSnapshot]>([])
    private let looks = Mutex(0)
    var all: [SearchSnapshot] { kept.withLock { $0 } }

    /// The first times that it could be, and then ever more seldom.
    var keeping: SearchKeeping {
      SearchKeeping(
        isDue: {
          self.looks.withLock {
            $0 += 1
            return $0 & ($0 - 1) == 0
          }
        },
        keep: { snapshot in self.kept.withLock { $0.append(snapshot) } })
    }
  }

  private static func bounds(
    reduced: Bool, _ change: (inout SearchBounds) -> Void = { _ in }
  ) -> SearchBounds {
    var bounds = SearchBounds()
    (bounds.usesSymmetry, bounds.usesPartialOrder) = (reduced, reduced)
    change(&bounds)
    return bounds
  }

  private static func search(
    _ pair: Pair, _ bounds: SearchBounds, depthFirst: Bool = false, keeping: SearchKeeping? = nil,
    from snapshot: SearchSnapshot? = nil, with workforce: any Workforce = SingleHand()
  ) -> SearchResult {
    var request = SearchRequest(pair.fast)
    (request.bounds, request.workforce) = (bounds, workforce)
    (request.keeping, request.snapshot) = (keeping, snapshot)
    return depthFirst ? DepthFirst().search(request) : BreadthFirst().search(request)
  }

  private static func copied(_ snapshot: SearchSnapshot) throws -> SearchSnapshot {
    let copy = try SearchSnapshot(bytes: snapshot.bytes[...])
    try #require(copy == snapshot, "bytes lose nothing")
    return copy
  }

  @Test(arguments: Golden.all.filter { $0.states < 500 })
  func golden(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    for (reduced, depthFirst) in [(false, false), (true, false), (true, true)] {
      let bounds = Self.bounds(reduced: reduced)
      let album = Album()
      let whole = Self.search(pair, bounds, depthFirst: depthFirst, keeping: album.keeping)
      let kept = album.all
      for place in Set([kept.count / 2, kept.count - 1]) where place >= 0 {
        let snapshot = try Self.copied(kept[place])
        let hands: any Workforce = place % 2 == 0 || depthFirst ? SingleHand() : ThreeHands()
        let resumed = Self.search(
          pair, bounds, depthFirst: depthFirst, from: snapshot, with: hands)
        try #require(resumed.mistake == nil, "\(golden.testDescription) \(place)")
        #expect(resumed == whole, "\(golden.testDescription) from \(snapshot.states)")
      }
    }
  }

  /// A bound ends it, and a farther one goes on: time and again.
  @Test(arguments: [false, true])
  func fromBoundToBound(reduced: Bool) throws {
    let pair = Pair(Worlds.pairs(), KGraftRules(generation: .current), time: .arbitrary)
    let whole = Self.search(pair, Self.bounds(reduced: reduced))
    var snapshot: SearchSnapshot?
    for states in stride(from: 50, to: whole.states, by: max(1, whole.states / 7)) {
      let album = Album()
      let bounds = Self.bounds(reduced: reduced) { $0.states = states }
      let keeping = SearchKeeping(isDue: { false }, keep: album.keeping.keep)
      let bounded = Self.search(pair, bounds, keeping: keeping, from: snapshot)
      #expect(bounded.bound == .states(states))
      let last = try #require(album.all.last)
      #expect(album.all.count == 1 && last.states == bounded.states)
      // The same bound again is reached at once.
      let again = Self.search(pair, bounds, from: last)
      #expect(again.states == bounded.states && again.bound == bounded.bound)
      snapshot = try Self.copied(last)
    }
    #expect(Self.search(pair, Self.bounds(reduced: reduced), from: snapshot) == whole)
  }

  @Test func beyondABoundOfDepth() throws {
    let pair = Pair(Worlds.pairs(), KGraftRules(generation: .current), time: .arbitrary)
    let album = Album()
    let keeping = SearchKeeping(isDue: { false }, keep: album.keeping.keep)
    let near = Self.bounds(reduced: false) { $0.depth = 7 }
    let bounded = Self.search(pair, near, keeping: keeping)
    #expect(bounded.bound == .depth(7))
    let kept = try #require(album.all.first)
    #expect(kept.depthReached == 7)
    #expect(Self.search(pair, near, from: kept) == bounded)
    for depth in [9, nil] {
      let far = Self.bounds(reduced: false) { $0.depth = depth }
      #expect(Self.search(pair, far, from: kept) == Self.search(pair, far))
    }
    let nearer = Self.bounds(reduced: false) { $0.depth = 3 }
    #expect(
      Self.search(pair, nearer, from: kept).mistake?.reason.contains("--max-depth is 3") == true)
  }

  /// What fails, what is reached, what was reported and what waits for ever is found again.
  @Test(arguments: [true, false])
  func whatFails(reduced: Bool) throws {
    let rules = KGraftRules(generation: .current).without(.immutableWindow)
    for program in [Worlds.pairs(), Worlds.pairs(claim: .reach)] {
      let pair = Pair(program, rules, time: .arbitrary)
      let album = Album()
      let whole = Self.search(pair, Self.bounds(reduced: reduced), keeping: album.keeping)
      #expect(!whole.witnesses.isEmpty || !whole.reached.isEmpty)
      for snapshot in album.all.suffix(3) {
        let resumed = Self.search(
          pair, Self.bounds(reduced: reduced), from: try Self.copied(snapshot))
        #expect(resumed == whole)
      }
    }
  }

  // MARK: What is no snapshot of this search

  private func middle() throws -> (pair: Pair, snapshot: SearchSnapshot) {
    let rules = KGraftRules(generation: .current).without(.immutableWindow)
    let pair = Pair(Worlds.pairs(), rules, time: .arbitrary)
    let album = Album()
    _ = Self.search(pair, Self.bounds(reduced: false), keeping: album.keeping)
    return (pair, try #require(album.all.last))
  }

  @Test func damagedBytesAreRefused() throws {
    let bytes = try middle().snapshot.bytes
    for count in [0, 1, 7, 8, 9] + Array(stride(from: 10, to: bytes.count, by: 97)) {
      #expect(throws: SearchSnapshot.Mistake.self) { try SearchSnapshot(bytes: bytes[..<count]) }
    }
    for place in stride(from: 0, to: bytes.count, by: 53) {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      #expect(throws: SearchSnapshot.Mistake.self) { try SearchSnapshot(bytes: damaged[...]) }
    }
  }

  /// Whoever makes the bytes fit their hash gets no world that there is not.
  @Test func whatIsMadeUpIsRefusedAndDoesNoHarm() throws {
    let (pair, snapshot) = try middle()
    var refused = 0
    for number in 0..<300 {
      var forged = snapshot
      let world = number * 7919 % forged.parents.count
      let odd = [0, 1, 5, 1 << 20, Int(UInt32.max)][number / 10 % 5]
      switch number % 10 {
      case 0: forged.parents[world] = UInt32(odd)
      case 1: forged.choices[world] = UInt32(odd)
      case 2: forged.expanded = odd
      case 3: forged.levelEnd = odd
      case 4:
        if !forged.targets.isEmpty { forged.targets.removeLast() } else { forged.expanded = 0 }
      case 5: forged.open = [UInt32(odd)]
      case 6: forged.endWorlds = [UInt32(odd)]
      case 7: if !forged.flaws.isEmpty { forged.flaws[0].schedule.append(odd) }
      case 8: forged.held = [odd: [odd]]
      default:
        forged.parents.removeSubrange(world...)
        forged.choices.removeSubrange(world...)
      }
      guard forged != snapshot else { continue }
      let copy = try SearchSnapshot(bytes: forged.bytes[...])
      let result = Self.search(pair, Self.bounds(reduced: false), from: copy)
      if result.mistake != nil { refused += 1 }
    }
    #expect(refused > 150)
  }

  @Test func anotherProgramsIsRefused() throws {
    let (_, snapshot) = try middle()
    let other = Pair(Worlds.stacked(), KGraftRules(generation: .current), time: .arbitrary)
    #expect(Self.search(other, Self.bounds(reduced: false), from: snapshot).mistake != nil)
    #expect(
      Self.search(other, Self.bounds(reduced: false), depthFirst: true, from: snapshot).mistake?
        .reason.contains("another order") == true)
  }
}
