import Execution

/// The reports of shards put together, in the order in which one machine would have run it all.
///
/// Nothing may be there twice, and nothing may be missing: a batch that looks whole and is not
/// would be worse than none.
package struct MergedBatch: Sendable {
  package private(set) var cases: [CaseReport] = []
  package private(set) var summary = BatchSummary()

  package struct Mistake: Error {
    package var reason: String
  }

  /// - Parameter parts: each with the name it goes by in messages.
  package init(_ parts: [(name: String, report: ReadReport)]) throws(Mistake) {
    for part in parts {
      guard part.report.summary.stop == nil else {
        throw Mistake(
          reason: "\(part.name) is not whole: \(part.report.summary.stop?.words ?? "")")
      }
    }
    let shards = parts.compactMap(\.report.head.shard)
    guard shards.isEmpty || shards.count == parts.count else {
      let odd = parts.first { $0.report.head.shard == nil }?.name ?? ""
      throw Mistake(reason: "\(odd) is no shard, and others are")
    }
    if !shards.isEmpty { try Self.refuseGaps(parts) }
    try take(parts, isSharded: !shards.isEmpty)
  }

  private static func refuseGaps(
    _ parts: [(name: String, report: ReadReport)]
  ) throws(Mistake) {
    guard let first = parts.first, let shard = first.report.head.shard else { return }
    var names: [Int: String] = [:]
    for part in parts {
      guard let other = part.report.head.shard else { continue }
      guard other.kind == shard.kind, other.count == shard.count else {
        throw Mistake(
          reason: "\(part.name) is \(other.text), and \(first.name) is \(shard.text): "
            + "they are parts of different batches")
      }
      guard part.report.summary.selected == first.report.summary.selected else {
        throw Mistake(
          reason: "\(part.name) is a part of \(part.report.summary.selected) scenarios, and "
            + "\(first.name) of \(first.report.summary.selected)")
      }
      if let twin = names[other.number] {
        throw Mistake(reason: "\(part.name) and \(twin) are both \(other.text)")
      }
      names[other.number] = part.name
    }
    let missing = (1...shard.count).filter { names[$0] == nil }
    guard missing.isEmpty else {
      let list = missing.map { "\($0)/\(shard.count)" }.joined(separator: ", ")
      throw Mistake(reason: "the report of \(list) is missing")
    }
  }

  private mutating func take(
    _ parts: [(name: String, report: ReadReport)], isSharded: Bool
  ) throws(Mistake) {
    var owners: [ScenarioID: String] = [:]
    for part in parts {
      for item in part.report.cases {
        // Every shard sees that a file has errors, and says so.
        let isRepeated = isSharded && item.id.name == CaseReport.sourceName
        if let owner = owners[item.id] {
          if isRepeated { continue }
          throw Mistake(reason: "\(item.id) is in \(owner) and in \(part.name)")
        }
        owners[item.id] = part.name
        cases.append(item)
        summary.add(item.verdict)
      }
      summary.selected += isSharded ? 0 : part.report.summary.selected
    }
    guard isSharded else { return }
    // A file that could not be run stands before the scenario that has the same number.
    func rank(_ item: CaseReport) -> Int { item.id.name == CaseReport.sourceName ? 0 : 1 }
    cases = cases.enumerated().sorted {
      ($0.element.number, rank($0.element), $0.offset)
        < ($1.element.number, rank($1.element), $1.offset)
    }.map(\.element)
    summary.selected = parts.first?.report.summary.selected ?? 0
    let ran = cases.count { $0.id.name != CaseReport.sourceName }
    guard ran == summary.selected else {
      throw Mistake(
        reason: "\(summary.selected) scenarios were selected, and the reports have \(ran)")
    }
  }
}

extension Shard {
  /// As on a command line.
  package var text: String { "\(kind.rawValue):\(number)/\(count)" }
}
