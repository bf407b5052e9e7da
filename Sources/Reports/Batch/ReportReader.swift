import Execution
import FoundationEssentials

/// A JSON report read back: what a shard wrote, as the values that every report folds over.
package struct ReadReport: Sendable {
  package var head: BatchHead
  package var cases: [CaseReport]
  package var summary: BatchSummary

  package struct Mistake: Error {
    package var reason: String
  }

  /// - Throws: why it is no such report.
  package init(_ bytes: [UInt8]) throws(Mistake) {
    let file: File
    do {
      let decoder = JSONDecoder()
      let data = Data(bytes)
      let outline = try decoder.decode(Outline.self, from: data)
      guard outline.schema == JSONReport.schema else {
        throw Mistake(reason: "its schema is \(outline.schema), not \(JSONReport.schema)")
      }
      guard outline.version == JSONReport.version else {
        throw Mistake(
          reason: "it is of version \(outline.version); this graft reads \(JSONReport.version)")
      }
      file = try decoder.decode(File.self, from: data)
    } catch let mistake as Mistake {
      throw mistake
    } catch let error as DecodingError {
      throw Mistake(reason: Self.words(error))
    } catch {
      throw Mistake(reason: "it is no report of graft's")
    }
    var shard: Shard?
    if let written = file.shard {
      guard let kind = Shard.Kind(rawValue: written.kind), written.number >= 1,
        written.number <= written.count
      else { throw Mistake(reason: "its shard makes no sense") }
      shard = Shard(kind: kind, number: written.number, count: written.count)
    }
    var swarm: SwarmPart?
    if let written = file.swarm {
      guard written.number >= 1, written.number <= written.count else {
        throw Mistake(reason: "its part of a swarm makes no sense")
      }
      swarm = SwarmPart(number: written.number, count: written.count)
    }
    head = BatchHead(
      version: file.graft, shard: shard, swarm: swarm, options: file.options)
    cases = []
    summary = BatchSummary()
    for written in file.scenarios {
      guard let item = written.report else {
        throw Mistake(reason: "it has a verdict or a mode that this graft does not know")
      }
      cases.append(item)
      summary.add(item)
    }
    guard summary.total == file.summary.total else {
      throw Mistake(
        reason: "it says that it has \(file.summary.total) scenarios and has \(summary.total)")
    }
    summary.selected = file.summary.selected
    summary.leftOut = file.summary.leftOut.map { .init(path: $0.path, scenarios: $0.scenarios) }
    if let word = file.summary.stoppedBy {
      guard let stop = BatchSummary.Stop(rawValue: word) else {
        throw Mistake(reason: "it was stopped by something that this graft does not know")
      }
      summary.stop = stop
    }
  }

  private static func words(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "`\(key.stringValue)` is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "a value has another type than it should\(place(context))"
    case .dataCorrupted: "it is not JSON, or was cut short"
    @unknown default: "it is no report of graft's"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "" : " in \(path.joined(separator: "."))"
  }
}

// MARK: As written

/// The members that say whether the rest can be read.
private struct Outline: Decodable {
  var schema: String
  var version: Int
}

/// Names are those of `Grammar/report.schema.json`.
private struct File: Decodable {
  struct Shard: Decodable {
    var kind: String
    var number: Int
    var count: Int
  }

  struct Swarm: Decodable {
    var number: Int
    var count: Int
  }

  struct Summary: Decodable {
    var total: Int
    var selected: Int
    var stoppedBy: String?
    var leftOut: [LeftOut]

    enum CodingKeys: String, CodingKey {
      case total, selected
      case stoppedBy = "stopped_by"
      case leftOut = "left_out"
    }
  }

  struct LeftOut: Decodable {
    var path: String
    var scenarios: Int?
  }

  var graft: String
  var shard: Shard?
  var swarm: Swarm?
  var options: [String]
  var scenarios: [Case]
  var summary: Summary
}

private struct Case: Decodable {
  struct Mode: Decodable {
    var kind: String
    var seed: UInt64?
    var states: Int?
    var alone: Int?
    var transitions: Int?
    var depth: Int?
    var complete: Bool?
    var bound: String?
    var runs: Int?
    var order: String?
    var timed: Bool?
  }

  struct Figure: Decodable {
    var name: String
    var text: String
    var number: Int64?

    var value: CaseReport.Value { .init(name: name, text: text, number: number) }
  }

  struct Property: Decodable {
    var text: String
    var answer: String
    var satisfied: Bool
    var complete: Bool
    var kept: Bool?
    var replay: String?
    var counterReplay: String?

    enum CodingKeys: String, CodingKey {
      case text, answer, satisfied, complete, kept, replay
      case counterReplay = "counter_replay"
    }
  }

  struct Parting: Decodable {
    var step: Int
    var fails: String
    var passes: String
    var text: String
    var replay: String
  }

  struct Outcome: Decodable {
    var figures: [Figure]
    var remarks: [String]
    var worlds: Int?
    var replay: String
  }

  struct Problem: Decodable {
    var severity: String
    var code: String
    var message: String
    var path: String
    var line: Int
    var column: Int
    var excerpt: String
    var replay: String?

    var problem: CaseReport.Problem {
      .init(
        severity: severity, code: code, message: message, path: path, line: line, column: column,
        excerpt: excerpt, replay: replay)
    }
  }

  var number: Int
  var path: String
  var name: String
  var row: String
  var line: Int
  var column: Int
  var tags: [String]
  var fingerprint: String?
  var verdict: String
  var reason: String?
  var mode: Mode
  var steps: Int
  var nanoseconds: Int64
  var figures: [Figure]
  var properties: [Property]
  var outcomes: [Outcome]?
  var parting: Parting?
  var warnings: [Problem]?
  var problems: [Problem]
  var account: String
  var differences: [String]
  var source: String?
  var timeline: TimelineDrawing?
  var passing: TimelineDrawing?
  var trace: [String]?

  /// Nil where it has words that are not known.
  var report: CaseReport? {
    guard let verdict = CaseReport.Verdict(rawValue: verdict), let mode = readMode else {
      return nil
    }
    var item = CaseReport(
      id: ScenarioID(path: path, name: name, row: row), line: line, column: column, tags: tags,
      verdict: verdict, mode: mode, steps: steps, nanoseconds: nanoseconds)
    item.number = number
    item.textHash = fingerprint.flatMap { UInt32($0, radix: 16) }
    item.reason = reason
    item.figures = figures.map(\.value)
    item.outcomes = (outcomes ?? []).map {
      .init(
        figures: $0.figures.map(\.value), remarks: $0.remarks, worlds: $0.worlds,
        replay: $0.replay)
    }
    item.properties = properties.map {
      .init(
        text: $0.text, answer: $0.answer, isSatisfied: $0.satisfied, isComplete: $0.complete,
        isKept: $0.kept ?? false, replay: $0.replay, counterReplay: $0.counterReplay)
    }
    item.parting = parting.map {
      .init(
        step: $0.step, fails: $0.fails, passes: $0.passes, text: $0.text, replay: $0.replay)
    }
    item.problems = problems.map(\.problem)
    item.warnings = (warnings ?? []).map(\.problem)
    item.account = account
    item.differences = differences
    item.source = source
    item.timeline = timeline
    item.passing = passing
    item.trace = trace
    return item
  }

  private var readMode: CaseReport.Mode? {
    switch mode.kind {
    case "run": return .seed(mode.seed ?? 0)
    case "replay": return .replay
    case "none": return CaseReport.Mode.none
    case "every_schedule":
      return .everySchedule(
        .init(
          states: mode.states ?? 0, transitions: mode.transitions ?? 0, depth: mode.depth ?? 0,
          alone: mode.alone, isComplete: mode.complete ?? false, bound: mode.bound,
          runs: mode.runs, order: mode.order, isTimed: mode.timed ?? false)
      )
    default: return nil
    }
  }
}
