// What stands where something else is expected: by the place, and by what is found there.

extension ForeignWords {
  // MARK: Heads of blocks

  /// Where the `{` of a block is expected, by the block's word.
  static let heads: [String: [String: String]] = [
    "scenario": titles, "lesson": titles,
    "module": [
      "on": "at boot", "boot": "at boot", "at_boot": "at boot", "@": "at boot",
      "loaded": "at boot", "builtin": "at boot", "=": "`{` without `=`",
    ],
    "kernel": [
      "patching": "machine { patching ENGINE }", "=": "`{` without `=`",
      "module": "`module \"NAME\" { … }` inside the block of the `kernel`",
    ],
    "patch": [
      "(": "patch NAME for n in 1..3 { … }", "[": "patch NAME for n in 1..3 { … }",
      "-": "the name with `_` for `-`", ".": "the name with `_` for `.`",
      "=": "`{` without `=`", "of": "`{`: the kernel is the one that the file boots",
      "for": "for NAME in LIST", "extends": "`{`: a patch says all that it replaces",
      "after": "`{`: patches are applied in the order of the scenario",
      "replaces": "`replaces all` inside the block", "version": "`package … version …` inside",
    ],
    "program": ["=": "`{` without `=`", "main": "program NAME(PARAMETERS) { … }"],
    "record": ["(": "record NAME[N] { … }", "=": "`{` without `=`"],
    "irq": [
      "on": "on cpu N", "cpu": "on cpu N", "each": "every D", "at": "every D",
      "period": "every D", "interval": "every D", "every": "irq NAME every D on cpu N { … }",
    ],
    "kthread": [
      "every": "kthread NAME { loop { sleep D; … } }", "on": "`{`: a kernel thread runs anywhere",
    ],
    "machine": ["(": "machine { SETTING VALUE }", "=": "machine { SETTING VALUE }"],
    "fn": bodies, "syscall": bodies, "def": bodies, "on": ["(": "`{`: a handler takes nothing"],
    "on signal": [
      ",": "`{`, and another `on signal` for the next", "ignore": "ignore NAME",
      "call": "`{`, and the call inside", "->": "{ … }",
    ],
    "loop": ["while": "while CONDITION { … }", "for": "for NAME in LIST { … }"],
    "irqs off": [";": "`{ … }` around all that no interrupt may come into: `irqs off { … }`"],
    "bh off": [";": "bh off { … }"],
    "atomic": [";": "atomic { … }"],
  ]

  /// Blocks that are two calls elsewhere, one at their beginning and one at their end.
  static let stretches: Set<String> = ["irqs off", "bh off", "atomic"]

  private static let titles: [String: String] = [
    "tag": "@NAME", "tags": "@NAME", "[": "@NAME", "#": "@NAME", "label": "@NAME",
    "every": "in every schedule", "exhaustive": "in every schedule", "all": "in every schedule",
    "any": "in every schedule", "explore": "in every schedule", "search": "in every schedule",
    "with": "for NAME in LIST", "where": "for NAME in LIST", "(": "for NAME in LIST",
    "foreach": "for NAME in LIST", "over": "for NAME in LIST", "and": "`,` between variables",
    ";": "`,` between variables", ",": "the clauses one behind the other, without a comma",
    "skip": "`skip \"REASON\"` inside the block", "xfail": "`xfail \"REASON\"` inside the block",
    "timeout": "`await CONDITION within D` inside the block", "=": "`{` without `=`",
    "machine": "`machine { … }` inside the block",
    "as": "`{`: a scenario is called by its title",
  ]

  private static let bodies: [String: String] = [
    "=": "{ return VALUE }", ";": "`{ … }` with what it does: `{ return VALUE }`",
  ]

  // MARK: Behind a statement

  /// Where a statement should end, by what is found there; before it a word that stands somewhere
  /// in the statement, where the advice hangs on one.
  static let endings: [String: String] = [
    "elif": branch, "elsif": branch, "elseif": branch, "fi": closing, "done": closing,
    "end": closing, "endif": closing, "esac": closing, "endwhile": closing,
    "=": "a comparison is written `==`",
    "if": "the condition stands first: `if CONDITION { … }`",
    "unless": "the condition stands first: `if not CONDITION { … }`",
    "while": "the loop stands first: `while CONDITION { … }`",
    "for": "the loop stands first: `for NAME in LIST { … }`",
    "else": "`else` follows the `}` of its `if`, and chooses between blocks, not between values",
    "spawn as": "a task gets a name by `let`: `let NAME = spawn PROGRAM`",
    "as": "a value keeps its kind, and what is brought in keeps its name: leave `as …` out",
    "contains": contained, "matches": contained, "like": contained, "has": contained,
    "includes": contained, "startswith": contained,
    "xor": "that only one of two bools holds is written `A != B`",
    "between": "a number within bounds is written `A in 1..3`",
    "to": "a range is written `A..B`",
    "within": "only `await` has a limit: `await CONDITION within D`",
    "timeout": "only `await` has a limit: `await CONDITION within D`",
    "until": "to wait for a condition, write `await CONDITION`",
    "catch": "what may be refused is said with `fails ERRNO`",
    "except": "what may be refused is said with `fails ERRNO`",
    "point (": "it stands without parentheses: `safe point`",
    "expect": "what may be refused is said with `fails ERRNO`",
    "expects": "what may be refused is said with `fails ERRNO`",
    "or die": "what fails ends the scenario by itself, unless `fails ERRNO` expects it",
    "queue ,": "each has a line of its own: `queue A; queue B`",
    "lock ,": "each has a line of its own: `lock A; lock B`",
    "queue [": "each queue has a name of its own", "lock [": "each lock has a name of its own",
    "let ,": "each has a line of its own: `let A = 1; let B = 2`",
    "var ,": "each has a line of its own: `var A = 1; var B = 2`",
    "const ,": "each has a line of its own: `const A = 1; const B = 2`",
    "use ,": "each has a line of its own: `use \"A\"; use \"B\"`",
    "spawn ,": "each has a line of its own; several of one program are `spawn 2 of PROGRAM`",
    "spawn x": "several tasks of one program are `spawn 2 of PROGRAM`",
    "spawn times": "several tasks of one program are `spawn 2 of PROGRAM`",
    "package ,": "the version follows without a comma: `package NAME version VERSION`",
    "skip when": reason, "skip unless": reason, "xfail when": reason, "xfail unless": reason,
    "wait ,": waitLimit, "wait for": waitLimit, "wait within": waitLimit,
    "wait if": "a condition that ends it stands behind `until`",
    "wait while": "a condition that ends it stands behind `until`",
    "wait timeout": "`timeout` stands before `until`", "wait uninterruptible": waitMode,
    "wait killable": waitMode, "wait freezable": waitMode, "wait interruptible": waitMode,
    "setting ,": "settings stand on lines of their own, or have `;` between them",
    "await done": isOver, "await finished": isOver, "await over": isOver, "await complete": isOver,
    "await completed": isOver, "await applied": isOver, "await ready": isOver,
    "await timeout": limit, "await for": limit, "await in": limit, "await ,": limit,
    "let =": "each has a line of its own: `let A = 1; let B = 1`",
    "always for": forEver, "never for": forEver, "never within": forEver, "always within": forEver,
    "alloc (": "its fields stand between braces: `alloc RECORD { FIELD = VALUE }`",
    "lock =": "a lock has no value: it is free at first",
    "queue =": "a queue has no value: nobody waits at first",
    "fork else": "the child ends with its block, and the parent goes on behind it",
    "always until": "it holds to the end; what ends earlier is asked with `assert` or `await`",
    "reap of": "it takes a PID: `reap [PID]`",
  ]

  private static let branch = "another branch is written `else if CONDITION { … }`"
  private static let closing = "a block ends with `}`"
  private static let contained = "whether a text is part of another is `\"TEXT\" in VALUE`"
  private static let reason = "the condition stands behind `if`"
  private static let limit = "the limit stands behind `within`: `await CONDITION within 5s`"
  private static let forEver =
    "it holds to the end; what must hold at a moment is asked there with `assert`"
  private static let isOver = "a transition is over when `await not in_progress` is"
  private static let waitLimit = "a limit stands behind `timeout`: `wait QUEUE timeout 5ms`"
  private static let waitMode = "this stands right behind the queue: `wait QUEUE killable`"

  /// Words that may go on where a statement seems to end, by a word that stands in it: for "did you
  /// mean".
  static let continuations: [(of: Word, words: [Word])] = [
    (.wait, [.interruptible, .uninterruptible, .killable, .freezable, .timeout, .until]),
    (.await, [.within]), (.apply, [.fails]), (.revert, [.fails]), (.force, [.fails]),
    (.write, [.fails]), (.signal, [.fails]), (.package, [.version]), (.state, [.version]),
    (.right, [.if, .because]), (.wrong, [.if, .because]),
  ]

  // MARK: Behind a verb

  /// Words that English has there. An empty form: the word is left out, and all is well.
  static let fillers: [Word: [String: String]] = [
    .sleep: ["for": "", "until": "await CONDITION"],
    .work: ["for": ""],
    .wait: ["for": "", "on": "", "until": ""],
    .await: ["until": "", "for": "", "that": "", "within": "await CONDITION within D"],
    .apply: ["patch": ""], .revert: ["patch": ""], .force: ["patch": ""],
    .reach: ["eventually": "", "that": ""],
    .assert: ["that": "", "always": "always CONDITION", "eventually": "await CONDITION"],
    .never: ["that": ""], .always: ["that": ""], .check: ["that": ""],
    .log: ["contains": "", "matches": "", "has": "", "with": ""],
    .ignore: ["signal": ""], .wake: ["all": "", "up": "", "one": "wake QUEUE, 1"],
    .boot: ["kernel": ""],
    .spawn: ["program": "", "task": ""],
  ]

  // MARK: Where a value is expected

  /// By what is found there.
  static let operands: [String: String] = [
    "/": "a path is a text: write it in double quotes",
    "*": "there are no pointers: leave `*` out",
    "@": "a name stands without `@`",
    "<=": comparison, ">=": comparison, "<": comparison, ">": comparison, "==": comparison,
    "!=": comparison,
    "if": "a value is chosen before: `var x = A`, then `if CONDITION { x = B }`",
    "for": "what is gone through in a loop is `for NAME in LIST { … }`",
    ":": "leave `:` out",
    "=": "leave `=` out",
    "fn": "what is to be called is a `def NAME(…) { … }`",
  ]

  /// Where a statement is expected, by what begins it.
  static let beginnings: [String: String] = [
    "else": "`else` follows the `}` of its `if`",
    "in": "`in every schedule` stands behind the scenario's title",
    "@": "a tag stands behind the scenario's title: `scenario \"TITLE\" @NAME { … }`",
    "{": "a block has a word before it: `if`, `while`, `for`, `loop`",
    ":": "leave `:` out",
    "and": "a line that goes on ends with `and`, and does not begin with it",
    "or": "a line that goes on ends with `or`, and does not begin with it",
  ]

  private static let comparison = "each side of `and` and `or` is a whole: `A >= 1 and A <= 3`"

  /// Words that begin a value elsewhere and have more behind them.
  static let functionWords: Set<String> = ["lambda", "func", "function", "fn", "def", "closure"]

  /// The errors of a kernel by their numbers, those that a request is refused with.
  static let errorNumbers: [String: String] = [
    "1": "EPERM", "2": "ENOENT", "3": "ESRCH", "4": "EINTR", "5": "EIO", "8": "ENOEXEC",
    "10": "ECHILD", "11": "EAGAIN", "12": "ENOMEM", "13": "EACCES", "16": "EBUSY", "17": "EEXIST",
    "19": "ENODEV", "22": "EINVAL", "38": "ENOSYS",
  ]

  /// How a moment is called, of a module and of a patch.
  static let moments: [String: String] = [
    "load": "init", "start": "init", "insmod": "init", "boot": "init", "probe": "init",
    "unload": "exit", "remove": "exit", "rmmod": "exit", "stop": "exit", "cleanup": "exit",
  ]

  static let patchMoments: [String: String] = [
    "apply": "post_patch", "patch": "post_patch", "patched": "post_patch", "enable": "pre_patch",
    "load": "pre_patch", "init": "pre_patch", "pre": "pre_patch", "post": "post_patch",
    "revert": "post_unpatch", "unpatch": "post_unpatch", "disable": "pre_unpatch",
    "unload": "post_unpatch", "exit": "post_unpatch",
  ]
}
