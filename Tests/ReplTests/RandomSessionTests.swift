import Foundation
import Graft
import Testing

@testable import REPL

/// Random sessions in both kinds of time: whoever goes back finds what was there, word for word,
/// and what is saved comes to the verdict that is told.
///
/// `GRAFT_SESSIONS` makes it more of them, `GRAFT_FUZZ_SEED` others.
@Suite struct RandomSessionTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["GRAFT_SESSIONS"].flatMap(Int.init) ?? 32
  private static let first = environment["GRAFT_FUZZ_SEED"].flatMap(Int.init) ?? 0

  private static let statements = [
    "spawn server", "spawn looper", "wake packets", "apply fix", "apply other", "revert fix",
    "signal STOP, all[0]", "signal CONT, all[0]", "x = x + 1", "print \"a\"", "check in_progress",
    "assert in_progress", "sleep 1ms", "sleep 300us", "for t in all { print t.universe }",
    "for t in all { signal STOP, t; sleep 200us; signal CONT, t }",
    "x = 7; print \"{x}\"; sleep 1ms",
    "if x > 2 { sleep 1ms } else { print \"few\" }", "await accepted >= 1 within 2ms",
    "await not in_progress within 1ms", "$ kgr status", "$ kgr patches", "let s = all[0].state",
    "spawn nobody", "def twice(n) { return 2 * n }", "print all[7].universe", "force",
    "while x < 3 { x = x + 1; sleep 100us }", "spawn server; assert x == 99",
  ]
  private static let moves = [
    "step 1", "step 3", "step 17", "run 1ms", "run 100us", "next", "pick 0", "pick 1", "back 1",
    "back 2", "back 5", "undo", "forward", "back until in_progress", "back 300us",
    "until x > 5 within 2ms",
    "in_progress", "x", "all[0].universe", "until not in_progress within 20ms",
  ]
  private static let looks = [
    "ps", "transition", "story", "choices", "timeline", "patches", "functions", "properties",
    "x", "all",
  ]

  @Test(arguments: first..<(first + count))
  func goesBackToWhatWasThere(seed: Int) throws {
    var random = Numbers(seed: (UInt64(seed) &+ 1) &* 0xd134_2543_de82_ef95)
    let talk = inWorld()
    var lines: [String] = []
    func say(_ line: String) -> String {
      lines.append(line)
      return talk(line)
    }
    if random.below(3) == 0 { _ = say("scenario sleepers") }
    if random.below(2) == 0 { _ = say("time arbitrary") }
    _ = say("var x = 0")
    _ = say("let all = spawn 2 of \(random.below(2) == 0 ? "server" : "looper")")
    for number in 0..<12 {
      let all = random.below(3) == 0 ? Self.moves : Self.statements + Self.moves
      _ = say(all[random.below(all.count)])
      guard random.below(3) == 0 else { continue }
      let before = Self.looks.map { talk($0) }
      lines.append("# here")
      lines += goAndComeBack(talk, number, &random)
      let after = Self.looks.map { talk($0) }
      for (look, (before, after)) in zip(Self.looks, zip(before, after)) where before != after {
        Issue.record(
          """
          seed \(seed), \(look):
          \(before)--
          \(after)
          \(lines.joined(separator: "\n"))
          """)
        return
      }
    }
    try save(talk, lines, seed)
  }

  /// Somewhere, and back again.
  private func goAndComeBack(
    _ talk: Talk, _ number: Int, _ random: inout Numbers
  ) -> [String] {
    var lines: [String] = []
    func say(_ line: String) {
      lines.append(line)
      talk(line)
    }
    let (steps, entries) = (talk.session.steps, talk.session.text.entries.count)
    switch random.below(4) {
    case 0:
      say("step \(1 + random.below(20))")
      let more = talk.session.steps - steps
      if more > 0 { say("back \(more)") }
    case 1:
      say("fork other\(number)")
      for _ in 0..<3 { say(Self.statements[random.below(Self.statements.count)]) }
      say("back \(1 + random.below(5))")
      say("switch main")
    case 2:
      // It returns as far as one has ever come.
      guard steps > 0, talk.hasNoFuture else { break }
      say("back \(1 + random.below(min(steps, 9)))")
      say("forward")
    default:
      say(Self.statements[random.below(Self.statements.count)])
      // What was refused or taken back left nothing to be undone.
      for _ in 0..<max(0, talk.session.text.entries.count - entries) { say("undo") }
    }
    return lines
  }

  private func save(_ talk: Talk, _ lines: [String], _ seed: Int) throws {
    let said = talk("save kept.graft")
    // No text can say that.
    if said.contains("was left in the middle, which no text can say") { return }
    let session = lines.joined(separator: "\n")
    guard let text = talk.files["kept.graft"] else {
      Issue.record("seed \(seed): \(said)\n\(session)")
      return
    }
    let isFailure = said.contains("it fails with")
    #expect(
      (Self.outcome(of: text, said) == "passed") != isFailure,
      "seed \(seed): \(said)\n\(text)\n\(session)")
  }

  /// How a file ends with the schedule that is in the command that was told.
  private static func outcome(of text: String, _ said: String) -> String {
    let unit = ScenarioUnit(path: "kept.graft", bytes: Array(text.utf8)) { _ in
      .failure(.init(reason: "none"))
    }
    guard let entry = unit.entries.last else { return "\(unit.diagnostics)" }
    let ready = unit.runnable(entry, breaking: [], everySchedule: false)
    guard let scenario = ready.scenario else { return "\(ready.diagnostics)" }
    var options = RunOptions()
    let word = said.split { " `'\n".contains($0) }.first { $0.hasPrefix("k1-") }
    if let token = word.flatMap({ ReplayToken(String($0)) }) { options.replay = token.choices }
    switch ScenarioRunner(scenario, options).run().outcome {
    case .passed: return "passed"
    case let other: return "\(other)"
    }
  }
}
