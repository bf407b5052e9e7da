import Diagnostics
import Execution
import Machine
import Reports

/// Makes a lesson of the events of one recorded run.
struct LessonFold {
  /// Tasks with a lane of their own.
  static let greatestTaskCount = 16
  /// Moments at the most; of a longer run steps are left out, and nothing that was said.
  static let greatestMomentCount = 3_000

  private(set) var lesson: Lesson
  private let program: Program
  private let sources: SourceMap
  private let file: SourceFileID
  private var story: Story
  private var picture: Picture
  /// Where a task sleeps, and in which system call it is.
  private var queues: [TaskSlot: Int] = [:]
  private var calls: [TaskSlot: String] = [:]
  /// What the next moment starts from.
  private var present = Moment(.begin)
  private var isStale = true
  /// How often the last thing has happened over and over.
  private var repeated = 1
  /// Whether what is printed is a command's.
  private var isPrinting = false

  init(_ scenario: RunnableScenario, _ record: RunRecord) {
    var keepsTime = true
    if case .choices = record.schedule { keepsTime = false }
    program = record.program
    sources = scenario.sources
    file = scenario.range.file
    let text = sources[file]
    lesson = Lesson(
      id: record.id, keepsTime: keepsTime,
      source: SourcePage(
        name: text.name, first: 1, lines: text.text(in: 0..<text.bytes.count).shownLines))
    lesson.questions = program.questions
    story = Story(program, keepsTime: keepsTime)
    picture = Picture(program: program, greatestTaskCount: Self.greatestTaskCount)
    // A lesson's text has the answers in it: it is shown where the lesson says so.
    if program.cues.isEmpty { present.views = [.timeline, .source(nil)] }
    lesson.moments.append(present)
    for event in record.events { add(event) }
    finish(record)
  }

  // MARK: Events

  private mutating func add(_ event: Event) {
    let told = story.lineCount
    story.go(on: CollectionOfOne(event), program, sources: sources)
    note(event)
    if picture.apply(event.kind) { addColumn(event) }
    switch event.kind {
    case .cued(let cue, let text): add(program.cues[cue], text, event)
    case .acted(let address):
      let origin = program.origins[address]
      if origin.file == file.index {
        present.sourceLine = sources[file].line(at: origin.lower)
      }
      // What is asserted beside the narration goes without saying, as long as it holds.
      guard program.assertions.allSatisfy({ $0.origin != origin }) else { return }
      addLines(from: told, .statement, event)
    case .kernelLog(let line):
      lesson.log.append(Lesson.LogLine(time: event.time, text: escapingControls(line)))
      present.logCount = lesson.log.count
      addLines(from: told, .event, event)
    case .fileShown(let path, let content): show(path, content, event)
    default: addLines(from: told, .event, event)
    }
  }

  private mutating func note(_ event: Event) {
    switch event.kind {
    case .enteredKernel(let slot, let call):
      calls[slot] = call.map { program.functions[$0.rawValue].name }
    case .leftKernel(let slot, _):
      calls[slot] = nil
      queues[slot] = nil
    case .slept(let slot, let queue, _): queues[slot] = queue
    case .woken(let slot, _): queues[slot] = nil
    case .rebooted:
      calls = [:]
      queues = [:]
    default: break
    }
  }

  private mutating func addColumn(_ event: Event) {
    isStale = true
    let column = Lanes.Column(event, picture)
    // Of what happens at one instant the lanes show the end, unless a moment has been made of it.
    let known = lesson.moments.last?.columnCount ?? 0
    if let last = lesson.columns.last, lesson.columns.count > known,
      lesson.keepsTime ? last.time == event.time : last.step == event.step
    {
      lesson.columns[lesson.columns.count - 1] = column.joined(to: last)
    } else {
      lesson.columns.append(column)
    }
  }

  private mutating func addLines(from told: Int, _ kind: Moment.Kind, _ event: Event) {
    guard story.lineCount > told else { return }
    let lines = story.lines[told...].map { line in
      Moment.Line(mark: line.mark, text: line.text, tone: line.tone.forLessons)
    }
    remember(lines)
    addMoment(kind, event, lines)
  }

  /// What a command prints would be gone with the next step, and is what comes next is about.
  private mutating func remember(_ lines: [Moment.Line]) {
    for line in lines {
      switch line.tone {
      case .operatorLine:
        isPrinting = line.text.hasPrefix("$ ")
        if isPrinting { present.terminal = [line] }
      case .output where isPrinting:
        if present.terminal.count == 1 { open(.terminal) }
        present.terminal.append(line)
      default: break
      }
    }
  }

  // MARK: Cues

  private mutating func add(_ cue: Cue, _ text: String, _ event: Event) {
    if cue.origin.file == file.index {
      present.sourceLine = sources[file].line(at: cue.origin.lower)
    }
    switch cue.kind {
    case .chapter:
      lesson.chapters.append(Lesson.Chapter(title: text, start: lesson.moments.count))
      present.chapter = lesson.chapters.count - 1
      (present.narration, present.question) = ("", nil)
      present.terminal = []
      present.views.removeAll { $0 == .terminal }
      addMoment(.chapter, event)
    case .chapterEnd: break
    case .say:
      (present.narration, present.question) = (text, nil)
      addMoment(.say, event)
    case .pause:
      present.prompt = text
      addMoment(.pause, event)
      present.prompt = ""
    case .notes:
      let last = lesson.moments.count - 1
      lesson.moments[last].notes += (lesson.moments[last].notes.isEmpty ? "" : "\n") + text
    case .asked(let question):
      present.question = question
      addMoment(.question, event)
    case .answered(let question):
      present.question = question
      addMoment(.answers, event)
      present.question = nil
    case .show(let view): open(view, text)
    }
  }

  private mutating func open(_ view: Cue.View, _ text: String) {
    let opened: Moment.View
    switch view {
    case .timeline: opened = .timeline
    case .log: opened = .log
    case .file: opened = .files
    case .tasks:
      opened = .tasks
      present.wantedTasks = text.split { " ,[]".contains($0) }.map(String.init)
    case .source(let origin): opened = .source(origin.map(page))
    }
    open(opened)
  }

  private mutating func open(_ view: Moment.View) {
    present.views.removeAll { $0.order == view.order }
    present.views.insert(view, at: 0)
  }

  /// The lines of a declaration.
  private func page(_ origin: Origin) -> SourcePage {
    let text = sources[SourceFileID(origin.file)]
    let first = text.line(at: origin.lower)
    let last = text.line(at: max(origin.lower, origin.upper - 1))
    let all = text.text(in: 0..<text.bytes.count).shownLines
    return SourcePage(name: text.name, first: first, lines: Array(all[(first - 1)..<last]))
  }

  private mutating func show(_ path: String, _ content: String, _ event: Event) {
    let shown = Moment.File(path: path, content: content)
    guard let place = present.files.firstIndex(where: { $0.path == path }) else {
      present.files.append(shown)
      // It is opened; the moment at hand shows it already.
      let last = lesson.moments.count - 1
      if lesson.moments[last].views.contains(.files) { lesson.moments[last].files.append(shown) }
      return
    }
    present.files[place] = shown
    let line = content.split(separator: "\n").first.map(String.init) ?? ""
    let text = escapingControls("\(path): \(line)")
    addMoment(.event, event, [Moment.Line(mark: "=", text: text, tone: .output)])
  }

  // MARK: Moments

  private mutating func addMoment(
    _ kind: Moment.Kind, _ event: Event, _ lines: [Moment.Line] = []
  ) {
    guard kind.isStop || lesson.moments.count < Self.greatestMomentCount else { return }
    refreshTasks()
    if repeats(kind, lines, event) { return }
    present.kind = kind
    (present.time, present.step) = (event.time, event.step)
    present.lines = lines
    thinOut()
    present.columnCount = lesson.columns.count
    lesson.moments.append(present)
  }

  /// Of what has happened since the last moment the lanes keep what can be seen of it.
  private mutating func thinOut() {
    let known = min(lesson.moments.last?.columnCount ?? 0, lesson.columns.count)
    guard lesson.columns.count - known > Self.columnsBetweenMoments else { return }
    let kept = Lanes.squeezed(
      Array(lesson.columns[known...]), to: Self.columnsBetweenMoments, keepsTime: lesson.keepsTime)
    lesson.columns.replaceSubrange(known..., with: kept)
  }

  private static let columnsBetweenMoments = 60

  /// The same thing again, while nothing else has changed: the second time stands for all that
  /// follow.
  private mutating func repeats(
    _ kind: Moment.Kind, _ lines: [Moment.Line], _ event: Event
  ) -> Bool {
    let count = lesson.moments.count
    guard kind == .event, count > 1, !lines.isEmpty else { return false }
    let (before, last) = (lesson.moments[count - 2], lesson.moments[count - 1])
    guard before.kind == .event, last.kind == .event, before.lines == lines,
      last.lines == lines || repeated > 1, present.tasks == last.tasks,
      present.files == last.files, present.logCount == last.logCount
    else {
      repeated = 1
      return false
    }
    repeated += 1
    lesson.moments[count - 1].time = event.time
    lesson.moments[count - 1].step = event.step
    lesson.moments[count - 1].lines = lines
    lesson.moments[count - 1].lines[0].text += ", and \(repeated - 1) times more"
    return true
  }

  private mutating func refreshTasks() {
    guard isStale else { return }
    isStale = false
    present.tasks = picture.tasks.sorted { $0.key < $1.key }.map { slot, task in
      guard var place = task.placeWords else {
        return Moment.Task(glyph: " ", place: task.place == .gone ? "gone" : "", universe: "")
      }
      if let queue = queues[slot], task.place == .asleep || task.place == .uninterruptible {
        // D, and not "deaf": a killable sleep hears KILL.
        let isStateD = task.place == .uninterruptible
        place = "asleep on \(program.queues[queue])" + (isStateD ? ", in state D" : "")
      }
      if let call = calls[slot], task.place != .user { place += ", in \(call)" }
      return Moment.Task(glyph: task.glyph, place: place, universe: task.isOld ? "old" : "new")
    }
  }

  private mutating func finish(_ record: RunRecord) {
    let tasks = picture.tasks.sorted { $0.key < $1.key }
    lesson.slots = tasks.map(\.key)
    lesson.tasks = tasks.map(\.value.name)
    lesson.furtherTasks = max(0, picture.taskCount - tasks.count)
    let end = Event(time: record.nanoseconds, step: record.steps, kind: .finished)
    present.sourceLine = 0
    addMoment(.end, end)
    guard let failure = record.outcome.failure else { return }
    lesson.failure = failure.diagnostic.message + "\n" + failure.replayCommand
  }
}

extension Lesson {
  /// Runs the scenario in its natural order and makes a lesson of what happened.
  package init(_ scenario: RunnableScenario, _ options: RunOptions) {
    var options = options
    options.wantsEvents = true
    // One run can be shown, a search can't: of a lesson in every schedule the natural one.
    var single = scenario
    single.isExhaustive = false
    self = LessonFold(single, ScenarioRunner(single, options).run()).lesson
  }
}

extension String {
  /// Its lines as they can be shown: no control characters, no tabs.
  var shownLines: [String] {
    var lines = Array(utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line in
        let plain = line.filter { $0 != UInt8(ascii: "\r") }
        let text = String(decoding: plain, as: UTF8.self).replacing("\t", with: "    ")
        return escapingControls(text)
      }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

extension Story.Tone {
  var forLessons: Moment.Line.Tone { Moment.Line.Tone(rawValue: rawValue) ?? .machine }
}
