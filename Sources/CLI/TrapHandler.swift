import Glibc

/// A trap is our own fault. Swift would end with status 132 and a register dump; this says what
/// happened, how to see it again, and ends with status 70.
///
/// The unsafe code of this module stands here, in `Interruption` and in `RawTerminal`. The handler
/// runs on a stack of its own, one for each thread, and calls only `pthread_getspecific`, `write`,
/// `tcsetattr` and `_exit`; the text is laid out beforehand, in memory of the thread that runs the
/// scenario.
enum TrapHandler {
  static let exitStatus: Int32 = 70

  /// What a thread has to say should it trap.
  private struct Message {
    var length = 0
    let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: TrapHandler.capacity)
  }

  /// Written once, before any other thread is started.
  private nonisolated(unsafe) static var key = pthread_key_t()

  private static let capacity = 4096
  private static let stackSize = 64 * 1024
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

  /// Installs the handlers. Once, before any other thread is started.
  static func install() {
    pthread_key_create(&key, nil)
    installOnThread()
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in TrapHandler.report() }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
  }

  /// Gives a thread its stack for the handler, and its message. Neither is ever freed: there are
  /// as many as threads, and the handler may come at any moment.
  static func installOnThread() {
    var stack = stack_t()
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stackSize, alignment: 16)
    stack.ss_size = stackSize
    sigaltstack(&stack, nil)
    let message = UnsafeMutablePointer<Message>.allocate(capacity: 1)
    message.initialize(to: Message())
    pthread_setspecific(key, message)
    describe(command: "graft")
  }

  /// What to tell people to type, should this thread trap.
  static func describe(command: String) {
    guard let raw = pthread_getspecific(key) else { return }
    let message = raw.assumingMemoryBound(to: Message.self)
    let text =
      "graft: internal error: this is a fault of graft, not of the scenario\n"
      + "   = replay: \(command)\n"
    message.pointee.length = 0
    for byte in text.utf8.prefix(capacity) {
      message.pointee.bytes[message.pointee.length] = CChar(bitPattern: byte)
      message.pointee.length += 1
    }
  }

  private static func report() {
    RawTerminal.restore()
    if let raw = pthread_getspecific(key) {
      let message = raw.assumingMemoryBound(to: Message.self)
      _ = write(STDERR_FILENO, message.pointee.bytes, message.pointee.length)
    }
    _exit(exitStatus)
  }
}
