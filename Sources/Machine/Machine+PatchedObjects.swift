/// Objects, as patches see them: the kernel itself and its modules.
extension Machine {
  /// Whether the object's functions are there to be patched.
  package func isPresent(object: Int?, _ row: inout MutableSpan<UInt64>) -> Bool { true }

  /// As log lines and sysfs name it.
  package func objectName(_ object: Int?) -> String { "vmlinux" }
}
