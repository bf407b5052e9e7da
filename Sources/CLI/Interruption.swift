import Glibc
import Synchronization

/// Ctrl-C, and the end that a CI server asks for: the first one lets what runs come to its end and
/// the reports be written, a second one ends at once. Wrappers such as `timeout` and `make` hand
/// one Ctrl-C on besides the terminal, so that one which follows at once is the same.
///
/// The handler touches atomics and calls `clock_gettime` and `_exit`, nothing else.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When, in milliseconds.
  private static let receivedAt = Atomic<Int>(0)
  private static let wasGivenUp = Atomic<Bool>(false)

  /// A terminal that is closed sends the last.
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  static func install() {
    // A file that grows too large is an error of writing, and not the end.
    signal(SIGXFSZ, SIG_IGN)
    // A static is made when it is first touched, which must not be in the handler.
    _ = isRequested
    _ = wasGivenUp.load(ordering: .relaxed)
    _ = receivedAt.load(ordering: .relaxed)
    // A CI server may start us from a thread of a pool, on which everything is blocked.
    var both = sigset_t()
    sigemptyset(&both)
    for signal in Self.signals { sigaddset(&both, signal) }
    sigprocmask(SIG_UNBLOCK, &both, nil)
    for signal in Self.signals {
      var old = sigaction()
      sigaction(signal, nil, &old)
      // Whoever started us in the background with signals ignored meant that.
      guard unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) != Self.ignored else {
        continue
      }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { Interruption.note($0) }
      sigaction(signal, &action, nil)
    }
  }

  /// The handler.
  private static func note(_ signal: Int32) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    if received.load(ordering: .relaxed) == 0 {
      receivedAt.store(now, ordering: .relaxed)
      received.store(signal, ordering: .relaxed)
    } else if now - receivedAt.load(ordering: .relaxed) > sameWithinMilliseconds {
      _exit(128 + signal)
    }
  }

  private static let sameWithinMilliseconds = 300

  /// `SIG_IGN`, which is a number in a function's place.
  private static let ignored = 1

  /// Whether somebody has asked for the end.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// Whether what is under way is to be given up, for whatever reason.
  static var isCancelled: Bool { isRequested || wasGivenUp.load(ordering: .relaxed) }

  /// Nobody needs what is still under way.
  static func giveUp() { wasGivenUp.store(true, ordering: .relaxed) }

  /// Those who run anew (`--watch`) want to know again.
  static func goOn() { wasGivenUp.store(false, ordering: .relaxed) }

  static var exitStatus: Int32 { 128 + received.load(ordering: .relaxed) }
}
