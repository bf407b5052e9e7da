// The values of sub-expressions, below the line that they stand in:
//
//     14 |     assert count(t in ts: t.universe == new) == 3
//        |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//        |            |                                 |
//        |            0                                 false
//
// A value hangs where people look for it: that of a name, a call or a literal at its beginning,
// that of an operator at the operator, which is where its left operand ends.

extension DiagnosticRenderer {
  /// A value and the byte of the source that it hangs from.
  struct AnchoredValue {
    var offset: Int
    var text: String
  }

  /// The values by line, from left to right, one at each place.
  func anchors(of values: [SourceValue], in text: SourceText) -> [Int: [AnchoredValue]] {
    var result: [Int: [AnchoredValue]] = [:]
    // Inner expressions first: an outer one that begins at the same place moves to its operator.
    let ordered = values.filter { Int($0.range.upper) <= text.bytes.count }
      .sorted { ($0.range.lower, $0.range.upper) < ($1.range.lower, $1.range.upper) }
    var taken: Set<Int> = []
    for (index, value) in ordered.enumerated() {
      var offset = Int(value.range.lower)
      if index > 0, ordered[index - 1].range.lower == value.range.lower {
        offset = operatorOffset(after: Int(ordered[index - 1].range.upper), in: text)
      }
      guard offset < Int(value.range.upper), taken.insert(offset).inserted else { continue }
      let line = text.line(at: Int32(offset))
      let shown = AnchoredValue(offset: offset, text: escapingControls(value.text))
      result[line, default: []].append(shown)
    }
    for line in result.keys { result[line]?.sort { $0.offset < $1.offset } }
    return result
  }

  private func operatorOffset(after end: Int, in text: SourceText) -> Int {
    var offset = end
    while offset < text.bytes.count, [0x20, 0x09, 0x29].contains(text.bytes[offset]) { offset += 1 }
    return offset
  }

  /// A row of stems, then the values from right to left, as many in a row as fit.
  static func rows(hanging values: [(column: Int, text: String)]) -> [String] {
    guard !values.isEmpty else { return [] }
    var rows = [stems(values.map(\.column))]
    var left = values
    while !left.isEmpty {
      var row: [(column: Int, text: String)] = []
      var deferred: [(column: Int, text: String)] = []
      var end = Int.max
      for value in left.reversed() {
        if value.column + value.text.count < end {
          row.append(value)
          end = value.column
        } else {
          deferred.append(value)
          row.append((value.column, "|"))
          end = value.column
        }
      }
      rows.append(line(row.reversed()))
      left = deferred.reversed()
    }
    return rows
  }

  private static func stems(_ columns: [Int]) -> String { line(columns.map { ($0, "|") }) }

  private static func line(_ parts: [(column: Int, text: String)]) -> String {
    var line = ""
    for part in parts {
      line += String(repeating: " ", count: max(0, part.column - line.count)) + part.text
    }
    return line
  }
}
