// What other languages say, and what is written here: one table for each place in which it is met.
// The messages are the same as for any other word that is not understood there, with the form to
// write in the label.

package enum ForeignWords {
  // MARK: What begins a declaration, a member or a statement

  static let declarations: [String: String] = [
    "test": "scenario \"TITLE\" { … }",
    "testcase": "scenario \"TITLE\" { … }",
    "it": "scenario \"TITLE\" { … }",
    "describe": "scenario \"TITLE\" { … }",
    "feature": "scenario \"TITLE\" { … }",
    "import": "use \"FILE\"",
    "include": "use \"FILE\"",
    "require": "use \"FILE\"",
    "from": "use \"FILE\"",
    "source": "use \"FILE\"",
    "func": "def NAME(…) { … }",
    "function": "def NAME(…) { … }",
    "proc": "def NAME(…) { … }",
    "sub": "def NAME(…) { … }",
    "process": "program NAME { … }",
    "task": "program NAME { … }",
    "livepatch": "patch NAME { … }",
    "linux": "kernel \"RELEASE\" { … }",
  ]

  /// Of kernels, modules and patches.
  static let members: [String: String] = [
    "func": "fn NAME(…) { … }",
    "function": "fn NAME(…) { … }",
    "def": "fn NAME(…) { … }",
    "proc": "fn NAME(…) { … }",
    "sub": "fn NAME(…) { … }",
    "void": "fn NAME(…) { … }",
    "static": "fn NAME(…) { … }",
    "asmlinkage": "syscall NAME(…) { … }",
    "SYSCALL_DEFINE0": "syscall NAME() { … }",
    "SYSCALL_DEFINE1": "syscall NAME(A) { … }",
    "SYSCALL_DEFINE2": "syscall NAME(A, B) { … }",
    "SYSCALL_DEFINE3": "syscall NAME(A, B, C) { … }",
    "let": "var NAME = VALUE",
    "struct": "record NAME[N] { … }",
    "mutex": "lock NAME",
    "spinlock": "lock NAME",
    "spinlock_t": "lock NAME",
    "wait_queue_head_t": "queue NAME",
    "waitqueue": "queue NAME",
    "interrupt": "irq NAME every D { … }",
    "thread": "kthread NAME { … }",
    "program": "kthread NAME { … }",
    "define": "const NAME = VALUE",
    "constant": "const NAME = VALUE",
  ]

  /// How C writes a type, before a name.
  static let types: Set<String> = [
    "int", "long", "short", "char", "bool", "void", "unsigned", "signed", "float", "double",
    "size_t", "ssize_t", "u8", "u16", "u32", "u64", "s32", "s64", "i32", "i64", "str", "string",
    "struct", "auto", "const",
  ]

  static let statements: [String: String] = [
    "elif": "else if CONDITION { … }",
    "elsif": "else if CONDITION { … }",
    "elseif": "else if CONDITION { … }",
    "foreach": "for NAME in LIST { … }",
    "until": "while not CONDITION { … }",
    "unless": "if not CONDITION { … }",
    "when": "if CONDITION { … }",
    "do": "loop { …; if CONDITION { break } }",
    "repeat": "loop { … }",
    "forever": "loop { … }",
    "switch": "if A == B { … } else if … { … }",
    "case": "if A == B { … } else if … { … }",
    "match": "if A == B { … } else if … { … }",
    "goto": "loop { … }, with `break` and `continue`",
    "try": "VERB … fails ERRNO",
    "catch": "VERB … fails ERRNO",
    "func": "def NAME(…) { … }",
    "function": "def NAME(…) { … }",
    "int": "let NAME = VALUE",
    "long": "let NAME = VALUE",
    "bool": "let NAME = VALUE",
    "auto": "let NAME = VALUE",
    "val": "let NAME = VALUE",
    "set": "NAME = VALUE",
    "raise": "assert CONDITION",
    "throw": "assert CONDITION",
    "import": "use \"FILE\", outside the block",
    "include": "use \"FILE\", outside the block",
  ]

  /// What stands alone on its line.
  static let bareStatements: [String: String] = [
    "skip": "skip \"REASON\"",
    "xfail": "xfail \"REASON\"",
    "pass": "{ }, an empty block",
    "nop": "{ }, an empty block",
    "done": "}",
    "fi": "}",
    "end": "}",
    "esac": "}",
    "endif": "}",
  ]

  // MARK: Around a block

  static let blockStarts: Set<String> = ["then", "do", "begin"]
  static let blockEnds: Set<String> = ["end", "fi", "done", "endif", "esac", "endwhile"]

  // MARK: In expressions

  static let quantifiers: [String: Word] = [
    "all": .every, "forall": .every, "any": .some, "exists": .some, "filter": .count, "sum": .count,
  ]

  /// Words between two operands.
  static let operators: [String: (spelling: String, operation: BinaryOperator)] = [
    "is": ("==", .equal), "equals": ("==", .equal), "eq": ("==", .equal), "ne": ("!=", .notEqual),
    "lt": ("<", .less), "le": ("<=", .lessOrEqual), "gt": (">", .greater),
    "ge": (">=", .greaterOrEqual), "mod": ("%", .remainder), "div": ("/", .divide),
  ]

  /// Values, and how they are called here.
  package static let values: [String: String] = [
    "True": "true", "TRUE": "true", "yes": "true", "False": "false", "FALSE": "false",
    "no": "false", "None": "null", "NULL": "null", "nil": "null", "nullptr": "null",
    "undefined": "null",
  ]

  /// Functions that are part of most languages.
  package static let functions: [String: String] = [
    "range": "0..2",
    "len": "count(x in LIST: true)",
    "length": "count(x in LIST: true)",
    "size": "count(x in LIST: true)",
    "str": "\"{VALUE}\"",
    "string": "\"{VALUE}\"",
    "read": "cat(\"PATH\")",
    "open": "cat(\"PATH\")",
    "grep": "\"TEXT\" in cat(\"PATH\")",
  ]

  // MARK: Characters

  /// Signs that look like those of the language or mean the same.
  static let signs: [Unicode.Scalar: (spelling: String, kind: TokenKind)] = [
    "≠": ("!=", .notEqual), "≤": ("<=", .lessOrEqual), "≥": (">=", .greaterOrEqual),
    "−": ("-", .minus), "–": ("-", .minus), "×": ("*", .star), "·": ("*", .star),
    "÷": ("/", .slash), "…": ("..", .dotDot), "；": (";", .semicolon), "，": (",", .comma),
    "：": (":", .colon), "（": ("(", .leftParen), "）": (")", .rightParen),
  ]

  static let quotes: Set<Unicode.Scalar> = ["“", "”", "„", "‟", "«", "»", "‘", "’", "‚", "′", "″"]

  /// Blanks that are not the blank of the keyboard, and characters that are not seen at all.
  static func blankName(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0xA0, 0x202F, 0x2007: "a no-break space"
    case 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF: "a character that is not seen"
    case 0x1680, 0x2000...0x200A, 0x205F, 0x3000: "a blank that is none of the keyboard's"
    case 0x2028, 0x2029, 0x85: "a line separator"
    default: nil
    }
  }
}
