import Machine

/// Which code of a function runs where, for people.
extension KGraft {
  /// The patch whose code of a function a task of that universe runs; nil: the original.
  package func version(
    of function: TracedFunctionID, isOld: Bool, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> PatchID? {
    let stub = Int(row[stub(function, machine)])
    guard stub > 0 else { return nil }
    let variants = machine.program.tracedFunctions[function.rawValue].variants
    let variant = Variant(function: function, number: (stub - 1) / 2)
    if stub % 2 == 0 { return variants[variant.number].patch }
    let isReverting =
      rules.invertsOnRevert && state(of: variant, machine, &row) == .revertSlow
    if isOld == isReverting { return variants[variant.number].patch }
    let older = Int(row[older(variant, machine)])
    return older > 0 ? variants[older - 1].patch : nil
  }

  /// Which stub stands at a function's entry.
  package enum Stub: Sendable, Hashable { case none, slow, fast }

  package func stubKind(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Stub {
    let stub = Int(row[stub(function, machine)])
    return stub == 0 ? .none : stub % 2 == 0 ? .fast : .slow
  }

  /// The patch in transition, and whether it is being taken back.
  package func transition(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> (patch: PatchID, isReverting: Bool)? {
    let number = row[field(.patch, machine)]
    guard number > 0, phase(machine, &row) != .idle else { return nil }
    return (PatchID(Int(number) - 1), isReverting(machine, &row))
  }

  package func isImmutable(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.immutable, machine))
  }

  /// Whether interrupts of a CPU run new code, while a transition is on its way.
  package func isSwitched(
    cpu: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row[machine.layout.engine.perCPU[cpu]] & 1 == 1
  }

  /// How many tasks are in the old universe.
  package func oldCount(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    Int(row[field(.flagged, machine)])
  }
}
