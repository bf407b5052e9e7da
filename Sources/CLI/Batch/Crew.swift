import Glibc
import Graft

/// What the crew hands over, in source order.
enum Delivery: Sendable {
  /// A file's turn has come: what is to be said of it as a whole.
  /// With the number that the next scenario has.
  case file(OpenedFile, Int)
  case scenario(CaseResult)
}

/// Threads that open files and run scenarios, and a window in which their results are put back
/// into source order. How many threads there are changes nothing of what is handed over.
///
/// Threads of our own rather than Swift's tasks: a scenario may recurse as deep as the main thread
/// can, and each thread has the stack that a trap's handler runs on. With one thread there are
/// none at all: the one that asks does the work.
///
/// `@unchecked Sendable`: everything that changes is touched under `mutex` alone.
final class Crew: @unchecked Sendable {
  /// What is done, by whatever thread.
  struct Work: Sendable {
    var open: @Sendable (FileRequest) -> OpenedFile
    /// The file, the entry, its place among all selected, whether it is alone.
    var run: @Sendable (OpenedFile, Int, Int, Bool) -> CaseResult?
    var includes: (@Sendable (ScenarioID, Int) -> Bool)?
  }

  private enum Assignment {
    case open(Int)
    case run(OpenedFile, entry: Int, number: Int, place: Int)
    /// Nothing now, but there may be.
    case wait
    case over
  }

  private let files: [FileRequest]
  private let work: Work
  private let threadCount: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// There may be something to do.
  private let hasWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// The next delivery may be there.
  private let hasDelivery = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var threads: [pthread_t] = []

  // Everything below is touched under the mutex.
  private var nextToOpen = 0
  /// Files that were opened before their turn.
  private var opened: [Int: OpenedFile] = [:]
  private var nextInTurn = 0
  private var current: OpenedFile?
  private var nextEntry = 0
  private var nextNumber = 0
  private var nextPlace = 0
  private var nextToDeliver = 0
  private var finished: [Int: Delivery?] = [:]
  private var isStopped = false
  private var waitingCount = 0

  /// Results that may wait for earlier ones, and files that may be open at once.
  private var window: Int { 64 * threadCount }
  private var openWindow: Int { 16 * threadCount }

  init(files: [FileRequest], threads: Int, work: Work) {
    self.files = files
    self.work = work
    threadCount = max(1, threads)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    hasWork.initialize(to: pthread_cond_t())
    pthread_cond_init(hasWork, nil)
    hasDelivery.initialize(to: pthread_cond_t())
    pthread_cond_init(hasDelivery, nil)
  }

  deinit {
    pthread_cond_destroy(hasWork)
    pthread_cond_destroy(hasDelivery)
    pthread_mutex_destroy(mutex)
    hasWork.deallocate()
    hasDelivery.deallocate()
    mutex.deallocate()
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  // MARK: Who asks

  /// Starts the threads. A single scenario of a single file is run by the one that asks.
  func start() {
    if files.count == 1 {
      let file = work.open(files[0])
      locked {
        opened[0] = file
        nextToOpen = 1
      }
      if file.selected.count <= 1 { return }
    }
    guard threadCount > 1 else { return }
    for _ in 0..<threadCount {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setstacksize(&attributes, Self.stackSize)
      var thread = pthread_t()
      let own = Unmanaged.passRetained(self)
      let status = pthread_create(&thread, &attributes, Self.body, own.toOpaque())
      pthread_attr_destroy(&attributes)
      if status == 0 { threads.append(thread) } else { own.release() }
    }
  }

  /// As much as the main thread has.
  private static let stackSize = 8 << 20

  private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    argument in
    guard let argument else { return nil }
    let crew = Unmanaged<Crew>.fromOpaque(argument).takeRetainedValue()
    TrapHandler.installOnThread()
    crew.serve()
    return nil
  }

  /// Everything has been handed over.
  var isOver: Bool { locked { nothingLeft && nextToDeliver == nextPlace } }

  /// The next delivery; nil when there is none within so many seconds, or none any more.
  func next(within seconds: Double) -> Delivery? {
    if threads.isEmpty { return nextByItself() }
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    let nanoseconds = deadline.tv_nsec + Int(seconds * 1e9)
    deadline.tv_sec += nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let delivery = takeDelivery() { return delivery }
      if nothingLeft, nextToDeliver == nextPlace { return nil }
      guard pthread_cond_timedwait(hasDelivery, mutex, &deadline) == 0 else {
        return takeDelivery()
      }
    }
  }

  private func nextByItself() -> Delivery? {
    while true {
      if let delivery = locked({ takeDelivery() }) { return delivery }
      guard perform(locked { assign() }) else { return locked { takeDelivery() } }
    }
  }

  private func takeDelivery() -> Delivery? {
    while let delivery = finished.removeValue(forKey: nextToDeliver) {
      nextToDeliver += 1
      if waitingCount > 0 { pthread_cond_broadcast(hasWork) }
      if let delivery { return delivery }
    }
    return nil
  }

  /// Nothing more is handed out. What is under way comes to its end.
  func stop() {
    locked {
      isStopped = true
      pthread_cond_broadcast(hasWork)
    }
  }

  /// Scenarios that were selected so far.
  var selectedCount: Int { locked { nextNumber } }

  /// Waits for the threads. Whoever has stopped asks for what is left first.
  func join() {
    for thread in threads { pthread_join(thread, nil) }
    threads = []
  }

  // MARK: Who works

  private func serve() {
    while true {
      pthread_mutex_lock(mutex)
      var assignment = assign()
      while case .wait = assignment {
        waitingCount += 1
        pthread_cond_wait(hasWork, mutex)
        waitingCount -= 1
        assignment = assign()
      }
      pthread_mutex_unlock(mutex)
      guard perform(assignment) else { return }
    }
  }

  /// False when there is nothing to be done any more.
  private func perform(_ assignment: Assignment) -> Bool {
    switch assignment {
    case .wait, .over: return false
    case .open(let number):
      let file = work.open(files[number])
      locked {
        opened[number] = file
        if waitingCount > 0 { pthread_cond_broadcast(hasWork) }
        pthread_cond_signal(hasDelivery)
      }
    case .run(let file, let entry, let number, let place):
      let isAlone = files.count == 1 && file.selected.count == 1
      let result = work.run(file, entry, number, isAlone)
      locked {
        finished[place] = .some(result.map(Delivery.scenario))
        if place == nextToDeliver { pthread_cond_signal(hasDelivery) }
      }
    }
    return true
  }

  /// The mutex is held.
  private func assign() -> Assignment {
    if isStopped { return .over }
    while nextPlace - nextToDeliver < window {
      if let file = current {
        guard nextEntry < file.selected.count else {
          current = nil
          continue
        }
        let entry = Int(file.selected[nextEntry])
        let number = nextNumber
        nextEntry += 1
        nextNumber += 1
        if let includes = work.includes, let id = file.unit?.entry(at: entry)?.id,
          !includes(id, number)
        {
          continue
        }
        nextPlace += 1
        return .run(file, entry: entry, number: number, place: nextPlace - 1)
      }
      guard let file = opened.removeValue(forKey: nextInTurn) else { break }
      nextInTurn += 1
      current = file
      nextEntry = 0
      finished[nextPlace] = .some(.file(file, nextNumber))
      if nextPlace == nextToDeliver { pthread_cond_signal(hasDelivery) }
      nextPlace += 1
    }
    if nextToOpen < files.count, nextToOpen - nextInTurn < openWindow {
      nextToOpen += 1
      return .open(nextToOpen - 1)
    }
    guard nothingLeft else { return .wait }
    pthread_cond_signal(hasDelivery)
    return .over
  }

  // MARK: What is left

  /// A file that was not reached, or not to its end.
  struct Rest {
    var path: String
    /// Words of a command line for what is left of it.
    var words: [String]
    /// Scenarios of this machine's part; nil where nobody has looked into the file.
    var count: Int?
  }

  /// What has not been handed out, file by file, and how many scenarios there are in all that were
  /// selected. Asked when the threads have ended.
  ///
  /// - Parameter isWanted: asked before a file is opened only to count what is in it.
  func rest(lookingWhile isWanted: () -> Bool) -> (files: [Rest], selected: Int) {
    var found: [Rest] = []
    var number = nextNumber
    if let file = current {
      let entries = file.selected.dropFirst(nextEntry)
      found.append(rest(of: file, entries, &number))
    }
    for index in files.indices.dropFirst(nextInTurn) {
      let request = files[index]
      if let file = opened[index] ?? (isWanted() ? work.open(request) : nil) {
        found.append(rest(of: file, file.selected[...], &number))
      } else {
        found.append(Rest(path: request.path, words: request.words, count: nil))
      }
    }
    return (found.filter { $0.count != 0 || !$0.words.isEmpty }, number)
  }

  private func rest(
    of file: OpenedFile, _ entries: ArraySlice<Int32>, _ number: inout Int
  ) -> Rest {
    var words: [String] = []
    var count = 0
    for entry in entries {
      defer { number += 1 }
      guard let id = file.unit?.entry(at: Int(entry))?.id else { continue }
      if let includes = work.includes, !includes(id, number) { continue }
      count += 1
      words.append("\(id)")
    }
    // All of a file is one word, as is one whose errors nobody has seen yet.
    let isOdd = file.unit?.hasErrors != false
    if isOdd || (count > 0 && count == file.unit?.entryCount) { words = [file.request.path] }
    return Rest(path: file.request.path, words: words, count: isOdd ? nil : count)
  }

  private var nothingLeft: Bool {
    isStopped
      || (nextInTurn == files.count && (current.map { nextEntry == $0.selected.count } ?? true))
  }
}
