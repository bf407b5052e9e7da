import Execution
import Testing

@Suite struct ReplayTokenTests {
  /// Every list of up to five choices below three, and some long and wide ones.
  static let lists: [[Int]] = {
    var lists: [[Int]] = [[]]
    for _ in 0..<5 { lists += lists.flatMap { list in (0..<3).map { list + [$0] } } }
    lists.append(Array(repeating: 7, count: 10_000))
    lists.append([0, Int(UInt32.max), 1, 31, 32, 33])
    return lists
  }()

  @Test func aTokenIsReadBackAsItWasWritten() {
    for list in Self.lists {
      let token = ReplayToken(textHash: 0xdead_beef, choices: list)
      #expect(ReplayToken(token.text) == token)
    }
  }

  @Test func runsAreShort() {
    let token = ReplayToken(textHash: 1, choices: Array(repeating: 0, count: 1_000) + [1, 1, 2])
    #expect(token.text == "k1-1-0*1000.1*2.2")
  }

  @Test(arguments: [
    "", "k1", "k1-", "k1-1", "k2-1-0", "k1-xyz!-0", "k1-1-0*", "k1-1-*3", "k1-1-0*0", "k1-1-0*-1",
    "k1-1-0*99999999999", "k1-1--1", "k1-1-0*3*3", "k1-1-w", "k1-1-+0*4", "k1-1-0*+4",
    "k1-123456789abcdef-0",
  ])
  func whatIsNoTokenIsRefused(_ text: String) {
    #expect(ReplayToken(text) == nil)
  }
}
