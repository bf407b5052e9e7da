import Foundation
import Graft
import GrammarSentences
import Testing

/// Whatever text comes in: nothing traps, nothing hangs, and the laws of `Exercise` hold.
///
/// A few seconds of it belong to every test run; `make fuzz` goes on for minutes, from other seeds.
@Suite(.serialized) struct FuzzTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seed = environment["GRAFT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
  static let seconds = (environment["GRAFT_FUZZ_MINUTES"].flatMap { Double($0) } ?? 0.1) * 60

  @Test func nothingTrapsAndNothingHangs() async throws {
    let seeds = try Self.seeds()
    let grammar = EBNF(
      try String(contentsOf: Corpus.grammar.appending(path: "graft.ebnf"), encoding: .utf8))
    let complaints = await withCheckedContinuation { continuation in
      // A stack of a known size, that of a main thread.
      let thread = Thread {
        continuation.resume(returning: Self.run(Mutation(seeds: seeds), grammar))
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for complaint in complaints { Issue.record("\(complaint)") }
  }

  /// Makes and reads texts until time is up; gives the first few complaints, each with what makes
  /// its text again.
  private static func run(_ mutation: Mutation, _ grammar: EBNF) -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "graft-fuzz-\(seed).graft")
    Watchdog.start(file: file.path)
    defer { Watchdog.end() }
    let end = ContinuousClock.now + .seconds(seconds)
    var complaints: [String] = []
    var number: UInt64 = 0
    while ContinuousClock.now < end, complaints.count < 5 {
      let input = text(number, mutation, grammar)
      Watchdog.begin("seed \(seed), text \(number)", input)
      do throws(Exercise.Complaint) {
        try Exercise.run(input)
      } catch {
        let shown = String(decoding: input, as: UTF8.self)
        complaints.append("seed \(seed), text \(number): \(error.text)\n---\n\(shown)")
      }
      number += 1
    }
    print("fuzz: seed \(seed), \(number) texts, \(complaints.count) complaints")
    return complaints
  }

  /// Every text is a function of the seed and its number.
  private static func text(_ number: UInt64, _ mutation: Mutation, _ grammar: EBNF) -> [UInt8] {
    var random = SplitMix(state: seed &* 0x9E37_79B9 &+ number &* 0x85EB_CA6B)
    guard random.below(8) == 0 else { return mutation.text(&random) }
    var generator = SentenceGenerator(grammar, seed: random.next())
    let sentence = Array(generator.sentence(of: grammar.start, depth: 8 + random.below(8)).utf8)
    return random.below(2) == 0 ? sentence : Mutation(seeds: [sentence]).text(&random)
  }

  /// The corpora, the scenarios, and the examples of `explain`.
  private static func seeds() throws -> [[UInt8]] {
    var seeds = Explanation.all.flatMap { [$0.wrong, $0.right] }.filter { !$0.isEmpty }
    let root = Corpus.grammar.deletingLastPathComponent()
    for folder in ["Grammar", "Scenarios"] {
      let base = root.appending(path: folder)
      for path in try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted()
      where path.hasSuffix(".graft") {
        seeds.append(try String(contentsOf: base.appending(path: path), encoding: .utf8))
      }
    }
    return seeds.map { Array($0.utf8) }
  }
}
