import Diagnostics
import Execution
import Machine

/// Chrome's trace format, which Perfetto and chrome://tracing draw, in machine time: for each
/// scenario a group of tracks for its tasks and one for its machine (the CPUs, the transition, and
/// the counters "tasks in the old universe" and "run queue").
///
/// A witness of a search has no times; a step is a microsecond there.
package struct TimelineReport: Report {
  package static var drawsRuns: Bool { true }

  private var groups = 0
  private var isEmpty = true

  package init() {}

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    try sink.write(
      "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"graft\":\(jsonQuoted(head.version))},"
        + "\n\"traceEvents\":[")
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    var isFirst = isEmpty
    let group = groups
    var isDrawn = false
    try Self.visitLines(of: item, run) { line in
      try sink.write((isFirst ? "\n" : ",\n") + Self.moved(line, by: group))
      isFirst = false
      isDrawn = true
    }
    isEmpty = isFirst
    if isDrawn { groups += 2 }
  }

  /// Every line of a case, as if it were the first: its groups are 1 and 2. Of a case without a
  /// run those that came with it.
  static func visitLines(
    of item: CaseReport, _ run: CaseRun?, _ visit: (String) throws -> Void
  ) throws {
    guard let run, run.record.schedule != nil else {
      for line in item.trace ?? [] { try visit(line) }
      return
    }
    var timeline = Timeline(run, title: "\(item.id)")
    for line in timeline.begin() { try visit(line) }
    try run.runner.forEachPortionOfEvents(of: run.record) { events in
      for event in events {
        for line in timeline.lines(event) { try visit(line) }
      }
    }
    for line in timeline.end() { try visit(line) }
  }

  /// The same with the numbers of other groups. Within a text a quotation mark is written `\"`, so
  /// that the member's name stands nowhere else.
  private static func moved(_ line: String, by offset: Int) -> String {
    guard offset > 0, let name = line.firstRange(of: ",\"pid\":") else { return line }
    let digits = line[name.upperBound...].prefix { $0.isNumber }
    guard let group = Int(digits) else { return line }
    return line[..<name.upperBound] + "\(group + offset)" + line[digits.endIndex...]
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {
    try sink.write("\n]}\n")
  }
}

/// The tracks of one scenario.
struct Timeline {
  private let program: Program
  private let title: String
  /// The numbers of its two groups of tracks, as a viewer's processes.
  private let machineGroup = 1
  private let taskGroup = 2
  private let keepsTime: Bool
  private let handlerCPUs: [(name: String, cpu: Int)]
  private var picture: Picture
  private var now: Int64 = 0
  /// What each task's open stretch shows, and since when.
  private var stretches: [TaskSlot: (name: String, since: Int64)] = [:]
  private var interrupts: [Int: Int64] = [:]
  private var stage: (name: String, since: Int64)?
  private var counters = (old: -1, queue: -1)
  private var marked: Set<TaskSlot> = []
  private var runnable: Set<TaskSlot> = []

  /// Tasks that get a track; the counters count all of them.
  static let greatestTrackCount = 1_000

  /// Tracks of the machine's group beyond its CPUs.
  private var transitionTrack: Int { program.cpuCount + 1 }
  private var logTrack: Int { program.cpuCount + 2 }

  init(_ run: CaseRun, title: String) {
    program = run.scenario.program
    self.title = title
    if case .choices = run.record.schedule { keepsTime = false } else { keepsTime = true }
    picture = Picture(program: program, greatestTaskCount: Self.greatestTrackCount)
    handlerCPUs = run.scenario.program.interrupts.flatMap { interrupt in
      (interrupt.cpu.map { [$0] } ?? Array(0..<run.scenario.program.cpuCount)).map {
        (run.scenario.program.functions[interrupt.function.rawValue].name, $0)
      }
    }
  }

  // MARK: Lines

  mutating func begin() -> [String] {
    var lines = [
      name("process_name", machineGroup, nil, title),
      name("process_name", taskGroup, nil, "\(title): tasks"),
      name("thread_name", machineGroup, transitionTrack, "transition"),
      name("thread_name", machineGroup, logTrack, "kernel log"),
    ]
    for cpu in 0..<program.cpuCount {
      lines.append(name("thread_name", machineGroup, cpu + 1, "CPU \(cpu)"))
    }
    return lines
  }

  mutating func lines(_ event: Event) -> [String] {
    now = keepsTime ? event.time : Int64(event.step) * 1000
    var lines: [String] = []
    if case .spawned(let slot, let function) = event.kind,
      slot.rawValue < Self.greatestTrackCount
    {
      let body = program.functions[function.rawValue].name
      lines.append(
        name("thread_name", taskGroup, track(slot), "\(body):\(program.pid(of: slot))"))
    }
    lines += machineLines(event.kind)
    if picture.apply(event.kind) { lines += changedStretches(event.kind) }
    count(event.kind)
    lines += changedCounters()
    return lines
  }

  mutating func end() -> [String] {
    let lines = stretches.sorted { $0.key < $1.key }.compactMap { slot, stretch in
      slice(stretch.name, taskGroup, track(slot), since: stretch.since)
    }
    stretches = [:]
    return lines + closedStage()
  }

  /// PIDs of the viewer's threads: they begin at 1.
  private func track(_ slot: TaskSlot) -> Int { slot.rawValue + 1 }

  private mutating func machineLines(_ kind: Event.Kind) -> [String] {
    switch kind {
    case .interruptBegan(let handler, _):
      interrupts[handler] = now
      return []
    case .interruptEnded(let handler, let cpu):
      guard let since = interrupts.removeValue(forKey: handler) else { return [] }
      let name = handlerCPUs.indices.contains(handler) ? handlerCPUs[handler].name : "interrupt"
      return [slice(name, machineGroup, cpu + 1, since: since)].compactMap { $0 }
    case .kernelLog(let line): return [instant(line, machineGroup, logTrack)]
    case .patching(.cpuSwitched(let cpu), _):
      return [instant("interrupts take the other code", machineGroup, cpu + 1)]
    case .patching(.looked(let left), _):
      return [instant("the worker looks: \(left) still old", machineGroup, transitionTrack)]
    case .patching(let stage, let patch): return changedStage(stage, patch)
    case .migrated(let slot, _):
      guard slot.rawValue < Self.greatestTrackCount else { return [] }
      return [instant("migrated", taskGroup, track(slot))]
    default: return []
    }
  }

  private mutating func changedStage(_ stage: PatchingStage, _ patch: PatchID) -> [String] {
    let name = program.patches[patch.rawValue].name
    let next: String? =
      switch stage {
      case .windowOpened: "\(name): window open"
      case .windowClosed: "\(name): waiting for tasks"
      case .functionFinalised, .functionReverted:
        self.stage?.name.hasSuffix("finalising") == true
          ? self.stage?.name : "\(name): finalising"
      case .failed(_, isWindowOpen: true): "\(name) has failed: window open"
      case .failed, .finished: nil
      default: self.stage?.name
      }
    guard next != self.stage?.name else { return [] }
    let lines = closedStage()
    self.stage = next.map { ($0, now) }
    return lines
  }

  private mutating func closedStage() -> [String] {
    defer { stage = nil }
    guard let stage else { return [] }
    return [slice(stage.name, machineGroup, transitionTrack, since: stage.since)].compactMap { $0 }
  }

  /// The tasks whose place or universe has changed: one of them, or, where a window opens or
  /// closes, all.
  private mutating func changedStretches(_ kind: Event.Kind) -> [String] {
    var lines: [String] = []
    for slot in picture.affected(by: kind) {
      guard let task = picture.tasks[slot] else { continue }
      let name = task.words
      if let open = stretches[slot], open.name == name { continue }
      if let open = stretches[slot],
        let line = slice(open.name, taskGroup, track(slot), since: open.since)
      {
        lines.append(line)
      }
      stretches[slot] = name.map { ($0, now) }
    }
    return lines
  }

  private mutating func changedCounters() -> [String] {
    var lines: [String] = []
    let old = marked.count
    let queue = runnable.count
    if old != counters.old { lines.append(counter("tasks in the old universe", old)) }
    if queue != counters.queue { lines.append(counter("run queue", queue)) }
    counters = (old, queue)
    return lines
  }

  private mutating func count(_ kind: Event.Kind) {
    switch kind {
    case .spawned(let slot, _), .enteredKernel(let slot, _), .leftKernel(let slot, _),
      .woken(let slot, _), .continued(let slot), .forked(_, let slot, _):
      runnable.insert(slot)
    case .slept(let slot, _, _), .stopped(let slot): runnable.remove(slot)
    case .exited(let slot):
      runnable.remove(slot)
      marked.remove(slot)
    case .marked(let slot): marked.insert(slot)
    case .migrated(let slot, _): marked.remove(slot)
    default: break
    }
  }

  // MARK: The format

  private func microseconds(_ nanoseconds: Int64) -> String {
    let rest = String(nanoseconds % 1000)
    return "\(nanoseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  private func name(_ kind: String, _ group: Int, _ track: Int?, _ text: String) -> String {
    "{\"ph\":\"M\",\"name\":\"\(kind)\",\"pid\":\(group)"
      + (track.map { ",\"tid\":\($0)" } ?? "") + ",\"args\":{\"name\":\(jsonQuoted(text))}}"
  }

  private func slice(_ name: String, _ group: Int, _ track: Int, since: Int64) -> String? {
    guard now > since else { return nil }
    return "{\"ph\":\"X\",\"name\":\(jsonQuoted(name)),\"pid\":\(group),\"tid\":\(track),"
      + "\"ts\":\(microseconds(since)),\"dur\":\(microseconds(now - since))}"
  }

  private func instant(_ name: String, _ group: Int, _ track: Int) -> String {
    "{\"ph\":\"i\",\"s\":\"t\",\"name\":\(jsonQuoted(name)),\"pid\":\(group),\"tid\":\(track),"
      + "\"ts\":\(microseconds(now))}"
  }

  private func counter(_ name: String, _ value: Int) -> String {
    "{\"ph\":\"C\",\"name\":\"\(name)\",\"pid\":\(machineGroup),\"ts\":\(microseconds(now)),"
      + "\"args\":{\"tasks\":\(value)}}"
  }
}
