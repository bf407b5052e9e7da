import Execution

/// The reports of shards put together, in the order in which one machine would have run it all.
///
/// Nothing may be there twice, and nothing may be missing: a batch that looks whole and is not
/// would be worse than none.
package struct MergedBatch: Sendable {
  package internal(set) var cases: [CaseReport] = []
  package internal(set) var summary = BatchSummary()

  package struct Mistake: Error {
    package var reason: String
  }

  /// What was not there, in words; only of parts that were joined although they are not all.
  package internal(set) var missing: [String] = []
  /// By what options all parts ran.
  package internal(set) var options: [String] = []

  package typealias Part = (name: String, report: ReadReport)

  /// - Parameters:
  ///   - parts: each with the name it goes by in messages.
  ///   - isPartial: whether what is missing is told rather than refused.
  package init(_ parts: [Part], isPartial: Bool = false) throws(Mistake) {
    for part in parts {
      guard let ending = part.report.summary.ending else { continue }
      try miss("\(part.name) is not whole: \(ending)", isPartial)
      summary.leftOut += part.report.summary.leftOut
      if summary.stop == nil { summary.stop = part.report.summary.stop }
    }
    if parts.contains(where: { $0.report.head.swarm != nil }) {
      try joinSwarm(parts, isPartial)
      return
    }
    let shards = parts.compactMap(\.report.head.shard)
    guard shards.isEmpty || shards.count == parts.count else {
      let odd = parts.first { $0.report.head.shard == nil }?.name ?? ""
      throw Mistake(reason: "\(odd) is no shard, and others are")
    }
    if !shards.isEmpty {
      try Self.refuseStrangers(parts)
      try findGaps(parts, isPartial)
    }
    try take(parts, isSharded: !shards.isEmpty, isPartial)
    conclude(parts)
  }

  mutating func conclude(_ parts: [Part]) {
    if let first = parts.first?.report.head.options,
      parts.allSatisfy({ $0.report.head.options == first })
    {
      options = first
    }
    if !missing.isEmpty, summary.stop == nil { summary.stop = .missing }
  }

  mutating func miss(_ words: String, _ isPartial: Bool) throws(Mistake) {
    guard isPartial else { throw Mistake(reason: words) }
    missing.append(words)
  }

  /// Parts of one batch have everything in common but the part.
  private static func refuseStrangers(_ parts: [Part]) throws(Mistake) {
    guard let first = parts.first, let shard = first.report.head.shard else { return }
    for part in parts {
      guard let other = part.report.head.shard else { continue }
      guard other.kind == shard.kind, other.count == shard.count else {
        throw Mistake(
          reason: "\(part.name) is \(other.text), and \(first.name) is \(shard.text): "
            + "they are parts of different batches")
      }
      try refuseOtherWays(part, first)
    }
    // One that was cut short may not have seen all files.
    let whole = parts.filter { $0.report.summary.stop == nil }
    for part in whole {
      let (count, all) = (part.report.summary.selected, whole[0].report.summary.selected)
      guard count == all else {
        throw Mistake(
          reason: "\(part.name) is a part of \(count) scenarios, and \(whole[0].name) of \(all)")
      }
    }
  }

  /// What one ran by, another did too.
  static func refuseOtherWays(_ part: Part, _ first: Part) throws(Mistake) {
    guard part.report.head.options == first.report.head.options else {
      func command(_ part: Part) -> String { Failure.command(part.report.head.options) }
      throw Mistake(
        reason: "\(part.name) is of `\(command(part))`, and \(first.name) of "
          + "`\(command(first))`: they are parts of different batches")
    }
    guard part.report.head.version == first.report.head.version else {
      throw Mistake(
        reason: "\(part.name) is of graft \(part.report.head.version), and \(first.name) of "
          + first.report.head.version)
    }
  }

  private mutating func findGaps(_ parts: [Part], _ isPartial: Bool) throws(Mistake) {
    guard let count = parts.first?.report.head.shard?.count else { return }
    try findGaps(
      parts.compactMap { part in
        part.report.head.shard.map { (part.name, $0.number, $0.text) }
      }, of: count, isPartial)
  }

  /// Nothing is there twice, and nothing is missing.
  mutating func findGaps(
    _ parts: [(name: String, number: Int, text: String)], of count: Int, _ isPartial: Bool
  ) throws(Mistake) {
    var names: [Int: String] = [:]
    for part in parts {
      if let twin = names.updateValue(part.name, forKey: part.number) {
        throw Mistake(reason: "\(part.name) and \(twin) are both \(part.text)")
      }
    }
    guard names.count < count else { return }
    // A million parts can be claimed in a line.
    let found = (1...count).lazy.filter { names[$0] == nil }.prefix(Self.namedParts)
    var list = found.map { "\($0)/\(count)" }.joined(separator: ", ")
    let others = count - names.count - found.count
    if others > 0 { list += " and \(others) more" }
    try miss("the report of \(list) is missing", isPartial)
  }

  private static let namedParts = 20

  private mutating func take(
    _ parts: [Part], isSharded: Bool, _ isPartial: Bool
  ) throws(Mistake) {
    var owners: [ScenarioID: String] = [:]
    for part in parts {
      for item in part.report.cases {
        if let owner = owners[item.id] {
          // Every shard sees what is wrong with a file as a whole, and says so.
          if isSharded, item.isOfFile { continue }
          throw Mistake(reason: "\(item.id) is in \(owner) and in \(part.name)")
        }
        owners[item.id] = part.name
        cases.append(item)
        summary.add(item)
      }
      summary.selected += isSharded ? 0 : part.report.summary.selected
    }
    guard isSharded else { return }
    putInOrder()
    summary.selected = parts.map(\.report.summary.selected).max() ?? 0
    let ran = cases.count { !$0.isOfFile }
    guard ran != summary.selected else { return }
    guard isPartial else {
      throw Mistake(
        reason: "\(summary.selected) scenarios were selected, and the reports have \(ran)")
    }
    // Parts that ended behind so many failures don't know how many there were.
    summary.selected = max(summary.selected, ran)
    if missing.isEmpty {
      missing.append("\(summary.selected) scenarios were selected, and the reports have \(ran)")
    }
  }

  private mutating func putInOrder() {
    // A file that could not be run stands before the scenario that has the same number, and what
    // is to be said when a file is over behind it.
    func rank(_ item: CaseReport) -> Int {
      item.id.name == CaseReport.sourceName
        ? 0 : item.id.name == CaseReport.snapshotsName ? 2 : 1
    }
    cases = cases.enumerated().sorted {
      ($0.element.number, rank($0.element), $0.offset)
        < ($1.element.number, rank($1.element), $1.offset)
    }.map(\.element)
  }
}

extension Shard {
  /// As on a command line.
  package var text: String { "\(kind.rawValue):\(number)/\(count)" }
}
