/// How far a learner is: which exercises are done, and how many hints of each were asked for. Kept
/// by the content of the exercises, so that a course may move, and what changes is open again.
package struct LearntExercises: Sendable, Hashable {
  private var done: Set<String> = []
  private var hints: [String: Int] = [:]

  package init() {}

  /// Reads what `text` has written; lines that mean nothing are passed over.
  package init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch (words.count, words.first) {
      case (2, "done"): done.insert(words[1])
      case (3, "hints"): hints[words[1]] = Int(words[2]).flatMap { $0 > 0 ? $0 : nil }
      default: break
      }
    }
  }

  package var text: String {
    done.sorted().map { "done \($0)\n" }.joined()
      + hints.sorted { $0.key < $1.key }.map { "hints \($0.key) \($0.value)\n" }.joined()
  }

  package func isDone(_ exercise: Exercise) -> Bool { done.contains(exercise.key) }
  package func hintCount(_ exercise: Exercise) -> Int { hints[exercise.key] ?? 0 }

  package mutating func finish(_ exercise: Exercise) { done.insert(exercise.key) }

  package mutating func noteHint(_ exercise: Exercise) {
    hints[exercise.key] = hintCount(exercise) + 1
  }

  package mutating func reset(_ exercise: Exercise) {
    done.remove(exercise.key)
    hints[exercise.key] = nil
  }
}
