import Diagnostics
import Execution

/// Annotations for GitHub's workflow log: a command for each thing that is wrong, which GitHub
/// shows beside the line of the source.
package struct GitHubAnnotations: Report {
  /// A path as GitHub knows it: from the repository's root.
  private let inRepository: @Sendable (_ path: String) -> String

  package init(inRepository: @escaping @Sendable (_ path: String) -> String = { $0 }) {
    self.inRepository = inRepository
  }

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {}

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    guard !item.verdict.isGood else { return }
    let title = "\(item.verdict.headline) \(item.id.title)"
    guard !item.problems.isEmpty else {
      try sink.write(
        command(
          item.verdict == .inconclusive ? "warning" : "error", item.id.path, item.line,
          item.column, title, item.reason ?? item.verdict.rawValue))
      return
    }
    for problem in item.problems {
      let isPlaced = !problem.path.isEmpty
      let replay = problem.replay.map { "\n\($0)" } ?? ""
      try sink.write(
        command(
          "error", isPlaced ? problem.path : item.id.path, isPlaced ? problem.line : item.line,
          isPlaced ? problem.column : item.column, title,
          "\(problem.code): \(problem.message)\(replay)"))
    }
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    guard let ending = summary.ending else { return }
    let level = summary.stop == .failures ? "warning" : "error"
    try sink.write("::\(level) title=graft::\(Self.data(ending))\n")
  }

  private func command(
    _ level: String, _ path: String, _ line: Int, _ column: Int, _ title: String,
    _ message: String
  ) -> String {
    return "::\(level) file=\(Self.property(inRepository(path))),line=\(line),col=\(column),"
      + "title=\(Self.property(title))::\(Self.data(message))\n"
  }

  /// What would end a command's text.
  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result += escapingControls(String(scalar))
      }
    }
    return result
  }

  /// What would end one of its properties.
  private static func property(_ text: String) -> String {
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// The summary that GitHub shows on the page of a job: Markdown, no larger than it takes.
///
/// The counts stand first and are known last; so what failed is held until then, up to the limit.
package struct GitHubSummary: Report {
  private var table = ""
  private var details = ""
  private var leftOut = 0

  /// GitHub refuses a summary of more than 1 MiB; some room is left for other steps' lines.
  private static let greatestByteCount = 900_000

  package init() {}

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {}

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    guard !item.verdict.isGood else { return }
    let message = item.problems.last?.message ?? item.reason ?? ""
    let place =
      if let problem = item.problems.last, !problem.path.isEmpty {
        "\(problem.path):\(problem.line)"
      } else { "\(item.id.path):\(item.line)" }
    let row =
      "| \(item.verdict.headline)\(item.isTimed ? ", timed" : "") | \(Self.cell(item.id.title)) |"
      + " \(Self.cell(place)) | \(Self.cell(message)) |\n"
    var account = ""
    if !item.account.isEmpty {
      let fence = Self.fence(for: item.account)
      account =
        "\n<details><summary>\(Self.cell("\(item.id)"))</summary>\n\n\(fence)text\n"
        + item.account.split(separator: "\n", omittingEmptySubsequences: false)
        .map { escapingControls(String($0)) }.joined(separator: "\n")
        + "\n\(fence)\n\n</details>\n"
    }
    let room = Self.greatestByteCount - table.utf8.count - details.utf8.count
    guard row.utf8.count <= room else {
      leftOut += 1
      return
    }
    table += row
    if row.utf8.count + account.utf8.count <= room { details += account }
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    let mark = summary.bad == 0 && summary.stop == nil ? "✅" : "❌"
    var text = "## \(mark) graft: \(summary.text)\n\n"
    if !table.isEmpty {
      text += "| | scenario | at | what |\n|---|---|---|---|\n" + table
      if leftOut > 0 { text += "\n… and \(leftOut) more\n" }
      text += details
    }
    try sink.write(text + "\n")
  }

  /// Text that is neither markup nor the end of a cell.
  private static func cell(_ text: String) -> String {
    var result = ""
    for scalar in escapingControls(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "|", "\\", "`", "*", "_", "[", "]", "~", "@", "#", "!", "$":
        result += "&#\(scalar.value);"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// More backquotes than stand in a row in the text.
  private static func fence(for text: String) -> String {
    var longest = 0
    var current = 0
    for byte in text.utf8 {
      current = byte == UInt8(ascii: "`") ? current + 1 : 0
      longest = max(longest, current)
    }
    return String(repeating: "`", count: max(3, longest + 1))
  }
}
