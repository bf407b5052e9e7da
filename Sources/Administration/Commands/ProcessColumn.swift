import Machine

/// A column of `ps` (procps-ng, `ps/output.c`): its heading, how wide it is, and what stands in it.
struct ProcessColumn {
  var heading: String
  var width: Int
  let isRight: Bool
  let text: @Sendable (TaskFacts) -> String
  /// The kernel function that a task is in is no fact of the task alone.
  var needsPlace = false

  enum Form { case short, full, bsd, user }

  enum Threads {
    case none
    /// `-L`
    case lightweight
    /// `-T`
    case threadID
  }

  fileprivate init(
    _ heading: String, _ width: Int, right: Bool = false,
    _ text: @escaping @Sendable (TaskFacts) -> String
  ) {
    self.heading = heading
    self.width = width
    isRight = right
    self.text = text
  }

  /// By a name of `ps -o`.
  static func named(_ name: String) -> ProcessColumn? {
    guard name != "wchan" else {
      var column = ProcessColumn("WCHAN", 6) { _ in "-" }
      column.needsPlace = true
      return column
    }
    return all.first { $0.names.contains(name) }?.column
  }

  private static let all: [(names: [String], column: ProcessColumn)] = [
    (["pid", "tgid"], processID), (["ppid"], parent), (["lwp", "tid", "spid"], thread),
    (["pgid", "pgrp"], ProcessColumn("PGID", 5, right: true) { "\($0.group)" }),
    (["sid", "sess", "session"], ProcessColumn("SID", 5, right: true) { "\($0.session)" }),
    (["nlwp", "thcount"], ProcessColumn("NLWP", 4, right: true) { "\($0.threads)" }),
    (["stat"], state), (["s", "state"], ProcessColumn("S", 1) { String($0.letter) }),
    (["comm", "ucmd", "ucomm"], ProcessColumn("COMMAND", 15) { $0.comm + dead($0) }),
    (["cmd"], ProcessColumn("CMD", 27) { $0.command + dead($0) }),
    (["args", "command"], ProcessColumn("COMMAND", 27) { $0.command + dead($0) }),
    (["tty", "tt"], ProcessColumn("TT", 8) { terminal($0) }), (["tname"], terminalColumn),
    (["time", "cputime"], ProcessColumn("TIME", 8, right: true) { _ in "00:00:00" }),
    (["user", "uname", "euser"], ProcessColumn("USER", 8) { _ in "root" }),
    (["uid", "euid"], ProcessColumn("UID", 5, right: true) { _ in "0" }),
    (["pcpu", "%cpu"], percentage("%CPU")), (["pmem", "%mem"], percentage("%MEM")),
    (["vsz", "vsize"], memory("VSZ", 6, TaskFile.Memory.total)),
    (["rss", "rssize"], memory("RSS", 5, TaskFile.Memory.resident)),
    (["psr"], ProcessColumn("PSR", 3, right: true) { "\($0.processor)" }),
    (["ni", "nice"], ProcessColumn("NI", 3, right: true) { _ in "0" }),
  ]

  fileprivate static func dead(_ facts: TaskFacts) -> String {
    facts.letter == "Z" ? " <defunct>" : ""
  }
  fileprivate static func terminal(_ facts: TaskFacts) -> String {
    facts.isOnTerminal ? "pts/0" : "?"
  }

  fileprivate static let processID = ProcessColumn("PID", 5, right: true) { "\($0.processPID)" }
  fileprivate static let parent = ProcessColumn("PPID", 5, right: true) { "\($0.parentPID)" }
  fileprivate static let thread = ProcessColumn("LWP", 5, right: true) { "\($0.pid)" }
  fileprivate static let threadOfPosix = ProcessColumn("SPID", 5, right: true) { "\($0.pid)" }
  fileprivate static let state = ProcessColumn("STAT", 4) {
    String($0.letter) + ($0.session == $0.processPID ? "s" : "") + ($0.threads > 1 ? "l" : "")
  }
  fileprivate static let terminalColumn = ProcessColumn("TTY", 8) { terminal($0) }

  fileprivate static func percentage(_ heading: String) -> ProcessColumn {
    ProcessColumn(heading, 4, right: true) { _ in "0.0" }
  }

  fileprivate static func memory(_ heading: String, _ width: Int, _ kilobytes: Int) -> ProcessColumn
  {
    ProcessColumn(heading, width, right: true) { "\($0.hasMemory ? kilobytes : 0)" }
  }
}

extension ProcessColumn.Form {
  func columns(_ threads: ProcessColumn.Threads) -> [ProcessColumn] {
    let terminal = ProcessColumn.terminalColumn
    let time = ProcessColumn("TIME", 8, right: true) { _ in "00:00:00" }
    let bsdTime = ProcessColumn("  TIME", 6) { _ in "  0:00" }
    let user = ProcessColumn("UID", 8) { _ in "root" }
    let since = ProcessColumn("STIME", 5) { _ in "00:00" }
    let share = ProcessColumn("C", 2, right: true) { _ in "0" }
    let count = ProcessColumn("NLWP", 4, right: true) { "\($0.threads)" }
    func name(_ heading: String) -> ProcessColumn {
      ProcessColumn(heading, 27) { $0.command + ProcessColumn.dead($0) }
    }
    let short = ProcessColumn("CMD", 15) { $0.comm + ProcessColumn.dead($0) }
    let (pid, parent) = (ProcessColumn.processID, ProcessColumn.parent)
    let extra: [ProcessColumn] =
      switch threads {
      case .none: []
      case .lightweight: [ProcessColumn.thread]
      case .threadID: [ProcessColumn.threadOfPosix]
      }
    switch self {
    case .short: return [pid] + extra + [terminal, time, short]
    case .full:
      let counted = threads == .lightweight ? [count] : []
      let ids = threads == .threadID ? [pid] + extra + [parent] : [pid, parent] + extra
      return [user] + ids + [share] + counted + [since, terminal, time, name("CMD")]
    case .bsd: return [pid] + extra + [terminal, ProcessColumn.state, bsdTime, name("COMMAND")]
    case .user:
      return [
        ProcessColumn("USER", 8) { _ in "root" }, pid, ProcessColumn.percentage("%CPU"),
        ProcessColumn.percentage("%MEM"), ProcessColumn.memory("VSZ", 6, TaskFile.Memory.total),
        ProcessColumn.memory("RSS", 5, TaskFile.Memory.resident), terminal, ProcessColumn.state,
        ProcessColumn("START", 5) { _ in "00:00" }, bsdTime, name("COMMAND"),
      ]
    }
  }
}
