/// What an administrator types after `$`: one entry of the table that the program carries, so that
/// a searched scenario may load a module without the search knowing what a command is.
package struct ShellCommand: Sendable {
  /// How a command begins. `words` are the command's, its name first.
  package typealias Start =
    @Sendable (
      _ words: [String], _ machine: Machine, _ row: inout MutableSpan<UInt64>
    ) -> CommandStart
  /// What it has printed when it has ended with `error`, or well. Lines end in a newline.
  package typealias Output =
    @Sendable (
      _ words: [String], _ error: Errno?, _ machine: Machine, _ row: inout MutableSpan<UInt64>
    ) -> String

  package let name: String
  /// As the manual page has it: `insmod FILE`.
  package let usage: String
  /// One line.
  package let help: String
  /// What its operands are, for the checks before the run.
  package let operands: Operands
  package let start: Start
  package let output: Output

  package enum Operands: Sendable, Hashable {
    /// One module, by its name or its file; of these names of options at the most one before it.
    case module(options: [String])
    /// Nothing is known of them: the command is not simulated yet.
    case unknown
  }

  package var isSimulated: Bool { operands != .unknown }

  package init(
    name: String, usage: String, help: String, operands: Operands,
    start: @escaping Start = { _, _, _ in .ended(.ENOENT) },
    output: @escaping Output = { _, _, _, _ in "" }
  ) {
    self.name = name
    self.usage = usage
    self.help = help
    self.operands = operands
    self.start = start
    self.output = output
  }
}

/// What a command does first.
package enum CommandStart: Sendable, Hashable {
  /// It is done: nothing of it takes a step.
  case ended(Errno?)
  /// A process of the machine does it; the operator waits for its end.
  case process(FunctionID)
  /// It inserts a patch's module, which is what `apply` does.
  case apply(PatchID)
}

/// The words of a command line, split as a shell does: blanks part them, quotes keep them together.
package struct CommandLine: Hashable, Sendable {
  package let words: [String]

  package init(_ line: String) {
    var words: [String] = []
    var word = ""
    var isInWord = false
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
        isInWord = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        isInWord = true
      } else if quote == nil, character == " " || character == "\t" {
        if isInWord { words.append(word) }
        word = ""
        isInWord = false
      } else {
        word.append(character)
        isInWord = true
      }
    }
    if isInWord { words.append(word) }
    self.words = words
  }

  /// The operands: all words after the first that are no options.
  package static func operands(_ words: [String]) -> [String] {
    words.dropFirst().filter { !$0.hasPrefix("-") }
  }
}
