import Glibc
import Synchronization

/// Ctrl-C at a prompt: it asks whatever runs to leave off, and the prompt is there again. A run
/// without a prompt means something else by it (`Interruption`).
enum PromptInterruption {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func clear() { requested.store(false, ordering: .relaxed) }

  /// Without SA_RESTART, so that a read which waits for a line comes back.
  static func install() {
    // The atomic is made when it is first touched, which a handler must not be the one to do.
    clear()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in PromptInterruption.request() }
    sigemptyset(&action.sa_mask)
    sigaction(SIGINT, &action, nil)
  }

  private static func request() { requested.store(true, ordering: .relaxed) }
}
