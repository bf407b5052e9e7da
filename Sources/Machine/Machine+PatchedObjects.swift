/// Objects, as patches see them: the kernel itself and its modules.
extension Machine {
  /// Whether the object's functions are there to be patched.
  package func isPresent(object: ModuleID?, _ row: inout MutableSpan<UInt64>) -> Bool {
    object.map { state(of: $0, &row) != .absent } ?? true
  }

  /// As log lines and sysfs name it.
  package func objectName(_ object: ModuleID?) -> String {
    object.map { program.modules[$0.rawValue].name } ?? KernelModule.kernelItself
  }
}
