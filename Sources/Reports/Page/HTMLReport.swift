import Diagnostics
import Execution

/// The batch as one page that needs nothing else: no network, no server, any browser, paper too.
///
/// The page is fixed text (`HTMLPage`) around JSON, a block for each case and one for each source;
/// what comes from a scenario reaches the document as text alone, never as markup. Timelines are
/// drawn of what failed, and of everything on request: the page of a large batch stays small.
package struct HTMLReport: Report {
  package static var drawsTimelines: Bool { true }

  /// The source that was written last; cases of one come together.
  private var source: String?

  package init() {}

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    try sink.write(HTMLPage.head)
    var line = JSONLine()
    line.add("graft", head.version)
    line.add("shard", head.shard.map { "\($0.kind.rawValue):\($0.number)/\($0.count)" })
    try sink.write(HTMLPage.block("head", line.object))
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    if let text = item.source, source != item.id.path {
      source = item.id.path
      var line = JSONLine()
      line.add("path", item.id.path)
      line.add("text", text)
      try sink.write(HTMLPage.block("source", line.object))
    }
    try sink.write(HTMLPage.block("case", JSONReport.object(item)))
    if let timeline = item.timeline {
      try sink.write(HTMLPage.block("timeline", timeline.json))
    }
    if let passing = item.passing {
      try sink.write(HTMLPage.block("passing", passing.json))
    }
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    var line = JSONLine()
    line.add("text", summary.text)
    line.add("ending", summary.ending)
    line.add(
      "left_out",
      raw: "[" + summary.leftOutLines().map(jsonQuoted).joined(separator: ",") + "]")
    try sink.write(HTMLPage.block("summary", line.object))
    try sink.write(HTMLPage.tail)
  }
}

/// The page around the data.
package enum HTMLPage {
  /// A block of data: JSON in which no character can end the element or begin another.
  package static func block(_ kind: String, _ json: String) -> String {
    var text = "<script type=\"application/json\" data-kind=\"\(kind)\">"
    for character in json.unicodeScalars {
      switch character {
      case "<": text += "\\u003c"
      case ">": text += "\\u003e"
      case "&": text += "\\u0026"
      case "\u{2028}": text += "\\u2028"
      case "\u{2029}": text += "\\u2029"
      default: text.unicodeScalars.append(character)
      }
    }
    return text + "</script>\n"
  }

  static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
    <link rel="icon" href="data:,">
    <title>Graft report</title>
    <style>

    """ + text(PackageResources.page_css) + """
      </style>
      </head>
      <body>
      <noscript>This report draws itself: allow scripts for this file, it asks nobody for anything.</noscript>
      <div id="page"></div>

      """

  static let tail =
    "<script>\n" + text(PackageResources.data_js) + text(PackageResources.timeline_js)
    + text(PackageResources.page_js) + "</script>\n</body>\n</html>\n"

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
