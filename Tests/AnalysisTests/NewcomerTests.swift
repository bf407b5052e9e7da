import Diagnostics
import Testing

/// One wrong word, one message, and one that says what to write.
@Suite struct NewcomerTests {
  typealias Habit = ForeignHabitTests.Habit

  static let values: [Habit] = [
    Habit("let t = 0b11; assert t == x", "E0006", at: "0b11", "written `3` here"),
    Habit("x = 0o17", "E0006", at: "0o17", "written `15` here"),
    Habit("x = 1e5", "E0006", at: "1e5", "written `100_000` here"),
    Habit("x = 1.5e3", "E0006", at: "1.5e3", "written `1500` here"),
    Habit("x = 10UL", "E0006", at: "10UL", "written `10` here"),
    Habit("x = 3u32", "E0006", at: "3u32", "written `3` here"),
    Habit("x = 10x", "E0007", at: "x\n", "no unit of time"),
    Habit("sleep 1h30m", "E0007", at: "1h30m", "write `90min`"),
    Habit("sleep 1m5s", "E0007", at: "1m5s", "write `65s`"),
    Habit("sleep 2h0m", "E0007", at: "2h0m", "write `2h`"),
    Habit("print count", "E0201", at: "count", "write `count(x in LIST: CONDITION)`"),
    Habit("print transition", "E0201", at: "transition", "`transition.duration`"),
    Habit("assert every", "E0201", at: "every", "write `every(x in LIST: CONDITION)`"),
    Habit("await done", "E0201", at: "done", "write `not in_progress`"),
    Habit("print 1 and 2", "E0301", at: "1 and", "compare it"),
    Habit("x = max(x, 3)", "E0201", at: "max", "write `if A < B { A = B }`"),
    Habit("assert count([x]) == 1", "E0201", at: "count", "write `count(x in [x]: true)`"),
    Habit("assert every([x]: x == 1)", "E0123", at: ":", "write `every(x in LIST: CONDITION)`"),
    Habit("let y = await in_progress; print y", "E0110", at: "in_progress", "gives no value"),
  ]

  static let statements: [Habit] = [
    Habit("spawn srv as t", "E0110", at: "as t", "`let NAME = spawn PROGRAM`"),
    Habit("expect log == \"x\"", "E0009", at: "== \"x\"", "leave it out"),
    Habit("apply fix fails 16", "E0102", at: "16", "write `EBUSY`"),
    Habit("apply fix fails -11 or EBUSY", "E0102", at: "-11", "write `EAGAIN`"),
    Habit("apply fix expect EBUSY", "E0110", at: "expect", "`fails ERRNO`"),
    Habit("wait for not in_progress", "E0101", at: "for", "write `await CONDITION`"),
    Habit("load fix", "E0205", at: "load", "write `apply PATCH`"),
    Habit("remove fix", "E0205", at: "remove", "write `revert PATCH`"),
    Habit("apply fix.ko", "E0206", at: "ko", "a patch is named alone"),
    Habit("let t = spawn srv; signal 9, t", "E0301", at: "9, t", "a signal is its name: `KILL`"),
    Habit("let t = spawn srv; assert every(y in t: y.alive)", "E0301", at: "t: y", "`[t]`"),
    Habit("var y x in 0..2; y = 1; y = y + 1; print y", "E0101", at: "x in", "expected `=`"),
    Habit("var y in in 0..2; y = 1; y = y + 1; print y", "E0103", at: "in 0", "expression"),
    Habit("var y 0..2; y = 1; assert y == 1", "E0101", at: "0..2", "expected `=`"),
    Habit("let r fix spawn srv; assert r.alive; signal STOP, r", "E0101", at: "fix", "`=`"),
    Habit("let t = spawn srv 1; print t", "E0110", at: "1; print", "`spawn PROGRAM(ARGUMENTS)`"),
    Habit("yield", "E0109", at: "yield", "`safe point` in a kernel thread"),
  ]

  /// In a kernel, and around one.
  static let declarations: [Habit] = [
    ("fn g() { wait for event q }", "E0009", "for event", "leave it out"),
    ("fn g() { irqs off; work 1us; irqs on }", "E0101", "; work", "`irqs off { … }`"),
    ("fn g(} {\n work 1us\n }", "E0123", "} {", "expected `)`"),
    ("fn g({ {\n work 1us\n }", "E0123", "{ {", "expected `)`"),
    ("fn g() { {\n work 1us\n }", "E0109", "{\n", "leave the other one out"),
    ("syscall g() - return 0 }", "E0101", "- return", "expected `{`"),
    ("fn g(): int { return 1 }", "E0009", ": int", "leave it out"),
    ("fn g() { printk(KERN_INFO \"x\") }", "E0123", "\"x", "leave `KERN_INFO` out"),
    ("fn ;() { return 0 }\n syscall g() { gone(); gone() }", "E0102", ";()", "expected a name"),
    (
      "fn g() {\n  work 1us\n  fn h() { work 1us }\n  work 2us\n }", "E0117", "fn h", "belongs in a"
    ),
    ("fn g(a) { return a => 0 }\n fn h(a) { if g(a) { work 1us } }", "E0009", "=> 0", "no `=>`"),
    ("fn g() { wait 5ms }", "E0101", "5ms", "write `work 5ms`"),
    ("fn g() {\n  irqs off\n  work 1us\n  irqs on\n }", "E0101", "\n  work", "`irqs off { … }`"),
    (
      "fn g(a) { return a > 1 }\n fn g(a) { return 1 }\n fn h(a) { if g(a) { work 1us } }", "E0202",
      "g(a) { return 1", "`fn g@2`"
    ),
    (
      "fn g() { return 1 }\n fn g(a) { return a > 1 }\n fn h(a) { if g() { work 1us } }", "E0202",
      "g(a) {", "`fn g@2`"
    ),
    ("irq t { every 4ms; work 1us }", "E0109", "every", "begins no statement"),
    ("fn g(a) {\n  if test $a = 3; then\n   work 1us\n  fi\n }", "E0101", "$a", "expected `{`"),
    ("fn g(a) { g(a: 3) }", "E0123", ": 3", "in their order, without names"),
    ("fn g(a) { g(choose 1, 2) }", "E0123", "1, 2", "write `choose(A, B)`"),
    ("fn g() { wake one q }", "E0009", "one", "write `wake QUEUE, 1`"),
    ("kthread k { loop { sleep 1s; safe point() } }", "E0110", "() }", "without parentheses"),
    ("irq t each 4ms { work 1us }", "E0101", "each", "write `every D`"),
    (
      "record r[3] { a = 0 }\n fn g() { let o = alloc r { }; if o { free o } }", "E0301", "o {",
      "!= null"
    ),
    ("queue ,\n fn g() { wait gone }", "E0102", ",", "expected a name"),
    (
      "fn g(n) { if n > 0 { return -EINVAL }; return n > 1 }\n fn h(n) { if g(n) { work 1us } }",
      "E0301", "n > 1", "of one kind"
    ),
  ].map { text, code, place, advice in
    Habit(
      "\nkernel \"4.4\" {\n queue q\n fn f() { work 1us }\n \(text)\n}\n", code, at: place, advice)
  }

  static let files: [Habit] = [
    (
      "program  { call() }\nscenario \"s\" { spawn p; spawn p }", "E0102", "{ call",
      "expected a name"
    ),
    (
      "patch , { fn g(n) { return 1 } }\nscenario \"s\" { apply fix; revert fix }", "E0102", ",",
      "expected a name"
    ),
    ("patch a { fn g() { return n } }", "E0504", "g()", "both must take the same"),
    (
      "patch a for g { fn g(n) { return 1 } }\nscenario \"s\" { apply a }", "E0101", "{ fn", "`in`"
    ),
    (
      "patch b { shadow alloc on r; fn g(n) { let o = alloc r { }; drop shadow(o, x); return n } }",
      "E0111", "alloc on", "choose another name"
    ),
  ].map { text, code, place, advice in
    Habit(
      "\nkernel \"4.4\" {\n record r[3] { a = 0 }\n fn g(n) { return n }\n"
        + " syscall call() { g(1) }\n}\n\(text)\n",
      code,
      at: place, advice)
  }

  @Test(arguments: values + statements + declarations + files)
  func oneErrorThatSaysWhatToWrite(_ habit: Habit) throws {
    try ForeignHabitTests().oneErrorThatSaysWhatToWrite(habit)
  }

  /// Two names in a row that are spelt wrong are two mistakes, whatever else lacks its name.
  @Test func aNameThatIsNearIsStillToldWhereOneIsMissing() {
    let found = CheckedSource(
      "kernel \"4.4\" {\n fn ;() { work 1us }\n fn flush() { work 1us }\n"
        + " syscall s() { flosh(); gone() }\n}\n")
    #expect(found.all.map(\.code.rawValue) == ["E0102", "E0201"])
  }

  @Test(arguments: [
    "let max = x; print max", "let count = x; print count", "let done = x; print done",
    "let load = x; print load", "print x == 1 and x == 2",
  ])
  func whatIsRightStaysSo(_ text: String) {
    ForeignHabitTests().whatIsRightStaysSo(text)
  }
}
