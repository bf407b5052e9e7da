import Machine

/// The migration as text: a lane for each task, one character a moment, beside the transition's
/// own lane and its flag.
///
/// A column is a moment at which some lane changes; time between columns is not to scale. Where
/// there are more moments than columns, those closest together share one, except that a task which
/// changes its universe keeps a column as long as there are enough.
package struct Lanes: Sendable {
  /// What all lanes show at a moment.
  package struct Column: Sendable {
    package var time: Int64
    package var step: Int
    package var stage: Character
    package var flag: Character
    package var tasks: [TaskSlot: Character]
    package var isTurningPoint: Bool

    /// The picture that an event has left.
    package init(_ event: Event, _ picture: Picture) {
      switch event.kind {
      case .migrated, .marked, .patching: isTurningPoint = true
      default: isTurningPoint = false
      }
      (time, step) = (event.time, event.step)
      (stage, flag) = (picture.stage, picture.isInProgress ? "1" : "0")
      tasks = picture.tasks.mapValues(\.glyph)
    }

    /// In the place of one of the same moment.
    package func joined(to earlier: Column) -> Column {
      var column = self
      column.isTurningPoint = isTurningPoint || earlier.isTurningPoint
      return column
    }
  }

  private var columns: [Column] = []
  private var names: [(slot: TaskSlot, name: String)] = []
  private var taskCount = 0
  private let keepsTime: Bool
  private let isPartial: Bool

  /// Lanes shown at the most; further tasks are counted below.
  package static let greatestLaneCount = 16

  /// - Parameters:
  ///   - ordinaryFrom: the first step whose ordinary events are recorded; before it only the rare
  ///     ones tell where a task is.
  ///   - isFailure: of more tasks than there are lanes, those that its end is about are shown.
  ///   - first: a moment: what was before it is one column, which shows how things stood then.
  ///   - end: when it ended, if that was a while after the last event, and the while matters.
  package init(
    _ events: [Event], _ program: Program, keepsTime: Bool, ordinaryFrom: Int = 0,
    isFailure: Bool = false, from first: Int64? = nil, end: Int64? = nil
  ) {
    self.keepsTime = keepsTime
    isPartial = ordinaryFrom > 0
    var picture = Picture(
      program: program, greatestTaskCount: Self.greatestLaneCount,
      of: isFailure ? Involvement(events).tasks(upTo: Self.greatestLaneCount) : nil)
    for event in events {
      guard picture.apply(event.kind, isComplete: event.step >= ordinaryFrom) else { continue }
      if let first, event.time < first {
        // What matters of it is the state.
        var column = Column(event, picture)
        (column.time, column.isTurningPoint) = (first, true)
        columns = [column]
      } else {
        add(picture, event)
      }
    }
    if let end, keepsTime, var last = columns.last, end > last.time {
      last.time = end
      // It keeps its column.
      last.isTurningPoint = true
      columns.append(last)
    }
    taskCount = picture.taskCount
    names = picture.tasks.sorted { $0.key < $1.key }.map { ($0.key, $0.value.name) }
  }

  private mutating func add(_ picture: Picture, _ event: Event) {
    let column = Column(event, picture)
    // Things that happen at one moment are one column.
    if let last = columns.last, keepsTime ? last.time == event.time : last.step == event.step {
      columns[columns.count - 1] = column.joined(to: last)
    } else {
      columns.append(column)
    }
  }

  /// True when there is nothing to show.
  package var isEmpty: Bool { columns.isEmpty || names.isEmpty }

  /// - Parameter width: columns of the terminal, at least 40.
  package func text(width: Int, paint: Paint) -> String {
    guard !isEmpty else { return "" }
    let labels = names.map(\.name) + ["in_progress"]
    let labelWidth = min(24, labels.map(\.count).max() ?? 0)
    let columns = Self.squeezed(
      self.columns, to: max(8, max(30, width) - labelWidth - 2), keepsTime: keepsTime)
    func lane(_ label: String, _ glyphs: [Character]) -> String {
      let short = String(label.prefix(labelWidth))
      let padding = String(repeating: " ", count: labelWidth - short.count)
      return paint.dim(short + padding) + "  " + paint.lane(glyphs)
    }
    var lines = Self.axis(columns, indent: labelWidth + 2, keepsTime: keepsTime).map(paint.dim)
    lines.append(lane("transition", columns.map(\.stage)))
    lines.append(lane("in_progress", columns.map(\.flag)))
    for task in names {
      lines.append(lane(task.name, columns.map { $0.tasks[task.slot] ?? " " }))
    }
    if taskCount > names.count {
      lines.append(paint.dim("… and \(taskCount - names.count) more tasks"))
    }
    lines += Self.legend(narrow: width < 80, isPartial: isPartial).map(paint.dim)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func legend(narrow: Bool, isPartial: Bool) -> [String] {
    let tasks =
      narrow
      ? [
        "u user  k kernel  z asleep  t stopped", "d asleep, deaf to signals; CAPITAL: new universe",
      ]
      : ["u user  k kernel  z asleep  d asleep, deaf to signals  t stopped; CAPITAL: new universe"]
    let transition =
      narrow
      ? ["w window open  - waiting for tasks  f finalising"]
      : ["transition: w window open  - waiting for tasks  f finalising"]
    return tasks + transition
      + (isPartial ? ["o somewhere: not recorded so early in a long run"] : [])
  }

  /// Keeps the boundaries between columns that matter most: turning points, then the longest gaps.
  package static func squeezed(
    _ columns: [Column], to count: Int, keepsTime: Bool
  ) -> [Column] {
    guard columns.count > count else { return columns }
    let gaps = (1..<columns.count).map { index -> (index: Int, isTurning: Bool, gap: Int64) in
      let gap =
        keepsTime
        ? columns[index].time - columns[index - 1].time
        : Int64(columns[index].step - columns[index - 1].step)
      return (index, columns[index].isTurningPoint, gap)
    }
    let kept = gaps.sorted {
      ($0.isTurning ? 0 : 1, -$0.gap, $0.index) < ($1.isTurning ? 0 : 1, -$1.gap, $1.index)
    }.prefix(count - 1).map(\.index).sorted()
    // A column shows the state at the end of its stretch.
    return (kept + [columns.count]).map { columns[$0 - 1] }
  }

  /// Two lines: when some of the columns are, and marks where they are.
  package static func axis(_ columns: [Column], indent: Int, keepsTime: Bool) -> [String] {
    func gap(_ index: Int) -> Int64 { gapBefore(index, columns, keepsTime: keepsTime) }
    var order = columns.indices.sorted { gap($0) > gap($1) }
    order.insert(0, at: 0)
    var labels: [Int: String] = [:]
    var taken = Set<Int>()
    for index in order where labels[index] == nil {
      let label = keepsTime ? shortTime(columns[index].time) : "#\(columns[index].step)"
      let place = index..<(index + label.count + 1)
      // Rounded, two moments may read the same: the one that is told is the one after more.
      guard place.upperBound <= columns.count + 8, taken.isDisjoint(with: place),
        !labels.values.contains(label)
      else { continue }
      taken.formUnion(place)
      labels[index] = label
    }
    var times = String(repeating: " ", count: indent)
    var marks = times
    for index in columns.indices {
      marks += labels[index] == nil ? " " : "|"
      guard let label = labels[index] else { continue }
      times += String(repeating: " ", count: max(0, indent + index - times.count)) + label
    }
    return [times, marks].map(trimmed)
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func gapBefore(
    _ index: Int, _ columns: [Column], keepsTime: Bool
  ) -> Int64 {
    guard index > 0 else { return .max }
    return keepsTime
      ? columns[index].time - columns[index - 1].time
      : Int64(columns[index].step - columns[index - 1].step)
  }

  /// At most four digits, for an axis.
  static func shortTime(_ nanoseconds: Int64) -> String {
    let units: [(Int64, String)] = [
      (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns"),
    ]
    guard nanoseconds > 0, let (size, name) = units.first(where: { nanoseconds >= $0.0 }) else {
      return "0"
    }
    let hundredths = nanoseconds / max(1, size / 100)
    guard size > 1 else { return "\(nanoseconds)\(name)" }
    let (whole, rest) = (hundredths / 100, hundredths % 100)
    if whole >= 100 || rest == 0 { return "\(whole)\(name)" }
    return rest % 10 == 0
      ? "\(whole).\(rest / 10)\(name)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)\(name)"
  }
}
