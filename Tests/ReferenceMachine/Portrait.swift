import Machine
import Patching

/// What a world of either machine amounts to: the common ground on which the two are compared.
package struct Portrait: Hashable, Sendable {
  package struct Frame: Hashable, Sendable {
    package var function: Int
    package var address: Int
    package var result: Int?
    /// The registers that are live; nil for the others.
    package var registers: [Int64?]
    package init(function: Int, address: Int, result: Int?, registers: [Int64?]) {
      self.function = function
      self.address = address
      self.result = result
      self.registers = registers
    }
  }

  /// What is true of a task.
  package enum Mark: Hashable, Sendable {
    case inKernel, begun, signalPending, stopPending, fatalPending, dumpPending, targeted
    case old, walked, interruptsOff, bottomHalvesOff
    case ranOld(patch: Int)
    case ranNew(patch: Int)
    /// Signals with handlers of the program's own.
    case caught(signal: Int)
    case blocked(signal: Int)
    case ignores(signal: Int)
    case catches(signal: Int, handler: Int)
  }

  package struct Task: Hashable, Sendable {
    package var state: Character
    package var function: Int
    package var stack: [Frame]
    package var queue: Int?
    /// As `WakeReason` counts: woken, signal, timeout, spurious.
    package var wakeReason: Int?
    package var marks: Set<Mark>
    package var time: TaskTime?
    /// Of one that is gone: what is left of its variables, by their number.
    package var remains: [Int: Int64]
    /// Whose child it is, and of whose process a thread.
    package var parent: Int?
    package var leader: Int?
    /// The one CPU that it runs on.
    package var ownCPU: Int?
    package init(
      state: Character, function: Int = 0, stack: [Frame] = [], queue: Int? = nil,
      wakeReason: Int? = nil, marks: Set<Mark> = [], time: TaskTime? = nil,
      remains: [Int: Int64] = [:], parent: Int? = nil, leader: Int? = nil
    ) {
      self.parent = parent
      self.leader = leader
      self.remains = remains
      self.state = state
      self.function = function
      self.stack = stack
      self.queue = queue
      self.wakeReason = wakeReason
      self.marks = marks
      self.time = time
    }
  }

  package struct TaskTime: Hashable, Sendable {
    package var cpu: Int?
    package var carried: Int64
    package var sleepEnd: Int64
    package var since: Int64
    package init(cpu: Int?, carried: Int64, sleepEnd: Int64, since: Int64) {
      self.cpu = cpu
      self.carried = carried
      self.sleepEnd = sleepEnd
      self.since = since
    }
  }

  package struct Engine: Hashable, Sendable {
    package var stage: String
    package var patch: Int?
    package var position: Int
    package var isWindowOpen: Bool
    package var isInProgress: Bool
    package var hasComplained: Bool
    /// Number of tasks in the old universe.
    package var flagged: Int
    /// Of each traced function the patch whose stub is registered, 1 for slow or 2 for fast, and
    /// for each variant sysfs's number for its state and the patch below.
    package var functions: [[Int]]
    /// Of each patch its place among those applied, from 1; its refs; loaded, held.
    package var patches: [[Int]]
    package var switchedCPUs: [Bool]
    /// Those that a work item has, and has yet to switch.
    package var lentCPUs: [Bool]
    /// Reverting, forcing, modules forced, tainted, unsupported, warned, a request waiting.
    package var switches: [Bool]
    package init(
      stage: String, patch: Int?, position: Int, isWindowOpen: Bool, isInProgress: Bool,
      hasComplained: Bool, flagged: Int, functions: [[Int]], patches: [[Int]],
      switchedCPUs: [Bool], lentCPUs: [Bool], switches: [Bool]
    ) {
      self.stage = stage
      self.patch = patch
      self.position = position
      self.isWindowOpen = isWindowOpen
      self.isInProgress = isInProgress
      self.hasComplained = hasComplained
      self.flagged = flagged
      self.functions = functions
      self.patches = patches
      self.switches = switches
      self.switchedCPUs = switchedCPUs
      self.lentCPUs = lentCPUs
    }
  }

  /// What only a run has.
  package struct Time: Hashable, Sendable {
    package var now: Int64
    /// For each CPU: task, handler, end of the slice, begin of the handler; −1 for none.
    package var cpus: [[Int64]]
    package var runQueue: [Int]
    package var waiting: [[Int]]
    /// Who is due when, in the order in which they will come.
    package var appointments: [ReferenceTime.Appointment]
    package var awaitLimit: Int64
    /// Of the transition on its way, or −1; and what the last one took.
    package var transitionBegan: Int64
    package var transitionTook: Int64
    package init(
      now: Int64, cpus: [[Int64]], runQueue: [Int], waiting: [[Int]],
      appointments: [ReferenceTime.Appointment], awaitLimit: Int64, transitionBegan: Int64,
      transitionTook: Int64
    ) {
      self.transitionBegan = transitionBegan
      self.transitionTook = transitionTook
      self.now = now
      self.cpus = cpus
      self.runQueue = runQueue
      self.waiting = waiting
      self.appointments = appointments
      self.awaitLimit = awaitLimit
    }
  }

  package var status: String
  package var hasBegun: Bool
  package var elementsDone: Int
  package var scenario: [Frame]
  package var handlers: [[Frame]]
  package var tasks: [Task]
  package var variables: [Int64]
  /// Of each lock who holds it.
  package var locks: [ReferenceActor?] = []
  /// Who keeps which CPU from others that are bound to it.
  package var occupants: [Int: Int] = [:]
  /// In which orders locks were asked for.
  package var order: Set<ReferenceWorld.Order> = []
  /// Of each lock who sleeps for it, in their order.
  package var lines: [[Int]] = []
  package var objects: [ReferenceObject] = []
  /// Of each handler the task that it has broken into.
  package var brokenInto: [Int?] = []
  package var disk = ReferenceDisk()
  /// Kernel code has crashed before.
  package var hasDied = false
  package var armed: [Bool]
  package var logged: [Bool]
  package var modules: [ModuleState]
  package var engine: Engine
  package var time: Time?

  package init(
    status: String, hasBegun: Bool, elementsDone: Int, scenario: [Frame], handlers: [[Frame]],
    tasks: [Task], variables: [Int64], armed: [Bool], logged: [Bool], modules: [ModuleState],
    engine: Engine, time: Time?
  ) {
    self.status = status
    self.hasBegun = hasBegun
    self.elementsDone = elementsDone
    self.scenario = scenario
    self.handlers = handlers
    self.tasks = tasks
    self.variables = variables
    self.armed = armed
    self.logged = logged
    self.modules = modules
    self.engine = engine
    self.time = time
  }
}
