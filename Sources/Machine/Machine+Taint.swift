/// Taints that an administrator has added by hand.
extension Machine {
  /// Bits of `/proc/sys/kernel/tainted` that somebody has written there.
  package func addedTaint(_ row: inout MutableSpan<UInt64>) -> Int {
    layout.addedTaint.map { Int(row[$0]) } ?? 0
  }

  /// Adds bits; nobody can take one away (`proc_taint` of `kernel/sysctl.c`). False where the
  /// program was not known to write there.
  package func addTaint(_ bits: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard let field = layout.addedTaint else { return false }
    row[field] |= UInt64(bits & Self.taintBits)
    return true
  }

  /// More than any kernel has.
  static let taintBits = (1 << 32) - 1
}
