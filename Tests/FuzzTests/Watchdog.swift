import Foundation

/// Reports the input that made the process trap or hang, which no test could do afterwards.
///
/// A handler may only use what was laid out before: the input of the moment lies in one buffer, and
/// is written to standard error and to a file as it stands.
enum Watchdog {
  /// What nothing sound takes, on the slowest machine.
  static let seconds: UInt32 = 120

  nonisolated(unsafe) private static let buffer = UnsafeMutableRawPointer.allocate(
    byteCount: 1 << 20, alignment: 1)
  nonisolated(unsafe) private static var count = 0
  nonisolated(unsafe) private static var thread = pthread_self()
  nonisolated(unsafe) private static var file: Int32 = -1

  /// Call on the thread that does the work.
  static func start(file path: String) {
    thread = pthread_self()
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in Watchdog.report(number) }
      sigaction(number, &action, nil)
    }
  }

  static func begin(_ headline: String, _ input: [UInt8]) {
    let text = Array("\n--- fuzz: \(headline)\n".utf8) + input + Array("\n--- end\n".utf8)
    let length = min(text.count, 1 << 20)
    text.withUnsafeBytes {
      buffer.copyMemory(from: $0.baseAddress ?? .init(buffer), byteCount: length)
    }
    count = length
    alarm(seconds)
  }

  static func end() {
    alarm(0)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM] {
      signal(number, SIG_DFL)
    }
    close(file)
  }

  private static func report(_ number: Int32) {
    if number == SIGALRM || pthread_equal(pthread_self(), thread) != 0 {
      write(STDERR_FILENO, buffer, count)
      write(file, buffer, count)
    }
    signal(number, SIG_DFL)
    raise(number)
  }
}
