import Execution

/// JUnit's XML, as CI servers read it: a `testsuite` for each file, a `testcase` for each scenario.
/// `Grammar/junit.xsd` describes it.
///
/// The counts stand at the head of a suite and are known at its end: room is left for them.
package struct JUnitReport: Report {
  private var offset = 0
  private var all = Counts()
  private var suite = Counts()
  private var suitePath: String?
  private var allOffset = 0
  private var suiteOffset = 0

  package static var isPatched: Bool { true }

  package init() {}

  private struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0
    var nanoseconds: Int64 = 0

    /// Always of one length.
    var attributes: String {
      let text =
        "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\""
        + " skipped=\"\(skipped)\" time=\"\(seconds(nanoseconds))\""
      return text + String(repeating: " ", count: max(0, Self.room - text.utf8.count))
    }

    static let room = 110

    mutating func add(_ item: CaseReport) {
      tests += 1
      let sum = nanoseconds.addingReportingOverflow(item.nanoseconds)
      nanoseconds = sum.overflow ? .max : sum.partialValue
      switch item.verdict {
      case .passed: break
      case .failed, .passedUnexpectedly, .differs: failures += 1
      case .broken, .inconclusive, .rejected: errors += 1
      case .skipped, .failedAsExpected: skipped += 1
      }
    }
  }

  private mutating func write(_ text: String, _ sink: any ReportSink) throws {
    offset += text.utf8.count
    try sink.write(text)
  }

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    try write(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"graft\" ", sink)
    allOffset = offset
    try write(all.attributes + ">\n", sink)
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    if suitePath != item.id.path {
      try endSuite(sink)
      suitePath = item.id.path
      suite = Counts()
      let path = xmlEscaped(item.id.path)
      try write("  <testsuite name=\"\(path)\" file=\"\(path)\" ", sink)
      suiteOffset = offset
      try write(suite.attributes + ">\n", sink)
    }
    suite.add(item)
    all.add(item)
    try write(element(item), sink)
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    try endSuite(sink)
    try writeEnding(summary, sink)
    try write("</testsuites>\n", sink)
    try sink.patch(at: allOffset, all.attributes)
  }

  private mutating func endSuite(_ sink: any ReportSink) throws {
    guard suitePath != nil else { return }
    try write("  </testsuite>\n", sink)
    try sink.patch(at: suiteOffset, suite.attributes)
    suitePath = nil
  }

  /// That the batch ended early is a case of its own: a report of what ran alone would look like
  /// one of everything.
  private mutating func writeEnding(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    guard let stop = summary.stop, let ending = summary.ending else { return }
    let message = xmlEscaped(ending)
    var counts = Counts()
    counts.tests = 1
    all.tests += 1
    let result: String
    if stop == .failures {
      counts.skipped = 1
      all.skipped += 1
      result = "<skipped message=\"\(message)\"/>"
    } else {
      counts.errors = 1
      all.errors += 1
      let lines = xmlText(summary.leftOutLines().joined(separator: "\n"))
      result = "<error message=\"\(message)\" type=\"\(stop.rawValue)\">\(lines)</error>"
    }
    try write(
      "  <testsuite name=\"(batch)\" \(counts.attributes)>\n"
        + "    <testcase name=\"(the rest)\" classname=\"(batch)\" time=\"0.0\">\n"
        + "      \(result)\n    </testcase>\n  </testsuite>\n", sink)
  }

  // MARK: One case

  private func element(_ item: CaseReport) -> String {
    let path = xmlEscaped(item.id.path)
    var text =
      "    <testcase name=\"\(xmlEscaped(item.id.title))\" classname=\"\(path)\""
      + " file=\"\(path)\" line=\"\(item.line)\" time=\"\(seconds(item.nanoseconds))\""
    let inner = properties(item) + result(item)
    if inner.isEmpty { return text + "/>\n" }
    text += ">\n" + inner + "    </testcase>\n"
    return text
  }

  private func properties(_ item: CaseReport) -> String {
    var all: [(name: String, value: String)] = item.tags.map { ("tag", $0) }
    switch item.mode {
    case .seed(let seed): if seed != 0 { all.append(("seed", "\(seed)")) }
    case .everySchedule(let search):
      all.append(("states", "\(search.states)"))
      all.append(("complete", "\(search.isComplete)"))
      if search.isTimed { all.append(("timed", "true")) }
    case .replay, .none: break
    }
    for property in item.properties { all.append((property.answer, property.text)) }
    for figure in item.figures { all.append(("figure " + figure.name, figure.text)) }
    if let replay = item.problems.last?.replay { all.append(("replay", replay)) }
    guard !all.isEmpty else { return "" }
    let lines = all.map { property in
      "        <property name=\"\(xmlEscaped(property.name))\""
        + " value=\"\(xmlEscaped(property.value))\"/>\n"
    }
    return "      <properties>\n" + lines.joined() + "      </properties>\n"
  }

  private func result(_ item: CaseReport) -> String {
    let problem = item.problems.last
    let message = xmlEscaped(problem?.message ?? item.reason ?? "")
    let type = xmlEscaped(problem?.code ?? item.verdict.rawValue)
    switch item.verdict {
    case .passed: return ""
    case .failed, .differs:
      return "      <failure message=\"\(message)\" type=\"\(type)\">"
        + "\(xmlText(item.account))</failure>\n"
    case .broken, .rejected:
      return "      <error message=\"\(message)\" type=\"\(type)\">"
        + "\(xmlText(item.account))</error>\n"
    case .passedUnexpectedly:
      return "      <failure message=\"it passes, and says that it fails: \(message)\""
        + " type=\"\(type)\"/>\n"
    case .inconclusive:
      return "      <error message=\"\(message)\" type=\"\(type)\"/>\n"
    case .skipped:
      return "      <skipped message=\"\(message)\"/>\n"
    case .failedAsExpected:
      return "      <skipped message=\"it fails, as it says: \(message)\"/>\n"
    }
  }
}
