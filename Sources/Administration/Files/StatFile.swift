import Machine
import Patching

extension TaskFile {
  /// `stat`: fifty-two fields on one line (`do_task_stat` of `fs/proc/array.c`, from 3.5 on). The
  /// machine knows those of `TaskFacts`; the others are constants.
  static let stat = TaskFile("stat") { subject, machine, row in
    let facts = subject.facts(machine, &row)
    var fields: [String] = [
      "\(facts.pid)", "(\(facts.comm))", String(facts.letter), "\(facts.parentPID)",
      "\(facts.group)", "\(facts.session)", "\(facts.isOnTerminal ? TaskFacts.terminal : 0)",
      "\(facts.isOnTerminal ? TaskFacts.shellPID : -1)", "\(flags(facts))",
    ]
    // Page faults, the task's own and its children's; CPU time, in ticks, likewise.
    fields += zeros(8)
    // Priority, nice value, threads, a zero that was once a timer, start time in ticks.
    fields += ["20", "0", "\(facts.threads)", "0", "0"]
    // Bytes of its memory, pages of it that are resident, and RLIMIT_RSS: infinite.
    fields += facts.hasMemory ? ["\(Memory.total * 1024)", "\(Memory.resident / 4)"] : zeros(2)
    fields += ["18446744073709551615"]
    // Where its code and its stack begin and end; stack and instruction pointer.
    fields += facts.hasMemory ? ["4194304", "4198400", "140737488347136"] : zeros(3)
    fields += zeros(2)
    // The thread's own pending signals; the old 31 bits.
    let masks = [
      facts.signals.own, facts.signals.blocked, facts.signals.ignored, facts.signals.caught,
    ]
    fields += masks.map { "\($0 & 0x7fff_ffff)" }
    // 4.4 says no more than whether it sleeps in the kernel (`do_task_stat`).
    let place = sleepingIn(subject, machine, &row)
    fields += [machine.isCurrentKernel ? (place == 0 ? "0" : "1") : "\(place)"] + zeros(2)
    // What its end tells the parent (SIGCHLD), its CPU, real-time priority and policy.
    fields += [facts.isLeader ? "17" : "-1", "\(facts.processor)", "0", "0"]
    // Waits for disks and time as a guest's host: none.
    fields += zeros(3)
    fields +=
      facts.hasMemory
      ? [
        "6295056", "6295592", "6299648", "140737488349152", "140737488349168", "140737488349168",
        "140737488351208",
      ] : zeros(7)
    return (fields + ["0"]).joined(separator: " ") + "\n"
  }

  private static func zeros(_ count: Int) -> [String] { Array(repeating: "0", count: count) }

  /// PF_RANDOMIZE and PF_USED_MATH of a program, PF_EXITING and PF_EXITPIDONE of a zombie;
  /// PF_KTHREAD, PF_NOFREEZE and PF_FORKNOEXEC of a kernel thread.
  private static func flags(_ facts: TaskFacts) -> Int {
    if facts.isKernelThread { return 0x20_8040 }
    return facts.letter == "Z" ? 0x40_200c : 0x40_2000
  }

  /// `wchan`: the function that it sleeps in; 0 of a task that doesn't sleep.
  private static func sleepingIn(
    _ subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> UInt64 {
    guard case .task(let slot) = subject else { return 0 }
    switch machine.state(of: slot, &row) {
    case .sleeping, .uninterruptible: break
    default: return 0
    }
    let inner = machine.stack(of: slot, &row).first { frame in
      machine.program.functions[frame.function.rawValue].kind != .userProgram
    }
    return inner.map { machine.address(of: $0.function) } ?? 0
  }

  /// The memory of a small program, in kB: a constant.
  enum Memory {
    static let total = 4136
    static let resident = 400
  }
}
