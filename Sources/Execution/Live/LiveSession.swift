import Administration
import Diagnostics
import Machine
import Patching

/// A session that somebody drives: it grows, steps, goes back and leaves off in other ways.
///
/// It is its text and its course: which steps were chosen. The world that it stands in follows from
/// these two. When the text grows at its end the world is carried over, if it means the same in the
/// longer program; otherwise the course is run again. Both are exact.
///
/// A value: a copy is a branch of its own.
package struct LiveSession {
  package internal(set) var text: SessionText
  package internal(set) var scenario: RunnableScenario
  package internal(set) var machine: Machine
  package internal(set) var row: [UInt64]
  package internal(set) var workspace: Workspace
  /// Steps taken.
  package internal(set) var steps = 0
  package internal(set) var course = Course()
  /// Marks of the course that have been passed.
  var marks = 0
  var checkpoints = Checkpoints()
  package internal(set) var chronicle = Chronicle()
  /// Why nothing goes on here; going back does.
  package internal(set) var end: RunEnd?
  package let time: TimeModel
  package let limits: Limits
  /// What is watched, and what stops a run.
  package internal(set) var watches: [Watch] = []
  /// Watches that there have been.
  var watchCount = 0
  /// When each task was chosen last, where time is arbitrary: so that everybody gets a turn.
  var turns: [Actor: Int] = [:]
  /// What each statement found that has been done, for taking it back.
  var points: [UndoPoint] = []
  /// Asked now and then whether to leave off.
  package var isCancelled: @Sendable () -> Bool = { false } {
    didSet { workspace.fuel.isCancelled = isCancelled }
  }

  /// A session at the beginning of its text. Nil, with what is wrong, when the text can't run.
  package static func start(
    _ text: SessionText, time: TimeModel = .kept, limits: Limits = .repl,
    cancelledWhen isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> (session: LiveSession?, diagnostics: [Diagnostic]) {
    let (scenario, diagnostics) = text.compile()
    guard let scenario else { return (nil, diagnostics) }
    var session = LiveSession(text, scenario, time, limits, isCancelled)
    session.settle()
    return (session, diagnostics)
  }

  init(
    _ text: SessionText, _ scenario: RunnableScenario, _ time: TimeModel, _ limits: Limits,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.isCancelled = isCancelled
    self.text = text
    self.scenario = scenario
    self.time = time
    self.limits = limits
    machine = scenario.machine(time)
    workspace = Workspace(program: machine.program, recording: true, limits: limits)
    workspace.fuel.isCancelled = isCancelled
    row = machine.initialRow(taskCapacity: 16, &workspace)
    end = workspace.fault.map(RunEnd.init)
    workspace.events.commonFrom = 0
    chronicle.add(workspace.events.takeEvents())
  }

  /// Puts the world at the beginning.
  mutating func rewind() {
    workspace = Workspace(program: machine.program, recording: true, limits: limits)
    row = machine.initialRow(taskCapacity: 16, &workspace)
    workspace.fuel.isCancelled = isCancelled
    end = workspace.fault.map(RunEnd.init)
    steps = 0
    marks = 0
    turns = [:]
    chronicle.removeAll()
    chronicle.add(workspace.events.takeEvents())
  }

  /// At the beginning of a session that pauses first, modules may have to be brought in: runs up
  /// to the pause.
  mutating func settle() {
    guard text.pausesFirst, !look({ $0.isPaused(&$1) }) else { return }
    _ = advance(to: .pause)
  }

  // MARK: Looking

  /// For trials on copies of this world; nil where none can be made.
  package var trialTerms: TrialTerms? {
    end?.leavesWholeWorld(of: machine.program) == false ? nil : .thorough(workspace.strings)
  }

  /// Looks into the world as it is now.
  package mutating func look<Answer>(
    _ body: (Machine, inout MutableSpan<UInt64>) -> Answer
  ) -> Answer {
    var words: [UInt64] = []
    swap(&words, &row)
    defer { swap(&words, &row) }
    var span = words.mutableSpan
    return body(machine, &span)
  }

  /// The same with the workspace.
  mutating func touch<Answer>(
    _ body: (Machine, inout MutableSpan<UInt64>, inout Workspace) -> Answer
  ) -> Answer {
    var words: [UInt64] = []
    swap(&words, &row)
    defer { swap(&words, &row) }
    var span = words.mutableSpan
    return body(machine, &span, &workspace)
  }

  /// Virtual time in nanoseconds; 0 where time is arbitrary.
  package var now: Int64 {
    machine.layout.keepsTime ? Int64(row[machine.layout.clock.now.word]) : 0
  }

  /// Whether the operator waits for more text.
  package mutating func isPaused() -> Bool { end == nil && look { $0.isPaused(&$1) } }

  /// What there is to say about the end, if something has gone wrong.
  package func diagnosis() -> Diagnostic? { outcome()?.failure?.diagnostic }

  /// Whether what has gone wrong is that something asserted is not so, and not that it could not go
  /// on.
  package func endsInVerdict() -> Bool {
    if case .failed? = outcome() { true } else { false }
  }

  private func outcome() -> RunOutcome? {
    guard let end else { return nil }
    var workspace = workspace
    workspace.events.put(back: chronicle.events)
    var session = Session(
      machine: machine, row: row, workspace: workspace, steps: steps, end: end, limits: limits)
    let runner = ScenarioRunner(scenario, RunOptions())
    return runner.outcome(of: end, &session, replay: [])
  }
}
