import Machine

/// One of the files of a task's directory.
struct TaskFile: Sendable {
  typealias Content =
    @Sendable (_ subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>) ->
    String

  let name: String
  let mode: Int
  let content: Content

  init(_ name: String, mode: Int = 0o444, _ content: @escaping Content) {
    self.name = name
    self.mode = mode
    self.content = content
  }

  /// None of them can be written to from outside the process: `comm` only by the process itself
  /// (EINVAL), the others have no use for it (`vfs_write` without a `write`).
  func file(of subject: TaskSubject) -> VirtualFile {
    VirtualFile(
      mode: mode, read: { machine, row in .success(content(subject, machine, &row)) },
      write: { _, _, _ in .refused(.EINVAL) })
  }

  static let ofProcess = [
    commandLine, comm, processInProgress, stack, stat, status, waitChannel,
  ]
  static let ofThread = [commandLine, comm, threadInProgress, stack, stat, status, waitChannel]

  // MARK: The short ones

  /// `wchan`: the function that it sleeps in, without a newline; 0 of one that runs or has ended.
  private static let waitChannel = TaskFile("wchan") { subject, machine, row in
    sleepingFunction(of: subject, machine, &row) ?? "0"
  }

  /// The topmost function of its stack that is not the scheduler's own (`get_wchan`): those of
  /// `__sched` are passed over.
  static func sleepingFunction(
    of subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String? {
    guard !["R", "Z"].contains(subject.facts(machine, &row).letter) else { return nil }
    let lines = stack.content(subject, machine, &row).split(separator: "\n")
    for line in lines {
      guard let start = line.firstIndex(of: " "), let plus = line.firstIndex(of: "+") else {
        return nil
      }
      let name = line[line.index(after: start)..<plus]
      if !schedulers.contains(String(name)) { return String(name) }
    }
    return nil
  }

  /// Functions of `.sched.text`.
  private static let schedulers: Set<String> = [
    "schedule_timeout", "__mutex_lock_slowpath", "mutex_lock", "do_nanosleep",
  ]

  /// `comm`
  private static let comm = TaskFile("comm", mode: 0o644) { subject, machine, row in
    subject.facts(machine, &row).comm + "\n"
  }

  /// `cmdline`: each argument ends in a zero; who has no memory has none of it.
  private static let commandLine = TaskFile("cmdline") { subject, machine, row in
    let facts = subject.facts(machine, &row)
    return facts.hasMemory ? facts.name + "\0" : ""
  }

  /// `/proc/<pid>/kgr_in_progress`: `1` while the process is in the old universe.
  private static let processInProgress = TaskFile("kgr_in_progress") { subject, machine, row in
    guard case .task(let slot) = subject else { return "0\n" }
    return machine.engine.isProcessOld(slot, machine, &row) ? "1\n" : "0\n"
  }

  /// `/proc/<pid>/task/<tid>/kgr_in_progress`: of that thread alone.
  private static let threadInProgress = TaskFile("kgr_in_progress") { subject, machine, row in
    guard case .task(let slot) = subject else { return "0\n" }
    return machine.engine.isOld(slot, machine, &row) ? "1\n" : "0\n"
  }
}
