import Machine

/// What the steps out of a stretch of worlds lead to, in order: world by world, choice by choice.
struct Harvest: Sendable {
  /// A world whose steps were taken.
  struct Source: Sendable {
    /// Where the operator waits for a condition, or −1.
    var awaitAddress: Int32 = -1
    /// A transition is on its way, and that is asked about.
    var isUnderWay = false
    /// Actors that are held up here for a while, by their numbers.
    var heldUp: UInt64 = 0
    /// Nobody can step, and the operator is not done: the next note says where.
    var isDeadEnd = false
    /// Its one step is a task's own affair, and was taken alone.
    var isAlone = false
    /// The steps end here.
    var stepEnd = 0
  }

  /// Something beside where a step leads.
  struct Note: Sendable {
    enum Finding: Sendable {
      case deadEnd(address: Int, missed: [Int])
      case checkFailed(assertion: Int)
      case reached(goal: Int)
      /// It was seen to hold, by this worker for the first time.
      case held(assertion: Int)
      case fault(Fault)
      /// The scenario's end.
      case finished(missed: [Int])
    }
    /// The step that it belongs to; none of a dead end.
    var step: Int
    var finding: Finding
  }

  /// A step leads nowhere: a fault ended the schedule.
  static let outside: UInt8 = 1
  /// It leads nowhere, and nobody has seen what would have come behind the fault.
  static let unknown: UInt8 = 4
  /// It leads to a world with parts that the search has yet to number.
  static let provisional: UInt8 = 2
  /// The bit of a part's number that counts in `newParts`.
  static let newPart: UInt32 = 1 << 31

  var sources: [Source] = []
  // By step.
  var numbers: [UInt32] = []
  var hashes: [UInt64] = []
  var choices: [UInt32] = []
  var actors: [UInt8] = []
  var flags: [UInt8] = []
  var notes: [Note] = []
  /// By kind.
  var newParts: [PartTable]
  /// A step wants room for so many tasks: the search has to begin anew with longer rows.
  var neededTasks: Int?
  /// Some task may lose its CPU, so that the search has to begin anew and keep slices.
  var needsSlices = false
  /// Of some range of time not every value was tried.
  var leavesValuesOut = false
  /// Where time is kept: addresses of each `await` that the operator has come to, for it may go on
  /// at once.
  var awaited: Set<Int> = []
  /// Nobody wants to know any more, and a step was given up half-way.
  var wasCancelled = false

  /// The rest of the worlds is not looked at.
  var isCutShort: Bool { wasCancelled || neededTasks != nil || needsSlices }

  /// What the search has to begin anew for: rows for so many tasks, or slices that are kept.
  var demand: Int? { needsSlices ? BreadthFirstSearch.needsSlices : neededTasks }

  var stepCount: Int { flags.count }

  init(_ cut: RowCut) {
    newParts = cut.widths.map { PartTable(width: $0) }
  }

  mutating func removeAll() {
    sources.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    actors.removeAll(keepingCapacity: true)
    flags.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    for kind in newParts.indices { newParts[kind].removeAll() }
    neededTasks = nil
    needsSlices = false
    leavesValuesOut = false
    awaited.removeAll()
    wasCancelled = false
  }

  /// As if the steps from there on had not been taken. Parts that they have made stay, and nobody
  /// asks for them.
  mutating func forgetSteps(from first: Int, width: Int, notes count: Int) {
    let steps = stepCount - first
    numbers.removeLast(steps * width)
    hashes.removeLast(steps)
    choices.removeLast(steps)
    actors.removeLast(steps)
    flags.removeLast(steps)
    notes.removeLast(notes.count - count)
  }

  /// Whether there are steps from there on, and all of them lead to the same world.
  func leadToOneWorld(from first: Int, width: Int) -> Bool {
    guard first < stepCount, flags[first] & Self.outside == 0 else { return false }
    for step in (first + 1)..<max(stepCount, first + 1) {
      guard flags[step] == flags[first] else { return false }
      for place in 0..<width
      where numbers[step * width + place] != numbers[first * width + place] { return false }
    }
    return true
  }

  mutating func note(_ finding: Note.Finding) {
    notes.append(Note(step: stepCount, finding: finding))
  }
}
