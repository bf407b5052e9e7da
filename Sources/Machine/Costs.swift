/// How long the machine's own actions take, in virtual nanoseconds.
///
/// Assumptions of the usual magnitude on x86-64, not measurements: no answer of the machine
/// depends on them except times, and every visible action of a task takes some, so that no loop
/// can run for ever in an instant. Each patching engine has its own table for its own steps.
package struct Costs: Sendable, Hashable {
  package var kernelEntry: Int64 = 100
  package var kernelExit: Int64 = 100
  package var tracedCall: Int64 = 10
  package var tracedReturn: Int64 = 5
  package var sharedAccess: Int64 = 5
  package var wait: Int64 = 200
  package var lock: Int64 = 20
  package var unlock: Int64 = 20
  package var printk: Int64 = 1_000
  package var wake: Int64 = 500
  package var safePoint: Int64 = 20
  package var choice: Int64 = 5
  package var contextSwitch: Int64 = 1_000
  package var interruptEntry: Int64 = 200
  package var exit: Int64 = 1_000
  package var fork: Int64 = 50_000
  package var startThread: Int64 = 15_000
  package var reap: Int64 = 500
  package var changeSignal: Int64 = 50
  /// Each of the steps by which a module is loaded or removed.
  package var moduleStep: Int64 = 20_000
  /// From the kernel's start until somebody can type.
  package var boot: Int64 = 60_000_000_000

  package init() {}
}
