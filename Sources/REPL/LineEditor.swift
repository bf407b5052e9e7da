import CEditline
import Glibc

/// Reads lines from a terminal with libedit: keys, history, completion, both prompts.
///
/// The unsafe code of this module stands here: libedit's callbacks get back to their editor through
/// a pointer that libedit keeps, and a prompt is memory that outlives the call which asks for it.
/// One thread only, and one editor a process: the terminal is one.
final class LineEditor {
  enum Line {
    case text(String)
    /// Ctrl-C.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal is gone.
    case end
  }

  /// What stands before the line and at its right end, with escape sequences in it.
  var prompt = "" { didSet { Self.replace(&promptMemory, by: Self.guarded(prompt)) } }
  var rightPrompt = "" { didSet { Self.replace(&rightMemory, by: Self.guarded(rightPrompt)) } }
  /// What may stand at the cursor.
  var complete: (_ before: String) -> Completion = { _ in Completion() }
  /// How a list of candidates is laid out.
  var list: (Completion, _ width: Int) -> String = { _, _ in "" }
  var width: () -> Int = { 80 }
  var isInterrupted: () -> Bool = { false }

  /// What is wrong with the user's start file.
  private(set) var complaints: [String] = []

  private let editor: OpaquePointer
  private let past: OpaquePointer
  private var promptMemory = strdup("")
  private var rightMemory = strdup("")
  private let isDumb: Bool
  private var takesPastes = false
  /// Texts that were pasted and are too long for the line: what stands there for each.
  private var pastes: [(mark: String, text: String)] = []

  private static let historySize: Int32 = 10_000
  /// Bytes of a paste; more is cut, for no terminal session is that long.
  private static let greatestPaste = 16 << 20
  /// Bytes and rows of a paste that is shown in the line.
  private static let greatestShownPaste = 4_096
  private static let greatestShownRows = 10

  /// Nil when libedit has no use for the terminal.
  init?(program: String, past lines: [String]) {
    _ = ce_use_utf8()
    guard let editor = ce_init(program), let past = history_init() else { return nil }
    self.editor = editor
    self.past = past
    let terminal = getenv("TERM").map { String(cString: $0) } ?? "dumb"
    isDumb = terminal == "dumb" || terminal.isEmpty
    _ = ce_set_owner(editor, Unmanaged.passUnretained(self).toOpaque())
    _ = ce_set_prompt(editor) { LineEditor.owner($0)?.promptMemory }
    if !isDumb { _ = ce_set_right_prompt(editor) { LineEditor.owner($0)?.rightMemory } }
    _ = ce_catch_signals(editor, 1)
    _ = ce_use_emacs_keys(editor)
    _ = ce_history_size(past, Self.historySize)
    _ = ce_history_unique(past, 1)
    _ = ce_use_history(editor, past)
    for line in lines { _ = ce_history_add(past, line) }
    addKeys()
  }

  deinit {
    el_end(editor)
    history_end(past)
    free(promptMemory)
    free(rightMemory)
  }

  /// The user's own `.editrc` comes first, for choosing an editor there forgets other bindings.
  private func addKeys() {
    _ = ce_add_function(editor, "graft-complete", "complete a word") { editor, _ in
      LineEditor.owner(editor)?.completeHere() ?? UInt8(CC_ERROR)
    }
    _ = ce_add_function(editor, "graft-paste", "take a paste") { editor, _ in
      LineEditor.owner(editor)?.takePasteHere() ?? UInt8(CC_ERROR)
    }
    complaints = StartFile.read(into: editor)
    // libedit's own prompt for commands reads an open quote beyond its memory.
    _ = ce_bind_command_key(editor, ":", "ed-unassigned")
    _ = ce_bind(editor, "^I", "graft-complete")
    _ = ce_bind(editor, "^R", "em-inc-search-prev")
    // A key that begins with an escape would make one of vi's escape itself.
    guard ce_has_vi_keys(editor) == 0 else { return }
    for key in ["\\ex", "M-x"] { _ = ce_bind(editor, key, "ed-unassigned") }
    let keys = [
      ("\\e[A", "ed-search-prev-history"), ("\\eOA", "ed-search-prev-history"),
      ("\\e[B", "ed-search-next-history"), ("\\eOB", "ed-search-next-history"),
      ("\\e[H", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"),
      ("\\e[1~", "ed-move-to-beg"), ("\\e[4~", "ed-move-to-end"),
      ("\\e[3~", "ed-delete-next-char"),
      ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"),
    ]
    for (key, function) in keys { _ = ce_bind(editor, key, function) }
    guard !isDumb else { return }
    takesPastes = true
    _ = ce_bind(editor, "\\e[200~", "graft-paste")
  }

  // MARK: Reading

  func read() -> Line {
    if takesPastes { ce_write("\u{1b}[?2004h") }
    defer { if takesPastes { ce_write("\u{1b}[?2004l") } }
    pastes = []
    while true {
      var count: Int32 = 0
      var error: Int32 = 0
      let line = ce_gets(editor, &count, &error)
      guard let line, count > 0 else {
        if isInterrupted() { return .interrupted }
        // A stop, a resize or another signal has broken the read; nothing is wrong.
        if count < 0, error == EINTR { continue }
        return .end
      }
      let bytes = UnsafeRawBufferPointer(start: line, count: Int(count))
      var text = String(decoding: bytes, as: UTF8.self)
      if text.hasSuffix("\n") { text.removeLast() }
      for paste in pastes {
        text = text.replacing(paste.mark, with: paste.text, maxReplacements: 1)
      }
      return .text(text)
    }
  }

  /// Remembers a line.
  func remember(_ text: String) { _ = ce_history_add(past, text) }

  // MARK: Prompts

  /// Escape sequences between marks, so that libedit doesn't count them.
  private static func guarded(_ text: String) -> String {
    var guarded = ""
    var isEscape = false
    for character in text {
      if character == "\u{1b}", !isEscape {
        guarded.append("\u{1}")
        isEscape = true
      }
      guarded.append(character)
      if isEscape, character.isLetter {
        guarded.append("\u{1}")
        isEscape = false
      }
    }
    return guarded
  }

  private static func replace(_ memory: inout UnsafeMutablePointer<CChar>?, by text: String) {
    free(memory)
    memory = strdup(text)
  }

  private static func owner(_ editor: OpaquePointer?) -> LineEditor? {
    guard let editor, let owner = ce_owner(editor) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue()
  }

  // MARK: Completing

  /// The line up to the cursor.
  private var beforeCursor: (text: String, all: String) {
    var length: Int32 = 0
    var cursor: Int32 = 0
    guard let buffer = ce_line(editor, &length, &cursor) else { return ("", "") }
    let bytes = UnsafeRawBufferPointer(start: buffer, count: Int(length))
    return (
      String(decoding: bytes[..<Int(cursor)], as: UTF8.self), String(decoding: bytes, as: UTF8.self)
    )
  }

  private func completeHere() -> UInt8 {
    let (before, all) = beforeCursor
    let completion = complete(before)
    guard !completion.candidates.isEmpty else { return UInt8(CC_ERROR) }
    let addition = completion.addition
    if !addition.isEmpty {
      return el_insertstr(editor, addition) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
    }
    guard completion.candidates.count > 1 else { return UInt8(CC_ERROR) }
    // The display is drawn again from the cursor's row upwards: the list has to stand that much
    // higher, and below the last row of the line.
    let columns = max(1, width())
    let rowOfCursor = Self.row(ofEnd: promptPlain + before, columns)
    let rowOfEnd = Self.row(ofEnd: promptPlain + all, columns)
    ce_write(
      String(repeating: "\n", count: rowOfEnd - rowOfCursor + 1) + list(completion, columns)
        + String(repeating: "\n", count: rowOfCursor))
    return UInt8(CC_REDISPLAY)
  }

  private var promptPlain: String {
    var plain = ""
    var isEscape = false
    for character in prompt {
      if character == "\u{1b}" { isEscape = true }
      if !isEscape { plain.append(character) }
      if isEscape, character.isLetter { isEscape = false }
    }
    return plain
  }

  /// The row in which a text ends that begins in row 0.
  private static func row(ofEnd text: String, _ width: Int) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count - 1 + lines.reduce(0) { $0 + columns(of: String($1)) / width }
  }

  /// Columns that a text takes on a terminal. What the locale knows nothing of takes one.
  static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { columns, scalar in
      let own = ce_columns(scalar.value)
      return columns + (own >= 0 ? Int(own) : scalar.value < 32 ? 0 : 1)
    }
  }

  // MARK: Pasting

  /// Reads up to the end of the paste and puts it where the cursor is: Enter does it, and not the
  /// paste. A terminal sends a carriage return for each line break.
  private func takePasteHere() -> UInt8 {
    var scalars: [UnicodeScalar] = []
    let end = Array("\u{1b}[201~".unicodeScalars)
    while scalars.count < Self.greatestPaste {
      var character: wchar_t = 0
      // Ctrl-C in the middle of one: nothing of it was wanted.
      guard el_wgetc(editor, &character) == 1 else { return UInt8(CC_EOF) }
      let scalar = UnicodeScalar(UInt32(bitPattern: character)) ?? "\u{fffd}"
      scalars.append(scalar)
      if scalar == "~", scalars.suffix(end.count).elementsEqual(end) {
        scalars.removeLast(end.count)
        break
      }
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\0", with: "")
    while text.hasSuffix("\n") { text.removeLast() }
    let shown = shown(text)
    return shown.isEmpty || el_insertstr(editor, shown) == 0
      ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
  }

  /// What stands in the line for a paste: the text itself, or how much it is.
  private func shown(_ text: String) -> String {
    let rows = Self.row(ofEnd: text, max(1, width())) + 1
    guard text.utf8.count > Self.greatestShownPaste || rows > Self.greatestShownRows else {
      return Self.printable(text)
    }
    let lines = text.count { $0 == "\n" } + 1
    let size = lines == 1 ? "\(text.utf8.count) bytes" : "\(lines) lines"
    let mark = "[paste \(pastes.count + 1): \(size)]"
    pastes.append((mark, text))
    return mark
  }

  private static func printable(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(
        String.UnicodeScalarView(
          line.replacing("\t", with: "    ").unicodeScalars.map { $0.value < 32 ? " " : $0 }))
    }.joined(separator: "\n")
  }
}
