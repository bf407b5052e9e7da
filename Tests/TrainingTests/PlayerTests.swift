import Graft
import Testing

/// The player: keys and milliseconds in, moments out.
@Suite struct PlayerTests {
  private func player(isPresented: Bool = false) throws -> Player {
    Player(try Lessons.one(Lessons.sample), isPresented: isPresented)
  }

  /// Lets so much time pass as it asks for, until it asks for none.
  private func playOn(_ player: inout Player) -> [Moment.Kind] {
    var seen: [Moment.Kind] = []
    for _ in 0..<1_000 {
      guard let wait = player.millisecondsToGo else { return seen }
      let isEarly = player.pass(milliseconds: wait - 1)
      let isDue = player.pass(milliseconds: 1)
      #expect(wait > 0 && !isEarly && isDue)
      seen.append(player.moment.kind)
    }
    return seen
  }

  @Test func itPlaysUntilSomebodyIsAsked() throws {
    var player = try player()
    #expect(playOn(&player).filter(\.isStop) == [.chapter, .say, .pause])
    #expect(!player.isPlaying)
    _ = player.take(.letter(" "))
    #expect(playOn(&player).filter(\.isStop).last == .question)
    // An answer goes on by itself, through what is revealed.
    _ = player.take(.letter("2"))
    #expect(playOn(&player).filter(\.isStop) == [.answers, .say, .end])
    let rows = player.screen(width: 80, height: 24).plainRows
    #expect(rows.contains { $0.contains("Everything that was claimed holds") })
  }

  @Test func stepsGoBothWaysAndAreTheSameFrames() throws {
    var player = try player()
    _ = player.take(.home)
    var frames = [player.screen(width: 80, height: 24)]
    for _ in 1..<player.lesson.moments.count {
      _ = player.take(.right)
      frames.append(player.screen(width: 80, height: 24))
    }
    #expect(player.moment.kind == .end)
    for frame in frames.dropLast().reversed() {
      _ = player.take(.left)
      #expect(player.screen(width: 80, height: 24) == frame)
    }
  }

  @Test func stopsAndChaptersAreReachedByKeys() throws {
    var player = try player()
    _ = player.take(.letter("]"))
    _ = player.take(.letter("]"))
    #expect(player.moment.chapter == 1 && player.moment.kind == .chapter)
    _ = player.take(.letter("n"))
    #expect(player.moment.kind == .question)
    _ = player.take(.letter("p"))
    #expect(player.moment.kind == .chapter)
    _ = player.take(.letter("["))
    #expect(player.moment.chapter == 0 && player.moment.kind == .chapter)
    _ = player.take(.end)
    #expect(player.moment.kind == .end)
    _ = player.take(.home)
    #expect(player.index == 0)
    _ = player.take(.left)
    #expect(player.index == 0)
  }

  @Test func hintsComeOneAtATime() throws {
    var player = try player()
    while player.moment.kind != .question { _ = player.take(.letter("n")) }
    func hints() -> Int {
      player.screen(width: 80, height: 24).plainRows.filter { $0.contains("hint: ") }.count
    }
    #expect(hints() == 0)
    for count in [1, 2, 2] {
      _ = player.take(.letter("i"))
      #expect(hints() == count)
    }
    // There is no third answer, and nothing happens.
    let isTaken = player.take(.letter("3"))
    #expect(!isTaken)
  }

  @Test func aPresenterIsWaitedFor() throws {
    var player = try player(isPresented: true)
    #expect(player.millisecondsToGo == nil)
    for kind in [Moment.Kind.chapter, .say, .pause, .chapter] {
      _ = player.take(.letter(" "))
      _ = playOn(&player)
      #expect(player.moment.kind == kind)
    }
  }

  @Test func speedChangesTheTimeAndNothingElse() throws {
    var player = try player()
    let before = try #require(player.millisecondsToGo)
    _ = player.take(.letter("+"))
    #expect(player.millisecondsToGo == before / 2)
    _ = player.take(.letter("-"))
    _ = player.take(.letter("-"))
    #expect(player.millisecondsToGo == before * 2)
  }

  @Test func bytesOfATerminalBecomeKeys() {
    var reader = KeyReader()
    reader.take(Array("\u{1b}[C\u{1b}OD q\u{1b}[5~\u{1b}[1;5A\r\u{3}é".utf8))
    var keys: [Player.Key] = []
    while let key = reader.next(isLast: true) { keys.append(key) }
    #expect(
      keys == [.right, .left, .letter(" "), .letter("q"), .pageUp, .up, .enter, .interrupt])
    // In two portions it is the same key; alone it is Escape.
    reader.take([0x1b])
    let early = reader.next(isLast: false)
    #expect(early == nil && reader.isOpen)
    reader.take(Array("[B".utf8))
    let whole = reader.next(isLast: false)
    reader.take([0x1b])
    let alone = reader.next(isLast: true)
    #expect(whole == .down && alone == .escape)
  }
}
