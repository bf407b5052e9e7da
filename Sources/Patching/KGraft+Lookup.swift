import Machine

/// What comes of looking for a function that a patch names (`kgr_init_ftrace_ops`).
///
/// 3.12 looks for the name in all symbol tables; a patch may do without what it doesn't find
/// (`abort_if_missing`). 4.4 looks in the object that the patch names, for the position that it
/// names, and leaves out what belongs to an object that is absent, and nothing else.
extension KGraft {
  enum Lookup: Hashable {
    case found
    /// SKIPPED. 3.12 says of what it has looked for that it is not there.
    case leftOut(saysSo: Bool)
    case failed(LookupFailure)
  }

  func lookUp(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Lookup {
    let traced = machine.program.tracedFunctions[variant.function.rawValue]
    let isPresent = machine.isPresent(object: traced.object, &row)
    guard rules.knowsPositions else {
      guard isPresent, hasName(traced) else {
        let isMissed = isRequired(variant, machine) || !rules.leavesOutWeak
        return isMissed ? .failed(.notResolved) : .leftOut(saysSo: true)
      }
      return traced.lookup == .untraceable ? .failed(.noLocation) : .found
    }
    guard isPresent else { return .leftOut(saysSo: false) }
    switch traced.lookup {
    case .missing: return .failed(.notResolved)
    case .fewer: return .failed(.positionNotFound)
    case .found, .untraceable:
      if traced.variants[variant.number].isAmbiguous { return .failed(.ambiguous) }
      return traced.lookup == .untraceable ? .failed(.noLocation) : .found
    }
  }

  func failure(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> LookupFailure? {
    if case .failed(let failure) = lookUp(variant, machine, &row) { failure } else { nil }
  }

  /// Whether some symbol has the function's name, as far as the kernel's text says.
  func hasName(_ traced: TracedFunction) -> Bool {
    traced.lookup == .found || traced.lookup == .untraceable
  }

  /// Unless the patch says something else, it can do without functions of modules, which may be
  /// absent, and without no other.
  package func isRequired(_ variant: Variant, _ machine: Machine) -> Bool {
    let traced = machine.program.tracedFunctions[variant.function.rawValue]
    return traced.variants[variant.number].isRequired ?? (traced.object == nil)
  }

  func error(of failure: LookupFailure) -> Errno {
    switch failure {
    case .notResolved, .ambiguous, .positionNotFound: .ENOENT
    case .noLocation: rules.knowsPositions ? .EINVAL : .ENXIO
    }
  }

  /// What is said of a function that can't be redirected.
  func log(
    _ failure: LookupFailure, of variant: Variant, isLate: Bool, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let traced = machine.program.tracedFunctions[variant.function.rawValue]
    let place = KGraftLines.Place(
      object: machine.objectName(traced.object), function: traced.symbol,
      position: traced.variants[variant.number].position)
    let address = machine.address(of: traced.original)
    for line in lines.failed(failure, at: place, address: address, isLate: isLate) {
      machine.log(line, &row, &workspace)
    }
  }
}

/// Why a function that a patch names can't be redirected.
enum LookupFailure: Hashable {
  case notResolved
  /// Its object has several of that name, and the patch gives no position.
  case ambiguous
  /// Its object has fewer of that name.
  case positionNotFound
  /// It has no entry that ftrace could change.
  case noLocation
}
