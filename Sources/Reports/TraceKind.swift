/// What a line of a trace can tell. The raw value is what its `kind` says; the table of
/// `Grammar/trace-format.md` is made of these.
///
/// Under one version kinds and members may be added; none is removed or changes its meaning.
package enum TraceKind: String, Sendable, CaseIterable {
  // Tasks.
  case spawned, stopped, continued, preempted, exited, signalled, slept, woken
  case signalMissed = "signal_missed"
  case forked, reaped, caught
  case enteredKernel = "entered_kernel"
  case leftKernel = "left_kernel"
  case safePoint = "safe_point"
  // Code.
  case called, returned, worked, stored
  case interruptBegan = "interrupt_began"
  case interruptEnded = "interrupt_ended"
  case locked, unlocked, allocated, freed, oops, panic
  case lockOrdered = "lock_ordered"
  case fieldStored = "field_stored"
  case shadowStored = "shadow_stored"
  case shadowDropped = "shadow_dropped"
  // Patching.
  case windowOpened = "window_opened"
  case functionRedirected = "function_redirected"
  case functionSkipped = "function_skipped"
  case transitionBegan = "transition_began"
  case cpuSwitched = "cpu_switched"
  case markingEnded = "marking_ended"
  case windowClosed = "window_closed"
  case kernelThreadWoken = "kernel_thread_woken"
  case looked
  case fakeSignal = "fake_signal"
  case functionFinalised = "function_finalised"
  case functionReverting = "function_reverting"
  case functionReverted = "function_reverted"
  case functionRestored = "function_restored"
  case transitionFailed = "transition_failed"
  case transitionFinished = "transition_finished"
  case marked, migrated
  case kernelLog = "kernel_log"
  // The operator.
  case acted, requested, printed, reported, asserted, reached, finished
  case checkFailed = "check_failed"
  case commandEnded = "command_ended"
  case cued
  case fileShown = "file_shown"
  case rebooted
  // Modules.
  case moduleChanged = "module"
  case moduleFunctionPatched = "module_function_patched"
  case lostText = "lost_text"

  /// Its members beside `time`, `step` and `kind`, and what it tells.
  package var description: (members: String, meaning: String) {
    switch self {
    case .spawned: ("task pid at", "a task was born; `at` is its program")
    case .stopped: ("task pid", "SIGSTOP stopped it")
    case .continued: ("task pid", "SIGCONT let it go on")
    case .preempted: ("task pid", "its slice was over, and somebody else wanted the CPU")
    case .exited: ("task pid", "it ended")
    case .forked: ("task pid child child_pid thread", "`fork`, or the start of a thread")
    case .reaped:
      ("task pid by", "what was left of it is gone: who waited for it; null: init")
    case .caught: ("task pid signal", "its handler for the signal begins")
    case .signalled: ("task pid signal", "a signal was sent to it, as `STOP`")
    case .signalMissed: ("task pid signal", "a signal was meant for it, and it is gone (`ESRCH`)")
    case .slept:
      ("task pid queue state", "it fell asleep: `S` or `D`; `queue` is null in a `sleep`")
    case .woken: ("task pid reason", "`woken`, `signal`, `timeout` or `spurious`")
    case .enteredKernel:
      ("task pid system_call at", "from user mode; `system_call` is null for `sleep`")
    case .leftKernel: ("task pid restarting", "to user mode; whether the call begins anew")
    case .safePoint: ("task pid", "a kernel thread came to a safe point")
    case .called:
      ("task pid interrupt cpu function patch at", "a function that a patch names; which body")
    case .returned: ("task pid interrupt cpu function patch at", "it returned")
    case .worked: ("task pid interrupt cpu nanoseconds", "CPU time was spent")
    case .stored: ("task pid interrupt cpu variable value", "a kernel variable has a new value")
    case .interruptBegan: ("interrupt cpu", "a handler began")
    case .interruptEnded: ("interrupt cpu", "it was done")
    case .locked: ("task pid interrupt cpu lock at", "it has the lock")
    case .unlocked: ("task pid interrupt cpu lock", "it gave the lock back")
    case .lockOrdered:
      (
        "task pid interrupt cpu held lock at",
        "it asked for a lock while it held another, in this order for the first time"
      )
    case .allocated: ("task pid interrupt cpu object", "`alloc`; null where the pool was used up")
    case .freed: ("task pid interrupt cpu object", "`free`")
    case .fieldStored: ("task pid interrupt cpu object field value", "a field has a new value")
    case .shadowStored: ("task pid interrupt cpu object shadow", "a shadow variable has a value")
    case .shadowDropped: ("task pid interrupt cpu object shadow", "a shadow variable is no more")
    case .oops: ("task pid interrupt cpu at", "kernel code crashed there")
    case .panic: ("", "a handler crashed, and the machine with it")
    case .windowOpened:
      ("patch reverting", "the immutable window opened; whether the patch is taken back")
    case .functionRedirected: ("patch function", "the slow stub went in")
    case .functionSkipped:
      ("patch function", "it, or its module, is not there, and no stub went in")
    case .transitionBegan: ("patch", "from here on `in_progress` reads 1")
    case .cpuSwitched: ("patch cpu", "interrupts on that CPU have changed over")
    case .markingEnded: ("patch", "every task has been looked at")
    case .windowClosed: ("patch", "the immutable window closed")
    case .kernelThreadWoken: ("patch task pid", "kGraft woke a kernel thread")
    case .looked: ("patch still_old", "the worker looked, and found so many tasks")
    case .fakeSignal: ("patch task pid", "the worker sent a fake signal")
    case .functionFinalised: ("patch function", "the fast stub went in")
    case .functionReverting: ("patch function", "the slow stub went in, to take it back")
    case .functionReverted: ("patch function", "the patch's code of it is dead")
    case .functionRestored: ("patch function", "after a failure it is as it was")
    case .transitionFailed:
      ("patch error", "the request failed with that error")
    case .transitionFinished: ("patch", "from here on `in_progress` reads 0")
    case .marked: ("task pid", "it is in the old universe")
    case .migrated:
      (
        "task pid by",
        "it left it: `kernel_entry`, `kernel_exit`, `interruption`, `safe_point`, `force` or "
          + "`exit`"
      )
    case .kernelLog: ("line", "a line of the kernel log, without its time")
    case .acted: ("statement at", "the operator began a statement of the text")
    case .requested:
      (
        "error at",
        "the engine's answer: an error such as `EAGAIN`, or null where it has begun; what it came "
          + "to tell `transition_finished` and `transition_failed`"
      )
    case .printed: ("text at", "`print`")
    case .cued:
      (
        "cue text at",
        "a lesson's statement: `chapter`, `chapter_end`, `say`, `notes`, `pause`, `show`, `ask`, "
          + "or `answers`, when they have been judged"
      )
    case .fileShown:
      ("path content", "what a file that a lesson shows holds from here on")
    case .reported: ("name text at", "`report`")
    case .asserted: ("condition at", "an `assert` or a `check` held")
    case .reached: ("condition at", "a `reach` came true")
    case .finished: ("", "the scenario's end")
    case .checkFailed: ("condition at", "a `check` did not hold")
    case .commandEnded: ("error status output at", "a command after `$` has ended")
    case .rebooted: ("", "the machine went down with all its tasks, and its kernel starts anew")
    case .moduleChanged: ("module state", "it is `coming`, `live`, `going` or `absent`")
    case .moduleFunctionPatched:
      ("function", "a function of a module that came late is what its patches make of it")
    case .lostText: ("task pid at", "the task is inside code that is gone; `at` is where")
    }
  }
}

extension TraceKind {
  /// The table of the documentation, as Markdown.
  package static var table: String {
    let rows = allCases.map { kind in
      let (members, meaning) = kind.description
      let names = members.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
      return "| `\(kind.rawValue)` | \(names) | \(meaning) |"
    }
    return (["| kind | members | what happened |", "| --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }
}
