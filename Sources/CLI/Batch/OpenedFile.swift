import Graft

/// A file that has been read and checked, and the scenarios that were selected in it.
final class OpenedFile: Sendable {
  let request: FileRequest
  /// Nil when the file can't be read.
  let unit: ScenarioUnit?
  /// Numbers of the unit's entries, in order.
  let selected: [Int32]
  /// What is wrong with the request: a name that no scenario has, a file that can't be read.
  let complaint: String?
  let status: ExitStatus?
  /// Its text, where some report shows it.
  let source: String?

  init(
    _ request: FileRequest, unit: ScenarioUnit?, selected: [Int32] = [],
    complaint: String? = nil, status: ExitStatus? = nil, source: String? = nil
  ) {
    self.source = source
    self.request = request
    self.unit = unit
    self.selected = selected
    self.complaint = complaint
    self.status = status
  }
}

/// Opens files: reads, checks, selects. Its work needs nothing but the file.
struct FileOpener: Sendable {
  var filter = ScenarioFilter()
  /// Whether files are to hold on to their text.
  var keepsSources = false
  /// Whether a scenario that is no more is told of and is no mistake: it was not typed.
  var isForgiving = false

  func open(_ request: FileRequest) -> OpenedFile {
    if let reason = request.refusal {
      let unit = ScenarioUnit(path: request.path, unreadable: reason)
      return OpenedFile(request, unit: unit, status: .source)
    }
    let bytes: [UInt8]
    do throws(SourceReader.Failure) {
      if let read = request.bytes {
        bytes = read
      } else {
        bytes = try SourceReader.read(request.path)
      }
    } catch {
      return OpenedFile(
        request, unit: nil, complaint: "can't read \(error.path): \(error.reason)",
        status: .usage)
    }
    let unit = ScenarioUnit(
      path: request.path, shownAs: request.shownPath, bytes: bytes,
      reader: UnitReader.reader(for: request.path))
    let source = keepsSources ? unit.ownText : nil
    guard !unit.hasErrors else {
      return OpenedFile(request, unit: unit, status: .source, source: source)
    }
    return select(request, unit, source)
  }

  private func select(
    _ request: FileRequest, _ unit: ScenarioUnit, _ source: String?
  ) -> OpenedFile {
    var numbers = Set<Int>()
    var complaints: [String] = []
    for pick in request.picks {
      let found = Self.entries(pick, unit)
      if found.isEmpty { complaints.append(Self.complaint(pick, unit)) }
      numbers.formUnion(found)
    }
    var selected: [Int32] = []
    for number in 0..<unit.entryCount where request.picks.isEmpty || numbers.contains(number) {
      if filter.isEmpty {
        selected.append(Int32(number))
      } else if let entry = unit.entry(at: number), filter.includes(entry) {
        selected.append(Int32(number))
      }
    }
    return OpenedFile(
      request, unit: unit, selected: selected,
      complaint: complaints.isEmpty ? nil : complaints.joined(separator: "; "),
      status: complaints.isEmpty || isForgiving ? nil : .nothingSelected, source: source)
  }

  private static func entries(_ pick: FileRequest.Pick, _ unit: ScenarioUnit) -> [Int] {
    switch pick {
    case .line(let line): unit.entryNumbers(atLine: line)
    case .name(let name): unit.entryNumbers(named: name)
    }
  }

  private static func complaint(_ pick: FileRequest.Pick, _ unit: ScenarioUnit) -> String {
    switch pick {
    case .line(let line): return "no scenario on line \(line) of \(unit.path)"
    case .name(let name):
      let near = nearest(to: name, among: unit.entries.map(\.id.name))
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      return "no scenario '\(name)' in \(unit.path)\(hint)"
    }
  }
}

/// Which of a file's scenarios are wanted.
struct ScenarioFilter: Sendable {
  /// All of these must hold.
  var tags: [TagExpression] = []
  /// One of these must match `path::name[row]`.
  var patterns: [NamePattern] = []

  var isEmpty: Bool { tags.isEmpty && patterns.isEmpty }

  func includes(_ entry: ScenarioEntry) -> Bool {
    guard tags.allSatisfy({ $0.matches(entry.tags) }) else { return false }
    if patterns.isEmpty { return true }
    let id = "\(entry.id)"
    return patterns.contains { $0.matches(id) }
  }
}
