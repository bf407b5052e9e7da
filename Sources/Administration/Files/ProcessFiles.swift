import Machine

/// `/proc`: a directory for each process, and files about the whole.
enum ProcessFiles {
  static let root = VirtualDirectory(
    mode: 0o555,
    [
      "cmdline": .file(SystemWideFiles.bootLine), "modules": .file(SystemWideFiles.modules),
      "sys": .directory(settings), "uptime": .file(SystemWideFiles.uptime),
      "version": .file(SystemWideFiles.version),
    ],
    more: { machine, row in
      TaskSubject.processes(machine, &row).map { "\($0.facts(machine, &row).pid)" }
    },
    find: { name, machine, row in
      subject(named: name, machine, &row).map { .directory(directory(of: $0)) }
    })

  private static let settings = VirtualDirectory(
    mode: 0o555,
    [
      "kernel": .directory(
        VirtualDirectory(mode: 0o555, ["tainted": .file(SystemWideFiles.tainted)]))
    ])

  /// A PID is its digits alone: no sign, no zero in front. Threads are found, though not listed.
  private static func subject(
    named name: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> TaskSubject? {
    guard let pid = Int(name), String(pid) == name else { return nil }
    return .at(pid: pid, machine, &row)
  }

  private static func directory(of subject: TaskSubject) -> VirtualDirectory {
    VirtualDirectory(
      mode: 0o555, names: { _, _ in TaskFile.ofProcess.map(\.name) + ["task"] },
      find: { name, _, _ in
        if name == "task" { return .directory(threads(of: subject)) }
        return TaskFile.ofProcess.first { $0.name == name }.map { .file($0.file(of: subject)) }
      })
  }

  /// `/proc/<pid>/task`
  private static func threads(of process: TaskSubject) -> VirtualDirectory {
    VirtualDirectory(
      mode: 0o555,
      names: { machine, row in
        process.threads(machine, &row).map { "\($0.facts(machine, &row).pid)" }
      },
      find: { name, machine, row in
        guard let thread = subject(named: name, machine, &row),
          process.threads(machine, &row).contains(thread)
        else { return nil }
        return .directory(directory(ofThread: thread))
      })
  }

  private static func directory(ofThread thread: TaskSubject) -> VirtualDirectory {
    VirtualDirectory(
      mode: 0o555, names: { _, _ in TaskFile.ofThread.map(\.name) },
      find: { name, _, _ in
        TaskFile.ofThread.first { $0.name == name }.map { .file($0.file(of: thread)) }
      })
  }
}
