import Machine

extension TaskFile {
  /// `stack`: the functions of the kernel that the task is inside of, the newest first. Who is in
  /// user mode is in none (`proc_pid_stack` of `fs/proc/base.c`).
  static let stack = TaskFile("stack", mode: 0o400) { subject, machine, row in
    lines(subject, machine, &row).map { $0 + "\n" }.joined()
      + "[<ffffffffffffffff>] 0xffffffffffffffff\n"
  }

  private static func lines(
    _ subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    func built(_ functions: [KernelText.Built]) -> [String] {
      functions.map { $0.line(isCurrent: machine.isCurrentKernel) }
    }
    guard case .task(let slot) = subject else {
      return subject == .builtIn(.kthreadd)
        ? built([.kthreadd, .returnFromFork]) : built([.epollPoll, .epollWait, .systemCall])
    }
    let place = machine.place(of: slot, &row)
    switch place {
    case .gone, .userMode: return []
    case .zombie: return built([.doExit, .doGroupExit, .exitGroup, .systemCall])
    case .stopped:
      return built([.signalStop, .getSignal, .doSignal, .notifyResume, .signalReturn])
    default: break
    }
    let frames = machine.stack(of: slot, &row)
    var own: [String] = []
    for frame in frames {
      let kind = machine.program.functions[frame.function.rawValue].kind
      if kind != .userProgram { own.append(KernelText.line(frame, machine, &row)) }
    }
    if machine.isKernelThread(slot, &row) {
      return built(sleep(place, isProgram: false)) + own + built([.kthread, .returnFromFork])
    }
    return built(sleep(place, isProgram: own.isEmpty)) + own + built([.systemCall])
  }

  /// What it sleeps in. A program without a function of the text on its stack is in a call that
  /// every kernel has: `sleep`, or `reap`.
  private static func sleep(_ place: Machine.Place, isProgram: Bool) -> [KernelText.Built] {
    switch place {
    case .locked: [.mutexSlow, .mutexLock]
    case .reaping: [.doWait, .wait4]
    case .sleeping:
      isProgram ? [.doNanosleep, .hrtimerNanosleep, .nanosleep] : [.timeout, .interruptibleSleep]
    default: []
    }
  }
}
