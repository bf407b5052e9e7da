/// A place in one of a program's tables. Each table has its own type, so that a patch can't be
/// used where a function is meant.
package protocol Index: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible
where RawValue == Int {
  init(rawValue: Int)
}

extension Index {
  package init(_ rawValue: Int) { self.init(rawValue: rawValue) }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  package var description: String { "@\(rawValue)" }
}

/// A body of code: a kernel function, one patch's variant of it, a system call, an interrupt
/// handler, a kernel thread, a user program, an operator's body.
package struct FunctionID: Index {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
}

/// A kernel function that some patch of the scenario names, and with it every variant of it.
package struct TracedFunctionID: Index {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
}

/// A patch that the scenario's text declares.
package struct PatchID: Index {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
}

/// A kernel module that the scenario's kernel declares.
package struct ModuleID: Index {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
}

/// The place of a task in the row. Kernel threads come first, then user tasks in order of birth.
package struct TaskSlot: Index {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }
}

/// Where in the source text something stands. The machine only carries it: three numbers that the
/// language put in, and gets back in an event, a fault or a violation.
package struct Origin: Hashable, Sendable {
  package var file: Int32
  package var lower: Int32
  package var upper: Int32

  package init(file: Int32, lower: Int32, upper: Int32) {
    self.file = file
    self.lower = lower
    self.upper = upper
  }

  package static let none = Origin(file: -1, lower: 0, upper: 0)
}
