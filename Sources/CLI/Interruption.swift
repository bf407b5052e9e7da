import Glibc
import Synchronization

/// Ctrl-C, and the end that a CI server asks for: the first one lets what runs come to its end and
/// the reports be written, the second ends at once.
///
/// The handler touches two atomics and calls `_exit`, nothing else.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  private static let wasGivenUp = Atomic<Bool>(false)

  static func install() {
    // A static is made when it is first touched, which must not be in the handler.
    _ = isRequested
    _ = wasGivenUp.load(ordering: .relaxed)
    // A CI server may start us from a thread of a pool, on which everything is blocked.
    var both = sigset_t()
    sigemptyset(&both)
    for signal in [SIGINT, SIGTERM] { sigaddset(&both, signal) }
    sigprocmask(SIG_UNBLOCK, &both, nil)
    for signal in [SIGINT, SIGTERM] {
      var old = sigaction()
      sigaction(signal, nil, &old)
      // Whoever started us in the background with signals ignored meant that.
      guard unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) != Self.ignored else {
        continue
      }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if Interruption.received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
      sigaction(signal, &action, nil)
    }
  }

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
