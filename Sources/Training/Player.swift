/// Somebody who goes through a lesson: where they are, whether it plays by itself, what they have
/// answered. It knows keys and milliseconds, and neither a terminal nor a clock.
package struct Player: Sendable {
  package let lesson: Lesson
  package private(set) var index = 0
  package private(set) var isPlaying: Bool
  /// A quarter, a half … eight times the reader's speed, in quarters.
  package private(set) var speed = 4
  package private(set) var showsHelp = false
  package private(set) var isOver = false
  /// Whether it was broken off, by Ctrl-C.
  package private(set) var isInterrupted = false
  /// With a presenter nothing goes on by itself beyond a stop.
  package let isPresented: Bool
  private var extras = Frame.Extras()
  /// Milliseconds that the moment at hand has been shown.
  private var shownFor = 0

  package enum Key: Sendable, Hashable {
    case letter(Character)
    case left, right, up, down, home, end, pageUp, pageDown, enter, escape, interrupt, suspend
  }

  package init(_ lesson: Lesson, isPresented: Bool = false) {
    self.lesson = lesson
    self.isPresented = isPresented
    isPlaying = !isPresented
  }

  package var moment: Moment { lesson.moments[index] }
  private var lastIndex: Int { lesson.moments.count - 1 }
  private var openQuestion: Int? { moment.kind == .question ? moment.question : nil }

  // MARK: Keys

  /// True when the screen has to be drawn anew.
  package mutating func take(_ key: Key) -> Bool {
    if showsHelp {
      showsHelp = false
      if key == .interrupt || key == .letter("q") { end(key) }
      return true
    }
    switch key {
    case .interrupt, .escape, .letter("q"): end(key)
    case .letter("?"): showsHelp = true
    case .letter(" "): playOrGoOn()
    case .right, .letter("l"): go(to: index + 1)
    case .left, .letter("h"): go(to: index - 1)
    case .down, .enter, .letter("n"), .letter("j"): goToStop(forwards: true)
    case .up, .letter("p"), .letter("k"): goToStop(forwards: false)
    case .pageDown, .letter("]"): goToChapter(forwards: true)
    case .pageUp, .letter("["): goToChapter(forwards: false)
    case .home, .letter("g"): go(to: 0)
    case .end, .letter("G"): go(to: lastIndex)
    case .letter("+"), .letter("="): speed = min(32, speed * 2)
    case .letter("-"): speed = max(1, speed / 2)
    case .letter("i"): return hint()
    case .letter("s"): extras.showsNotes.toggle()
    case .letter(let digit): return answer(digit)
    case .suspend: return false
    }
    return true
  }

  private mutating func end(_ key: Key) {
    isOver = true
    isInterrupted = key == .interrupt
  }

  /// The audience's key: what plays stops, what stands goes on; a presenter's goes to what is to be
  /// said next, as it plays.
  private mutating func playOrGoOn() {
    guard !isPlaying else {
      isPlaying = false
      return
    }
    if index == lastIndex { go(to: 0) }
    isPlaying = true
    if isHeld { go(to: index + 1, keepsPlaying: true) }
    if isHeld { isPlaying = false }
  }

  private mutating func go(to place: Int, keepsPlaying: Bool = false) {
    let place = max(0, min(lastIndex, place))
    if !keepsPlaying { isPlaying = false }
    shownFor = 0
    index = place
  }

  private mutating func goToStop(forwards: Bool) {
    let places = forwards ? Array((index + 1)..<(lastIndex + 1)) : Array((0..<index).reversed())
    go(to: places.first { lesson.moments[$0].kind.isStop } ?? (forwards ? lastIndex : 0))
  }

  private mutating func goToChapter(forwards: Bool) {
    let starts = lesson.chapters.map(\.start)
    let place = forwards ? starts.first { $0 > index } : starts.last { $0 < index }
    go(to: place ?? (forwards ? lastIndex : 0))
  }

  /// An answer is chosen, and the lesson goes on to show what comes of it.
  private mutating func answer(_ digit: Character) -> Bool {
    guard let question = openQuestion, let number = digit.wholeNumberValue,
      lesson.questions[question].answers.indices.contains(number - 1)
    else { return false }
    extras.choices[question] = number - 1
    isPlaying = true
    shownFor = 0
    go(to: index + 1, keepsPlaying: true)
    return true
  }

  private mutating func hint() -> Bool {
    guard let question = openQuestion else { return false }
    let count = lesson.questions[question].hints.count
    extras.hints[question] = min(count, (extras.hints[question] ?? 0) + 1)
    return true
  }

  // MARK: Time

  /// Whether the moment at hand waits for somebody.
  private var isHeld: Bool {
    switch moment.kind {
    case .pause, .end: true
    case .question: true
    default: isPresented && moment.kind.isStop
    }
  }

  /// How long until something changes by itself; nil: never.
  package var millisecondsToGo: Int? {
    guard isPlaying, !showsHelp, !isHeld, index < lastIndex else { return nil }
    return max(0, lesson.milliseconds(at: index) * 4 / speed - shownFor)
  }

  /// Lets time pass. True when another moment is shown.
  package mutating func pass(milliseconds: Int) -> Bool {
    guard let rest = millisecondsToGo else {
      if isPlaying, isHeld, !showsHelp {
        isPlaying = false
        return true
      }
      return false
    }
    guard milliseconds >= rest else {
      shownFor += milliseconds
      return false
    }
    go(to: index + 1, keepsPlaying: true)
    if isHeld { isPlaying = false }
    return true
  }

  // MARK: What is seen

  package func screen(width: Int, height: Int) -> Screen {
    var extras = extras
    extras.footer = footer(width: width)
    let screen = Frame.screen(of: lesson, at: index, width: width, height: height, extras)
    return showsHelp ? Self.help(over: screen) : screen
  }

  private func footer(width: Int) -> String {
    let place = "\(index + 1)/\(lesson.moments.count)"
    let pace = speed == 4 ? "" : speed > 4 ? " ×\(speed / 4)" : " ×1/\(4 / speed)"
    let state = (isPlaying ? "playing" : "standing") + pace
    let keys: String
    if let question = openQuestion {
      let count = lesson.questions[question].answers.count
      let left = lesson.questions[question].hints.count - (extras.hints[question] ?? 0)
      keys = "1–\(count) answer" + (left > 0 ? "  i hint" : "") + "  space go on"
    } else if index == lastIndex {
      keys = "q end  space from the beginning  ← back"
    } else {
      keys = (isPlaying ? "space stop" : "space go on") + "  ← → step  n p stop  [ ] chapter"
    }
    let rest = "  ? help  q end"
    let bar = progress(width: max(0, min(20, width - 78)))
    let text = "\(place) \(state)\(bar)  \(keys)"
    // On a narrow screen the keys are what is needed, or how to see them.
    let short = [text + rest, text, "\(place)  \(keys)", "\(place)  ? help"]
    return short.first { CharacterWidth.of($0) <= width - 2 } ?? place
  }

  private func progress(width: Int) -> String {
    guard width > 4 else { return "" }
    let done = lastIndex == 0 ? width : width * index / lastIndex
    return " " + String(repeating: "━", count: done)
      + String(repeating: "─", count: width - done)
  }

  private static let helpLines = [
    "space     play, stop, go on", "→ ←  l h  one step", "n p  ↓ ↑  the next, the last stop",
    "] [       chapter", "g G       the beginning, the end", "+ -       faster, slower",
    "1 2 3 …   answer", "i         a hint", "s         the speaker's notes",
    "q         end", "", "any key goes back",
  ]

  private static func help(over screen: Screen) -> Screen {
    var screen = screen
    let width = min(screen.width, 44)
    let left = (screen.width - width) / 2
    let top = max(0, (screen.height - helpLines.count - 2) / 2)
    for row in 0..<min(helpLines.count + 2, screen.height - top) {
      screen.fill(row: top + row, left..<(left + width), with: " ", ink: .plain)
      let isEdge = row == 0 || row == helpLines.count + 1
      if isEdge {
        screen.fill(row: top + row, left..<(left + width), with: "─", ink: .accent)
      } else {
        screen.put(helpLines[row - 1], row: top + row, column: left + 2, limit: left + width - 1)
      }
    }
    return screen
  }
}
