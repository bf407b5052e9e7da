import Graft

/// What people type who come from other debuggers, and what it is called here.
enum ForeignCommand {
  static func advice(on word: String) -> String? {
    let known: [(words: [String], advice: String)] = [
      (
        ["continue", "c", "cont", "resume"],
        "`run 10ms` lets time pass, `finish` goes on to the end"
      ),
      (
        ["bt", "backtrace", "where", "up", "down", "frame"],
        "`stack TASK` shows where a task is, `ps` where all are"
      ),
      (
        ["p", "print", "x", "display", "inspect"],
        "an expression alone is answered; `watch` shows it when it changes"
      ),
      (
        ["info", "i", "show", "status"],
        "`ps`, `patches`, `functions`, `transition`, `properties` show what there is"
      ),
      (["b", "breakpoint", "tbreak"], "`break when CONDITION` stops a run"),
      (["delete", "d", "unbreak"], "`unwatch N` forgets a watch or a break"),
      (["list", "l"], "`scenario` lists scenarios, `functions` the patched functions"),
      (["clear", "cls"], "^L clears the screen; `reset` starts a new session"),
      (["exit()", "quit()", ":q", ":q!", ":wq", "logout"], "`quit` leaves, and ^D"),
      (
        ["new", "unload", "restart", "start"],
        "`reset` starts again, `reload` reads the files again"
      ),
      (["redo"], "`forward` returns from `undo` and `back`"),
      (
        ["reverse-step", "rs", "reverse-continue", "rc", "rewind"],
        "`back`, `back 10ms`, `back until CONDITION`"
      ),
      (["import", "source", "open", "include"], "`load FILE` brings in a file"),
      (["write", "export"], "`save FILE` writes a scenario, `transcript FILE` what was said"),
      (["??", "man", "tutorial"], "`help`, `help TOPIC`, `tour`"),
    ]
    return known.first { $0.words.contains(word) }?.advice
  }

  /// What statements begin with, and no command.
  private static let ownWords: Set = ["for", "let", "var", "while", "loop", "def", "return"]

  /// A command that a word was meant to be.
  static func near(_ word: String) -> String? {
    guard word.count > 2, !ownWords.contains(word) else { return nil }
    return nearest(to: word, among: Command.all.map(\.name))
  }
}

extension Console {
  /// What was meant, perhaps, by a word that says nothing here.
  func sayAdvice(on text: String) {
    guard !text.contains("\n") else { return }
    let word = String(text.prefix { !$0.isWhitespace })
    if word.hasPrefix("!") { return say(paint.dim("· ^Z goes to your shell, and its `fg` back")) }
    if word.hasSuffix("?"), Command.named(String(word.dropLast())) != nil {
      return say(paint.dim("· `help \(word.dropLast())` tells of it"))
    }
    if let advice = ForeignCommand.advice(on: word) { return say(paint.dim("· " + advice)) }
    guard Verb.named(word) == nil, !isOwnName(word), let near = ForeignCommand.near(word) else {
      return
    }
    say(paint.dim("· did you mean the command `\(near)`?"))
  }
}
