import Diagnostics
import Execution
import Machine

/// The event stream as JSON lines: a header, a line an event, an end. `Grammar/trace-format.md`
/// documents it.
///
/// A fold like every other report, but one that holds nothing: the caller writes each line away.
package struct Trace: Sendable {
  package static let schema = "graft-trace"
  /// Changes when a line of the last version would be read wrongly.
  package static let version = 1

  let program: Program
  let scenario: RunnableScenario
  private let keepsTime: Bool
  /// What each task was started with; tasks are born in the order of their slots.
  private var functions: [FunctionID] = []
  /// Handlers in the machine's order: their function and their CPU.
  let handlers: [(function: FunctionID, cpu: Int)]
  private var eventCount = 0

  package init(_ scenario: RunnableScenario, _ record: RunRecord) {
    self.scenario = scenario
    program = scenario.program
    if case .choices = record.schedule { keepsTime = false } else { keepsTime = true }
    handlers = scenario.program.interrupts.flatMap { interrupt in
      (interrupt.cpu.map { [$0] } ?? Array(0..<scenario.program.cpuCount)).map {
        (interrupt.function, $0)
      }
    }
  }

  /// The first line: what follows, and by which rules it was made.
  package func header(_ record: RunRecord) -> String {
    var line = JSONLine()
    line.add("schema", Self.schema)
    line.add("version", Self.version)
    line.add("scenario", "\(record.id)")
    line.add("kernel", program.kernelRelease)
    line.add("engine", "kgraft")
    line.add("generation", scenario.rules.generation.rawValue)
    line.add("cpus", program.cpuCount)
    switch record.schedule {
    case .seed(let seed):
      line.add("seed", seed)
    case .choices, .timed, nil:
      if let token = record.schedule?.token(for: scenario.textHash) {
        line.add("replay", token.text)
      }
    }
    return line.text
  }

  /// One event.
  package mutating func line(_ event: Event) -> String {
    if case .spawned(let slot, let function) = event.kind { note(slot, function) }
    eventCount += 1
    var line = JSONLine()
    if keepsTime { line.add("time", event.time) }
    line.add("step", event.step)
    add(event.kind, to: &line)
    return line.text
  }

  /// The last line: that nothing is missing before it, and what came of it.
  package func end(_ record: RunRecord) -> String {
    var line = JSONLine()
    line.add("kind", "end")
    line.add("events", eventCount)
    line.add("outcome", CaseReport.Verdict(record.outcome).rawValue)
    if let failure = record.outcome.failure {
      line.add("code", failure.diagnostic.code.rawValue)
      line.add("message", failure.diagnostic.message)
      line.add("at", failure.diagnostic.range.flatMap { place(Origin($0)) })
    }
    return line.text
  }

  private mutating func note(_ slot: TaskSlot, _ function: FunctionID) {
    while functions.count <= slot.rawValue { functions.append(function) }
    functions[slot.rawValue] = function
  }

  // MARK: Names and places

  /// The program that the task runs.
  func name(of slot: TaskSlot) -> String {
    guard functions.indices.contains(slot.rawValue) else { return "" }
    return program.functions[functions[slot.rawValue].rawValue].name
  }

  /// `file:line:column`, or nil where the text has no such place.
  func place(_ origin: Origin) -> String? { scenario.sources.place(of: origin) }
}
