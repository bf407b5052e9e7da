import Machine
import Patching

/// How a function that a patch names is looked for, from what the two kernels' sources say.
extension ReferenceStep {
  enum Finding {
    case ready
    /// The patch does without it.
    case skipped(lines: [String])
    case refused(Errno, lines: [String])
  }

  func find(_ traced: Int, for patch: Int, isLate: Bool = false) -> Finding {
    let function = program.tracedFunctions[traced]
    guard let variant = function.variants.first(where: { $0.patch.rawValue == patch }) else {
      return .ready
    }
    return machine.rules.knowsPositions
      ? findByPosition(function, variant, isThere(traced), isLate)
      : findByName(function, variant, isThere(traced))
  }

  /// 4.4: the object first, then the name in it, then the position, then the entry.
  private func findByPosition(
    _ function: TracedFunction, _ variant: TracedFunction.Variant, _ isThere: Bool, _ isLate: Bool
  ) -> Finding {
    guard isThere else { return .skipped(lines: []) }
    let object = function.object.map { program.modules[$0.rawValue].name } ?? "vmlinux"
    let name = function.symbol
    let full = "\(object):\(name),\(variant.position)"
    if function.lookup == .missing {
      return .refused(.ENOENT, lines: ["kgr: function \(full) not resolved"])
    }
    if function.lookup == .fewer {
      let line = "kgr: position \(variant.position) for function \(name) in object \(object)"
      return .refused(.ENOENT, lines: [line + " not found"])
    }
    if variant.isAmbiguous {
      let line = "kgr: unresolvable ambiguity for function \(name) in object \(object)"
      return .refused(.ENOENT, lines: [line])
    }
    guard function.lookup == .untraceable else { return .ready }
    let entry = program.functions[function.original.rawValue]
    let base: UInt64 = function.object == nil ? 0xffff_ffff_8120_0000 : 0xffff_ffff_a000_0000
    let shift = UInt64((function.object?.rawValue ?? 0) * 0x10_0000 + 16 * entry.entry)
    let address = String(base + shift, radix: 16)
    let skipped = "the originally skipped \(address) (\(full))"
    let second =
      isLate
      ? "enabling of ftrace function for \(skipped) failed with -22"
      : "cannot enable ftrace function for \(full) (\(address), -22)"
    return .refused(
      .EINVAL, lines: ["kgr: failed to find location for function \(full)", "kgr: \(second)"])
  }

  /// 3.12: the name alone, wherever it is.
  private func findByName(
    _ function: TracedFunction, _ variant: TracedFunction.Variant, _ isThere: Bool
  ) -> Finding {
    let hasSymbol = [.found, .untraceable].contains(function.lookup)
    if isThere && hasSymbol {
      guard function.lookup == .untraceable else { return .ready }
      return .refused(.ENXIO, lines: ["kgr: fentry_loc not properly resolved"])
    }
    let lines = ["kgr: function \(function.symbol) not resolved"]
    let isWeak = !isRequired(function, variant) && machine.rules.leavesOutWeak
    return isWeak ? .skipped(lines: lines) : .refused(.ENOENT, lines: lines)
  }

  /// `abort_if_missing`; patches set it for the kernel's own functions unless they say otherwise.
  func isRequired(_ function: TracedFunction, _ variant: TracedFunction.Variant) -> Bool {
    if let stated = variant.isRequired { return stated }
    return function.object == nil
  }

  /// The error of the first of a patch's functions that can't be had.
  func refusal(of patch: Int) -> Errno? {
    for function in program.patches[patch].functions {
      if case .refused(let error, _) = find(function.rawValue, for: patch) { return error }
    }
    return nil
  }

  func isRefused(_ traced: Int, _ patch: Int) -> Bool {
    if case .refused = find(traced, for: patch) { true } else { false }
  }

  // MARK: Before anything is looked for

  /// `kgr_patch_kernel`, and the first question of `kgr_modify_kernel`.
  mutating func objection(toLoading patch: Int) -> Errno? {
    let release = program.kernelRelease
    if machine.rules.comparesReleases, let built = program.patches[patch].vermagic,
      built != release
    {
      let kind = program.isPreemptible ? "SMP preempt" : "SMP"
      let tail = " \(kind) mod_unload modversions "
      log("kgr: kernel version mismatch: \"\(built)\(tail)\" != \"\(release)\(tail)\"")
      return .EINVAL
    }
    guard !program.hasFtrace else { return nil }
    log("kgr: can't patch, not initialized")
    return .EINVAL
  }

  mutating func tellOfBoot() {
    if program.hasFtrace { return log("kgr: successfully initialized") }
    let reason =
      machine.rules.generation == .current ? "ftrace is disabled" : "no fentry locations found"
    log("kgr: enabled, but \(reason) ... aborting")
  }
}
