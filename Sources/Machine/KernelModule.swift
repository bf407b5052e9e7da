/// A kernel module of the text: what comes with it, and whether it can come and go.
///
/// Patch modules are not among these; a patch's module is there from its application until `rmmod`,
/// and the patching engine keeps what there is to know of it.
package struct KernelModule: Sendable {
  package var name: String
  /// Whether it is live before the operator's first step.
  package var startsLive: Bool
  /// Whether some command of the scenario may load or remove it. Only then the row has a field for
  /// its state.
  package var canChange: Bool
  /// They are born when it becomes live. Nobody stops them: that is what `on exit` is for, as
  /// `kthread_stop` is in the kernel.
  package var kernelThreads: [FunctionID] = []
  package var origin: Origin

  /// The object that is no module; a module of this name is refused.
  package static let kernelItself = "vmlinux"

  package init(
    name: String, startsLive: Bool, canChange: Bool, origin: Origin = .none
  ) {
    self.name = name
    self.startsLive = startsLive
    self.canChange = canChange
    self.origin = origin
  }
}

/// Where a module stands (`enum module_state` of `include/linux/module.h`); absent is zero.
package enum ModuleState: UInt64, Sendable, Hashable {
  case absent = 0
  /// Its code is there; its init has not returned yet.
  case coming = 1
  case live = 2
  /// Its exit runs, or its init has failed.
  case going = 3
}

/// What a command loads or removes.
package enum ModuleTarget: Hashable, Sendable {
  case module(ModuleID)
  case patch(PatchID)
}

/// The body of the process that does a command's work in the machine, such as that of `insmod` for
/// one module: a task as any other, for which the operator waits.
package struct CommandProcess: Sendable {
  package var command: String
  package var target: ModuleTarget
  package var function: FunctionID
  package init(command: String, target: ModuleTarget, function: FunctionID) {
    self.command = command
    self.target = target
    self.function = function
  }
}

extension Program {
  /// Whether kernel threads may be born among other tasks.
  package var hasLateKernelThreads: Bool {
    modules.contains { $0.canChange && !$0.kernelThreads.isEmpty }
  }

  package func process(of command: String, for target: ModuleTarget) -> FunctionID? {
    commandProcesses.first { $0.command == command && $0.target == target }?.function
  }
}

/// A module's name as the kernel has it: no directory, no `.ko`, `_` for `-`.
package struct ModuleName: Hashable, Sendable {
  package let text: String

  package init(_ word: String) {
    // As nearly all of them are written.
    guard word.utf8.contains(where: Self.isSpecial) else {
      text = word
      return
    }
    var name = word.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    if name.hasSuffix(".ko") { name = name.dropLast(3) }
    text = String(name.map { $0 == "-" ? "_" : $0 })
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
  }
}
