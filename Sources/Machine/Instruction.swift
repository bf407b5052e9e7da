/// One instruction: an operation and three operands of 16 bits; `b` and `c` together also hold a
/// 32-bit immediate or an instruction's address.
///
/// Registers are words of the current frame, numbered from 0; they hold 64-bit integers,
/// durations in nanoseconds, 0 or 1 for a boolean, and handles. The code is typed before it comes
/// here: no instruction looks at what kind of value a register holds.
package struct Instruction: Hashable, Sendable {
  package var operation: Operation
  package var a: UInt16
  package var b: UInt16
  package var c: UInt16

  package init(_ operation: Operation, a: Int = 0, b: Int = 0, c: Int = 0) {
    self.operation = operation
    self.a = UInt16(a)
    self.b = UInt16(b)
    self.c = UInt16(c)
  }

  package init(_ operation: Operation, a: Int = 0, wide: Int) {
    self.operation = operation
    self.a = UInt16(a)
    let bits = UInt32(bitPattern: Int32(wide))
    self.b = UInt16(truncatingIfNeeded: bits)
    self.c = UInt16(truncatingIfNeeded: bits >> 16)
  }

  /// `b` and `c` as one signed number of 32 bits.
  package var wide: Int { Int(Int32(bitPattern: UInt32(b) | UInt32(c) << 16)) }

  /// `c` as a signed number of 16 bits.
  package var small: Int { Int(Int16(bitPattern: c)) }

  /// No register: what `a` or `c` holds where a register is optional.
  package static let noRegister = Int(UInt16.max)
}

/// What an instruction does. `R[n]` is a register of the current frame.
///
/// A **local** operation is seen by nobody else; it runs on in the step before it. A **visible**
/// one begins a step: a process at rest always stands before a visible operation, and a step is
/// that operation and the local ones after it (`design/language.md`, *Exact meanings: Step*).
/// Visible operations come last in the order, so that one comparison tells.
package enum Operation: UInt8, Sendable, CaseIterable {
  // Local: values.                    operands            effect
  case loadImmediate  //               a, wide             R[a] := wide
  case loadConstant  //                a, wide             R[a] := constants[wide]
  case move  //                        a, b                R[a] := R[b]
  case add  //                         a, b, c             R[a] := R[b] + R[c]; overflow is a fault
  case subtract  //                    a, b, c             R[a] := R[b] − R[c]; overflow is a fault
  case multiply  //                    a, b, c             R[a] := R[b] × R[c]; overflow is a fault
  case divide  //                      a, b, c             R[a] := R[b] / R[c]; zero is a fault
  case remainder  //                   a, b, c             R[a] := R[b] mod R[c]; zero is a fault
  case addImmediate  //                a, b, small         R[a] := R[b] + small
  case negate  //                      a, b                R[a] := −R[b]
  case not  //                         a, b                R[a] := R[b] = 0
  case equal  //                       a, b, c             R[a] := R[b] = R[c]
  case notEqual  //                    a, b, c             R[a] := R[b] ≠ R[c]
  case less  //                        a, b, c             R[a] := R[b] < R[c]
  case lessOrEqual  //                 a, b, c             R[a] := R[b] ≤ R[c]

  // Local: control.
  case jump  //                        wide                pc := wide
  case jumpIfFalse  //                 a, wide             if R[a] = 0: pc := wide
  case jumpIfTrue  //                  a, wide             if R[a] ≠ 0: pc := wide
  case jumpIfLess  //                  a, b, small         if R[a] < R[b]: pc := pc + small
  case jumpIfNotLess  //               a, b, small         if R[a] ≥ R[b]: pc := pc + small
  case countUp  //                     a, b, small         R[a] := R[a] + 1; if R[a] < R[b]:
  //                                                       pc := pc + small
  case call  //                        a, b, c             R[a] := functions[b](R[c], …)
  case returnValue  //                 a                   leave the frame with R[a]

  // Local: the operator's questions; they take no time and change nothing.
  case query  //                       a, b, c             R[a] := query c about R[b]
  case sharedElement  //               a, b, c             R[a] := arrays[b][R[c]], a question
  case hostCall  //                    a, b, c             R[a] := hostFunctions[c](R[b], …)
  case makeList  //                    a, b, c             R[a] := list of R[b] … R[b+c−1]
  case hostStatus  //                  a, b, c             R[a] := 0 or errno of that call
  case makeRange  //                   a, b, c             R[a] := list of the ints R[b] … R[c]
  case taskVariable  //                a, b, c             R[a] := taskVariables[c] of task R[b]
  case textContains  //                a, b, c             R[a] := text R[c] has text R[b] in it
  case format  //                      a, b, c             R[a] := text c with values R[b], …
  case readField  //                   a, b, c             R[a] := field named c of object R[b]
  case commandStatus  //               a, b                R[a] := exit status of a command that
  //                                                       ended as R[b] says
  case listCount  //                   a, b                R[a] := number of elements of list R[b]
  case listElement  //                 a, b, c             R[a] := element R[c] of list R[b]
  case replaceElement  //              a, b, c             list R[a] := the same with R[c] at R[b]
  case logContains  //                 a, b                R[a] := a log line has text R[b] in it
  case arm  //                         c                   property c holds from here on
  case require  //                     a, c                R[a] = 0: assertion c failed
  case check  //                       a, c                R[a] = 0: assertion c failed; goes on
  case requireStatus  //               a, c                R[a] is not what outcome c expects: fault
  case print  //                       a, c                event: text c with values R[a], …
  case report  //                      a, b, c             figure: name R[a], text c of R[b], …
  case cue  //                         a, b, c             event: cues[b], text c of R[a], …
  case conditionEnd  //                a                   a condition's code ends; it is R[a]

  // Local: what a kernel entry looks at on its way.
  case moduleIsLive  //                a, b                R[a] := module b is live

  // Visible: tasks and interrupts.
  case loadShared  //                  a, b                R[a] := variables[b]
  case storeShared  //                 a, b                variables[b] := R[a], kept in its range
  case loadElement  //                 a, b, c             R[a] := arrays[b][R[c]]
  case storeElement  //                a, b, c             arrays[b][R[c]] := R[a]
  case allocate  //                    a, b, c             R[a] := allocations[c] of R[b], … or null
  case free  //                        a                   give object R[a] back
  case loadField  //                   a, b, c             R[a] := field named c of object R[b]
  case storeField  //                  a, b, c             field named c of object R[b] := R[a]
  case allocateShadow  //              a, b, c             shadows[c] of object R[b] := R[a], if new
  case hasShadow  //                   a, b, c             R[a] := whether R[b] has shadows[c]
  case loadShadow  //                  a, b, c             R[a] := shadows[c] of object R[b]
  case storeShadow  //                 a, b, c             shadows[c] of object R[b] := R[a]
  case dropShadow  //                  b, c                no shadows[c] of object R[b]
  case dropShadows  //                 c                   no shadows[c] of any object
  case beginAtomic  //                                     all up to `endAtomic` is this step
  case endAtomic
  case interruptsOff  //               a                   R[a] := whether they were off; now off
  case interruptsRestore  //           a                   they are as R[a] says
  case bottomHalvesOff  //             a                   the same with bottom halves
  case bottomHalvesRestore  //         a
  case work  //                        a, b                R[a]…R[b] ns pass on the CPU
  case enterKernel  //                 b                   user → kernel, for system call b
  case leaveKernel  //                 a, wide             kernel → user; interrupted: pc := wide
  case callTraced  //                  a, b, c             R[a] := traced[b](R[c], …)
  case returnTraced  //                a                   leave the traced function with R[a]
  case wait  //                        a, b, c             sleep on queue b, manner c; R[a] := errno
  case waitFor  //                     a, b, c             the same as waits[c] says, for R[b] ns at
  //                                                       the most; R[a] := 0 late, 1 woken, errno
  case printk  //                      a, c                log line: text c with values R[a], …
  case lock  //                        b                   take locks[b]; sleep or spin till then
  case unlock  //                      b                   give locks[b] back, to the first in line
  case oops  //                        a, c                crash: text c with values R[a], …
  case wake  //                        a, b                wake R[a] sleepers of queue b; none: all
  case sleep  //                       a, b, c             sleep R[a]…R[b] ns, R[c] := 0/errno
  case safePoint  //                                       a kernel thread may migrate here
  case choose  //                      a, b, c             R[a] := one of R[b] … R[b+c−1]
  case fork  //                        a                   R[a] := PID of a copy, in which it is 0
  case startThread  //                 a, b, c             R[a] := PID of a thread of function b,
  //                                                       with arguments R[c], …
  case reap  //                        a, b                wait for the end of child R[b], or any;
  //                                                       R[a] := its PID, or errno
  case catchSignal  //                 b                   signalHandlers[b] from here on
  case ignoreSignal  //                b                   signal b passes it by from here on
  case leaveHandler  //                a, b                kernel → user, from handler b back to
  //                                                       R[a], with work R[a+1] still owed
  case loadModule  //                  a, b                module b is coming; R[a] := status
  case activateModule  //              b                   module b is live
  case unloadModule  //                a, b                module b is going; R[a] := status
  case retireModule  //                b                   the engine lets go of module b
  case freeModule  //                  b                   the text of module b is gone
  case unloadPatch  //                 a, b                the module of patch b is gone, or R[a]
  case endCommand  //                  a                   the task ends; its command's status: R[a]
  case exitTask  //                                        the task ends
  case endInterrupt  //                                    the handler is done

  // Visible: the operator's requests.
  case observe  //                                         the questions that follow are one step
  case spawn  //                       a, b, c             R[a] := R[c] new tasks of function b,
  //                                                       with arguments R[c+1], …
  case spawnOne  //                    a, b, c             R[a] := new task of b, arguments R[c], …
  case signal  //                      a, b, c             signal b to list R[a]; R[c] := status
  case signalOne  //                   a, b, c             signal b to task R[a]; R[c] := status
  case apply  //                       a, b                R[a] := status of applying patch R[b]
  case revert  //                      a, b                R[a] := status of reverting patch R[b]
  case force  //                       a                   R[a] := status; every task has migrated
  case hostAction  //                  a, b, c             R[a] := status of hostActions[c](R[b], …)
  case command  //                     a, b, c             R[a] := status of command line R[b],
  //                                                       R[c] := what it has printed
  case operatorSleep  //               a, b                R[a]…R[b] ns pass
  case await  //                       a, c                go on once condition c holds; limit R[a]
  case pause  //                       c                   a prompt: goes on when it is released;
  //                                                       R[0] … R[c−1] stay as they are
  case finish  //                      c                   the scenario's end; the same

  /// A process at rest stands before one of these.
  package var isVisible: Bool { rawValue >= Operation.loadShared.rawValue }
}

/// In what manner a task waits on a queue.
package struct WaitManner: OptionSet, Sendable, Hashable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// State D: no signal wakes it.
  package static let uninterruptible = WaitManner(rawValue: 1)
  /// The statement has no use for the result: a signal makes the function return −ERESTARTSYS, and
  /// with it every caller, up to the kernel's exit, where the system call starts anew.
  package static let leavesOnSignal = WaitManner(rawValue: 2)
  /// State D, but a fatal signal wakes it (`TASK_KILLABLE`).
  package static let killable = WaitManner(rawValue: 4)
  /// A kernel thread passes a safe point inside it whenever it wakes (`try_to_freeze`).
  package static let freezable = WaitManner(rawValue: 8)
}
