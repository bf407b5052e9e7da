import Graft

/// `--check` and `--update`: what a file's scenarios were to look like, and what they do.
struct SnapshotKeeper {
  enum Purpose { case check, update }

  let purpose: Purpose
  private var path: String?
  private var expected = SnapshotFile()
  private var isThere = false
  /// The titles of the file, in their order; nil where only some of them were selected.
  private var order: [String] = []
  private var isWhole = false
  private var seen: Set<String> = []
  /// Scenarios that do something else than before.
  private var changed = 0

  init(_ purpose: Purpose) { self.purpose = purpose }

  mutating func begin(_ file: OpenedFile) {
    path = nil
    guard let unit = file.unit, !unit.hasErrors, !file.selected.isEmpty else { return }
    let path = file.request.path + Self.suffix
    self.path = path
    order = unit.entries.map(\.id.title)
    isWhole = file.request.picks.isEmpty && file.selected.count == unit.entryCount
    seen = []
    changed = 0
    do throws(SourceReader.Failure) {
      expected = SnapshotFile(String(decoding: try SourceReader.read(path), as: UTF8.self))
      isThere = true
    } catch {
      expected = SnapshotFile()
      isThere = false
    }
  }

  /// What the name of a file's snapshots ends in.
  static let suffix = ".expected"

  /// What a scenario does, and the words for in what that is another than before. Where snapshots
  /// are written there is none for a new one.
  mutating func add(_ id: ScenarioID, _ snapshot: Snapshot) -> (path: String, words: [String])? {
    guard let path else { return nil }
    seen.insert(escapingControls(id.title))
    let old = expected[id.title]
    expected[id.title] = snapshot
    guard let old else {
      if purpose == .update { return nil }
      return (path, [missing(from: path)])
    }
    let words = snapshot.review(since: old)
    if words.isEmpty { return nil }
    changed += 1
    return (path, words)
  }

  private func missing(from path: String) -> String {
    if !isThere { return "there is no \(path) yet" }
    guard let line = expected.strayLine else { return "it is not in \(path) yet" }
    return "\(path):\(line) is not of a file of snapshots, which `--update` would write over"
  }

  /// What there is to be said when a file's last scenario is over.
  struct Ending {
    var path: String
    /// Titles of the snapshots that have no scenario any more.
    var gone: [String] = []
    /// What was written.
    var text = ""
  }

  mutating func end() throws(SourceReader.Failure) -> Ending? {
    guard let path else { return nil }
    defer { self.path = nil }
    let known = Set(order.map(escapingControls))
    let gone = isWhole ? expected.titles.filter { !known.contains($0) } : []
    guard purpose == .update else { return Ending(path: path, gone: gone) }
    for title in gone { expected[title] = nil }
    expected.sort(by: order)
    let bytes = Array(expected.text.utf8)
    if let old = try? SourceReader.read(path), old == bytes { return nil }
    let draft = try WholeFile.Draft(of: path)
    try draft.append(bytes)
    try draft.publish()
    var text = "wrote \(escapingControls(path)): "
    text += seen.count == 1 ? "1 scenario" : "\(seen.count) scenarios"
    if changed > 0 { text += ", \(changed) changed" }
    text += "\n"
    for title in gone { text += "  no more: \(title)\n" }
    return Ending(path: path, text: text)
  }
}
