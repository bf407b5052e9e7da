// "Did you mean": the nearest of some known words, when one is near enough.

/// The number of edits (insert, delete, replace, swap of neighbours) between two words, or nil when
/// it is more than `limit`. Costs at most (2·limit + 1) · length, and nothing for lengths too far
/// apart.
package func editDistance(_ left: String, _ right: String, limit: Int) -> Int? {
  let first = Array(left.utf8)
  let second = Array(right.utf8)
  guard abs(first.count - second.count) <= limit else { return nil }
  // Three rows of the classic table; the one before the last is for swaps.
  let tooFar = limit + 1
  var before = [Int](repeating: tooFar, count: second.count + 1)
  var previous = (0...second.count).map { min($0, tooFar) }
  for row in 0..<first.count {
    var current = [Int](repeating: tooFar, count: second.count + 1)
    current[0] = min(row + 1, tooFar)
    let low = max(0, row - limit)
    let high = min(second.count, row + limit + 1)
    guard low < high else { return nil }
    for column in low..<high {
      let replaced = previous[column] + (first[row] == second[column] ? 0 : 1)
      var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        best = min(best, before[column - 1] + 1)
      }
      current[column + 1] = min(best, tooFar)
    }
    if current.allSatisfy({ $0 > limit }) { return nil }
    before = previous
    previous = current
  }
  return previous[second.count] <= limit ? previous[second.count] : nil
}

/// The candidate nearest to `word`, when it is near enough to be what was meant: one edit for words
/// up to four bytes, two up to eight, three beyond. The earlier of equals wins. Words longer than
/// 64 bytes get no suggestion.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let length = word.utf8.count
  guard length > 1, length <= 64 else { return nil }
  var limit = length <= 4 ? 1 : length <= 8 ? 2 : 3
  var best: String?
  for candidate in candidates where candidate != word {
    guard let distance = editDistance(word, candidate, limit: limit) else { continue }
    best = candidate
    if distance <= 1 { limit = 0 } else { limit = distance - 1 }
    if limit == 0 { break }
  }
  return best
}
