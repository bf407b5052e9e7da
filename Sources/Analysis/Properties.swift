import Machine

/// What can be asked of a task: `t.universe`.
package struct TaskProperty: Sendable {
  package var name: String
  package var query: Query
  package var kind: Kind
  package var help: String

  package static let all: [TaskProperty] = [
    TaskProperty(
      name: "universe", query: .universe, kind: .universe, help: "which code it runs: old or new"),
    TaskProperty(
      name: "alive", query: .alive, kind: .boolean, help: "whether it has not exited"),
    TaskProperty(name: "pid", query: .pid, kind: .integer, help: "its number"),
    TaskProperty(
      name: "state", query: .state, kind: .string, help: "the letter that ps shows: R S D T Z"),
    TaskProperty(
      name: "in_kernel", query: .inKernel, kind: .boolean, help: "whether it is in the kernel"),
  ]
}

/// What can be asked of the last transition: `transition.duration`.
package struct TransitionProperty: Sendable {
  package var name: String
  package var query: Query
  package var kind: Kind
  package var help: String

  package static let all: [TransitionProperty] = [
    TransitionProperty(
      name: "duration", query: .transitionDuration, kind: .duration,
      help: "how long it took, or has taken so far"),
    TransitionProperty(
      name: "longest_pause", query: .longestPause, kind: .duration,
      help: "the longest time for which it has kept a task from stepping that had a CPU"),
  ]

  package static func named(_ name: String) -> TransitionProperty? { all.first { $0.name == name } }
}

/// What can be asked of the machine as a whole: `in_progress`.
package struct WorldProperty: Sendable, Hashable {
  package var name: String
  package var query: Query
  package var kind: Kind
  package var help: String

  package static let all: [WorldProperty] = [
    WorldProperty(
      name: "in_progress", query: .inProgress, kind: .boolean,
      help: "whether a transition is on its way")
  ]
}

/// What `never NAME` and `reach NAME` watch by itself.
package struct MonitorName: Sendable {
  package var name: String
  /// Nil for one that can't be simulated yet.
  package var monitor: Monitor?
  package var help: String

  package static let all: [MonitorName] = [
    MonitorName(
      name: "mixed", monitor: .mixed,
      help: "within one kernel entry a task ran code of both universes of one patch"),
    MonitorName(
      name: "oops", monitor: .oops,
      help: "kernel code crashed; watched until the scenario says `reach oops`"),
    MonitorName(
      name: "deadlock", monitor: .deadlock,
      help: "some wait for each other's locks; watched until the scenario says `reach deadlock`"),
    MonitorName(
      name: "lost_text", monitor: .lostText, help: "a task runs code of a module that is gone"),
    MonitorName(
      name: "stalled", monitor: .stalled,
      help: "nothing that can happen will let the transition finish"),
    MonitorName(
      name: "lock_order", monitor: .lockOrder,
      help: "locks are asked for in orders that contradict each other, deadlock or not"),
  ]

  package static func named(_ name: String) -> MonitorName? { all.first { $0.name == name } }
}

/// A key of a `machine { … }` block.
package struct Setting: Sendable {
  package var name: String
  package var signature: String
  package var isSimulated: Bool
  package var help: String

  package static let all: [Setting] = [
    Setting(name: "cpus", signature: "cpus N", isSimulated: true, help: "1 to 256; 2 unless set"),
    Setting(
      name: "slice", signature: "slice D", isSimulated: true,
      help: "how long a user task keeps a CPU that others want; 4ms unless set"),
    Setting(
      name: "patching", signature: "patching ENGINE [\"GENERATION\"]", isSimulated: true,
      help: "kgraft (\"3.12\" or \"4.4\"), livepatch, kpatch, ksplice, immediate"),
    Setting(
      name: "preempt", signature: "preempt", isSimulated: true,
      help: "kernel code loses its CPU too, except with interrupts or bottom halves off"),
    Setting(
      name: "jitter", signature: "jitter D", isSimulated: true,
      help: "every `work` and `sleep` of the machine takes up to D longer, as the seed says"),
    Setting(
      name: "ftrace", signature: "ftrace off", isSimulated: true,
      help: "ftrace is dead from the boot on, and kGraft with it"),
  ]
}

/// The patching engines by name.
package struct EngineName: Sendable {
  package var name: String
  package var generations: [String]
  package var isSimulated: Bool

  package static let all: [EngineName] = [
    EngineName(
      name: "kgraft", generations: KGraftGenerations.names, isSimulated: true),
    EngineName(name: "livepatch", generations: [], isSimulated: false),
    EngineName(name: "kpatch", generations: [], isSimulated: false),
    EngineName(name: "ksplice", generations: [], isSimulated: false),
    EngineName(name: "immediate", generations: [], isSimulated: false),
  ]
}
