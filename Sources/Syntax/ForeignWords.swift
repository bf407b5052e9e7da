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
    "int": "program NAME { … }",
    "void": "program NAME { … }",
    "pub": "def NAME(…) { … }",
    "public": "def NAME(…) { … }",
    "static": "def NAME(…) { … }",
    "async": "def NAME(…) { … }",
    "macro": "def NAME(…) { … }",
    "class": "`record NAME[N] { … }` in a `kernel`",
    "struct": "`record NAME[N] { … }` in a `kernel`",
    "enum": "`const NAME = VALUE` in a `kernel`",
    "typedef": "`record NAME[N] { … }` in a `kernel`",
    "type": "`record NAME[N] { … }` in a `kernel`",
    "interface": "`record NAME[N] { … }` in a `kernel`",
    "using": "use \"FILE\"",
    "setup": "def NAME(…) { … }",
    "before": "def NAME(…) { … }",
    "config": "machine { SETTING VALUE }",
    "cpus": "machine { cpus N }",
    "patching": "machine { patching ENGINE }",
    "interrupt": "`irq NAME every D { … }` in a `kernel`",
    "thread": "program NAME { … }",
    "user": "program NAME { … }",
    "fix": "patch NAME { … }",
    "spec": "scenario \"TITLE\" { … }",
    "story": "scenario \"TITLE\" { … }",
    "given": "scenario \"TITLE\" { … }",
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
    "enum": "const NAME = VALUE",
    "typedef": "record NAME[N] { … }",
    "class": "record NAME[N] { … }",
    "type": "record NAME[N] { … }",
    "volatile": "var NAME = VALUE",
    "atomic_t": "var NAME = VALUE",
    "atomic": "var NAME = VALUE",
    "register": "var NAME = VALUE",
    "extern": "fn NAME(…) { … }",
    "export": "fn NAME(…) { … }",
    "public": "fn NAME(…) { … }",
    "pub": "fn NAME(…) { … }",
    "private": "fn NAME(…) { … }",
    "async": "fn NAME(…) { … }",
    "override": "fn NAME(…) { … }",
    "helper": "new fn NAME(…) { … }",
    "timer": "irq NAME every D { … }",
    "tasklet": "kthread NAME { loop { … } }",
    "workqueue": "kthread NAME { loop { … } }",
    "daemon": "kthread NAME { loop { … } }",
    "completion": "queue NAME",
    "waitqueue_head": "queue NAME",
    "semaphore": "lock NAME",
    "rwlock": "lock NAME",
    "import": "`use \"FILE\"` outside the `kernel`",
    "use": "`use \"FILE\"` outside the `kernel`",
    "include": "`use \"FILE\"` outside the `kernel`",
    "init": "on init { … }",
    "exit": "on exit { … }",
    "on_init": "on init { … }",
    "on_exit": "on exit { … }",
    "module_init": "module \"NAME\" { on init { … } }",
    "module_exit": "module \"NAME\" { on exit { … } }",
    "replace": "`fn NAME(…) { … }`, or in a cumulative patch `replaces all`",
    "cumulative": "replaces all",
    "supersedes": "replaces all",
    "obsoletes": "replaces all",
    "version": "package \"NAME\" version \"VERSION\"",
    "name": "package \"NAME\" version \"VERSION\"",
    "rpm": "package \"NAME\" version \"VERSION\"",
    "cve": "fixes \"CVE-…\"",
    "bug": "fixes \"bsc#…\"",
    "fix": "fixes \"CVE-…\"",
    "pre_patch": "on pre_patch { … }",
    "post_patch": "on post_patch { … }",
    "pre_unpatch": "on pre_unpatch { … }",
    "post_unpatch": "on post_unpatch { … }",
  ]

  /// How C writes a type, before a name.
  static let types: Set<String> = [
    "int", "long", "short", "char", "bool", "void", "unsigned", "signed", "float", "double",
    "size_t", "ssize_t", "u8", "u16", "u32", "u64", "s32", "s64", "i32", "i64", "str", "string",
    "struct", "auto", "const", "atomic_t", "volatile", "static", "integer", "boolean", "number",
  ]

  static let statements: [String: String] = [
    "elif": "else if CONDITION { … }",
    "elsif": "else if CONDITION { … }",
    "elseif": "else if CONDITION { … }",
    "foreach": "for NAME in LIST { … }",
    "until": "`while not CONDITION { … }`, or `await CONDITION`",
    "unless": "if not CONDITION { … }",
    "when": "if CONDITION { … }",
    "do": "loop { …; if CONDITION { break } }",
    "repeat": "`loop { … }`, or `for i in 1..3 { … }`",
    "forever": "loop { … }",
    "switch": "if A == B { … } else if … { … }",
    "case": "if A == B { … } else if … { … }",
    "match": "if A == B { … } else if … { … }",
    "select": "if A == B { … } else if … { … }",
    "goto": "`loop { … }`, with `break` and `continue`",
    "try": "VERB … fails ERRNO",
    "catch": "VERB … fails ERRNO",
    "except": "VERB … fails ERRNO",
    "finally": "VERB … fails ERRNO",
    "func": "def NAME(…) { … }",
    "function": "def NAME(…) { … }",
    "lambda": "def NAME(…) { … }",
    "int": "let NAME = VALUE",
    "long": "let NAME = VALUE",
    "bool": "let NAME = VALUE",
    "auto": "let NAME = VALUE",
    "val": "let NAME = VALUE",
    "my": "let NAME = VALUE",
    "local": "let NAME = VALUE",
    "static": "var NAME = VALUE",
    "global": "var NAME = VALUE",
    "nonlocal": "var NAME = VALUE",
    "public": "let NAME = VALUE",
    "mut": "var NAME = VALUE",
    "declare": "let NAME = VALUE",
    "export": "let NAME = VALUE",
    "set": "NAME = VALUE",
    "raise": "assert CONDITION",
    "throw": "assert CONDITION",
    "expect": "`expect log \"TEXT\"`, or `assert CONDITION`",
    "async": "the verb alone: nothing waits but `await` and `sleep`",
    "defer": "the verb as the last statement",
    "go": "spawn PROGRAM",
    "with": "`lock NAME`, what it guards, and `unlock NAME`",
    "synchronized": "`lock NAME`, what it guards, and `unlock NAME`",
    "critical": "`lock NAME`, what it guards, and `unlock NAME`",
    "begin": "the statements, without a block",
    "block": "the statements, without a block",
    "parallel": "`spawn PROGRAM` for each: tasks run side by side",
    "del": "free OBJECT",
    "yield": "return VALUE",
    "import": "`use \"FILE\"` outside the block",
    "include": "`use \"FILE\"` outside the block",
    "use": "`use \"FILE\"` outside the block",
    "at": "`sleep D`, and what is to be done behind it",
    "after": "`sleep D`, and what is to be done behind it",
    "every": "loop { sleep D; … }",
    "once": "`await CONDITION`, and what is to be done behind it",
    "choose": "if choose(true, false) { … } else { … }",
    "slide": "chapter \"TITLE\" { … }",
    "section": "chapter \"TITLE\" { … }",
  ]

  /// What stands alone on its line.
  static let bareStatements: [String: String] = [
    "skip": "skip \"REASON\"",
    "xfail": "xfail \"REASON\"",
    "yield": "`safe point` in a kernel thread, `sleep D` in a program",
    "pass": "`{ }` for a block that does nothing",
    "nop": "`{ }` for a block that does nothing",
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

  /// Values, and how they are called here; and what other languages have their functions in.
  package static let values: [String: String] = [
    "True": "true", "TRUE": "true", "yes": "true", "False": "false", "FALSE": "false",
    "no": "false", "None": "null", "NULL": "null", "nil": "null", "nullptr": "null",
    "undefined": "null", "console": "print VALUE", "System": "print VALUE", "fmt": "print VALUE",
    "stdout": "print VALUE", "logging": "print VALUE", "logger": "print VALUE",
    "time": "sleep D", "subprocess": "$ COMMAND", "os": "$ COMMAND", "shell": "$ COMMAND",
    "random": "choose(A, B)", "threading": "spawn PROGRAM", "asyncio": "spawn PROGRAM",
    "log": "expect log \"TEXT\"", "kernel": "the name alone", "self": "the name alone",
    "this": "the name alone", "done": over, "finished": over, "complete": over, "completed": over,
    "migrated": over, "patched": over, "transition": "`transition.duration`, or `in_progress`",
    "count": "count(x in LIST: CONDITION)", "every": "every(x in LIST: CONDITION)",
    "some": "some(x in LIST: CONDITION)", "choose": "choose(A, B)", "cat": "cat(\"PATH\")",
  ]

  private static let over = "not in_progress"

  /// Functions that are part of most languages.
  package static let functions: [String: String] = [
    "range": "0..2",
    "len": "count(x in LIST: true)",
    "length": "count(x in LIST: true)",
    "size": "count(x in LIST: true)",
    "str": "\"{VALUE}\"",
    "string": "\"{VALUE}\"",
    "format": "\"{VALUE}\"",
    "sprintf": "\"{VALUE}\"",
    "read": "cat(\"PATH\")",
    "open": "cat(\"PATH\")",
    "grep": "\"TEXT\" in cat(\"PATH\")",
    "all": "every(x in LIST: CONDITION)",
    "any": "some(x in LIST: CONDITION)",
    "sum": "count(x in LIST: CONDITION)",
    "random": "choose(A, B)",
    "rand": "choose(A, B)",
    "likely": "the condition alone",
    "unlikely": "the condition alone",
    "ERR_PTR": "the error alone: `-EINVAL`",
    "PTR_ERR": "the value alone",
    "list": "[A, B]",
    "count": "count(x in LIST: true)",
    "every": "every(x in LIST: CONDITION)",
    "some": "some(x in LIST: CONDITION)",
    "max": "if A < B { A = B }",
    "min": "if A > B { A = B }",
    "abs": "if A < 0 { A = -A }",
    "assert_eq": "assert A == B",
    "assertEquals": "assert A == B",
    "assertEqual": "assert A == B",
    "assertTrue": "assert CONDITION",
    "assertFalse": "assert not CONDITION",
    "expect": "assert CONDITION",
    "skip": "skip \"REASON\"",
    "xfail": "xfail \"REASON\"",
    "getpid": "`t.pid` in the scenario: a program does not know it",
  ]

  /// What lists can do elsewhere.
  package static let listMembers: [String: String] = [
    "append": fixedLength, "push": fixedLength, "push_back": fixedLength, "add": fixedLength,
    "extend": fixedLength, "insert": fixedLength, "pop": fixedLength, "remove": fixedLength,
    "concat": fixedLength, "unshift": fixedLength, "shift": fixedLength, "clear": fixedLength,
    "map": throughList, "forEach": throughList, "each": throughList, "for_each": throughList,
    "iter": throughList, "reduce": throughList,
    "filter": "how many there are of which it holds: `count(x in LIST: CONDITION)`",
    "all": "ask them all: `every(x in LIST: CONDITION)`",
    "any": "ask them all: `some(x in LIST: CONDITION)`",
    "contains": "whether it is there: `x in LIST`", "includes": "whether it is there: `x in LIST`",
    "has": "whether it is there: `x in LIST`", "index": "whether it is there: `x in LIST`",
    "first": "the first one: `LIST[0]`", "last": "take it by its number, from 0: `LIST[1]`",
    "sort": "a list keeps its order", "reverse": "a list keeps its order",
    "join": "put them into a text one by one: `\"{a} {b}\"`",
  ]

  private static let fixedLength =
    "a list keeps its length: all of it is `[A, B]`, and an element changes with `LIST[0] = A`"
  private static let throughList = "go through it: `for x in LIST { … }`"

  /// What texts can do elsewhere.
  package static let textMembers: [String: String] = [
    "contains": partOfText, "includes": partOfText, "find": partOfText, "index": partOfText,
    "startswith": partOfText, "startsWith": partOfText, "starts_with": partOfText,
    "endswith": partOfText, "endsWith": partOfText, "ends_with": partOfText, "match": partOfText,
    "matches": partOfText, "has": partOfText, "strip": strippedText, "trim": strippedText,
    "split": "a text is asked as a whole: `\"TEXT\" in VALUE`",
    "format": "a value is put into a text as `\"{VALUE}\"`",
    "length": lengthOfText, "len": lengthOfText, "size": lengthOfText, "count": lengthOfText,
    "upper": wholeText, "lower": wholeText, "replace": wholeText, "substr": wholeText,
  ]

  package static let lengthOfText =
    "nobody counts the letters of a text: it is compared, as in `VALUE == \"\"`, or looked into, "
    + "as in `\"TEXT\" in VALUE`"
  private static let wholeText =
    "a text stays as it is: it is compared, as in `VALUE == \"TEXT\"`, or looked into, as in "
    + "`\"TEXT\" in VALUE`"
  private static let partOfText = "whether a text is part of another: `\"TEXT\" in VALUE`"
  private static let strippedText = "what `cat(…)` gives has no newline at its end"

  /// What tasks can do elsewhere.
  package static let taskMembers: [String: String] = [
    "kill": "write `signal KILL, TASK`", "stop": "write `signal STOP, TASK`",
    "terminate": "write `signal TERM, TASK`", "signal": "write `signal NAME, TASK`",
    "send": "write `signal NAME, TASK`", "cont": "write `signal CONT, TASK`",
    "resume": "write `signal CONT, TASK`", "wake": "write `wake QUEUE`",
    "join": "write `await not TASK.alive`", "wait": "write `await not TASK.alive`",
    "dead": "write `not TASK.alive`", "exited": "write `not TASK.alive`",
    "is_alive": "write `TASK.alive`", "isAlive": "write `TASK.alive`",
    "id": "write `TASK.pid`", "getpid": "write `TASK.pid`",
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

extension Unit {
  /// How the unit is spelt here that people write otherwise elsewhere.
  static func meant(by text: String) -> String? {
    let lowered = text.lowercased()
    switch lowered {
    case "nsec", "nsecs", "nanosecond", "nanoseconds", "nanos": return "ns"
    case "µs", "usec", "usecs", "microsecond", "microseconds", "micros": return "us"
    case "msec", "msecs", "millisecond", "milliseconds", "millis": return "ms"
    case "sec", "secs", "second", "seconds": return "s"
    case "m", "mins", "minute", "minutes": return "min"
    case "hr", "hrs", "hour", "hours": return "h"
    default: return Unit.all.first { $0.spelling == lowered }?.spelling
    }
  }
}
