import Glibc

/// A trap is our own fault. Swift would end with status 132 and a register dump; this says what
/// happened, how to see it again, and ends with status 70.
///
/// The unsafe code of this module stands here. The handler runs on a stack of its own and calls
/// only `write` and `_exit`, which a signal handler may; the text is laid out beforehand.
enum TrapHandler {
  static let exitStatus: Int32 = 70

  /// The message, in memory that is never freed. Written before the handlers are installed and
  /// between scenarios; read by the handler.
  private nonisolated(unsafe) static var message: UnsafeMutablePointer<CChar>?
  private nonisolated(unsafe) static var messageLength = 0

  private static let capacity = 4096
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  /// Installs the handlers. Once, before any other thread is started.
  static func install() {
    message = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
    describe(command: "graft")
    let stackSize = 64 * 1024
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stackSize, alignment: 16)
    stack.ss_size = stackSize
    sigaltstack(&stack, nil)
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in TrapHandler.report() }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
  }

  /// What to tell people to type.
  static func describe(command: String) {
    let text =
      "graft: internal error: this is a fault of graft, not of the scenario\n"
      + "   = replay: \(command)\n"
    guard let message else { return }
    messageLength = 0
    for byte in text.utf8.prefix(capacity) {
      message[messageLength] = CChar(bitPattern: byte)
      messageLength += 1
    }
  }

  private static func report() {
    if let message { _ = write(STDERR_FILENO, message, messageLength) }
    _exit(exitStatus)
  }
}
