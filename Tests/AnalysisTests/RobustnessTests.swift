import Analysis
import Diagnostics
import Syntax
import Testing

/// Whatever is handed in, the checker answers, and what it lets pass can be lowered.
@Suite struct RobustnessTests {
  private let source =
    tourKernel + """
      def settle(limit) { await not in_progress within limit; return 1 }
      scenario "x" for n in [1, 2] @tag {
          machine { cpus 4; patching kgraft "3.12" }
          skip "no" if n == 3
          let servers = spawn n of server
          sleep 10ms
          apply fix_frame_check
          if count(t in servers: t.universe == old) == n { wake packets } else { print "{n}" }
          for t in servers { signal STOP, t }
          while in_progress { sleep settle(2s) * 1ms }
          always every(t in servers: t.alive)
          expect log "kgr"
      }
      """

  @Test func cutTexts() {
    let bytes = Array(source.utf8)
    for length in stride(from: 0, to: bytes.count, by: 3) {
      tryOut(String(decoding: bytes[..<length], as: UTF8.self))
    }
  }

  @Test func textsWithoutAPiece() {
    let bytes = Array(source.utf8)
    for start in stride(from: 0, to: bytes.count - 12, by: 5) {
      tryOut(String(decoding: bytes[..<start] + bytes[(start + 12)...], as: UTF8.self))
    }
  }

  @Test func swappedWords() {
    let words = source.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<400 {
      var words = words
      for _ in 0..<2 { words.swapAt(random(words.count), random(words.count)) }
      tryOut(words.joined(separator: " "))
    }
  }

  private func tryOut(_ text: String) {
    let found = CheckedSource(text)
    guard !found.all.contains(where: { $0.severity == .error }) else { return }
    for scenario in found.checked.scenarios {
      for row in scenario.rows { _ = found.checked.lower(scenario, row) }
    }
  }
}
