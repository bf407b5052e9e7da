import Diagnostics
import Machine

/// What happened, a line a fact, in the order of time: the operator's statements as written, the
/// transition's steps, the kernel log as `dmesg` shows it, and every task's way across.
package struct Story: Sendable {
  package struct Line {
    package var time: Int64
    package var step: Int
    package var mark: String
    package var text: String
    package var tone: Tone
    /// Of the operator's statements: where it stands.
    var range: SourceRange?
  }

  package enum Tone: String {
    case operatorLine, machine, output, log, old, new

    /// On a page what was printed looks like all else that the machine does.
    var word: String { self == .output ? Tone.machine.rawValue : rawValue }
  }

  package private(set) var lines: [Line] = []
  private let keepsTime: Bool
  private var program: Program
  private var names: [TaskSlot: String] = [:]
  /// Processes of commands, whose ends are told by what they have printed.
  private var commandSlots: Set<TaskSlot> = []
  /// Handlers, in their order: `irq timer on CPU 1`.
  private var handlers: [String]
  private var markedCount = 0
  private var isWindowOpen = false {
    didSet {
      lastTurn = step
      crossedInWindow = []
    }
  }
  /// Kernel threads that have passed a safe point since the window is open: any may be marked again
  /// by its next call, and pass it again.
  private var crossedInWindow: Set<TaskSlot> = []
  private var isReverting = false
  /// The step that is told of, and the last one at which a window opened or closed.
  private var step = 0
  private var lastTurn = -1

  /// Lines shown at the most; of a longer story the beginning and the end.
  package static let greatestLineCount = 120

  package init(_ events: [Event], _ program: Program, sources: SourceMap, keepsTime: Bool) {
    self.keepsTime = keepsTime
    self.program = program
    handlers = Self.handlers(of: program)
    for event in events { tell(event, sources) }
  }

  private static func handlers(of program: Program) -> [String] {
    var handlers: [String] = []
    for interrupt in program.interrupts {
      let name = program.functions[interrupt.function.rawValue].name
      for cpu in 0..<program.cpuCount where interrupt.cpu == nil || interrupt.cpu == cpu {
        handlers.append("irq \(name) on CPU \(cpu)")
      }
    }
    return handlers
  }

  /// A story that is told as it happens.
  package init(_ program: Program, keepsTime: Bool) {
    self.keepsTime = keepsTime
    self.program = program
    handlers = Self.handlers(of: program)
  }

  /// Tells what has happened since; `program` may have grown.
  package mutating func go<Events: Sequence<Event>>(
    on events: Events, _ program: Program, sources: SourceMap
  ) {
    self.program = program
    handlers = Self.handlers(of: program)
    for event in events { tell(event, sources) }
  }

  /// Forgets what happened from a step on. False where that can't be done without telling the rest
  /// anew: a window has opened or closed since. Cost: O(lines that go).
  package mutating func cut(toStep step: Int) -> Bool {
    guard lastTurn < step, !isWindowOpen else { return false }
    while let last = lines.last, last.step >= step { lines.removeLast() }
    return true
  }

  /// Lines so far.
  package var lineCount: Int { lines.count }

  /// The lines from one on, those apart in which the operator's own statements are repeated.
  ///
  /// - Parameter asPrinted: what commands have printed stands there as in a terminal.
  package func text(
    from first: Int, tellingStatements: Bool, asPrinted: Bool = false, limit: Int, width: Int,
    paint: Paint
  ) -> String {
    let told = lines[min(first, lines.count)...].filter {
      tellingStatements || $0.tone != .operatorLine
    }
    return shortened(told, head: limit / 3, limit: limit, paint) { line in
      asPrinted && line.tone == .output
        ? line.text : Self.rendered(line, keepsTime, width, paint)
    }
  }

  /// Of many lines the first and the last. What a command has printed is shown whole.
  private func shortened(
    _ told: [Line], head: Int, limit: Int, _ paint: Paint, _ rendered: (Line) -> String
  ) -> String {
    let count = told.count { $0.tone != .output }
    var text = ""
    var number = 0
    for line in told {
      if line.tone == .output {
        text += rendered(line) + "\n"
        continue
      }
      defer { number += 1 }
      if count > limit, number >= head, number < count - (limit - head) {
        if number == head {
          text += paint.dim("               … \(count - limit) more lines …") + "\n"
        }
        continue
      }
      text += rendered(line) + "\n"
    }
    return text
  }

  private mutating func add(_ event: Event, _ mark: String, _ text: String, _ tone: Tone) {
    lines.append(
      Line(time: event.time, step: event.step, mark: mark, text: text, tone: tone))
  }

  private func name(_ slot: TaskSlot) -> String { names[slot] ?? "pid \(program.pid(of: slot))" }

  private mutating func meet(_ slot: TaskSlot, _ function: FunctionID) {
    names[slot] = "\(program.functions[function.rawValue].name):\(program.pid(of: slot))"
    if program.commandProcesses.contains(where: { $0.function == function }) {
      commandSlots.insert(slot)
    }
  }

  private mutating func tell(_ event: Event, _ sources: SourceMap) {
    step = event.step
    switch event.kind {
    case .spawned(let slot, let function):
      meet(slot, function)
    case .acted(let address):
      // What a lesson says is told by its own event.
      guard !program.cues.contains(where: { $0.origin == program.origins[address] }),
        let statement = Self.statement(program.origins[address], sources)
      else { return }
      add(event, ">", statement, .operatorLine)
      lines[lines.count - 1].range = program.origins[address].range
    case .requested(_, .refused(let error)):
      add(event, " ", "refused: \(error.name) (\(error.message))", .machine)
    case .kernelLog(let line):
      add(event, "·", line, .log)
    case .printed(_, let text):
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        add(event, " ", escapingControls(String(line)), .machine)
      }
    case .reported(_, let name, let text):
      add(event, " ", escapingControls("\(name): \(text)"), .machine)
    case .cued(let cue, let text):
      guard let line = program.cues[cue].told(text, program) else { return }
      add(event, line.mark, line.text, .machine)
    case .checkFailed:
      add(event, "✗", "the check fails", .machine)
    case .reached(let property):
      let text = escapingControls(program.properties[property].text)
      add(event, "✓", "`\(text)`: reached", .machine)
    case .patching(let stage, let patch):
      tell(stage, patch, event)
    case .marked(let slot):
      markedCount += 1
      if isWindowOpen { return }
      add(event, " ", "\(name(slot)) is marked: old universe", .old)
    case .migrated(let slot, let cause):
      if isWindowOpen {
        markedCount -= 1
        // Of the others the stub may mark any again before the window closes.
        guard cause == .safePoint, crossedInWindow.insert(slot).inserted else { return }
      }
      add(event, "→", "\(name(slot)) is in the new universe (\(Self.words(cause)))", .new)
    case .signalled(let slot, let signal):
      add(event, " ", "\(name(slot)) gets SIG\(signal.name)", .machine)
    case .signalMissed(let slot, _):
      add(event, " ", "\(name(slot)) is gone (ESRCH)", .machine)
    case .stopped(let slot):
      add(event, " ", "\(name(slot)) stops", .machine)
    case .continued(let slot):
      add(event, " ", "\(name(slot)) continues", .machine)
    case .exited(let slot):
      if !commandSlots.contains(slot) { add(event, " ", "\(name(slot)) exits", .machine) }
    case .locked, .unlocked, .slept: tellLock(event)
    case .called(let runner, let traced, let chosen):
      tellCall(event, runner, traced, chosen)
    default:
      tellRare(event)
    }
  }

  /// What happens in few texts: families, crashes, commands and modules.
  private mutating func tellRare(_ event: Event) {
    switch event.kind {
    case .forked(let parent, let child, let isThread):
      let verb = isThread ? "starts the thread" : "forks"
      add(event, " ", "\(name(parent)) \(verb) \(name(child))", .machine)
    case .reaped(let parent, let child):
      add(event, " ", "\(parent.map(name) ?? "init") reaps \(name(child))", .machine)
    case .caught(let slot, let signal):
      add(event, " ", "\(name(slot)) handles SIG\(signal.name)", .machine)
    case .lockOrdered(let runner, let held, let lock, _):
      let (first, second) = (program.locks[held].name, program.locks[lock].name)
      add(event, " ", "\(name(runner)) asks for \(second) while it holds \(first)", .machine)
    case .oopsed(let oops):
      add(event, "✗", "\(name(oops.runner)) crashes", .machine)
    case .rebooted:
      isWindowOpen = false
      add(event, " ", "the machine goes down and starts anew", .machine)
    case .panicked:
      add(event, "✗", "the machine stops", .machine)
    case .commandEnded(_, _, _, let output):
      var printed = output.split(separator: "\n", omittingEmptySubsequences: false)
      if printed.last?.isEmpty == true { printed.removeLast() }
      for line in printed { add(event, " ", Self.printed(line), .output) }
    case .module(let module, let state):
      let name = program.modules[module.rawValue].name
      add(event, " ", "module \(name) is \(Self.words(state))", .machine)
    case .lostText(let lost):
      add(event, "✗", "\(name(lost.slot)) is inside code that is gone", .old)
    default:
      break
    }
  }

  /// Calls are told where a witness of a search is: there are few, and they are the point.
  private mutating func tellCall(
    _ event: Event, _ runner: Runner, _ traced: TracedFunctionID, _ chosen: FunctionID
  ) {
    guard !keepsTime else { return }
    let who = name(runner)
    let isOriginal = program.functions[chosen.rawValue].patch == nil
    let function = program.tracedFunctions[traced.rawValue].name
    add(
      event, isOriginal ? " " : "→", "\(who) runs \(isOriginal ? "old" : "new") \(function)",
      isOriginal ? .old : .new)
  }

  /// So are locks.
  private mutating func tellLock(_ event: Event) {
    guard !keepsTime else { return }
    switch event.kind {
    case .locked(let runner, let lock, _):
      add(event, " ", "\(name(runner)) takes \(program.locks[lock].name)", .machine)
    case .unlocked(let runner, let lock):
      add(event, " ", "\(name(runner)) gives \(program.locks[lock].name) back", .machine)
    case .slept(let slot, let queue?, _):
      guard let lock = program.locks.first(where: { $0.queue == queue }) else { return }
      add(event, " ", "\(name(slot)) sleeps for \(lock.name)", .machine)
    default: break
    }
  }

  private func name(_ runner: Runner) -> String {
    switch runner {
    case .task(let slot): name(slot)
    case .handler(let number):
      handlers.indices.contains(number) ? handlers[number] : "interrupt handler \(number)"
    }
  }

  private mutating func tell(_ stage: PatchingStage, _ patch: PatchID, _ event: Event) {
    switch stage {
    case .windowOpened(let reverting):
      isWindowOpen = true
      isReverting = reverting
      markedCount = 0
      let name = program.patches[patch.rawValue].name
      let code = reverting ? "its code, which is to go" : "old code"
      add(event, " ", "\(name): the immutable window opens, everybody runs \(code)", .machine)
    case .functionRedirected(let function):
      isReverting = false
      add(event, " ", "slow stub on \(functionName(function))", .machine)
    case .functionSkipped(let function, let wasSought):
      let lack = lack(of: function, wasSought: wasSought)
      add(event, " ", "\(functionName(function)): skipped, \(lack)", .machine)
    case .cpuSwitched(let cpu):
      let what = isReverting ? "leave its code" : "take the new code"
      add(event, " ", "CPU \(cpu): interrupts \(what)", .machine)
    case .windowClosed:
      isWindowOpen = false
      let tasks = markedCount == 1 ? "1 task is" : "\(markedCount) tasks are"
      add(event, " ", "the window closes; \(tasks) in the old universe", .machine)
    case .kernelThreadWoken(let slot):
      add(event, " ", "\(name(slot)) is woken", .machine)
    case .looked(let left):
      let found = left == 0 ? "nobody is old any more" : "\(left) still in the old universe"
      add(event, " ", "the worker looks: \(found)", .machine)
    case .fakeSignal(let slot):
      add(event, " ", "\(name(slot)) gets a fake signal", .machine)
    case .functionFinalised(let function):
      add(event, " ", "fast stub on \(functionName(function)): new code for good", .machine)
    case .functionReverting(let function):
      // One that is `immediate` opens no window, which would say so.
      isReverting = true
      add(event, " ", "slow stub on \(functionName(function)): on its way back", .machine)
    case .functionReverted(let function):
      let name = program.patches[patch.rawValue].name
      add(event, " ", "\(name)'s \(functionName(function)) is gone for good", .machine)
    case .functionRestored(let function):
      add(event, " ", "\(functionName(function)) is as it was before", .machine)
    case .failed(let error, let staysOpen):
      // Who is marked while it stays open is told of: no transition does it, but a call.
      let window = staysOpen ? ", the window stays open" : isWindowOpen ? ", the window closes" : ""
      isWindowOpen = false
      let reason = "\(error.name) (\(error.message))"
      add(event, " ", "the request has failed\(window): \(reason)", .machine)
    case .inProgress, .marked, .finished:
      break
    }
  }

  private func lack(of function: TracedFunctionID, wasSought: Bool) -> String {
    let traced = program.tracedFunctions[function.rawValue]
    if wasSought, traced.lookup == .missing || traced.lookup == .fewer {
      return "this kernel has none"
    }
    return (traced.object.map { program.modules[$0.rawValue].name } ?? "its object")
      + " is not loaded"
  }

  private func functionName(_ function: TracedFunctionID) -> String {
    program.tracedFunctions[function.rawValue].name
  }

  static func words(_ cause: MigrationCause) -> String {
    switch cause {
    case .kernelEntry: "entered the kernel"
    case .kernelExit: "left the kernel"
    case .interruption: "interrupted in user mode"
    case .safePoint: "safe point"
    case .force: "forced, wherever it is"
    case .exit: "exited"
    }
  }

  private static func words(_ state: ModuleState) -> String {
    switch state {
    case .absent: "gone"
    case .coming: "coming"
    case .live: "live"
    case .going: "going"
    }
  }

  /// The operator's statement as written, its first line.
  private static func statement(_ origin: Origin, _ sources: SourceMap) -> String? {
    guard origin.file >= 0 else { return nil }
    let text = sources[SourceFileID(origin.file)].text(in: origin.range)
    var line = text.prefix { $0 != "\n" && $0 != "\r\n" }
    // Of a statement over several lines: what is remarked behind the first is no part of it.
    if line.endIndex < text.endIndex { line = withoutComment(line) }
    return line.isEmpty ? nil : escapingControls(String(line))
  }

  /// Up to the `#` that stands in no text.
  private static func withoutComment(_ line: Substring) -> Substring {
    var isInText = false
    var previous: Character?
    for index in line.indices {
      let character = line[index]
      if character == "\"", previous != "\\" { isInText.toggle() }
      if character == "#", !isInText {
        var code = line[..<index]
        while code.last?.isWhitespace == true { code.removeLast() }
        return code
      }
      previous = character
    }
    return line
  }

  // MARK: Text

  /// All of it, uncut.
  var allLines: [String] {
    let paint = Paint(isColoured: false)
    return lines.map { Self.rendered($0, keepsTime, .max, paint) }
  }

  package func text(width: Int, paint: Paint) -> String {
    shortened(lines, head: Self.greatestLineCount / 2, limit: Self.greatestLineCount, paint) {
      Self.rendered($0, keepsTime, width, paint)
    }
  }

  /// Tabs stay what they are.
  private static func printed(_ line: Substring) -> String {
    line.split(separator: "\t", omittingEmptySubsequences: false)
      .map { escapingControls(String($0)) }.joined(separator: "\t")
  }

  private static func rendered(
    _ line: Line, _ keepsTime: Bool, _ width: Int, _ paint: Paint
  ) -> String {
    let when = keepsTime ? Duration.moment(nanoseconds: line.time) : "#\(line.step)"
    let padding = String(repeating: " ", count: max(0, 12 - when.count))
    let room = max(20, width - 16)
    let cut =
      line.text.count > room && line.tone != .output
      ? String(line.text.prefix(room - 1)) + "…" : line.text
    let toned =
      switch line.tone {
      case .operatorLine: paint.bold(cut)
      case .machine, .output: cut
      case .log: paint.dim(cut)
      case .old: paint.old(cut)
      case .new: paint.new(cut)
      }
    return paint.dim(padding + when) + " \(line.mark) " + toned
  }
}
