/// Lines that are longer than the terminal is wide: they go on at a blank, below where their text
/// began.
enum Wrapping {
  /// - Parameter text: perhaps with escape sequences, which take no room.
  static func wrapped(_ text: String, width: Int) -> String {
    guard text.utf8.count > width else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isFirst { result.append("\n") }
      isFirst = false
      // Fewer bytes are fewer columns.
      if line.utf8.count <= width {
        result += line
      } else {
        wrap(line, width, into: &result)
      }
    }
    return result
  }

  private static func wrap(_ line: Substring, _ width: Int, into result: inout String) {
    let cells = cells(of: line)
    guard cells.reduce(0, { $0 + $1.columns }) > width, !isOfSource(line) else {
      result += line
      return
    }
    let indent = String(repeating: " ", count: min(hang(of: cells), width / 2))
    var room = width
    var first = 0
    while first < cells.count {
      var last = first
      var used = 0
      var blank: Int?
      while last < cells.count, used + cells[last].columns <= room {
        used += cells[last].columns
        if cells[last].character == " ", last > first { blank = last }
        last += 1
      }
      if last < cells.count, cells[last].character == " " { blank = last }
      let end = last == cells.count ? last : max(first + 1, blank ?? last)
      for cell in cells[first..<end] { result.append(cell.character) }
      first = end
      while first < cells.count, cells[first].character == " " { first += 1 }
      guard first < cells.count else { return }
      result += "\n" + indent
      room = width - indent.count
    }
  }

  private struct Cell {
    var character: Character
    var columns: Int
  }

  private static func cells(of line: Substring) -> [Cell] {
    var isEscape = false
    return line.map { character in
      if character == "\u{1b}" { isEscape = true }
      guard !isEscape else {
        if character.isLetter { isEscape = false }
        return Cell(character: character, columns: 0)
      }
      return Cell(character: character, columns: LineEditor.columns(of: String(character)))
    }
  }

  /// `12 | assert x`, and the carets below: their columns mean something.
  private static func isOfSource(_ line: Substring) -> Bool {
    let rest = line.drop { $0 == " " || $0.isNumber }
    return rest.hasPrefix("|") || rest.hasPrefix("│")
      || rest.hasPrefix("\u{1b}[") && rest.contains("│")
  }

  /// Where the second column of a list begins that is indented.
  private static func column(_ plain: [Character], _ indent: Int) -> Int {
    var place = indent
    while place + 1 < min(plain.count, greatestColumn) {
      if plain[place] == " ", plain[place + 1] == " " {
        return place + plain[place...].prefix { $0 == " " }.count
      }
      place += 1
    }
    return indent
  }

  private static let greatestColumn = 24

  /// Where the text of a line begins: behind blanks, a moment or a step, and a mark.
  private static func hang(of cells: [Cell]) -> Int {
    let plain = cells.filter { $0.columns > 0 }.map(\.character)
    var place = plain.prefix { $0 == " " }.count
    let number = plain.dropFirst(place).prefix { $0.isNumber || ".#".contains($0) }.count
    guard number > 0 || plain.dropFirst(place).first == "=" else {
      return place > 0 ? column(plain, place) : 0
    }
    if number > 0 {
      place += number
      // Between the moment and the text stands a mark, or nothing but blanks.
      let blanks = plain.dropFirst(place).prefix { $0 == " " }.count
      guard blanks > 0 else { return place - number }
      place += blanks
      let mark = plain.dropFirst(place)
      if mark.dropFirst().first == " ", mark.first?.isLetter == false { place += 2 }
      return place
    }
    // `= note: `, `= help: `
    let word = plain.dropFirst(place).prefix { $0 != ":" }.count
    return word < 12 ? place + word + 2 : place
  }
}
