/// A scenario, lowered: everything the machine needs to know of it, and nothing of the language.
///
/// Bodies of code are stretches of one array of instructions. A process runs from its function's
/// entry; `Machine` says how.
package struct Program: Sendable {
  /// The scenario's name, for people.
  package var name = ""
  /// The running kernel's release, as `uname -r` gives it: `"3.12.61-52-default"`.
  package var kernelRelease = ""
  /// Number of CPUs, 1…256.
  package var cpuCount = 2
  /// How long a user task may keep a CPU that others want, in nanoseconds.
  package var sliceNanoseconds: Int64 = 4_000_000
  /// Kernel code can lose its CPU at its slice's end as well (CONFIG_PREEMPT).
  package var isPreemptible = false
  /// Whether ftrace has come up, without which nothing can be patched.
  package var hasFtrace = true
  /// How much longer than stated any `work` and any `sleep` of the machine may take.
  package var jitterNanoseconds: Int64 = 0

  package var instructions: [Instruction] = []
  /// For each instruction, where it comes from.
  package var origins: [Origin] = []
  package var constants: [Int64] = []

  package var functions: [Function] = []
  package var tracedFunctions: [TracedFunction] = []
  package var variables: [SharedVariable] = []
  /// Kernel variables that are lists.
  package var arrays: [SharedArray] = []
  /// Names of the wait queues, those of the locks' sleepers among them.
  package var queues: [String] = []
  package var locks: [Lock] = []
  package var records: [Record] = []
  /// Names of fields, over all records.
  package var fieldNames: [String] = []
  package var allocations: [AllocationSite] = []
  package var shadows: [ShadowVariable] = []
  package var interrupts: [InterruptSource] = []
  /// Kernel threads that exist from the start, in the first task slots, in this order.
  package var kernelThreads: [FunctionID] = []
  /// The program that is pid 1, in the slot after the kernel threads; nil: the built-in one, which
  /// is no task at all.
  package var initFunction: FunctionID?
  package var patches: [Patch] = []
  /// The kernel's modules, whether they can change or not.
  package var modules: [KernelModule] = []
  /// Whether the scripts of the `kgraft` package are there at the start: `kgr` is one of them.
  /// Where patches come as packages the first of these brings it along.
  package var startsWithTools = true
  /// What lies on the disk, if the scenario has to do with it.
  package var disk: Disk?
  /// Modules `at boot` with an init of their own: a boot loads them one after the other.
  package var bootModules: [ModuleID] = []
  /// What can be typed after `$`.
  package var commands: [ShellCommand] = []
  /// Whether somebody may write to `/proc/sys/kernel/tainted`.
  package var writesTaint = false
  /// Whether some command of the scenario may print the log.
  package var hasLogReader = false
  /// What those commands run in the machine.
  package var commandProcesses: [CommandProcess] = []
  /// The operator's body.
  package var operatorFunction = FunctionID(0)

  /// By the address of a `spawn`, the one CPU that its tasks run on.
  package var spawnCPUs: [Int: Int] = [:]

  /// Variables of programs that the operator reads.
  package var taskVariables: [TaskVariable] = []
  /// Where the operator asks all elements of a list.
  package var quantifiers: [Quantifier] = []
  package var properties: [Property] = []
  package var assertions: [ConditionSite] = []
  package var outcomes: [ExpectedOutcome] = []
  package var awaits: [ConditionSite] = []
  package var waits: [WaitSite] = []
  /// Handlers of the programs' own for signals.
  package var signalHandlers: [HandlerSite] = []
  package var texts: [TextSite] = []
  /// What a lesson says, shows and asks.
  package var cues: [Cue] = []
  package var questions: [QuestionSite] = []
  /// Texts that `expect log` looks for; each is one bit of the row, set once a line contains it.
  package var logPatterns: [String] = []
  /// What the host lends to the operator; `hostCall` names one by its place.
  package var hostFunctions: [HostFunction] = []
  /// The same of what acts; `hostAction` names one.
  package var hostActions: [HostAction] = []
  /// Every string that the text spells out; a value of kind string is the hash of its content.
  package var strings: [String] = []

  package init() {}
}

/// The code of an `every`, a `some` or a `count`: a loop over a list whose answer is the same in
/// whatever order the elements are asked, as long as none of them can't be asked.
package struct Quantifier: Sendable {
  /// Addresses, from the count of the list's elements to the end of the loop.
  package var range: Range<Int>
  /// Where the elements are taken from the list, one after the other.
  package var element: Int

  package init(range: Range<Int>, element: Int) {
    self.range = range
    self.element = element
  }
}

/// A body of code.
package struct Function: Sendable {
  package enum Kind: Sendable, Hashable {
    case kernel, systemCall, interrupt, kernelThread, userProgram, operatorBody
  }

  package var name: String
  package var kind: Kind
  /// Address of its first instruction.
  package var entry: Int
  /// Address of the instruction by which a sleeper that a signal woke leaves it: a `returnValue`
  /// or `returnTraced` whose register, the last of the frame, holds −ERESTARTSYS. Standing there is
  /// what says that a process is on its way out.
  package var unwind: Int
  /// Address after its last instruction.
  package var end: Int
  /// Of a program that is started as a thread: the address of the `leaveKernel` by which it comes
  /// from the kernel to its entry (`ret_from_fork`).
  package var threadEntry: Int?
  /// Number of parameters; they are its first registers.
  package var parameterCount: Int
  /// Number of registers, parameters included.
  package var registerCount: Int
  /// The patch that brought it, or nil for the kernel's own code.
  package var patch: PatchID?
  /// The module that it is part of, or nil.
  package var module: ModuleID?
  package var origin: Origin

  package init(
    name: String, kind: Kind, entry: Int = 0, unwind: Int = 0, end: Int = 0,
    parameterCount: Int = 0, registerCount: Int = 0, patch: PatchID? = nil, origin: Origin = .none
  ) {
    self.name = name
    self.kind = kind
    self.entry = entry
    self.unwind = unwind
    self.end = end
    self.parameterCount = parameterCount
    self.registerCount = registerCount
    self.patch = patch
    self.origin = origin
  }
}

/// A kernel function that at least one patch of the scenario names. Entering and leaving it is
/// visible whether a stub is installed or not, so that installing one doesn't change what a step
/// is.
package struct TracedFunction: Sendable {
  package var name: String
  /// Its name in the object's symbol table, which another function may have too.
  package var symbol: String
  /// The module that it belongs to, or nil for the kernel itself (`vmlinux`).
  package var object: ModuleID?
  /// Which of the object's functions of that name it is, from 1.
  package var occurrence = 1
  package var original: FunctionID
  /// What comes of looking for it.
  package var lookup = Lookup.found
  /// One variant for each patch that names the function, in the patches' order.
  package var variants: [Variant]

  package enum Lookup: Sendable, Hashable {
    case found
    /// Its object has none of that name: the patch was built for another kernel.
    case missing
    /// Its object has some of that name, but not as many.
    case fewer
    /// It is there, and ftrace has no location for it.
    case untraceable
  }

  package struct Variant: Sendable {
    package var patch: PatchID
    package var function: FunctionID
    /// The patch names it without a position, and its object has several of that name.
    package var isAmbiguous = false
    /// Which one of that name the patch says it is, from 1; 0 when it doesn't (`sympos`).
    package var position = 0
    /// Whether the patch says that it can't do without it (`abort_if_missing`); nil: it says
    /// nothing.
    package var isRequired: Bool?
    package init(patch: PatchID, function: FunctionID) {
      self.patch = patch
      self.function = function
    }
  }

  package init(name: String, original: FunctionID, variants: [Variant]) {
    self.name = name
    symbol = name
    self.original = original
    self.variants = variants
  }
}

/// A kernel variable. A bounded one (`in 0..3`) stays at the bound it would pass.
package struct SharedVariable: Sendable {
  package var name: String
  package var initial: Int64
  package var range: ClosedRange<Int64>?
  /// The module whose memory it lies in: it goes with that, and the next one to be loaded brings it
  /// anew. Nil for the kernel's own.
  package var home: ModuleTarget?
  package init(name: String, initial: Int64, range: ClosedRange<Int64>? = nil) {
    self.name = name
    self.initial = initial
    self.range = range
  }
}

/// `var NAME = list[n]`: variables side by side, counted from 0.
package struct SharedArray: Sendable {
  /// The number of the variable that is its element 0.
  package var first: Int
  package var count: Int
  package init(first: Int, count: Int) {
    self.first = first
    self.count = count
  }
}

/// A lock: a mutex for whoever can sleep, a spinlock for whoever can't. Its sleepers wait in a
/// queue of their own, which no statement can name.
package struct Lock: Sendable {
  package var name: String
  /// The number of its queue.
  package var queue: Int
  package init(name: String, queue: Int) {
    self.name = name
    self.queue = queue
  }
}

/// `t.got`: a variable of a program's body, as the operator reads it. It has a register of its own
/// in the program's frame, which is never cleared and outlives the task.
package struct TaskVariable: Sendable {
  package var name: String
  /// Where it stands in each of the programs that declare it.
  package var registers: [FunctionID: Int]
  package init(name: String, registers: [FunctionID: Int] = [:]) {
    self.name = name
    self.registers = registers
  }
}

/// `irq NAME every D [on cpu N]`: each of its CPUs has its own timer; the first one fires after D.
package struct InterruptSource: Sendable {
  package var function: FunctionID
  package var periodNanoseconds: Int64
  /// `every D1..D2`: how much longer than the period the next tick may take. It then counts from
  /// the last one; a timer without it keeps its phase.
  package var slackNanoseconds: Int64 = 0
  /// The one CPU it fires on, or nil: on each.
  package var cpu: Int?
  /// The module that it is part of: it fires only while that is live.
  package var module: ModuleID?
  package init(function: FunctionID, periodNanoseconds: Int64, cpu: Int? = nil) {
    self.function = function
    self.periodNanoseconds = periodNanoseconds
    self.cpu = cpu
  }
}

/// A patch: whole functions, in the order in which the text gives them.
package struct Patch: Sendable {
  package var name: String
  /// Under which names the tools know its module, in the kernel's spelling; the last one is what
  /// the kernel calls it.
  package var moduleNames: [String] = []
  /// The package that brings it, and which of its versions.
  package var packageName: String?
  package var packageVersion: String?
  /// The release that it was built for, if it says so.
  package var vermagic: String?
  /// It is finished as soon as its stubs are in, whoever is in the middle of what it changes.
  package var isImmediate = false
  /// What it says that it fixes.
  package var fixes: [String] = []
  /// The functions it replaces; `Program.tracedFunctions` has its variant of each.
  package var functions: [TracedFunctionID]
  /// It takes the place of every patch before it.
  package var replacesAll = false
  package var origin: Origin
  package init(
    name: String, functions: [TracedFunctionID], replacesAll: Bool = false, origin: Origin = .none
  ) {
    self.name = name
    self.functions = functions
    self.replacesAll = replacesAll
    self.origin = origin
  }
}

/// A value of a sub-expression, kept so that a failed assertion can show it.
package struct Capture: Sendable {
  package var origin: Origin
  /// The address of the instruction that computes it; not executed means: not evaluated.
  package var address: Int
  package var register: Int
  package var kind: ValueKind
  package init(origin: Origin, address: Int, register: Int, kind: ValueKind) {
    self.origin = origin
    self.address = address
    self.register = register
    self.kind = kind
  }
}

/// How to show a word to people.
package enum ValueKind: Sendable, Hashable {
  case integer, boolean, duration, string, task, patch, universe, status, object
  indirect case list(ValueKind)

  /// Whether the word is a number that can be reckoned with.
  package var isNumber: Bool {
    switch self {
    case .integer, .boolean, .duration: true
    default: false
    }
  }
}

/// A condition of the text that the operator evaluates: of an `assert` or a `check`, whose code is
/// the stretch from `start` up to the instruction that names it, or of an `await`, whose code goes
/// up to its `conditionEnd`. A check reads its captures when it fails, so that the scenario can go
/// on; an `await`'s own registers are zero whenever nobody evaluates it.
package struct ConditionSite: Sendable {
  /// As written.
  package var text: String
  package var origin: Origin
  package var start: Int
  package var captures: [Capture]
  package init(text: String, origin: Origin, start: Int, captures: [Capture]) {
    self.text = text
    self.origin = origin
    self.start = start
    self.captures = captures
  }
}

/// What a verb's status must be: 0 without `fails`, otherwise one of the errno values after it.
package struct ExpectedOutcome: Sendable {
  package var origin: Origin
  /// The verb as written, for the message: `apply another_fix`.
  package var verb: String
  /// Of an index that a family of patches may lack: which members there are.
  package var members: String?
  /// Expected errno numbers, positive; empty: it must succeed.
  package var errors: [Errno]
  package init(origin: Origin, verb: String, errors: [Errno]) {
    self.origin = origin
    self.verb = verb
    self.errors = errors
  }
}

/// `wait QUEUE … timeout D until C`: what has no room in the instruction.
package struct WaitSite: Sendable {
  package var queue: Int
  package var manner: WaitManner
  /// The address of the condition's code, up to its `conditionEnd`: the task goes on once it gives
  /// true, and falls asleep again in the step in which it is woken in vain.
  package var start: Int?
  package init(queue: Int, manner: WaitManner, start: Int? = nil) {
    self.queue = queue
    self.manner = manner
    self.start = start
  }
}

/// Text with values in it, of a `print` or a string: pieces with a value after each but the last.
package struct TextSite: Sendable {
  package var origin: Origin
  package var pieces: [String]
  package var kinds: [ValueKind]
  package init(origin: Origin, pieces: [String], kinds: [ValueKind]) {
    self.origin = origin
    self.pieces = pieces
    self.kinds = kinds
  }
}

/// What must hold after every step, from the moment the operator arms it.
package struct Property: Sendable {
  package enum Kind: Sendable, Hashable {
    /// What the machine watches by itself.
    case monitor(Monitor, MonitorClaim)
    /// The condition's code, from its address to its `conditionEnd`, must give true.
    case always(start: Int)
    /// It must give false.
    case never(start: Int)
    /// Some schedule must come to a world where it gives true.
    case reach(start: Int)
  }
  package var kind: Kind
  /// As written: `never mixed`.
  package var text: String
  package var origin: Origin
  package var captures: [Capture]
  /// Whether it is claimed from the first step on, without a statement that says so.
  package var isStanding = false
  package init(kind: Kind, text: String, origin: Origin, captures: [Capture] = []) {
    self.kind = kind
    self.text = text
    self.origin = origin
    self.captures = captures
  }
}

extension Program {
  /// Whether the operator reads the log, or looks for a text in it that only the run makes.
  package var readsLog: Bool {
    hasLogReader || instructions.contains { $0.operation == .logContains }
  }

  /// Whether some file that lists pending signals may be read.
  package var asksForSignals: Bool { mentions("/status") }

  /// Whether somebody may ask which CPU a task was on last.
  package var asksForCPUs: Bool { mentions("psr") || mentions("/stat") }

  private func mentions(_ word: String) -> Bool {
    strings.contains { $0.contains(word) }
      || texts.contains { $0.pieces.contains { $0.contains(word) } }
  }

  /// Whether a crash is not the end, and the operator may read of it afterwards.
  package var canTellOfCrash: Bool {
    !(hostFunctions.isEmpty && commands.isEmpty)
      && properties.contains { $0.kind == .monitor(.oops, .reach) }
  }

  /// Whether some property is about the monitor.
  package func watches(_ monitor: Monitor) -> Bool {
    properties.contains {
      if case .monitor(monitor, _) = $0.kind { true } else { false }
    }
  }
}
