import Graft

/// Lines that come from a file or a pipe: no prompt, no questions back. Statements go on over lines
/// as they do at a prompt.
package struct Script {
  private let console: Console

  package init(_ console: Console) { self.console = console }

  /// Lines of one statement at the most, so that a text without an end is no endless one.
  private static let greatestLines = 100_000

  package func run(reading read: () -> String?) {
    var text = ""
    var count = 0
    while !console.isOver, let line = read() {
      text += text.isEmpty ? line : "\n" + line
      count += 1
      // What is open says so; asking each time again would take quadratic time.
      if count < Self.greatestLines, Console.opens(text), Console.isIncomplete(text) { continue }
      console.take(text)
      text = ""
      count = 0
    }
    if !text.isEmpty { console.take(text) }
  }
}
