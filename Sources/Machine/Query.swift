/// What an operator may ask of the world; the `c` of a `query`.
package enum Query: UInt16, Sendable, CaseIterable {
  /// Whether a transition is on its way.
  case inProgress
  /// A task's universe: 0 old, 1 new.
  case universe
  /// Whether the task has not exited.
  case alive
  case pid
  /// Whether it is inside the kernel.
  case inKernel
  /// Its state as `ps` shows it: a string of one letter.
  case state
  /// Whether a kernel log line contained pattern `b` (an immediate) since the start.
  case logged
  /// The value of kernel variable `b` (an immediate).
  case variable
  /// How long the last transition took, or has taken so far, in nanoseconds of virtual time.
  case transitionDuration
  /// The longest time for which, since the last transition began, the engine has kept a task from
  /// stepping that had a CPU.
  case longestPause

  /// Whether `b` is a register.
  var takesOperand: Bool {
    switch self {
    case .inProgress, .logged, .variable, .transitionDuration, .longestPause: false
    case .universe, .alive, .pid, .inKernel, .state: true
    }
  }

  /// Whether only a live task can be asked.
  var needsLiveTask: Bool {
    switch self {
    case .universe, .inKernel, .state: true
    case .alive, .pid, .inProgress, .logged, .variable, .transitionDuration, .longestPause: false
    }
  }
}

extension Program {
  /// Whether the operator asks how long the engine has kept tasks from stepping.
  var asksForPause: Bool {
    instructions.contains { $0.operation == .query && $0.c == Query.longestPause.rawValue }
  }

  /// Whether the condition asks nothing but whether a transition is on its way: only a step of the
  /// engine changes the answer.
  func changesOnlyWithEngine(conditionAt start: Int) -> Bool {
    for instruction in instructions[start...] {
      switch instruction.operation {
      case .conditionEnd: return true
      case .query: if instruction.c != Query.inProgress.rawValue { return false }
      case .hostCall, .hostStatus, .call, .taskVariable, .sharedElement, .logContains:
        return false
      default: continue
      }
    }
    return false
  }
}
