// Columns.
//
// A writer aligns things with blanks, and the formatter does not know better: where two adjacent
// lines of one block have something at the same column, and at least one of them needed two blanks
// or more for it, the columns stay together and move as one. They move to where the longest of the
// lines puts them with a single blank, so formatting again changes nothing.

extension Formatter {
  private static let blanksPerLevel = 4

  /// The whole text. Consumes the lines.
  mutating func text() -> String {
    for index in lines.indices { place(index, from: 0) }
    for stretch in stretches() {
      for column in sourceColumns(in: stretch) { align(column, in: stretch) }
      alignComments(in: stretch)
    }
    var result = ""
    for line in lines {
      if line.followsEmptyLine { result += "\n" }
      var column = 0
      for piece in line.pieces {
        result += String(repeating: " ", count: max(0, piece.column - column))
        result += piece.text
        column = piece.column + piece.width
      }
      result += "\n"
    }
    return result
  }

  /// Gives the pieces of a line their columns, from the piece `first` on.
  private mutating func place(_ index: Int, from first: Int) {
    var column = lines[index].indentation * Self.blanksPerLevel
    for position in lines[index].pieces.indices {
      let piece = lines[index].pieces[position]
      if position > 0 {
        let gap = piece.isComment ? 2 : piece.wantsBlank ? 1 : 0
        column += gap
      }
      if position >= first { lines[index].pieces[position].column = column }
      column = lines[index].pieces[position].column + piece.width
    }
  }

  /// Runs of lines without an empty line between them.
  private func stretches() -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for index in lines.indices where index > start && lines[index].followsEmptyLine {
      result.append(start..<index)
      start = index
    }
    if start < lines.count { result.append(start..<lines.count) }
    return result
  }

  /// The columns at which somebody used more blanks than a rule asks for, from left to right.
  private func sourceColumns(in stretch: Range<Int>) -> [Int] {
    var columns: Set<Int> = []
    for line in lines[stretch] {
      for piece in line.pieces where piece.sourceBlanks > 1 && !piece.isComment {
        columns.insert(piece.sourceColumn)
      }
    }
    return columns.sorted()
  }

  /// The piece of a line that begins at a source column and has a blank before it.
  private func piece(at column: Int, of line: Line, comments: Bool = false) -> Int? {
    let found = line.pieces.firstIndex { $0.sourceColumn == column && $0.isComment == comments }
    guard let found, found > 0, line.pieces[found].sourceBlanks > 0 else { return nil }
    return line.pieces[found].wantsBlank ? found : nil
  }

  private mutating func align(_ column: Int, in stretch: Range<Int>) {
    var group: [(line: Int, piece: Int)] = []
    for index in stretch.lowerBound...stretch.upperBound {
      let found = index < stretch.upperBound ? piece(at: column, of: lines[index]) : nil
      // A block's head and its body have nothing to stand below each other for.
      let isBelow = group.last.map {
        index < stretch.upperBound && lines[$0.line].indentation == lines[index].indentation
      }
      if found == nil || isBelow == false {
        if group.count > 1 { align(group) }
        group = []
      }
      if let found { group.append((index, found)) }
    }
  }

  private mutating func align(_ group: [(line: Int, piece: Int)]) {
    guard group.contains(where: { lines[$0.line].pieces[$0.piece].sourceBlanks > 1 }) else {
      return
    }
    let target = group.map { lines[$0.line].pieces[$0.piece].column }.max() ?? 0
    for member in group {
      lines[member.line].pieces[member.piece].column = target
      place(member.line, from: member.piece + 1)
    }
  }

  /// A comment keeps its column where the code leaves room; neighbours at one column stay at one.
  private mutating func alignComments(in stretch: Range<Int>) {
    var group: [Int] = []
    var column: Int?
    for index in stretch.lowerBound...stretch.upperBound {
      let own = index < stretch.upperBound ? trailingComment(of: lines[index]) : nil
      if own == nil || own != column {
        placeComments(of: group, at: column ?? 0)
        group = []
      }
      column = own
      if own != nil { group.append(index) }
    }
  }

  /// The source column of the comment behind the code of a line.
  private func trailingComment(of line: Line) -> Int? {
    guard line.pieces.count > 1, let last = line.pieces.last, last.isComment else { return nil }
    return last.sourceColumn
  }

  private mutating func placeComments(of group: [Int], at column: Int) {
    var target = column
    for index in group { target = max(target, lines[index].pieces.last?.column ?? 0) }
    for index in group { lines[index].pieces[lines[index].pieces.count - 1].column = target }
  }
}
