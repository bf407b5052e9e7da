import Diagnostics

/// What is drawn of a run, as a value: `MigrationTimeline` makes it, the page draws it, and a
/// JSON report carries it to where parts of a batch are joined.
package struct TimelineDrawing: Sendable, Hashable {
  /// What a lane shows from a moment on.
  package struct Change: Sendable, Hashable {
    var moment: Int
    var glyph: String
  }

  package struct Track: Sendable, Hashable {
    var name: String
    var changes: [Change]
  }

  /// A line of the story.
  package struct Line: Sendable, Hashable {
    /// Nanoseconds, or the step.
    var when: Int64
    var shown: String
    var mark: String
    var text: String
    var tone: String
    /// Lines that are left out before it.
    var gap: Int
    /// Where the operator's statement stands in the scenario's own file, from 1; otherwise 0.
    var sourceLine: Int
  }

  package var keepsTime: Bool
  /// When something that is drawn changes: nanoseconds, or steps.
  var moments: [Int64]
  /// Instants that one moment stands for.
  var joined: Int
  var stage: Track
  var inProgress: Track
  var lanes: [Track]
  var tasks: Int
  /// How many tasks are where at each moment; only where there are more tasks than lanes.
  var band: [[Int]]?
  var dropped: Int
  var story: [Line]
}

extension CaseReport {
  /// Draws how it went, and beside a search's failure a schedule that passes.
  package mutating func draw(_ run: CaseRun) {
    timeline = TimelineDrawing(of: run)
    guard timeline != nil, let parting = run.record.parting else { return }
    passing = TimelineDrawing(of: run.passing(parting))
  }
}

extension TimelineDrawing {
  /// Nil where there is nothing to draw.
  fileprivate init?(of run: CaseRun) {
    guard run.record.schedule != nil, let drawing = MigrationTimeline(run).drawing else {
      return nil
    }
    self = drawing
  }
}

// MARK: As written

extension TimelineDrawing {
  package var json: String {
    var line = JSONLine()
    line.add("keeps_time", keepsTime)
    line.add("moments", raw: Self.list(moments.map(String.init)))
    line.add("joined", joined)
    line.add("stage", raw: stage.json)
    line.add("in_progress", raw: inProgress.json)
    line.add("lanes", raw: Self.list(lanes.map(\.json)))
    line.add("tasks", tasks)
    if let band {
      line.add("band", raw: Self.list(band.map { Self.list($0.map(String.init)) }))
    }
    line.add("dropped", dropped)
    line.add("story", raw: Self.list(story.map(\.json)))
    return line.object
  }

  fileprivate static func list(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ",") + "]"
  }
}

extension TimelineDrawing.Track {
  fileprivate var json: String {
    let parts = changes.map { "\($0.moment),\(jsonQuoted($0.glyph))" }
    return "{\"name\":\(jsonQuoted(name)),\"changes\":[" + parts.joined(separator: ",") + "]}"
  }
}

extension TimelineDrawing.Line {
  fileprivate var json: String {
    "[\(when),\(jsonQuoted(shown)),\(jsonQuoted(mark)),\(jsonQuoted(text)),"
      + "\(jsonQuoted(tone)),\(gap),\(sourceLine)]"
  }
}

// MARK: Read back

extension TimelineDrawing: Decodable {
  private enum CodingKeys: String, CodingKey {
    case moments, joined, stage, lanes, tasks, band, dropped, story
    case keepsTime = "keeps_time"
    case inProgress = "in_progress"
  }
}

extension TimelineDrawing.Track: Decodable {
  private enum CodingKeys: String, CodingKey { case name, changes }

  /// Moments and glyphs stand in turn.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    changes = []
    var list = try container.nestedUnkeyedContainer(forKey: .changes)
    while !list.isAtEnd {
      let moment = try list.decode(Int.self)
      changes.append(.init(moment: moment, glyph: try list.decode(String.self)))
    }
  }
}

extension TimelineDrawing.Line: Decodable {
  package init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    when = try list.decode(Int64.self)
    shown = try list.decode(String.self)
    mark = try list.decode(String.self)
    text = try list.decode(String.self)
    tone = try list.decode(String.self)
    gap = try list.decode(Int.self)
    sourceLine = try list.decode(Int.self)
  }
}
