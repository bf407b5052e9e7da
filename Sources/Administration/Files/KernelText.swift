import Machine
import Patching

/// How an address of the kernel's code is shown (`%pB`).
enum KernelText {
  /// Where within an instruction's bytes a call comes back to.
  private static let offsetInInstruction = 11

  /// `[<ffffffff81234560>] check_frame+0x2b/0x60 [ext4]`, a line of `/proc/<pid>/stack`. Of code
  /// that is gone nobody knows a name: the address stands there twice.
  static func line(
    _ frame: Machine.StackFrame, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    let body = machine.program.functions[frame.function.rawValue]
    let offset = (frame.address - body.entry) * Machine.bytesPerInstruction + offsetInInstruction
    let size = (body.end - body.entry) * Machine.bytesPerInstruction
    let address = machine.address(of: frame.function) + UInt64(offset)
    let isGone =
      body.patch.map { !machine.engine.isLoaded($0, machine, &row) }
      ?? body.module.map { machine.state(of: $0, &row) == .absent } ?? false
    if isGone {
      let digits = String(address, radix: 16)
      return "[<\(digits)>] 0x\(digits)"
    }
    var text = line(symbol(body.name), address, offset, size)
    if let patch = body.patch {
      text += " [\(machine.program.patches[patch.rawValue].moduleName)]"
    } else if let module = body.module {
      text += " [\(ModuleName(machine.program.modules[module.rawValue].name).text)]"
    }
    return text
  }

  /// The symbol table knows neither a function's module nor which of its name it is.
  static func symbol(_ name: String) -> String {
    let member = name.split(separator: ":").last ?? ""
    return String(member.split(separator: "@").first ?? member)
  }

  private static func line(
    _ name: String, _ address: UInt64, _ offset: Int, _ size: Int
  ) -> String {
    "[<\(String(address, radix: 16))>] \(name)"
      + "+0x\(String(offset, radix: 16))/0x\(String(size, radix: 16))"
  }

  /// Functions of every kernel that a text does not spell out: how a task came into it, and what it
  /// sleeps in. Offsets and sizes are of the usual magnitude.
  enum Built: UInt64 {
    case systemCall = 1
    case returnFromFork, kthread
    case doExit, doGroupExit, exitGroup
    case doNanosleep, hrtimerNanosleep, nanosleep
    case doWait, wait4
    case signalStop, getSignal, doSignal, notifyResume, signalReturn
    case mutexSlow, mutexLock
    case epollPoll, epollWait, kthreadd, timeout, interruptibleSleep

    private func name(isCurrent: Bool) -> String {
      switch self {
      case .systemCall: isCurrent ? "entry_SYSCALL_64_fastpath" : "system_call_fastpath"
      case .returnFromFork: "ret_from_fork"
      case .kthread: "kthread"
      case .doExit: "do_exit"
      case .doGroupExit: "do_group_exit"
      case .exitGroup: "SyS_exit_group"
      case .doNanosleep: "do_nanosleep"
      case .hrtimerNanosleep: "hrtimer_nanosleep"
      case .nanosleep: "SyS_nanosleep"
      case .doWait: "do_wait"
      case .wait4: "SyS_wait4"
      case .signalStop: "do_signal_stop"
      case .getSignal: isCurrent ? "get_signal" : "get_signal_to_deliver"
      case .doSignal: "do_signal"
      case .notifyResume: isCurrent ? "exit_to_usermode_loop" : "do_notify_resume"
      case .signalReturn: isCurrent ? "int_ret_from_sys_call" : "int_signal"
      case .mutexSlow: "__mutex_lock_slowpath"
      case .mutexLock: "mutex_lock"
      case .epollPoll: "ep_poll"
      case .epollWait: "SyS_epoll_wait"
      case .kthreadd: "kthreadd"
      case .timeout: "schedule_timeout"
      case .interruptibleSleep: "msleep_interruptible"
      }
    }

    /// - Parameter isCurrent: of 4.4 rather than 3.12.
    func line(isCurrent: Bool) -> String {
      let (offset, size) = self == .systemCall ? (0x16, isCurrent ? 0x75 : 0x1b) : (0x5b, 0xe0)
      let address = 0xffff_ffff_8100_0000 + rawValue * 0x1000 + UInt64(offset)
      return KernelText.line(name(isCurrent: isCurrent), address, offset, size)
    }
  }
}

extension Machine {
  /// Whether the kernel has the files and names of 4.4 rather than those of 3.12.
  var isCurrentKernel: Bool { (engine as? KGraft)?.rules.generation == .current }
}
