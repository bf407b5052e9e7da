/// What stepping needs beside the row and may be lost between steps: where events go, indexes that
/// can be rebuilt from the row, what strings mean, and the fault of the last step.
package struct Workspace: Sendable {
  package var events: EventSink
  package var strings: StringTable
  package var lists = ListTable()
  package var agenda: Agenda
  package var fault: Fault?
  package var limits: Limits
  /// Operations left of the budget.
  package var operationsLeft: Int
  /// Bytes printed so far.
  package var outputBytes = 0
  /// Which assertions have held so far, by number: what a search learns beside its faults.
  package var assertionsHeld: [Bool]

  package init(
    program: Program, recording: Bool, limits: Limits = .ci
  ) {
    events = EventSink(isRecording: recording)
    strings = StringTable(program.strings)
    agenda = Agenda(queueCount: program.queues.count)
    self.limits = limits
    operationsLeft = limits.operations
    assertionsHeld = Array(repeating: false, count: program.assertions.count)
  }
}
