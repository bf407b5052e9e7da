import Analysis
import Diagnostics
import Machine
import Patching
import Testing

/// A scenario, run in its natural order to its end or its first fault.
struct Run {
  var program: Program
  var fault: Fault?
  var events: [Event]
  var capturedTexts: [String] = []
  var steps: Int
  var nanoseconds: Int64

  var printed: [String] {
    events.compactMap { if case .printed(_, let text) = $0.kind { text } else { nil } }
  }

  /// The text of the code that an address comes from.
  func text(_ address: Int, in source: String) -> String {
    let origin = program.origins[address]
    let bytes = Array(source.utf8)[Int(origin.lower)..<Int(origin.upper)]
    return String(decoding: bytes, as: UTF8.self)
  }
}

enum RunError: Error { case diagnostics(String) }

/// Checks, lowers and runs one scenario of the source.
func run(
  _ source: String, scenario: Int = 0, row: Int = 0, stepLimit: Int = 1_000_000
) throws -> Run {
  let found = CheckedSource(source)
  guard !found.all.contains(where: { $0.severity == .error }) else {
    throw RunError.diagnostics(found.renderer.render(found.all))
  }
  let chosen = found.checked.scenarios[scenario]
  let (lowered, diagnostics) = found.checked.lower(chosen, chosen.rows[row])
  guard let lowered else { throw RunError.diagnostics(found.renderer.render(diagnostics)) }
  return run(lowered, stepLimit: stepLimit)
}

func run(_ lowered: Lowered, stepLimit: Int) -> Run {
  let machine = Machine(
    program: lowered.program, engine: KGraft(rules: lowered.rules), time: .kept)
  var workspace = Workspace(program: lowered.program, recording: true)
  var words = machine.initialRow(taskCapacity: 64, &workspace)
  var row = words.mutableSpan
  var steps = 0
  var progress = Progress.running
  while progress == .running, steps < stepLimit, let choice = machine.nextChoice(&row, &workspace) {
    progress = machine.step(choice, &row, &workspace)
    steps += 1
  }
  if progress == .running { Issue.record("the scenario did not end") }
  var captured: [String] = []
  if case .assertionFailed(let number)? = workspace.fault {
    captured = lowered.program.assertions[number].captures.map { capture in
      let word = Int64(bitPattern: row[machine.layout.operatorStack + capture.register])
      return machine.text(word, capture.kind, &row, workspace)
    }
  }
  return Run(
    program: lowered.program, fault: workspace.fault, events: workspace.events.events,
    capturedTexts: captured, steps: steps, nanoseconds: machine.now(&row))
}

/// Takes steps in an arbitrary order, where time means nothing.
func walk(_ lowered: Lowered, seed: UInt64, steps: Int) -> (fault: Fault?, isFinished: Bool) {
  let machine = Machine(
    program: lowered.program, engine: KGraft(rules: lowered.rules), time: .arbitrary)
  var workspace = Workspace(program: lowered.program, recording: false)
  var words = machine.initialRow(taskCapacity: 16, &workspace)
  var row = words.mutableSpan
  var state = seed
  for _ in 0..<steps {
    var choices: [Choice] = []
    machine.forEachChoice(&row, &workspace) { choices.append($0) }
    guard !choices.isEmpty else { return (workspace.fault, false) }
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let choice = choices[Int((state >> 33) % UInt64(choices.count))]
    let progress = machine.step(choice, &row, &workspace)
    if progress != .running { return (workspace.fault, progress == .finished) }
  }
  return (workspace.fault, false)
}
