import Diagnostics
import Machine

/// One event in words, the ordinary ones too: what somebody who steps wants to read.
package struct EventText: Sendable {
  private let program: Program
  private let sources: SourceMap
  /// The name of a task, which only the world knows.
  private let names: [TaskSlot: String]

  package init(_ program: Program, sources: SourceMap, names: [TaskSlot: String]) {
    self.program = program
    self.sources = sources
    self.names = names
  }

  private func name(_ slot: TaskSlot) -> String { names[slot] ?? "pid \(program.pid(of: slot))" }

  private func name(_ runner: Runner) -> String {
    switch runner {
    case .task(let slot): name(slot)
    case .handler(let number): "interrupt handler \(number)"
    }
  }

  /// The text of an event; nil for what says nothing beside the others of its step.
  package func text(_ event: Event.Kind) -> String? {
    switch event {
    case .spawned(let slot, _): "\(name(slot)) is born"
    case .enteredKernel(let slot, let call):
      "\(name(slot)) enters the kernel"
        + (call.map { ": \(program.functions[$0.rawValue].name)" } ?? "")
    case .leftKernel(let slot, let restarting):
      "\(name(slot)) leaves the kernel" + (restarting ? ", to restart the call" : "")
    case .slept(let slot, let queue, let isDeaf):
      "\(name(slot)) falls asleep (\(isDeaf ? "D" : "S"))"
        + (queue.map { " on \(program.queues[$0])" } ?? "")
    case .woken(let slot, let reason): "\(name(slot)) wakes: \(words(reason))"
    case .signalled(let slot, let signal): "\(name(slot)) gets SIG\(signal.name)"
    case .signalMissed(let slot, _): "\(name(slot)) is gone (ESRCH)"
    case .stopped(let slot): "\(name(slot)) stops"
    case .continued(let slot): "\(name(slot)) continues"
    case .preempted(let slot): "\(name(slot)) is preempted"
    case .reachedSafePoint(let slot): "\(name(slot)) passes a safe point"
    case .exited(let slot): "\(name(slot)) exits"
    case .marked(let slot): "\(name(slot)) is marked: old universe"
    case .migrated(let slot, let cause):
      "\(name(slot)) is in the new universe (\(Story.words(cause)))"
    case .forked(let parent, let child, let isThread):
      "\(name(parent)) \(isThread ? "starts the thread" : "forks") \(name(child))"
    case .reaped(let parent, let child): "\(parent.map(name) ?? "init") reaps \(name(child))"
    case .caught(let slot, let signal): "\(name(slot)) handles SIG\(signal.name)"
    case .kernelLog(let line): "log: \(escapingControls(line))"
    default: code(event) ?? engine(event)
    }
  }

  private func words(_ reason: WakeReason) -> String {
    switch reason {
    case .woken: "woken"
    case .signal: "a signal"
    case .timeout: "its timer"
    case .spurious: "a spurious wake-up"
    }
  }

  private func code(_ event: Event.Kind) -> String? {
    switch event {
    case .called(let runner, let traced, let chosen):
      let owner = program.functions[chosen.rawValue].patch.map {
        "of \(program.patches[$0.rawValue].name)"
      }
      return "\(name(runner)) runs \(program.tracedFunctions[traced.rawValue].name) "
        + (owner ?? "(the original)")
    case .returned(let runner, let function):
      return "\(name(runner)) returns from \(program.functions[function.rawValue].name)"
    case .worked(let runner, let nanoseconds):
      return "\(name(runner)) works \(Duration.text(nanoseconds: nanoseconds))"
    case .stored(let runner, let variable, let value):
      return "\(name(runner)) sets \(program.variables[variable].name) = \(value)"
    case .locked(let runner, let lock, _):
      return "\(name(runner)) takes \(program.locks[lock].name)"
    case .unlocked(let runner, let lock):
      return "\(name(runner)) gives \(program.locks[lock].name) back"
    case .allocated(let runner, let object):
      return "\(name(runner)) "
        + (object.map { "makes \(program.objectName($0))" } ?? "finds the pool used up")
    case .freed(let runner, let object):
      return "\(name(runner)) frees \(program.objectName(object))"
    case .fieldStored(let runner, let object, let field, let value):
      return "\(name(runner)) sets \(program.objectName(object)).\(program.fieldNames[field]) "
        + "= \(value)"
    case .shadowStored(let runner, let object, _):
      return "\(name(runner)) writes a shadow variable of \(program.objectName(object))"
    case .shadowDropped(let runner, let object, _):
      return "\(name(runner)) drops a shadow variable of \(program.objectName(object))"
    case .interruptBegan(let handler, let cpu): return "interrupt \(handler) begins on CPU \(cpu)"
    case .interruptEnded(let handler, let cpu): return "interrupt \(handler) ends on CPU \(cpu)"
    case .oopsed(let oops): return "\(name(oops.runner)) crashes"
    case .panicked: return "the machine stops"
    default: return nil
    }
  }

  private func engine(_ event: Event.Kind) -> String? {
    switch event {
    case .patching(let stage, let patch):
      return "\(program.patches[patch.rawValue].name): \(words(stage))"
    case .acted(let address):
      let origin = program.origins[address]
      guard origin.file >= 0 else { return nil }
      let text = sources[SourceFileID(origin.file)].text(in: origin.range)
      return "> " + escapingControls(String(text.prefix { $0 != "\n" && $0 != "\r\n" }))
    case .requested(_, .refused(let error)): return "refused: \(error.name) (\(error.message))"
    case .printed(_, let text): return escapingControls(text)
    case .cued(let cue, let text): return program.cues[cue].told(text, program)?.text
    case .reported(_, let name, let text): return escapingControls("\(name): \(text)")
    case .checkFailed: return "the check fails"
    case .reached(let number):
      return "`\(escapingControls(program.properties[number].text))`: reached"
    case .module(let module, let state):
      return "module \(program.modules[module.rawValue].name) is \(state)"
    case .lostText(let lost): return "\(name(lost.slot)) is inside code that is gone"
    case .rebooted: return "the machine starts anew"
    case .finished: return "the scenario is over"
    case .commandEnded(_, _, let status, let output):
      let text = output.split(separator: "\n").joined(separator: " ")
      return text.isEmpty
        ? status.error.map { "the command fails: \($0.name)" } : escapingControls(text)
    default: return nil
    }
  }

  private func words(_ stage: PatchingStage) -> String {
    func function(_ id: TracedFunctionID) -> String { program.tracedFunctions[id.rawValue].name }
    switch stage {
    case .windowOpened(let reverting):
      return "the immutable window opens" + (reverting ? ", to take it back" : "")
    case .functionRedirected(let id): return "slow stub on \(function(id))"
    case .functionSkipped(let id, let wasSought):
      return "\(function(id)) is left out: \(wasSought ? "it" : "its object") is absent"
    case .inProgress: return "in progress"
    case .cpuSwitched(let cpu): return "CPU \(cpu) is switched"
    case .marked: return "every task is marked"
    case .windowClosed: return "the window closes"
    case .kernelThreadWoken(let slot): return "\(name(slot)) is woken"
    case .looked(let left):
      return left == 0 ? "nobody is old any more" : "a look: \(left) still old"
    case .fakeSignal(let slot): return "\(name(slot)) gets a fake signal"
    case .functionFinalised(let id): return "fast stub on \(function(id))"
    case .functionReverting(let id): return "slow stub on \(function(id)): on its way back"
    case .functionReverted(let id): return "\(function(id)) is gone for good"
    case .functionRestored(let id): return "\(function(id)) is as it was before"
    case .failed(let error, let isOpen):
      return "the request has failed: \(error.name)" + (isOpen ? "; the window stays open" : "")
    case .finished: return "finished"
    }
  }
}
