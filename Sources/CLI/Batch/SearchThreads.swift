import Glibc
import Graft

/// Threads for one search. They begin with the first round and end with the search; whoever asks
/// for a round is one of them.
///
/// `@unchecked Sendable`: everything that changes is touched under `mutex` alone.
final class SearchThreads: Workforce, @unchecked Sendable {
  let count: Int
  private let board = Board()
  private var threads: [pthread_t] = []
  private var hasStarted = false

  /// What the threads and the one who asks have in common; it outlives both.
  private final class Board: @unchecked Sendable {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // Everything below is touched under the mutex.
    var work: (@Sendable (Int) -> Void)?
    var round = 0
    var nextHand = 1
    var atWork = 0
    var isOver = false

    init() {
      mutex.initialize(to: pthread_mutex_t())
      pthread_mutex_init(mutex, nil)
      changed.initialize(to: pthread_cond_t())
      pthread_cond_init(changed, nil)
    }

    deinit {
      pthread_cond_destroy(changed)
      pthread_mutex_destroy(mutex)
      changed.deallocate()
      mutex.deallocate()
    }

    func locked<Value>(_ body: () -> Value) -> Value {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return body()
    }

    /// A thread's life.
    func serve() {
      pthread_mutex_lock(mutex)
      let hand = nextHand
      nextHand += 1
      var done = 0
      while true {
        while round == done, !isOver { pthread_cond_wait(changed, mutex) }
        if isOver { break }
        done = round
        if let work {
          pthread_mutex_unlock(mutex)
          work(hand)
          pthread_mutex_lock(mutex)
        }
        atWork -= 1
        if atWork == 0 { pthread_cond_broadcast(changed) }
      }
      pthread_mutex_unlock(mutex)
    }
  }

  init(count: Int) { self.count = max(1, count) }

  deinit {
    board.locked {
      board.isOver = true
      pthread_cond_broadcast(board.changed)
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  /// As much as the main thread has.
  private static let stackSize = 8 << 20

  private func start() {
    hasStarted = true
    for _ in 1..<count {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setstacksize(&attributes, Self.stackSize)
      var thread = pthread_t()
      let own = Unmanaged.passRetained(board)
      let status = pthread_create(
        &thread, &attributes,
        { argument in
          guard let argument else { return nil }
          let board = Unmanaged<Board>.fromOpaque(argument).takeRetainedValue()
          TrapHandler.installOnThread()
          board.serve()
          return nil
        }, own.toOpaque())
      pthread_attr_destroy(&attributes)
      if status == 0 { threads.append(thread) } else { own.release() }
    }
  }

  func each(_ work: @escaping @Sendable (Int) -> Void) {
    if !hasStarted { start() }
    board.locked {
      board.work = work
      board.round += 1
      board.atWork = threads.count
      pthread_cond_broadcast(board.changed)
    }
    work(0)
    // What a thread that could not be made would have done.
    for hand in (1 + threads.count)..<max(count, 1 + threads.count) { work(hand) }
    board.locked {
      while board.atWork > 0 { pthread_cond_wait(board.changed, board.mutex) }
      board.work = nil
    }
  }
}
