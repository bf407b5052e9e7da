import Administration
import Machine

/// The files that a lesson shows: what each holds is an event when it is opened, and again whenever
/// it has changed, so that whoever tells the lesson needs no world.
struct ShownFiles: Sendable {
  private var contents: [(path: String, content: String?)] = []

  /// Nil for a lesson that shows none.
  init?(_ program: Program) {
    guard program.cues.contains(where: { $0.kind == .show(.file) }) else { return nil }
  }

  /// Looks after a step at what is shown, if the step's events can have changed it.
  mutating func look(
    after events: ArraySlice<Event>, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [Event.Kind] {
    for event in events {
      guard case .cued(let cue, let path) = event.kind,
        machine.program.cues[cue].kind == .show(.file),
        !contents.contains(where: { $0.path == path })
      else { continue }
      contents.append((path, nil))
    }
    guard events.contains(where: { $0.kind.canChangeFiles }) else { return [] }
    var changes: [Event.Kind] = []
    for number in contents.indices {
      let path = contents[number].path
      let content = Self.content(of: path, machine, &row)
      guard contents[number].content != content else { continue }
      contents[number].content = content
      changes.append(.fileShown(path: path, content: content))
    }
    return changes
  }

  private static func content(
    of path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    switch FileNode.content(of: path, machine, &row) {
    case .success(let content): content
    case .failure(.errno(let error)): "cat: \(path): \(error.message)\n"
    case .failure(.noClock): "(no clock here)\n"
    }
  }
}

extension Event.Kind {
  /// Whether a file may read otherwise afterwards: ordinary work changes none.
  fileprivate var canChangeFiles: Bool {
    switch self {
    case .worked, .called, .returned, .interruptBegan, .interruptEnded, .preempted, .stored: false
    default: true
    }
  }
}
