/// One source line as a terminal shows it: tabs expanded, control characters escaped, and for each
/// byte the column (from 0) at which it appears.
struct DisplayLine {
  private(set) var cells: [Cell] = []
  /// The column after the last cell.
  private(set) var width = 0
  /// True when the line goes on before or after what was read of it.
  private(set) var isCutBefore = false
  private(set) var isCutAfter = false

  struct Cell {
    var byte: Int
    var column: Int
    var width: Int
    var text: String
  }

  /// A line longer than this is read only around its label.
  private static let maximumByteCount = 4096

  init(_ source: SourceText, line: Int, around offset: Int) {
    var range = source.byteRange(ofLine: line)
    if range.count > Self.maximumByteCount {
      let half = Self.maximumByteCount / 2
      let lower = max(range.lowerBound, offset - half)
      let upper = min(range.upperBound, max(lower, offset + half))
      isCutBefore = lower > range.lowerBound
      isCutAfter = upper < range.upperBound
      range = lower..<upper
    }
    var byte = range.lowerBound
    while byte < range.upperBound {
      let decoded = source.scalar(at: byte)
      append(decoded.scalar ?? "\u{FFFD}", at: byte)
      byte += decoded.byteCount
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, at byte: Int) {
    var text = String(Character(scalar))
    var columns = displayWidth(of: scalar)
    if scalar == "\t" {
      columns = 4 - width % 4
      text = String(repeating: " ", count: columns)
    } else if isControl(scalar) {
      text = escaped(scalar)
      columns = text.utf8.count
    }
    cells.append(Cell(byte: byte, column: width, width: columns, text: text))
    width += columns
  }

  /// The column of a byte; beyond the line, the column after its end.
  func column(ofByte byte: Int) -> Int {
    var low = 0
    var high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].byte < byte { low = middle + 1 } else { high = middle }
    }
    return low < cells.count ? cells[low].column : width
  }

  /// The text between two columns.
  func text(in columns: Range<Int>) -> String {
    var result = ""
    for cell in cells where cell.column >= columns.lowerBound {
      if cell.column + cell.width > columns.upperBound { break }
      result += cell.text
    }
    return result
  }
}

/// Columns that a terminal gives a scalar: 0 for marks that combine, 2 for the wide ranges.
func displayWidth(of scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  switch value {
  case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
    return 2
  default:
    break
  }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: return 1
  }
}
