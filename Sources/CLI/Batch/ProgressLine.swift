import Glibc
import Graft
import Synchronization

/// The last line of a terminal while a batch runs: how far it is, and how far its largest search.
/// It is drawn ten times a second at the most, on standard error, and never where nobody watches:
/// in a pipe, in a file, in CI.
///
/// Whoever works may tell it something, from any thread; what is printed meanwhile is printed
/// `without` it.
final class ProgressLine: Sendable {
  let isShown: Bool
  private let fileCount: Int
  private let began = CaseRunner.clock()
  private let state = Mutex(State())

  private struct Search {
    var title: String
    var began: Double
    var progress: SearchProgress
    /// States at which it ends.
    var bound: Int
    /// How far it was some seconds ago, from which it is reckoned how it goes on.
    var earlier: (time: Double, progress: SearchProgress)
    var latest: (time: Double, progress: SearchProgress)

    init(title: String, now: Double, progress: SearchProgress, bound: Int) {
      self.title = title
      began = now
      self.progress = progress
      self.bound = bound
      earlier = (now, progress)
      latest = earlier
    }

    /// Seconds that are looked back over.
    private static let span = 1.0

    mutating func note(_ progress: SearchProgress, _ now: Double) {
      self.progress = progress
      guard now - latest.time >= Self.span else { return }
      earlier = latest
      latest = (now, progress)
    }
  }

  private struct State {
    var lastDrawn = 0.0
    var isOnScreen = false
    var filesDone = 0
    var casesDone = 0
    var failures = 0
    var slowest: (seconds: Double, title: String)?
    /// By the scenario's place in the batch.
    var searches: [Int: Search] = [:]
  }

  init(fileCount: Int, isWanted: Bool) {
    self.fileCount = fileCount
    isShown =
      isWanted && Terminal.isErrorTerminal && Terminal.environment("TERM") != "dumb"
      && !Terminal.isInCI
  }

  func fileBegan() { state.withLock { $0.filesDone += 1 } }

  func add(_ result: CaseResult) {
    state.withLock { state in
      state.casesDone += 1
      if let report = result.report, !report.verdict.isGood { state.failures += 1 }
      if result.seconds > state.slowest?.seconds ?? 0 {
        state.slowest = (result.seconds, result.id.title)
      }
    }
  }

  // MARK: Searches

  func searchIs(_ progress: SearchProgress, _ place: Int, _ title: String, bound: Int) {
    state.withLock { state in
      let now = CaseRunner.clock()
      state.searches[
        place, default: Search(title: title, now: now, progress: progress, bound: bound)
      ].note(progress, now)
      draw(&state, now)
    }
  }

  func searchEnded(_ place: Int) { state.withLock { $0.searches[place] = nil } }

  // MARK: The line

  /// Takes the line away, and says something else.
  func without(_ say: () -> Void) {
    state.withLock { state in
      clear(&state)
      say()
    }
  }

  func clear() { state.withLock { clear(&$0) } }

  private func clear(_ state: inout State) {
    guard state.isOnScreen else { return }
    Terminal.printError("\r\u{1b}[K")
    state.isOnScreen = false
  }

  func draw() { state.withLock { draw(&$0, CaseRunner.clock()) } }

  private func draw(_ state: inout State, _ now: Double) {
    // What is over before anybody could read needs no line.
    guard isShown, now - began > 0.3, now - state.lastDrawn >= 0.1 else { return }
    state.lastDrawn = now
    let line = text(state, now)
    let room = max(20, Terminal.width - 1)
    let cut = line.count > room ? line.prefix(room - 1) + "…" : line
    Terminal.printError("\r\u{1b}[K" + cut)
    state.isOnScreen = true
  }

  private func text(_ state: State, _ now: Double) -> String {
    var parts: [String] = []
    let isMany = fileCount > 1 || state.casesDone > 0 || state.searches.isEmpty
    if isMany { parts.append("\(state.casesDone) scenarios") }
    if fileCount > 1 { parts.append("file \(state.filesDone) of \(fileCount)") }
    if state.failures > 0 { parts.append("\(state.failures) failed") }
    if fileCount > 1, state.filesDone > 1, state.filesDone < fileCount {
      let rest = (now - began) / Double(state.filesDone) * Double(fileCount - state.filesDone)
      parts.append("about \(Self.shown(rest)) to go")
    }
    if let search = state.searches.values.max(by: { $0.progress.states < $1.progress.states }) {
      parts += Self.words(search, now)
      if isMany { parts.append(escapingControls(search.title)) }
    } else if let slowest = state.slowest {
      parts.append("slowest \(Self.shown(slowest.seconds)) \(escapingControls(slowest.title))")
    }
    return parts.joined(separator: " · ")
  }

  /// How much is still to be seen nobody knows: a search's frontier says what it has met and not
  /// yet looked at. Where that shrinks, it is reckoned when it is gone if it goes on so; where it
  /// grows, when the bound of states is met.
  private static func words(_ search: Search, _ now: Double) -> [String] {
    let progress = search.progress
    if progress.states == 0 {
      return [
        "\(progress.frontier) schedules to go", "\(progress.transitions) steps",
        "longest \(progress.depth)",
      ]
    }
    let rate = Double(progress.states) / max(0.001, now - search.began)
    return [
      "\(progress.states) states", rate.isFinite && now > search.began ? "\(Int(rate))/s" : "",
      "frontier \(progress.frontier)", "depth \(progress.depth)",
      Memory.text(bytes: progress.byteCount), estimate(search, now),
    ].filter { !$0.isEmpty }
  }

  private static func estimate(_ search: Search, _ now: Double) -> String {
    let (then, seconds) = (search.earlier.progress, now - search.earlier.time)
    guard search.latest.time > search.earlier.time, seconds > 0 else { return "" }
    let shrinking = Double(then.frontier - search.progress.frontier) / seconds
    if shrinking > 0 {
      return "about \(shown(Double(search.progress.frontier) / shrinking)) to go"
    }
    let growing = Double(search.progress.states - then.states) / seconds
    guard growing > 0 else { return "" }
    let rest = Double(max(0, search.bound - search.progress.states)) / growing
    // Hours ahead nobody knows.
    return rest < 36_000 ? "at its bound in about \(shown(rest))" : "grows"
  }

  /// `340 ms`, `12.3 s`, `4 min`.
  static func shown(_ seconds: Double) -> String {
    if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
    if seconds < 100 { return "\((seconds * 10).rounded() / 10) s" }
    return "\(Int(seconds / 60)) min"
  }
}
