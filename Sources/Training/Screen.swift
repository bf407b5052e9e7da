/// What a cell looks like. The names are of meanings; each renderer has colours of its own.
package enum Ink: String, Sendable, CaseIterable {
  case plain, dim, bold, title, old, new, good, bad, accent, current, frame
}

/// A rectangle of cells: one frame of a lesson, before anybody decides how it is shown.
package struct Screen: Sendable, Hashable {
  package struct Cell: Sendable, Hashable {
    /// Empty: the right half of a wide character.
    package var text: String
    package var ink: Ink
  }

  package let width: Int
  package let height: Int
  private var cells: [Cell]

  package init(width: Int, height: Int) {
    self.width = max(1, width)
    self.height = max(1, height)
    cells = Array(
      repeating: Cell(text: " ", ink: .plain), count: self.width * self.height)
  }

  package subscript(row: Int) -> ArraySlice<Cell> { cells[(row * width)..<((row + 1) * width)] }

  /// Writes on one row, from a column on and no farther than `limit`; what does not fit is cut, and
  /// what is outside is left out. Gives the column behind.
  @discardableResult
  package mutating func put(
    _ text: String, row: Int, column: Int, limit: Int? = nil, ink: Ink = .plain
  ) -> Int {
    let end = min(limit ?? width, width)
    guard row >= 0, row < height, column >= 0 else { return column }
    var column = column
    for character in text {
      let size = CharacterWidth.of(character)
      // A mark without a cell of its own goes with the one before it.
      if size == 0 {
        if column > 0, column <= width { cells[row * width + column - 1].text.append(character) }
        continue
      }
      guard column + size <= end else { break }
      cells[row * width + column] = Cell(text: String(character), ink: ink)
      if size == 2 { cells[row * width + column + 1] = Cell(text: "", ink: ink) }
      column += size
    }
    return column
  }

  package mutating func fill(row: Int, _ columns: Range<Int>, with text: String, ink: Ink) {
    for column in columns { put(text, row: row, column: column, ink: ink) }
  }

  /// Stretches of one ink on a row.
  package func runs(_ row: Int) -> [(text: String, ink: Ink, column: Int)] {
    var runs: [(text: String, ink: Ink, column: Int)] = []
    for (column, cell) in self[row].enumerated() {
      if let last = runs.last, last.ink == cell.ink {
        runs[runs.count - 1].text += cell.text
      } else {
        runs.append((cell.text, cell.ink, column))
      }
    }
    return runs
  }

  // MARK: As text

  /// Rows without trailing blanks.
  package var plainRows: [String] {
    (0..<height).map { row in
      var text = self[row].map(\.text).joined()
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  /// A row for a terminal; with colours it ends in plain ink.
  package func row(_ row: Int, coloured: Bool) -> String {
    guard coloured else { return plainRows[row] }
    var text = ""
    var runs = runs(row)
    if let last = runs.last, last.ink == .plain {
      var shortened = last.text
      while shortened.last == " " { shortened.removeLast() }
      runs[runs.count - 1].text = shortened
    }
    for run in runs where !run.text.isEmpty {
      text += run.ink == .plain ? run.text : "\u{1b}[\(run.ink.code)m\(run.text)\u{1b}[0m"
    }
    return text
  }

  /// The whole frame from the upper left corner on, for a terminal in which it may be drawn over
  /// another one.
  package func drawing(coloured: Bool) -> String {
    var text = "\u{1b}[H"
    for number in 0..<height {
      text += row(number, coloured: coloured) + "\u{1b}[K"
      if number + 1 < height { text += "\r\n" }
    }
    return text
  }
}

extension Ink {
  /// Parameters of SGR, of the sixteen colours that every terminal has in its own palette.
  var code: String {
    switch self {
    case .plain: "0"
    case .dim, .frame: "2"
    case .bold: "1"
    case .title: "7"
    case .old: "33"
    case .new: "1;32"
    case .good: "1;32"
    case .bad: "1;31"
    case .accent: "1;36"
    case .current: "1;7"
    }
  }
}
