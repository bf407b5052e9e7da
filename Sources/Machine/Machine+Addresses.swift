/// Where the kernel's code stands in memory.
///
/// A simulated kernel has no addresses. They are made from where a function's body stands in the
/// program, so that the same text always has the same ones: 16 bytes for an instruction.
extension Machine {
  private static let kernelBase: UInt64 = 0xffff_ffff_8120_0000
  private static let moduleBase: UInt64 = 0xffff_ffff_a000_0000
  private static let bytesPerModule: UInt64 = 0x10_0000
  package static let bytesPerInstruction = 16

  package func address(ofModule target: ModuleTarget) -> UInt64 {
    let number =
      switch target {
      case .module(let module): module.rawValue
      case .patch(let patch): program.modules.count + patch.rawValue
      }
    return Self.moduleBase + UInt64(number) * Self.bytesPerModule
  }

  package func address(of function: FunctionID) -> UInt64 {
    let body = program.functions[function.rawValue]
    let offset = UInt64(body.entry * Self.bytesPerInstruction)
    if let patch = body.patch { return address(ofModule: .patch(patch)) + offset }
    if let module = body.module { return address(ofModule: .module(module)) + offset }
    return Self.kernelBase + offset
  }
}
