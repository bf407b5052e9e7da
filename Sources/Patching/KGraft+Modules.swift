import Machine

/// Kernel modules that come and go while patches are in place.
extension KGraft {
  package func moduleComing(
    _ module: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Errno? {
    nil
  }

  package func moduleGoing(
    _ module: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {}

  /// `rmmod` of a patch's module: its functions are as if it had never been there, and it may be
  /// applied anew. The caller has made sure that nobody holds it.
  package func unload(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    for function in machine.program.patches[patch.rawValue].functions {
      guard let number = machine.program.variant(of: function, in: patch) else { continue }
      row[state(Variant(function: function, number: number), machine)] =
        FunctionState.initial.rawValue
    }
    row[refs(patch, machine)] = 0
    row.set(loaded(patch, machine), to: false)
  }
}
