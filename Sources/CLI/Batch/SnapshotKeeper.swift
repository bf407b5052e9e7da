import Graft

/// `--check` and `--update`: what a file's scenarios were to look like, and what they do.
struct SnapshotKeeper {
  enum Purpose { case check, update }

  private let purpose: Purpose
  private var path: String?
  private var expected = SnapshotFile()
  private var isThere = false
  /// The titles of the file, in their order; nil where only some of them were selected.
  private var order: [String] = []
  private var isWhole = false
  private var seen: Set<String> = []

  init(_ purpose: Purpose) { self.purpose = purpose }

  /// What is to be said, and whether it is a difference.
  struct Finding {
    var text = ""
    var differs = false
  }

  mutating func begin(_ file: OpenedFile) throws(SourceReader.Failure) {
    path = nil
    guard let unit = file.unit, !unit.hasErrors, !file.selected.isEmpty else { return }
    guard file.request.path != "-" else {
      throw SourceReader.Failure(path: "standard input", reason: "it has no place for snapshots")
    }
    let path = file.request.path + ".expected"
    self.path = path
    order = unit.entries.map(\.id.title)
    isWhole = file.selected.count == unit.entryCount
    seen = []
    do throws(SourceReader.Failure) {
      expected = SnapshotFile(String(decoding: try SourceReader.read(path), as: UTF8.self))
      isThere = true
    } catch {
      expected = SnapshotFile()
      isThere = false
    }
  }

  mutating func add(_ id: ScenarioID, _ snapshot: Snapshot) -> Finding {
    guard let path else { return Finding() }
    seen.insert(escapingControls(id.title))
    let old = expected[id.title]
    expected[id.title] = snapshot
    guard purpose == .check else { return Finding() }
    guard let old else {
      return difference(
        id, isThere ? ["it is not in \(path) yet"] : ["there is no \(path) yet"])
    }
    let words = snapshot.review(since: old)
    return words.isEmpty ? Finding() : difference(id, words)
  }

  /// Differences that are told of one scenario.
  private static let greatestCount = 12

  private func difference(_ id: ScenarioID, _ words: [String]) -> Finding {
    var text = "DIFF  \(escapingControls("\(id)"))\n"
    for word in words.prefix(Self.greatestCount) { text += "  \(escapingControls(word))\n" }
    if words.count > Self.greatestCount {
      text += "  … and \(words.count - Self.greatestCount) more differences\n"
    }
    let command = Failure.command(["run", "\(id)", "--update"])
    text += "  = if that is right: \(command)\n"
    return Finding(text: text, differs: true)
  }

  /// The file's last scenario is over.
  mutating func end() throws(SourceReader.Failure) -> Finding {
    guard let path else { return Finding() }
    defer { self.path = nil }
    let known = Set(order.map(escapingControls))
    let gone = isWhole ? expected.titles.filter { !known.contains($0) } : []
    guard purpose == .update else {
      guard !gone.isEmpty else { return Finding() }
      let list = gone.map { "  \($0)\n" }.joined()
      return Finding(
        text: "DIFF  \(escapingControls(path)) has scenarios that are no more\n\(list)",
        differs: true)
    }
    for title in gone { expected[title] = nil }
    expected.sort(by: order)
    let bytes = Array(expected.text.utf8)
    if let old = try? SourceReader.read(path), old == bytes { return Finding() }
    let draft = try WholeFile.Draft(of: path)
    try draft.append(bytes)
    try draft.publish()
    return Finding(text: "wrote \(escapingControls(path)): \(seen.count) scenarios\n")
  }
}
