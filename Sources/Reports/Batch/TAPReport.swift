import Diagnostics
import Execution

/// The Test Anything Protocol, version 14 or 13, with a YAML block below each line that is not
/// `ok`. What is written is the same: 14 says what 13 left open.
package struct TAPReport: Report {
  private var number = 0
  private let version: Int

  /// - Parameter version: 13 or 14; Perl's `prove` reads no other than the former.
  package init(version: Int = 14) { self.version = version }

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    try sink.write("TAP version \(version)\n")
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    number += 1
    // A case that fails as it says is what the protocol calls by this word.
    let expected = ["TO", "DO"].joined()
    let reason = Self.escaped(item.reason ?? "")
    let (word, directive) =
      switch item.verdict {
      case .passed: ("ok", "")
      case .skipped: ("ok", " # SKIP \(reason)")
      case .failedAsExpected: ("not ok", " # \(expected) \(reason)")
      case .failed, .broken, .inconclusive, .passedUnexpectedly, .differs, .rejected:
        ("not ok", "")
      }
    var text = "\(word) \(number) - \(Self.escaped("\(item.id)"))\(directive)\n"
    if !item.verdict.isGood { text += block(item) }
    try sink.write(text)
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    // The plan counts what ran; that there is more, a harness must not take for a success.
    let ending = summary.ending.map { "Bail out! \(Self.escaped($0))\n" } ?? ""
    try sink.write("1..\(number)\n" + ending)
  }

  /// One line: `#` begins a directive, and a backslash keeps it from doing so.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in escapingControls(text) {
      if character == "#" || character == "\\" { result += "\\" }
      result.append(character)
    }
    return result
  }

  private func block(_ item: CaseReport) -> String {
    var lines = ["---"]
    lines.append("verdict: \(item.verdict.rawValue)")
    if let reason = item.reason { lines.append("reason: \(jsonQuoted(reason))") }
    lines.append("file: \(jsonQuoted(item.id.path))")
    lines.append("line: \(item.line)")
    if !item.problems.isEmpty { lines.append("problems:") }
    for problem in item.problems {
      lines.append("  - code: \(jsonQuoted(problem.code))")
      lines.append("    message: \(jsonQuoted(problem.message))")
      if !problem.path.isEmpty {
        let place = "\(problem.path):\(problem.line):\(problem.column)"
        lines.append("    at: \(jsonQuoted(place))")
      }
      if let replay = problem.replay { lines.append("    replay: \(jsonQuoted(replay))") }
    }
    if !item.account.isEmpty {
      lines.append("account: |")
      // Perl's reader knows no indicator, and wants empty lines indented: a bar begins each line.
      var account = item.account.split(separator: "\n", omittingEmptySubsequences: false)
      while account.last == "" { account.removeLast() }
      lines += account.map { "  | " + escapingControls(String($0)) }
    }
    lines.append("...")
    return lines.map { "  \($0)\n" }.joined()
  }
}
