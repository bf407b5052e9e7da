import Diagnostics
import Execution
import Machine

/// What happened in a scenario as lines of text that are kept beside it (`FILE.expected`): the
/// whole story, the verdict, the figures; of a search its answers.
package struct Snapshot: Sendable, Hashable {
  package var lines: [String]

  package init(lines: [String]) { self.lines = lines }

  package init(_ record: RunRecord, sources: SourceMap) {
    lines = []
    if case .everySchedule(let report) = record.mode {
      lines.append(report.result.timed == nil ? "every schedule" : "every timed schedule")
      lines += report.answers.map { Self.line($0) }
    } else if !record.events.isEmpty {
      var keepsTime = false
      if case .seed = record.mode { keepsTime = true }
      if record.schedule?.timed != nil { keepsTime = true }
      lines =
        Story(record.events, record.program, sources: sources, keepsTime: keepsTime)
        .allLines
    }
    lines += record.goals.map { Self.line($0) }
    // What looks like the head of a scenario's text (`== NAME`) is put in by a blank.
    lines += record.figures.map { figure in
      let line = escapingControls("\(figure.name): \(figure.text)")
      return line.hasPrefix("==") ? " " + line : line
    }
    lines.append(CaseReport.Verdict(record.outcome).headline)
  }

  private static func line(_ answer: PropertyAnswer) -> String {
    "\(answer.answer.rawValue) \(escapingControls(answer.text))"
  }

  // MARK: The difference

  /// What is another than before, in words; empty where nothing is.
  package func review(since old: Snapshot) -> [String] {
    guard lines != old.lines else { return [] }
    let before = old.lines.map(Line.init)
    let after = lines.map(Line.init)
    guard before.count + after.count <= Self.greatestLineCount else {
      let same = zip(old.lines, lines).prefix { $0 == $1 }.count
      return ["it is another from line \(same + 1) of its text on"]
    }
    return Self.words(before, after)
  }

  /// Lines of both texts together that are compared line by line.
  private static let greatestLineCount = 20_000

  /// A line of a story is a time, or a step, and what happened then.
  private struct Line: Hashable {
    var when: Int64?
    var isStep = false
    var text: String
    var shown: String

    init(_ line: String) {
      shown = String(line.drop { $0 == " " })
      let word = shown.prefix { $0 != " " }
      text = shown
      if word.first == "#", let step = Int64(word.dropFirst()) {
        when = step
        isStep = true
      } else if let moment = Self.microseconds(word) {
        when = moment
      }
      if when != nil { text = String(shown.dropFirst(word.count)) }
    }

    /// `6.010132`
    private static func microseconds(_ word: Substring) -> Int64? {
      let parts = word.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].count == 6, let seconds = Int64(parts[0]),
        let rest = Int64(parts[1])
      else { return nil }
      return seconds * 1_000_000 + rest
    }
  }

  private static func words(_ before: [Line], _ after: [Line]) -> [String] {
    let difference = after.map(\.text).difference(from: before.map(\.text))
    var gone = Set<Int>()
    var new = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): new.insert(offset)
      }
    }
    var words: [String] = []
    var shift: Int64 = 0
    var (left, right) = (0, 0)
    while left < before.count || right < after.count {
      if gone.contains(left) {
        words.append("no more: `\(before[left].shown)`")
        left += 1
      } else if new.contains(right) {
        words.append("new: `\(after[right].shown)`")
        right += 1
      } else if left < before.count, right < after.count {
        let moved = (after[right].when ?? 0) - (before[left].when ?? 0)
        if moved != shift, let sentence = sentence(before[left], after[right]) {
          words.append(sentence)
        }
        shift = moved
        left += 1
        right += 1
      } else {
        break
      }
    }
    return words
  }

  /// That something comes at another time, and what follows as much later with it.
  private static func sentence(_ before: Line, _ after: Line) -> String? {
    guard let old = before.when, let new = after.when else { return nil }
    let what = "`\(after.text.drop { $0 == " " || $0 == ">" })`"
    guard new != old else { return "\(what) comes when it did before" }
    let amount =
      after.isStep
      ? "\(abs(new - old)) steps" : Duration.text(nanoseconds: abs(new - old) * 1000)
    return "\(what) now comes \(amount) \(new > old ? "later" : "earlier")"
  }
}

/// `FILE.expected`: the snapshots of a file's scenarios, by their titles.
package struct SnapshotFile: Sendable, Hashable {
  /// Titles in the order of the file.
  package private(set) var titles: [String] = []
  private var snapshots: [String: Snapshot] = [:]

  /// The first line that belongs to no scenario: the file is none of snapshots, or was cut.
  package private(set) var strayLine: Int?

  private static let mark = "== "

  package init() {}

  package init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    if lines.last == "" { lines.removeLast() }
    for (number, line) in lines.enumerated() {
      if line.hasPrefix(Self.mark) {
        let title = String(line.dropFirst(Self.mark.count))
        titles.append(title)
        snapshots[title] = Snapshot(lines: [])
      } else if let title = titles.last, !line.isEmpty {
        snapshots[title]?.lines.append(String(line))
      } else if !line.isEmpty, strayLine == nil {
        strayLine = number + 1
      }
    }
  }

  package subscript(title: String) -> Snapshot? {
    get { snapshots[escapingControls(title)] }
    set {
      let title = escapingControls(title)
      if newValue != nil, snapshots[title] == nil { titles.append(title) }
      if newValue == nil { titles.removeAll { $0 == title } }
      snapshots[title] = newValue
    }
  }

  /// With the titles in this order, and those that are not in it at the end.
  package mutating func sort(by order: [String]) {
    let known = order.map(escapingControls)
    let places = Dictionary(zip(known, known.indices), uniquingKeysWith: { first, _ in first })
    titles = titles.enumerated().sorted {
      (places[$0.element] ?? .max, $0.offset) < (places[$1.element] ?? .max, $1.offset)
    }.map(\.element)
  }

  package var text: String {
    titles.map { title in
      let lines = snapshots[title]?.lines ?? []
      return Self.mark + title + "\n" + lines.map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
