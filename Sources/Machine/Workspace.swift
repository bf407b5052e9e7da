/// What stepping needs beside the row and may be lost between steps: where events go, indexes that
/// can be rebuilt from the row, what strings mean, and the fault of the last step.
package struct Workspace: Sendable {
  package var events: EventSink
  package var strings: StringTable
  package var lists = ListTable()
  package var agenda: Agenda
  package var fault: Fault?
  package var limits: Limits
  /// Which assertions have held so far, by number: what a search learns beside its faults.
  package var assertionsHeld: [Bool]

  package init(
    program: Program, recording: Bool, limits: Limits = Limits()
  ) {
    events = EventSink(isRecording: recording)
    strings = StringTable(program.strings)
    agenda = Agenda(queueCount: program.queues.count)
    self.limits = limits
    assertionsHeld = Array(repeating: false, count: program.assertions.count)
  }
}

/// What a scenario may use up; passing one is a fault that names the line.
package struct Limits: Sendable, Hashable {
  /// Local operations within one step. A step that long is a loop that does nothing visible.
  package var operationsPerStep = 1_000_000_000
  /// Tasks over the whole run; Linux's own limit on PIDs.
  package var tasks = 4_194_304

  package init() {}
}
