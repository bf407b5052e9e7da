/// The first word of a process, as far as it is the same in every program's rows. What is a task's
/// alone stands empty in the others. The program counter follows, as wide as the program needs.
enum Header {
  //                              word      bits
  @inline(__always) static var frame: Field { Field(word: 0, shift: 0, width: 16) }
  @inline(__always) static var state: Field { Field(word: 0, shift: 16, width: 3) }
  @inline(__always) static var inKernel: Field { Field(word: 0, shift: 19, width: 1) }
  @inline(__always) static var began: Field { Field(word: 0, shift: 20, width: 1) }
  @inline(__always) static var signalPending: Field { Field(word: 0, shift: 21, width: 1) }
  @inline(__always) static var wakeReason: Field { Field(word: 0, shift: 22, width: 3) }
  static let width = 25
  /// Where time is kept.
  @inline(__always) static var cpu: Field { Field(word: 0, shift: 25, width: 9) }
  static let timedWidth = 9
}
