import Diagnostics
import Execution
import Machine

/// How a run went from one universe to the other, as the page draws it: what each lane shows from
/// which moment on, the transition's phases, how many tasks are where, and the story.
///
/// A moment is an instant at which something that is drawn has changed; where there are very many,
/// neighbours are joined two by two, so that a run of any length takes bounded room. Cost: O(1) an
/// event, O(tasks) where a window opens or closes.
struct MigrationTimeline {
  /// Tasks with a lane of their own; the others are in the band.
  static let greatestLaneCount = 24
  /// Tasks that are counted in the band; of further ones nothing is known.
  static let greatestTaskCount = 1 << 16
  static let greatestMomentCount = 4_096
  static let greatestLineCount = 1_200

  /// Letters of the band's counts, in the order of its colours.
  static let places: [Character] = Array("uUkKzZdDtTo")

  /// What a lane shows from a moment on.
  private struct Track {
    var name: String
    var changes: [(moment: Int, glyph: Character)] = []

    mutating func set(_ glyph: Character, at moment: Int) {
      if changes.last?.glyph == glyph { return }
      if changes.last?.moment == moment { changes.removeLast() }
      if changes.last?.glyph != glyph { changes.append((moment, glyph)) }
    }

    /// Each two neighbours are one from now on; of those the later shows.
    mutating func halve() {
      let old = changes
      changes = []
      for change in old { set(change.glyph, at: change.moment / 2) }
    }

    var drawing: TimelineDrawing.Track {
      .init(
        name: name, changes: changes.map { .init(moment: $0.moment, glyph: String($0.glyph)) })
    }
  }

  private let keepsTime: Bool
  private let wanted: Set<TaskSlot>?
  private var picture: Picture
  private var moments: [(time: Int64, step: Int)] = []
  /// How many times neighbours were joined.
  private var joined = 0
  private var eventMoments = 0
  private var lastEvent: (time: Int64, step: Int)?
  private var lanes: [TaskSlot: Track] = [:]
  private var stage = Track(name: "transition")
  private var flag = Track(name: "in_progress")
  private var shown: [TaskSlot: Character] = [:]
  private var counts = [Int](repeating: 0, count: places.count)
  /// The counts at each moment; only where there are more tasks than lanes.
  private var band: [[Int]] = []
  private let droppedEvents: Int
  private var story: Story
  private let sources: SourceMap
  private let file: SourceFileID

  init(_ run: CaseRun) {
    let record = run.record
    if case .choices = record.schedule { keepsTime = false } else { keepsTime = true }
    let involved = record.outcome.failure == nil ? nil : Involvement(record.events)
    wanted = involved?.tasks(upTo: Self.greatestLaneCount)
    picture = Picture(
      program: run.scenario.program, greatestTaskCount: Self.greatestTaskCount)
    droppedEvents = record.droppedEvents
    sources = run.scenario.sources
    file = run.scenario.range.file
    story = Story(
      record.events, record.program, sources: run.scenario.sources, keepsTime: keepsTime)
    // Of a run that nobody has told of yet the story begins here; a very long one is cut short.
    let isUntold = record.events.isEmpty
    run.runner.forEachPortionOfEvents(of: record) { events in
      for event in events { add(event) }
      if isUntold, story.lineCount < 4 * Self.greatestLineCount {
        story.go(on: events, record.program, sources: sources)
      }
    }
    closeMoment()
    addEnd(time: record.nanoseconds, step: record.steps)
  }

  // MARK: The fold

  private mutating func add(_ event: Event) {
    guard picture.apply(event.kind) else { return }
    let isSame = lastEvent.map {
      keepsTime ? $0.time == event.time : $0.step == event.step
    }
    if isSame != true { beginMoment(time: event.time, step: event.step) }
    let moment = (eventMoments - 1) >> joined
    if moment == moments.count { moments.append((event.time, event.step)) }
    stage.set(picture.stage, at: moment)
    flag.set(picture.isInProgress ? "1" : "0", at: moment)
    for slot in picture.affected(by: event.kind) { show(slot, at: moment) }
  }

  private mutating func show(_ slot: TaskSlot, at moment: Int) {
    guard let task = picture.tasks[slot] else { return }
    let glyph = task.glyph
    let before = shown.updateValue(glyph, forKey: slot)
    guard before != glyph else { return }
    if let before, let place = Self.places.firstIndex(of: before) { counts[place] -= 1 }
    if let place = Self.places.firstIndex(of: glyph) { counts[place] += 1 }
    if lanes[slot] == nil {
      guard wanted?.contains(slot) ?? (lanes.count < Self.greatestLaneCount) else { return }
      lanes[slot] = Track(name: task.name)
    }
    lanes[slot]?.set(glyph, at: moment)
  }

  /// The end of the run is a moment of its own, though nothing changes then: until there whoever
  /// waits has waited.
  private mutating func addEnd(time: Int64, step: Int) {
    guard let last = lastEvent, keepsTime ? time > last.time : step > last.step else { return }
    beginMoment(time: time, step: step)
    let moment = (eventMoments - 1) >> joined
    if moment == moments.count { moments.append((time, step)) }
    closeMoment()
  }

  private mutating func beginMoment(time: Int64, step: Int) {
    closeMoment()
    eventMoments += 1
    if (eventMoments - 1) >> joined >= Self.greatestMomentCount { halve() }
    lastEvent = (time, step)
  }

  /// The counts as they are when the moment is over.
  private mutating func closeMoment() {
    guard eventMoments > 0 else { return }
    let moment = (eventMoments - 1) >> joined
    while band.count <= moment { band.append(counts) }
    band[moment] = counts
  }

  private mutating func halve() {
    joined += 1
    moments = stride(from: 0, to: moments.count, by: 2).map { moments[$0] }
    band = stride(from: 0, to: band.count, by: 2).map { band[min($0 + 1, band.count - 1)] }
    stage.halve()
    flag.halve()
    for slot in lanes.keys { lanes[slot]?.halve() }
  }

  // MARK: The value

  /// Nil when there is nothing to draw.
  var drawing: TimelineDrawing? {
    guard !moments.isEmpty, !lanes.isEmpty else { return nil }
    return TimelineDrawing(
      keepsTime: keepsTime, moments: moments.map { keepsTime ? $0.time : Int64($0.step) },
      joined: 1 << joined, stage: stage.drawing, inProgress: flag.drawing,
      lanes: lanes.sorted { $0.key < $1.key }.map(\.value.drawing), tasks: picture.taskCount,
      band: picture.taskCount > lanes.count ? band : nil, dropped: droppedEvents, story: told())
  }

  /// The story's lines; of a long one the beginning and the end.
  private func told() -> [TimelineDrawing.Line] {
    let lines = story.lines
    let half = Self.greatestLineCount / 2
    let isLong = lines.count > Self.greatestLineCount
    let kept = isLong ? Array(lines.prefix(half)) + lines.suffix(half) : lines
    return kept.enumerated().map { number, line in
      TimelineDrawing.Line(
        when: keepsTime ? line.time : Int64(line.step),
        shown: keepsTime ? Duration.moment(nanoseconds: line.time) : "#\(line.step)",
        mark: line.mark, text: line.text, tone: line.tone.word,
        gap: isLong && number == half ? lines.count - Self.greatestLineCount : 0,
        sourceLine: sourceLine(line))
    }
  }

  /// Where the operator's statement stands in the scenario's own file, from 1; otherwise 0.
  private func sourceLine(_ line: Story.Line) -> Int {
    guard let range = line.range, range.file == file else { return 0 }
    return sources[file].line(at: range.lower)
  }
}
