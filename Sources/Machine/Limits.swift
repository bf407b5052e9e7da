/// What a scenario may use up. Passing one of these is a fault that names the line, never a hang
/// and never an abort.
package struct Limits: Sendable, Hashable {
  /// Local operations that a loop or a call is counted by, over a whole run; in a search, within
  /// one step.
  package var operations: Int
  /// Steps of a run.
  package var steps: Int
  /// Virtual time, in nanoseconds.
  package var virtualNanoseconds: Int64
  /// Tasks, dead ones included.
  package var tasks: Int
  /// Bytes of the row and of the strings and lists made on the way. A quarter as much is kept of
  /// what happened, for the report.
  package var memoryBytes: Int
  /// Bytes printed.
  package var outputBytes: Int

  /// A job of a team's own CI: wide enough for Linux's own greatest number of tasks.
  package static let ci = Limits(
    operations: 500_000_000, steps: 100_000_000, virtualNanoseconds: 86_400_000_000_000,
    tasks: 4_194_304, memoryBytes: 4 << 30, outputBytes: 64 << 20)

  /// Somebody at a prompt, who would rather be asked than wait.
  package static let repl = Limits(
    operations: 50_000_000, steps: 20_000_000, virtualNanoseconds: 86_400_000_000_000,
    tasks: 1_000_000, memoryBytes: 1 << 30, outputBytes: 4 << 20)

  /// A text from somewhere else.
  package static let untrusted = Limits(
    operations: 10_000_000, steps: 10_000_000, virtualNanoseconds: 3_600_000_000_000,
    tasks: 10_000, memoryBytes: 64 << 20, outputBytes: 1 << 20)

  /// Bytes of one text, whatever the preset: a text that is doubled in a loop is past every budget
  /// for memory before the loop is past that for operations.
  package static let textBytes = 1 << 20

  /// Recursion has a bound in the layout, whatever the preset: words of stack beyond what the
  /// paths without recursion need.
  package static let recursionWords = StackBounds.recursionWords
}
