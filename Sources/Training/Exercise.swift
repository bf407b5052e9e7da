import Diagnostics
import Execution
import Exploration
import Reports

/// Something to be mended: a scenario with a part that is the learner's, and what must hold when
/// that is right.
///
/// The part stands between the comments `# Yours…` and `# From here on everything stays as it is.`;
/// of an answer nothing else counts. So whoever changes what must hold changes nothing, and any
/// answer is right of which it holds, however it is written.
package struct Exercise: Sendable {
  /// The name of an exercise's text in its folder.
  package static let textName = "exercise.graft"

  /// The folder's name.
  package var name: String
  package var folder: String
  package var text: [UInt8]
  /// The comment that the text begins with, up to the hints.
  package var task: [String]
  /// The comments `# hint: …`, the gentlest first.
  package var hints: [String]

  package init(folder: String, text: [UInt8]) {
    self.folder = folder
    self.text = text
    name = folder.split(separator: "/").last.map(String.init) ?? folder
    let head = String(decoding: text, as: UTF8.self).shownLines.prefix { $0.hasPrefix("#") }
      .map { String($0.dropFirst($0.hasPrefix("# ") ? 2 : 1)) }
    task = Array(head.prefix { !$0.hasPrefix("hint: ") })
    while task.last?.isEmpty == true { task.removeLast() }
    hints = head.filter { $0.hasPrefix("hint: ") }.map { String($0.dropFirst("hint: ".count)) }
  }

  /// What the learner gets: the hints come one by one, when they are asked for.
  package var handout: [UInt8] {
    let lines = Self.lines(text)
    let hash = UInt8(ascii: "#")
    let head = lines.prefix { $0.first == hash }
    let kept = head.filter { !$0.starts(with: "# hint: ".utf8) }
    // The line that only kept the hints apart.
    let task = kept.last.map { $0.count == 1 } == true ? kept.dropLast() : kept[...]
    return Array((task + lines[head.endIndex...]).joined(separator: [UInt8(ascii: "\n")]))
  }

  /// What progress is kept by: another text is another exercise.
  package var key: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// What became of an answer.
package enum Judgement: Sendable {
  /// A line, from 1, still has `___` in it.
  case gap(line: Int)
  /// The comments around the learner's part are not there any more.
  case withoutMarks
  /// It can't be understood, or can't be simulated.
  case mistaken([Diagnostic], SourceMap)
  /// Something that must hold does not, in the first scenario of which that is so. Where it is
  /// claimed of every schedule, the record has a shortest one in which it doesn't; what is claimed
  /// in time is judged by its run alone, for with arbitrary speeds it would be another claim.
  case fails(RunRecord, SourceMap)
  case right

  package var isRight: Bool { if case .right = self { true } else { false } }
}

extension Exercise {
  /// What may stand where the learner is to write something.
  package static let gap = "___"

  /// Judges an answer by everything that must hold.
  ///
  /// - Parameters:
  ///   - answer: a text of which the learner's part counts.
  ///   - path: what the answer is called.
  package func judge(
    _ answer: [UInt8], path: String, options: RunOptions = RunOptions(),
    reader: @escaping SourceLoader.Reader
  ) -> Judgement {
    if let line = Self.gapLine(answer) { return .gap(line: line) }
    guard let whole = withPart(of: answer) else { return .withoutMarks }
    let unit = ScenarioUnit(path: path, bytes: whole, reader: reader)
    guard !unit.hasErrors else {
      return .mistaken(unit.diagnostics.filter { $0.severity == .error }, unit.sources)
    }
    var options = options
    options.wantsEvents = true
    for entry in unit.entries where entry.skipReason == nil {
      let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
      guard let scenario else { return .mistaken(diagnostics, unit.sources) }
      let record = ScenarioRunner(scenario, options).run()
      guard case .passed = record.outcome else { return .fails(record, unit.sources) }
    }
    return .right
  }

  // MARK: The learner's part

  /// The exercise with the learner's part of an answer; nil where that has none. All of the answer,
  /// where the exercise has no part of its own.
  private func withPart(of answer: [UInt8]) -> [UInt8]? {
    let (given, found) = (Self.lines(handout), Self.lines(answer))
    guard let own = Self.part(given) else { return answer }
    guard let part = Self.part(found) else { return nil }
    let lines = given[..<own.lowerBound] + found[part] + given[own.upperBound...]
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  /// The lines between the two comments.
  private static func part(_ lines: [ArraySlice<UInt8>]) -> Range<Int>? {
    func place(_ mark: String) -> Int? {
      lines.firstIndex { line in
        line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.starts(with: mark.utf8)
      }
    }
    guard let first = place("# Yours"), let last = place("# From here on"), first < last else {
      return nil
    }
    return (first + 1)..<last
  }

  /// The first line with a gap outside of its comment.
  private static func gapLine(_ text: [UInt8]) -> Int? {
    let place = lines(text).firstIndex { line in
      String(decoding: line, as: UTF8.self).prefix { $0 != "#" }.contains(gap)
    }
    return place.map { $0 + 1 }
  }
}
