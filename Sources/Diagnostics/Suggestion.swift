// "Did you mean": the nearest of some known words, when one is near enough.

/// The number of edits (insert, delete, replace, swap of neighbours) between two words, or nil when
/// it is more than `limit`. Costs at most (2·limit + 1) · length, and nothing for lengths too far
/// apart.
package func editDistance(_ left: String, _ right: String, limit: Int) -> Int? {
  var table = EditTable(left)
  return table.distance(to: right, limit: limit)
}

/// The edits between one word and many others. The table is kept from one to the next, for a text
/// may have many names.
private struct EditTable {
  private let first: [UInt8]
  private var second: [UInt8] = []
  // Three rows of the classic table; the one before the last is for swaps.
  private var before: [Int] = []
  private var previous: [Int] = []
  private var current: [Int] = []

  init(_ word: String) { first = Array(word.utf8) }

  mutating func distance(to word: String, limit: Int) -> Int? {
    guard abs(first.count - word.utf8.count) <= limit else { return nil }
    second.removeAll(keepingCapacity: true)
    second.append(contentsOf: word.utf8)
    // What both begin or end with costs nothing: names are often one stem with numbers.
    var start = 0
    while start < min(first.count, second.count), first[start] == second[start] { start += 1 }
    var tail = 0
    while tail < min(first.count, second.count) - start,
      first[first.count - 1 - tail] == second[second.count - 1 - tail]
    {
      tail += 1
    }
    let rows = start..<first.count - tail
    let columns = start..<second.count - tail
    guard !rows.isEmpty, !columns.isEmpty else {
      let distance = max(rows.count, columns.count)
      return distance <= limit ? distance : nil
    }
    return distance(rows, columns, limit)
  }

  private mutating func distance(_ rows: Range<Int>, _ columns: Range<Int>, _ limit: Int) -> Int? {
    let tooFar = limit + 1
    let width = columns.count
    begin(width, tooFar)
    for row in 0..<rows.count {
      for column in 0...width { current[column] = tooFar }
      current[0] = min(row + 1, tooFar)
      let low = max(0, row - limit)
      let high = min(width, row + limit + 1)
      guard low < high else { return nil }
      var least = current[0]
      let byte = first[rows.lowerBound + row]
      for column in low..<high {
        let other = second[columns.lowerBound + column]
        var best = min(previous[column + 1], current[column]) + 1
        best = min(best, previous[column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == second[columns.lowerBound + column - 1],
          first[rows.lowerBound + row - 1] == other
        {
          best = min(best, before[column - 1] + 1)
        }
        current[column + 1] = min(best, tooFar)
        least = min(least, best)
      }
      if least > limit { return nil }
      swap(&before, &previous)
      swap(&previous, &current)
    }
    return previous[width] <= limit ? previous[width] : nil
  }

  private mutating func begin(_ width: Int, _ tooFar: Int) {
    while current.count <= width {
      before.append(0)
      previous.append(0)
      current.append(0)
    }
    for column in 0...width {
      before[column] = tooFar
      previous[column] = min(column, tooFar)
    }
  }
}

/// The candidate nearest to `word`, when it is near enough to be what was meant: one edit for words
/// up to four bytes, two up to eight, three beyond. The earlier of equals wins. Words longer than
/// 64 bytes get no suggestion.
///
/// - Parameter isWanted: whether a candidate may be offered; asked of those alone that are near.
package func nearest(
  to word: String, among candidates: some Sequence<String>,
  where isWanted: (String) -> Bool = { _ in true }
) -> String? {
  let length = word.utf8.count
  guard length > 1, length <= 64 else { return nil }
  var limit = length <= 4 ? 1 : length <= 8 ? 2 : 3
  var best: String?
  var table = EditTable(word)
  for candidate in candidates where candidate != word {
    guard let distance = table.distance(to: candidate, limit: limit), isWanted(candidate) else {
      continue
    }
    best = candidate
    if distance <= 1 { limit = 0 } else { limit = distance - 1 }
    if limit == 0 { break }
  }
  return best
}
