import Glibc
import Graft

/// The last line of a terminal while a batch runs: how far it is. It is drawn ten times a second at
/// the most, on standard error, and never where nobody watches: in a pipe, in a file, in CI.
struct ProgressLine {
  private let isShown: Bool
  private let fileCount: Int
  private let began = CaseRunner.clock()
  private var lastDrawn = 0.0
  private var isOnScreen = false
  private var filesDone = 0
  private var casesDone = 0
  private var failures = 0
  private var slowest: (seconds: Double, title: String)?

  init(fileCount: Int, isWanted: Bool) {
    self.fileCount = fileCount
    isShown =
      isWanted && Terminal.isErrorTerminal && Terminal.environment("TERM") != "dumb"
      && (Terminal.environment("CI") ?? "").isEmpty
  }

  mutating func fileBegan() { filesDone += 1 }

  mutating func add(_ result: CaseResult) {
    casesDone += 1
    if let report = result.report, !report.verdict.isGood { failures += 1 }
    if result.seconds > slowest?.seconds ?? 0 { slowest = (result.seconds, result.id.title) }
  }

  /// Takes the line away, for other text to come.
  mutating func clear() {
    guard isOnScreen else { return }
    Terminal.printError("\r\u{1b}[K")
    isOnScreen = false
  }

  mutating func draw() {
    guard isShown else { return }
    let now = CaseRunner.clock()
    // What is over before anybody could read needs no line.
    guard now - began > 0.3, now - lastDrawn >= 0.1 else { return }
    lastDrawn = now
    Terminal.printError("\r\u{1b}[K" + text(seconds: now - began))
    isOnScreen = true
  }

  private func text(seconds: Double) -> String {
    var parts = ["\(casesDone) scenarios"]
    if fileCount > 1 { parts.append("file \(filesDone) of \(fileCount)") }
    if failures > 0 { parts.append("\(failures) failed") }
    if fileCount > 1, filesDone > 1, filesDone < fileCount {
      let rest = seconds / Double(filesDone) * Double(fileCount - filesDone)
      parts.append("about \(Self.shown(rest)) to go")
    }
    if let slowest {
      parts.append("slowest \(Self.shown(slowest.seconds)) \(escapingControls(slowest.title))")
    }
    let line = parts.joined(separator: " · ")
    let room = max(20, Terminal.width - 1)
    return line.count > room ? line.prefix(room - 1) + "…" : line
  }

  /// `340 ms`, `12.3 s`, `4 min`.
  static func shown(_ seconds: Double) -> String {
    if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
    if seconds < 100 { return "\((seconds * 10).rounded() / 10) s" }
    return "\(Int(seconds / 60)) min"
  }
}
