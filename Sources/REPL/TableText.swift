import Graft

/// Columns that fit a terminal: the last one is cut, or those that may be left out are.
struct TableText {
  var header: [String]
  var rows: [[String]] = []
  /// Columns that hold numbers.
  var right: Set<Int> = []

  init(_ header: [String], right: Set<Int> = []) {
    self.header = header
    self.right = right
  }

  func text(
    width: Int, paint: Paint, tone: (Paint, Int, String) -> String = { _, _, line in line }
  ) -> String {
    var widths = header.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
        let isLast = column + 1 == cells.count
        text += right.contains(column) ? padding + cell : isLast ? cell : cell + padding
        if !isLast { text += "  " }
      }
      while text.last == " " { text.removeLast() }
      return text.count > width ? String(text.prefix(max(1, width - 1))) + "…" : text
    }
    var text = paint.dim(line(header)) + "\n"
    for (number, row) in rows.enumerated() { text += tone(paint, number, line(row)) + "\n" }
    return text
  }
}
