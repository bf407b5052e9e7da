/// One verb: the row of the table that the checker, help, completion and the reference read.
package struct Verb: Sendable {
  package var name: String
  /// Where it may stand.
  package var contexts: Set<Context>
  /// As the reference shows it.
  package var signature: String
  /// What the checker holds each argument against. Verbs with syntax of their own have none here.
  package var parameters: [Parameter]
  /// One line.
  package var help: String
  /// False: it is checked, and a scenario that needs it is told so.
  package var isSimulated: Bool
  /// Whether its one argument may be followed by more of the kind.
  package var isVariadic: Bool

  package struct Parameter: Sendable, Hashable {
    package enum Shape: Sendable, Hashable {
      case value(Kind)
      /// A duration, or a range of durations.
      case durations
      case anything
      case patch, queue, lock, signal
      /// A task or a list of tasks.
      case tasks
      /// What must or must not hold; also a monitor's name.
      case condition
      case object
    }

    package var shape: Shape
    package var isOptional = false
  }

  init(
    _ name: String, _ contexts: Set<Context>, _ signature: String,
    _ parameters: [Parameter] = [], simulated: Bool = true, variadic: Bool = false,
    help: String
  ) {
    self.name = name
    self.contexts = contexts
    self.signature = signature
    self.parameters = parameters
    self.help = help
    isSimulated = simulated
    isVariadic = variadic
  }
}

extension Verb.Parameter {
  static func value(_ kind: Kind) -> Self { Self(shape: .value(kind)) }
  static let durations = Self(shape: .durations)
  static let anything = Self(shape: .anything)
  static let patch = Self(shape: .patch)
  static let queue = Self(shape: .queue)
  static let lock = Self(shape: .lock)
  static let signal = Self(shape: .signal)
  static let tasks = Self(shape: .tasks)
  static let condition = Self(shape: .condition)
  static let object = Self(shape: .object)
  var optional: Self { Self(shape: shape, isOptional: true) }
}

extension Set<Context> {
  static let operators: Self = [.operatorBody]
  static let users: Self = [.userTask]
  static let kernels: Self = [.kernel, .kernelThread, .interrupt]
  /// Kernel code that may sleep.
  static let sleepers: Self = [.kernel, .kernelThread]
}

extension Verb {
  package static func named(_ name: String) -> Verb? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  // One verb per entry: name, contexts, signature, arguments, help.
  package static let all: [Verb] = operatorVerbs + taskVerbs + lessonVerbs

  private static let operatorVerbs: [Verb] = [
    Verb(
      "spawn", .operators, "spawn [N of] PROGRAM[(ARGS)] [on cpu N]",
      help: "start one task, or a list of them"),
    Verb(
      "apply", .operators, "apply PATCH [fails ERRNO [or ERRNO]]", [.patch],
      help: "hand a patch to the patching engine"),
    Verb(
      "revert", .operators, "revert PATCH [fails ERRNO [or ERRNO]]", [.patch],
      help: "ask the engine to take a patch back"),
    Verb(
      "force", .operators, "force", [.patch.optional],
      help: "declare every task migrated, as writing to in_progress does"),
    Verb(
      "signal", .operators, "signal NAME, TASKS [fails ESRCH]", [.signal, .tasks],
      help: "send a signal to a task, or to each of a list that is not gone"),
    Verb(
      "write", .operators, "write PATH, TEXT [fails ERRNO]",
      [.value(.string), .value(.string)], help: "write to a file of the machine"),
    Verb(
      "assert", .operators, "assert CONDITION", [.condition],
      help: "what must hold at this moment"),
    Verb(
      "check", .operators, "check CONDITION", [.condition],
      help: "as assert, but the scenario goes on"),
    Verb(
      "always", .operators, "always CONDITION", [.condition],
      help: "what must hold from here to the end"),
    Verb(
      "never", .operators, "never CONDITION | never MONITOR", [.condition],
      help: "what must not hold from here to the end"),
    Verb(
      "reach", .operators, "reach CONDITION", [.condition],
      help: "what at least one schedule must come to"),
    Verb(
      "await", .operators, "await CONDITION [within D]",
      help: "let time pass until it holds"),
    Verb(
      "expect log", .operators, "expect log TEXT",
      help: "the kernel log holds a line with this text"),
    Verb("print", .operators, "print VALUE", [.anything], help: "show a value"),
    Verb(
      "say", .operators, "say TEXT[, …]", [.anything], variadic: true,
      help: "show a text to the audience"),
    Verb(
      "report", .operators, "report NAME, VALUE", [.value(.string), .anything],
      help: "put a named figure into every report"),
    Verb(
      "boot", .operators, "boot RELEASE", [.value(.string)], simulated: false,
      help: "start the machine with another kernel"),
    Verb("reboot", .operators, "reboot", help: "start the machine anew"),
    Verb(
      "$", .operators, "$ COMMAND [fails ERRNO]",
      help: "what an administrator types; its result has `.out` and `.status`"),
  ]

  private static let taskVerbs: [Verb] = [
    Verb(
      "sleep", [.operatorBody, .userTask, .kernelThread], "sleep D[..D]", [.durations],
      help: "let time pass; a task sleeps in the kernel"),
    Verb(
      "wake", [.operatorBody, .kernel, .kernelThread, .interrupt], "wake QUEUE[, N]",
      [.queue, .value(.integer).optional], help: "wake the sleepers of a queue"),
    Verb(
      "work", [.userTask, .kernel, .kernelThread, .interrupt], "work D[..D]", [.durations],
      help: "spend time on a CPU"),
    Verb(
      "choose", [.userTask, .kernel, .kernelThread, .interrupt], "choose(A, B, …)",
      help: "one of the values; a search takes each"),
    Verb("exit", .users, "exit", [.value(.integer).optional], help: "the task ends"),
    Verb("fork", .users, "fork { … }", help: "a child task runs the block"),
    Verb(
      "thread", .users, "thread PROGRAM[(ARGS)]",
      help: "another thread of the same process"),
    Verb(
      "reap", .users, "[let PID =] reap [PID]", [.value(.integer).optional],
      help: "wait for a child's end, that of the PID or of any; its value is the PID, or -ECHILD"),
    Verb(
      "on signal", .users, "on signal NAME { … }",
      help: "what the task does when the signal comes"),
    Verb("ignore", .users, "ignore NAME", [.signal], help: "be deaf to a signal"),
    Verb(
      "wait", .sleepers,
      "wait QUEUE [uninterruptible | killable | freezable] [timeout D] [until C]",
      help: "sleep until woken; with a timeout it gives 0 when the time is over, or 1"),
    Verb(
      "lock", .kernels, "lock NAME", [.lock],
      help: "take a lock: a task sleeps until it is free, an interrupt handler spins"),
    Verb("unlock", .kernels, "unlock NAME", [.lock], help: "give a lock back"),
    Verb(
      "alloc", .kernels, "alloc RECORD { FIELD = VALUE, … }",
      help: "make an object; null when the record's pool is used up"),
    Verb("free", .kernels, "free OBJECT", [.object], help: "give an object back"),
    Verb(
      "safe point", [.kernelThread], "safe point",
      help: "where kGraft may migrate a kernel thread"),
    Verb(
      "printk", .kernels, "printk TEXT", [.anything], help: "a line of the kernel log"),
    Verb(
      "oops", .kernels, "oops [TEXT]", [.anything.optional],
      help: "the kernel crashes: the task is killed, in an interrupt the machine panics"),
    Verb("irqs off", .kernels, "irqs off { … }", help: "no interrupt on this CPU meanwhile"),
    Verb(
      "bh off", .kernels, "bh off { … }",
      help: "no bottom half on this CPU meanwhile; the kernel takes the code for an interrupt's"),
    Verb("atomic", .kernels, "atomic { … }", help: "several actions in one step"),
    Verb(
      "shadow", .kernels, "shadow(OBJECT, NAME)",
      help: "a shadow variable; `alloc shadow(OBJECT, NAME) = VALUE` makes it"),
    Verb("has shadow", .kernels, "has shadow(OBJECT, NAME)", help: "whether it is there"),
    Verb(
      "drop shadow", .kernels, "drop shadow(OBJECT, NAME) | drop shadow NAME",
      help: "remove it, from one object or from all"),
    Verb("state", .kernels, "state(ID)", simulated: false, help: "a livepatch system state"),
    Verb(
      "prev_state", .kernels, "prev_state(ID)", simulated: false,
      help: "the state that the replaced patch left"),
  ]

  private static let lessonVerbs: [Verb] = [
    Verb(
      "chapter", .operators, "chapter TITLE { … }",
      help: "a part of a lesson; what it declares goes for the rest as well"),
    Verb(
      "pause", .operators, "pause [TEXT]", [.anything.optional],
      help: "a player waits for a key; a run goes on"),
    Verb(
      "notes", .operators, "notes TEXT[, …]", [.anything], variadic: true,
      help: "for the speaker alone"),
    Verb(
      "show", .operators, "show timeline | tasks [TASKS] | source [NAME] | files PATH | log",
      help: "open a view"),
    Verb(
      "ask", .operators, "ask QUESTION { right … wrong … hint … reveal { … } }",
      help: "a question to the audience"),
  ]
}

extension Verb {
  /// Whether the operator has a verb of that name.
  package static func isVerb(_ name: String) -> Bool {
    all.contains { $0.name == name && $0.contexts.contains(.operatorBody) }
  }
}
