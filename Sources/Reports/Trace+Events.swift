import Diagnostics
import Machine

/// What the line of each kind of event holds.
extension Trace {
  func add(_ kind: Event.Kind, to line: inout JSONLine) {
    switch kind {
    case .spawned(let slot, let function):
      add(.spawned, slot, &line)
      line.add("at", place(program.functions[function.rawValue].origin))
    case .enteredKernel(let slot, let systemCall):
      add(.enteredKernel, slot, &line)
      let body = systemCall.map { program.functions[$0.rawValue] }
      line.add("system_call", body?.name)
      line.add("at", body.flatMap { place($0.origin) })
    case .leftKernel(let slot, let isRestarting):
      add(.leftKernel, slot, &line)
      line.add("restarting", isRestarting)
    case .slept(let slot, let queue, let isUninterruptible):
      add(.slept, slot, &line)
      line.add("queue", queue.map { program.queues[$0] })
      line.add("state", isUninterruptible ? "D" : "S")
    case .woken(let slot, let reason):
      add(.woken, slot, &line)
      line.add("reason", Self.word(reason))
    case .signalled(let slot, let signal):
      add(.signalled, slot, &line)
      line.add("signal", signal.name)
    case .signalMissed(let slot, let signal):
      add(.signalMissed, slot, &line)
      line.add("signal", signal.name)
    case .stopped(let slot): add(.stopped, slot, &line)
    case .continued(let slot): add(.continued, slot, &line)
    case .preempted(let slot): add(.preempted, slot, &line)
    case .reachedSafePoint(let slot): add(.safePoint, slot, &line)
    case .exited(let slot): add(.exited, slot, &line)
    case .forked, .reaped, .caught: addFamily(kind, &line)
    case .marked(let slot): add(.marked, slot, &line)
    case .migrated(let slot, let cause):
      add(.migrated, slot, &line)
      line.add("by", Self.word(cause))
    case .called, .returned, .worked, .stored, .interruptBegan, .interruptEnded:
      addCode(kind, &line)
    case .locked, .unlocked, .lockOrdered, .allocated, .freed, .fieldStored, .shadowStored,
      .shadowDropped,
      .oopsed, .panicked:
      addObject(kind, &line)
    case .patching(let stage, let patch): add(stage, patch, &line)
    case .kernelLog(let text):
      add(.kernelLog, &line)
      line.add("line", text)
    case .module, .moduleFunctionPatched, .lostText: addModule(kind, &line)
    case .acted, .requested, .printed, .reported, .asserted, .checkFailed, .reached, .finished,
      .commandEnded, .rebooted, .cued, .fileShown:
      addOperator(kind, &line)
    }
  }

  func add(_ kind: TraceKind, _ line: inout JSONLine) { line.add("kind", kind.rawValue) }

  func add(_ kind: TraceKind, _ slot: TaskSlot, _ line: inout JSONLine) {
    add(kind, &line)
    addTask(slot, &line)
  }

  private func addTask(_ slot: TaskSlot, _ line: inout JSONLine) {
    line.add("task", name(of: slot))
    line.add("pid", program.pid(of: slot))
  }

  private func addFamily(_ kind: Event.Kind, _ line: inout JSONLine) {
    switch kind {
    case .forked(let slot, let child, let isThread):
      add(.forked, slot, &line)
      line.add("child", name(of: child))
      line.add("child_pid", program.pid(of: child))
      line.add("thread", isThread)
    case .reaped(let parent, let slot):
      add(.reaped, slot, &line)
      line.add("by", parent.map(name))
    case .caught(let slot, let signal):
      add(.caught, slot, &line)
      line.add("signal", signal.name)
    default: break
    }
  }

  // MARK: Code

  private func addCode(_ kind: Event.Kind, _ line: inout JSONLine) {
    switch kind {
    case .called(let runner, _, let chosen):
      add(.called, runner, &line)
      addFunction(chosen, &line)
    case .returned(let runner, let function):
      add(.returned, runner, &line)
      addFunction(function, &line)
    case .worked(let runner, let nanoseconds):
      add(.worked, runner, &line)
      line.add("nanoseconds", nanoseconds)
    case .stored(let runner, let variable, let value):
      add(.stored, runner, &line)
      line.add("variable", program.variables[variable].name)
      line.add("value", value)
    case .interruptBegan(let handler, let cpu):
      add(.interruptBegan, &line)
      addInterrupt(handler, cpu, &line)
    case .interruptEnded(let handler, let cpu):
      add(.interruptEnded, &line)
      addInterrupt(handler, cpu, &line)
    default: break
    }
  }

  func add(_ kind: TraceKind, _ runner: Runner, _ line: inout JSONLine) {
    add(kind, &line)
    switch runner {
    case .task(let slot): addTask(slot, &line)
    case .handler(let number): addInterrupt(number, handlers[number].cpu, &line)
    }
  }

  private func addInterrupt(_ handler: Int, _ cpu: Int, _ line: inout JSONLine) {
    line.add("interrupt", program.functions[handlers[handler].function.rawValue].name)
    line.add("cpu", cpu)
  }

  private func addFunction(_ function: FunctionID, _ line: inout JSONLine) {
    let body = program.functions[function.rawValue]
    line.add("function", body.name)
    line.add("patch", body.patch.map { program.patches[$0.rawValue].name })
    line.add("at", place(body.origin))
  }

  // MARK: Patching

  private func add(_ stage: PatchingStage, _ patch: PatchID, _ line: inout JSONLine) {
    let name = program.patches[patch.rawValue].name
    func begin(_ kind: TraceKind, _ function: TracedFunctionID? = nil) {
      add(kind, &line)
      line.add("patch", name)
      if let function { line.add("function", program.tracedFunctions[function.rawValue].name) }
    }
    switch stage {
    case .windowOpened(let reverting):
      begin(.windowOpened)
      line.add("reverting", reverting)
    case .functionRedirected(let function): begin(.functionRedirected, function)
    case .functionSkipped(let function, _): begin(.functionSkipped, function)
    case .inProgress: begin(.transitionBegan)
    case .cpuSwitched(let cpu):
      begin(.cpuSwitched)
      line.add("cpu", cpu)
    case .marked: begin(.markingEnded)
    case .windowClosed: begin(.windowClosed)
    case .kernelThreadWoken(let slot):
      begin(.kernelThreadWoken)
      addTask(slot, &line)
    case .looked(let stillOld):
      begin(.looked)
      line.add("still_old", stillOld)
    case .fakeSignal(let slot):
      begin(.fakeSignal)
      addTask(slot, &line)
    case .functionFinalised(let function): begin(.functionFinalised, function)
    case .functionReverting(let function): begin(.functionReverting, function)
    case .functionReverted(let function): begin(.functionReverted, function)
    case .functionRestored(let function): begin(.functionRestored, function)
    case .failed(let error, _):
      begin(.transitionFailed)
      line.add("error", error.name)
    case .finished: begin(.transitionFinished)
    }
  }

  // MARK: The operator

  private func addOperator(_ kind: Event.Kind, _ line: inout JSONLine) {
    switch kind {
    case .acted(let address):
      add(.acted, &line)
      let origin = program.origins[address]
      line.add(
        "statement",
        origin.file < 0 ? nil : scenario.sources[SourceFileID(origin.file)].text(in: origin.range))
      line.add("at", place(origin))
    case .requested(let address, let outcome):
      add(.requested, &line)
      if case .refused(let error) = outcome {
        line.add("error", error.name)
      } else {
        line.add("error", String?.none)
      }
      line.add("at", place(program.origins[address]))
    case .printed(let site, let text):
      add(.printed, &line)
      line.add("text", text)
      line.add("at", place(program.texts[site].origin))
    case .cued(let number, let text):
      add(.cued, &line)
      line.add("cue", program.cues[number].word)
      line.add("text", program.cues[number].said(text, program))
      line.add("at", place(program.cues[number].origin))
    case .fileShown(let path, let content):
      add(.fileShown, &line)
      line.add("path", path)
      line.add("content", content)
    case .reported(let site, let name, let text):
      add(.reported, &line)
      line.add("name", name)
      line.add("text", text)
      line.add("at", place(program.texts[site].origin))
    case .asserted(let number):
      add(.asserted, program.assertions[number].text, program.assertions[number].origin, &line)
    case .checkFailed(let number):
      add(.checkFailed, program.assertions[number].text, program.assertions[number].origin, &line)
    case .reached(let number):
      add(.reached, program.properties[number].text, program.properties[number].origin, &line)
    case .finished: add(.finished, &line)
    case .rebooted: add(.rebooted, &line)
    case .commandEnded(let address, _, let status, let output):
      add(.commandEnded, &line)
      line.add("error", status.error?.name)
      line.add("status", status.exit)
      line.add("output", output)
      line.add("at", place(program.origins[address]))
    default: break
    }
  }

  private func add(
    _ kind: TraceKind, _ condition: String, _ origin: Origin, _ line: inout JSONLine
  ) {
    add(kind, &line)
    line.add("condition", condition)
    line.add("at", place(origin))
  }

  // MARK: Words

  private static func word(_ reason: WakeReason) -> String {
    switch reason {
    case .woken: "woken"
    case .signal: "signal"
    case .timeout: "timeout"
    case .spurious: "spurious"
    }
  }

  private static func word(_ cause: MigrationCause) -> String {
    switch cause {
    case .kernelEntry: "kernel_entry"
    case .kernelExit: "kernel_exit"
    case .interruption: "interruption"
    case .safePoint: "safe_point"
    case .force: "force"
    case .exit: "exit"
    }
  }
}
