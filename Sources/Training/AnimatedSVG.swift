import Diagnostics
import Reports

/// A lesson as one picture that plays by itself: a strip of frames behind a window, moved by an
/// animation of its own style sheet. No script; where motion is not wanted it stands at its first
/// frame.
package struct AnimatedSVG {
  private let lesson: Lesson
  private let columns: Int
  private let rows: Int
  /// Rows of text that occur, each drawn once.
  private var definitions: [String: Int] = [:]
  private var drawn = ""

  private static let cellWidth = 8
  private static let cellHeight = 18
  private static let margin = 10

  package static func text(of lesson: Lesson, width: Int = 80, height: Int = 24) -> String {
    var picture = AnimatedSVG(lesson: lesson, columns: width, rows: height)
    return picture.text()
  }

  private init(lesson: Lesson, columns: Int, rows: Int) {
    self.lesson = lesson
    self.columns = max(20, columns)
    self.rows = max(6, rows)
  }

  private mutating func text() -> String {
    let frameHeight = rows * Self.cellHeight
    var frames = ""
    for index in lesson.moments.indices {
      let screen = Frame.screen(of: lesson, at: index, width: columns, height: rows)
      for row in 0..<screen.height {
        guard let number = definition(screen, row) else { continue }
        let place = index * frameHeight + row * Self.cellHeight
        frames += "<use href=\"#r\(number)\" y=\"\(place)\"/>\n"
      }
    }
    let width = columns * Self.cellWidth + 2 * Self.margin
    let height = frameHeight + 2 * Self.margin
    let title = xmlEscaped(lesson.id.title)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img" aria-label="\(title)">
      <title>\(title)</title>
      <style>
      \(style(frameHeight))</style>
      <defs>
      \(drawn)</defs>
      <rect class="paper" width="\(width)" height="\(height)" rx="6"/>
      <svg x="\(Self.margin)" y="\(Self.margin)" width="\(columns * Self.cellWidth)" \
      height="\(frameHeight)" overflow="hidden">
      <g class="roll">
      \(frames)</g>
      </svg>
      </svg>

      """
  }

  /// The number of a row's definition, which is made the first time; nil for an empty row.
  private mutating func definition(_ screen: Screen, _ row: Int) -> Int? {
    var content = ""
    for run in screen.runs(row) {
      let isBlank = run.text.allSatisfy { $0 == " " }
      let cells = CharacterWidth.of(run.text)
      let left = run.column * Self.cellWidth
      if run.ink == .title || run.ink == .current {
        content +=
          "<rect class=\"\(run.ink.rawValue)-paper\" x=\"\(left)\" "
          + "width=\"\(cells * Self.cellWidth)\" height=\"\(Self.cellHeight)\"/>"
      }
      guard !isBlank else { continue }
      content +=
        "<text class=\"\(run.ink.rawValue)\" x=\"\(left)\" y=\"13\" "
        + "textLength=\"\(cells * Self.cellWidth)\">\(xmlEscaped(run.text))</text>"
    }
    guard !content.isEmpty else { return nil }
    if let known = definitions[content] { return known }
    let number = definitions.count
    definitions[content] = number
    drawn += "<g id=\"r\(number)\">\(content)</g>\n"
    return number
  }

  private func style(_ frameHeight: Int) -> String {
    let durations = lesson.moments.indices.map { lesson.milliseconds(at: $0) }
    let total = max(1, durations.reduce(0, +))
    var steps = ""
    var past = 0
    for (index, duration) in durations.enumerated() {
      let share = Self.percent(past, of: total)
      steps += "\(share){transform:translateY(-\(index * frameHeight)px)}\n"
      past += duration
    }
    let last = (durations.count - 1) * frameHeight
    return Self.colours + """
      .roll{animation:roll \(total)ms steps(1,end) infinite}
      @media (prefers-reduced-motion:reduce){.roll{animation:none}}
      @keyframes roll{
      \(steps)100%{transform:translateY(-\(last)px)}
      }

      """
  }

  /// With five digits behind the point, without any floating point.
  private static func percent(_ part: Int, of total: Int) -> String {
    let scaled = part * 10_000_000 / total
    let rest = String(scaled % 100_000)
    return "\(scaled / 100_000)." + String(repeating: "0", count: 5 - rest.count) + rest + "%"
  }

  private static let colours = """
    text{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre}
    .paper{fill:#fcfcfb}.plain,.title-paper,.current-paper{fill:#1c1f23}
    .title,.current{fill:#fcfcfb}.dim,.frame{fill:#6b737c}.bold{fill:#1c1f23;font-weight:700}
    .current,.accent,.good,.bad,.new{font-weight:700}
    .old{fill:#b26a1c}.new{fill:#1f6fc0}.good{fill:#1a7f37}.bad{fill:#c62828}.accent{fill:#1f6feb}
    @media (prefers-color-scheme:dark){
    .paper{fill:#14181c}.plain,.title-paper,.current-paper,.bold{fill:#e4e7ea}
    .title,.current{fill:#14181c}.dim,.frame{fill:#8a949e}
    .old{fill:#e8963f}.new{fill:#62a8f0}.good{fill:#56c271}.bad{fill:#ff7b72}.accent{fill:#6ca8ff}
    }

    """
}
