import Machine
import Syntax

/// One of the commands of a line, with what must have come of those before it.
struct ListedCommand: Sendable {
  enum Joint: Sendable {
    /// The first, or behind a `;`.
    case always
    /// `&&`
    case ifSuccess
    /// `||`
    case ifFailure
    /// The next of several that one command was given: it goes on whatever comes of it, and has
    /// failed if one of them has.
    case next
  }

  var joint: Joint
  var text: InterpolatedText
  var words: LiteralWords
}

extension InterpolatedText {
  /// The commands that stand on a line between `;`, `&&` and `||`, outside of quotes. A line in
  /// which one of them is missing is left whole: no shell understands it.
  var listedCommands: [ListedCommand] {
    var splitter = ListSplitter()
    for segment in segments { splitter.take(segment) }
    let parts = splitter.end()
    var commands: [ListedCommand] = []
    for (joint, text) in parts {
      let words = text.literalWords
      if words.line.words.isEmpty, parts.count > 1 {
        return [ListedCommand(joint: .always, text: self, words: literalWords)]
      }
      commands += ListedCommand(joint: joint, text: text, words: words).oneByOne
    }
    return commands
  }
}

extension ListedCommand {
  /// `rmmod a b` removes one module after the other, as kmod does.
  fileprivate var oneByOne: [ListedCommand] {
    let line = words.line
    guard words.isComplete, line.name == "rmmod", line.isPlain, line.operands.count > 1,
      line.notUnderstood == nil, line.patterns.isEmpty
    else { return [self] }
    let options = line.options.map { " " + $0 }.joined()
    return line.operands.enumerated().map { number, operand in
      let text = InterpolatedText(segments: [.text("rmmod\(options) \(operand)")])
      return ListedCommand(
        joint: number == 0 ? joint : .next, text: text, words: text.literalWords)
    }
  }
}

/// Cuts a text where one command ends and the next begins.
private struct ListSplitter {
  private var parts: [(ListedCommand.Joint, InterpolatedText)] = []
  private var joint = ListedCommand.Joint.always
  private var segments: [InterpolatedText.Segment] = []
  private var quote: Character?

  mutating func take(_ segment: InterpolatedText.Segment) {
    guard case .text(let text) = segment else { return segments.append(segment) }
    var literal = ""
    let letters = Array(text)
    var place = 0
    while place < letters.count {
      let letter = letters[place]
      let next = place + 1 < letters.count ? letters[place + 1] : nil
      place += 1
      if letter == "\\", quote != "'", let next {
        literal += String([letter, next])
        place += 1
        continue
      }
      if quote == nil, let joint = Self.joint(letter, next) {
        if letter != ";" { place += 1 }
        cut(&literal, joint)
        continue
      }
      if letter == quote {
        quote = nil
      } else if quote == nil, letter == "'" || letter == "\"" {
        quote = letter
      }
      literal.append(letter)
    }
    if !literal.isEmpty { segments.append(.text(literal)) }
  }

  private static func joint(_ letter: Character, _ next: Character?) -> ListedCommand.Joint? {
    switch (letter, next) {
    case (";", _): .always
    case ("&", "&"): .ifSuccess
    case ("|", "|"): .ifFailure
    default: nil
    }
  }

  private mutating func cut(_ literal: inout String, _ next: ListedCommand.Joint) {
    if !literal.isEmpty { segments.append(.text(literal)) }
    literal = ""
    parts.append((joint, InterpolatedText(segments: segments).trimmed))
    (joint, segments) = (next, [])
  }

  /// A `;` at the very end ends the last command.
  mutating func end() -> [(ListedCommand.Joint, InterpolatedText)] {
    let isBlank = segments.allSatisfy {
      if case .text(let text) = $0 { text.allSatisfy { $0 == " " || $0 == "\t" } } else { false }
    }
    if !(isBlank && joint == .always && !parts.isEmpty) {
      let text = InterpolatedText(segments: segments)
      parts.append((joint, parts.isEmpty ? text : text.trimmed))
    }
    return parts
  }
}

extension InterpolatedText {
  /// Without the blanks around the sign that stood before or behind it.
  fileprivate var trimmed: InterpolatedText {
    var segments = segments
    func isBlank(_ letter: Character) -> Bool { letter == " " || letter == "\t" }
    if case .text(let text)? = segments.first {
      segments[0] = .text(String(text.drop(while: isBlank)))
    }
    if case .text(var text)? = segments.last {
      while let last = text.last, isBlank(last) { text.removeLast() }
      segments[segments.count - 1] = .text(text)
    }
    return InterpolatedText(segments: segments)
  }
}
