import ArgumentParser
import Glibc
import Graft

/// Plays a lesson on the terminal: keys in, frames out, the clock between. What is to be shown, and
/// when, the player says.
struct LessonTheatre {
  private var player: Player
  private let isColoured: Bool
  private let notes: NotesFile?
  /// The rows that are on the terminal; empty: nothing that is known.
  private var drawn: [String] = []
  private var size = (width: 0, height: 0)
  private var keys = KeyReader()

  init(_ player: Player, isColoured: Bool, notes: NotesFile?) {
    self.player = player
    self.isColoured = isColoured
    self.notes = notes
  }

  /// True when somebody broke it off.
  func play() -> Bool {
    var theatre = self
    theatre.perform()
    return theatre.player.isInterrupted
  }

  private mutating func perform() {
    guard RawTerminal.enter() else {
      return Terminal.printError("graft: the terminal can't be used: is it one?\n")
    }
    defer { RawTerminal.leave() }
    notes?.show(player)
    draw()
    var last = Self.milliseconds
    while !player.isOver {
      let wait = keys.isOpen ? 30 : player.millisecondsToGo ?? -1
      let isTyped = waitForKeys(milliseconds: wait)
      let now = Self.milliseconds
      var changed = player.pass(milliseconds: now - last)
      last = now
      if isTyped == nil { return }
      if take(isLast: isTyped == false) { changed = true }
      if RawTerminal.takeStop() { suspend() }
      if RawTerminal.takeResize() { changed = true }
      if changed {
        draw()
        notes?.show(player)
      }
    }
  }

  // MARK: Keys

  /// True when something was typed; nil when the terminal has gone.
  private mutating func waitForKeys(milliseconds: Int) -> Bool? {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let found = poll(&descriptor, 1, Int32(clamping: milliseconds))
    // A signal: the size has changed, or somebody stops us.
    guard found > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN ? false : nil }
    guard count > 0 else { return nil }
    keys.take(bytes.prefix(count))
    return true
  }

  private mutating func take(isLast: Bool) -> Bool {
    var changed = false
    while !player.isOver, let key = keys.next(isLast: isLast) {
      if key == .suspend {
        suspend()
        changed = true
      } else if player.take(key) {
        changed = true
      }
    }
    return changed
  }

  private mutating func suspend() {
    RawTerminal.leave()
    RawTerminal.stop()
    _ = RawTerminal.enter()
    drawn = []
    draw()
  }

  // MARK: Frames

  private mutating func draw() {
    let now = (width: max(20, Terminal.width), height: max(6, Terminal.height))
    if now != size {
      drawn = []
      size = now
    }
    let screen = player.screen(width: size.width, height: size.height)
    let rows = (0..<screen.height).map { screen.row($0, coloured: isColoured) }
    var text = drawn.isEmpty ? "\u{1b}[2J" : ""
    for (number, row) in rows.enumerated() where drawn.isEmpty || drawn[number] != row {
      text += "\u{1b}[\(number + 1);1H\(row)\u{1b}[K"
    }
    drawn = rows
    Terminal.print(text)
  }

  private static var milliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}

/// Where the speaker reads: a file that grows, or another terminal, which shows the notes of now.
final class NotesFile {
  private let descriptor: Int32
  private let isTerminal: Bool
  private var last = -1

  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o644)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      Terminal.printError("graft: can't write \(escapingControls(path)): \(reason)\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    isTerminal = isatty(descriptor) == 1
  }

  deinit { close(descriptor) }

  func show(_ player: Player) {
    guard player.index != last else { return }
    last = player.index
    let moment = player.moment
    // Steps have nothing to be said; a terminal keeps what was last.
    guard moment.kind.isStop || !moment.notes.isEmpty else { return }
    let chapter = moment.chapter.map { player.lesson.chapters[$0].title } ?? ""
    let place = "\(player.index + 1)/\(player.lesson.moments.count)  \(chapter)"
    guard isTerminal || !moment.notes.isEmpty else { return }
    let text =
      isTerminal
      ? "\u{1b}[H\u{1b}[2J\(place)\r\n\r\n\(shown(moment.notes, "\r\n"))\r\n"
      : "--- \(place)\n\(shown(moment.notes, "\n"))\n"
    _ = WholeFile.write(Array(text.utf8), to: descriptor)
  }

  private func shown(_ notes: String, _ end: String) -> String {
    notes.split(separator: "\n", omittingEmptySubsequences: false)
      .map { escapingControls(String($0)) }.joined(separator: end)
  }
}
