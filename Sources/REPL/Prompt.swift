import Graft

/// The prompt at a terminal: reads lines with libedit, hands statements on when they are whole.
package struct Prompt {
  private let console: Console
  private let past: Past
  private let width: () -> Int
  private let isInterrupted: () -> Bool
  private let clearInterruption: () -> Void

  package init(
    _ console: Console, past: Past, width: @escaping () -> Int,
    isInterrupted: @escaping () -> Bool, clearInterruption: @escaping () -> Void
  ) {
    self.console = console
    self.past = past
    self.width = width
    self.isInterrupted = isInterrupted
    self.clearInterruption = clearInterruption
  }

  /// Runs until somebody leaves. False when the terminal can't be edited on.
  package func run(greeting: String) -> Bool {
    let console = console
    guard let editor = LineEditor(program: "graft", past: past.lines) else { return false }
    editor.complete = { console.complete($0) }
    editor.list = { $0.listing(width: $1) }
    editor.width = width
    editor.isInterrupted = isInterrupted
    console.say(greeting)
    for complaint in editor.complaints { console.say(complaint) }
    var text = ""
    while !console.isOver {
      clearInterruption()
      let paint = console.paint
      editor.prompt =
        paint.bold(text.isEmpty ? console.promptText : console.continuationText)
      editor.rightPrompt = width() < 50 ? "" : paint.dim(console.status)
      switch editor.read() {
      case .interrupted:
        console.say("^C")
        text = ""
      case .end:
        if text.isEmpty {
          console.say("")
          console.leave()
        } else {
          console.say("\n" + paint.dim("(the block is dropped)"))
          text = ""
        }
      case .text(let line):
        text += text.isEmpty ? line : "\n" + line
        if Console.opens(text), Console.isIncomplete(text) { continue }
        remember(text, editor)
        clearInterruption()
        takeAll(text)
        text = ""
      }
    }
    return true
  }

  /// A paste may hold several statements and commands, one after the other.
  private func takeAll(_ text: String) {
    guard text.contains("\n") else { return console.take(text) }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    Script(console).run(reading: { isInterrupted() ? nil : lines.popFirst().map(String.init) })
  }

  private func remember(_ text: String, _ editor: LineEditor) {
    let line = Console.trimmed(text)
    guard !line.isEmpty, line.utf8.count <= Past.greatestLine else { return }
    editor.remember(line)
    past.add(line)
  }
}
