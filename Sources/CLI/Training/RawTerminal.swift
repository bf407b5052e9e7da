import Glibc
import Synchronization

/// The terminal while a lesson plays on it: another screen, no cursor, every key at once; and back
/// to what it was, however the player ends.
///
/// The handlers of signals touch atomics and call `write`, `tcsetattr`, `raise` and `sigaction`,
/// nothing else. A trap's handler restores the terminal, too.
enum RawTerminal {
  /// Written before the handlers are there, and only read by them.
  private nonisolated(unsafe) static var saved = termios()
  private nonisolated(unsafe) static let leaving = bytes(goodbye)

  private static let isEntered = Atomic<Bool>(false)
  private static let isResized = Atomic<Bool>(false)
  private static let isToStop = Atomic<Bool>(false)

  /// Another screen, no cursor; no wrapping at the right edge, where the last column is written.
  private static let greeting = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J"
  private static let goodbye = "\u{1b}[0m\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l"

  /// What ends us; a trap's handler restores the terminal itself.
  private static let endings = [SIGTERM, SIGHUP, SIGINT, SIGQUIT]

  /// Never freed: the handler may come at any moment.
  private static func bytes(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
    let place = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = place.initialize(from: text.utf8)
    return place
  }

  /// False when there is no terminal.
  static func enter() -> Bool {
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return false }
    // Statics are made when they are first touched, which must not be in a handler.
    _ = leaving
    _ = isResized.load(ordering: .relaxed)
    _ = isToStop.load(ordering: .relaxed)
    var raw = saved
    cfmakeraw(&raw)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return false }
    isEntered.store(true, ordering: .relaxed)
    install()
    Terminal.print(greeting)
    return true
  }

  static func leave() {
    guard isEntered.exchange(false, ordering: .relaxed) else { return }
    Terminal.print(goodbye)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
  }

  private static func install() {
    for signal in endings {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { RawTerminal.end($0) }
      action.sa_flags = SA_ONSTACK | Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(signal, &action, nil)
    }
    var resized = sigaction()
    resized.__sigaction_handler.sa_handler = { _ in
      RawTerminal.isResized.store(true, ordering: .relaxed)
    }
    sigaction(SIGWINCH, &resized, nil)
    var stopped = sigaction()
    stopped.__sigaction_handler.sa_handler = { _ in
      RawTerminal.isToStop.store(true, ordering: .relaxed)
    }
    sigaction(SIGTSTP, &stopped, nil)
  }

  /// The handler of what ends: the terminal first, then the signal's own effect.
  private static func end(_ number: Int32) {
    restore()
    raise(number)
  }

  /// What a handler may do of `leave`.
  static func restore() {
    guard isEntered.exchange(false, ordering: .relaxed) else { return }
    _ = write(STDOUT_FILENO, leaving.baseAddress, leaving.count)
    tcsetattr(STDIN_FILENO, TCSANOW, &saved)
  }

  static func takeResize() -> Bool { isResized.exchange(false, ordering: .relaxed) }
  static func takeStop() -> Bool { isToStop.exchange(false, ordering: .relaxed) }

  /// Stops the whole job, as Ctrl-Z does, and comes back when it is continued.
  static func stop() {
    signal(SIGTSTP, SIG_DFL)
    kill(0, SIGTSTP)
    isToStop.store(false, ordering: .relaxed)
  }
}
