import Testing

/// As `ForeignHabitTests`, by the place in which something else is expected.
@Suite struct ForeignPlaceTests {
  typealias Habit = ForeignHabitTests.Habit

  /// Statements of a scenario.
  static let statements: [Habit] = [
    Habit("y := 1", "E0009", at: ":=", "`let y = …`, or `var y = …` to change it"),
    Habit("for i = 0; i < 3; i++ { print i }", "E0101", at: "i = 0", "write `for NAME in 0..9`"),
    Habit("for i := 0; i < 3; i++ { print i }", "E0101", at: "i := 0", "write `for NAME in 0..9`"),
    Habit("for _, i := range [1] { print i }", "E0101", at: "_, i", "write `for i in`"),
    Habit("for (const i of [1]) { print i }", "E0101", at: "(const", "without `(…)`"),
    Habit("for i of [1] { print i }", "E0101", at: "i of", "write `for i in`"),
    Habit("for let i in [1] { print i }", "E0101", at: "let i", "write `for i in`"),
    Habit("for i : [1] { print i }", "E0101", at: "i :", "write `for i in`"),
    Habit("let y = `lsmod`; print y", "E0009", at: "`lsmod`", "write `$ lsmod`"),
    Habit("apply fix && sleep 1s", "E0110", at: "&&", "write a new line or `;` instead"),
    Habit("apply fix || print 1", "E0110", at: "||", "unless `fails ERRNO` expects it"),
    Habit("apply fix and sleep 1s", "E0110", at: "and", "write a new line or `;` instead"),
    Habit("let mut y = x; y = 3; print y", "E0009", at: "mut y", "write `var y = …`"),
    Habit("let y: int = x; print y", "E0009", at: "y: int", "write `y`"),
    Habit("let int y = x; print y", "E0009", at: "int y", "without a type"),
    Habit("let y == x; print y", "E0101", at: "==", "write `=`"),
    Habit("let y, z = 1, 2; print y", "E0102", at: ", z", "write a `let` for each"),
    Habit("let [y, z] = [1, 2]; print y", "E0102", at: "[y", "write a `let` for each"),
    Habit("let y = 1, z = 2; print z", "E0110", at: ", z", "`let A = 1; let B = 2`"),
    Habit("let y; print y", "E0101", at: "; print", "write `= VALUE`"),
    Habit("let ys = [1, 2]; print ys[0:1]", "E0123", at: ":1", "there are no slices"),
    Habit("let ys = [1 2 3]; print ys", "E0101", at: "2 3", "write `,` before this"),
    Habit("let ys = [1; 2; 3]; print ys", "E0101", at: "; 2", "write `,` instead"),
    Habit("let y = (1, 2); print y", "E0009", at: ", 2", "write `[A, B]`"),
    Habit("let y = {\"a\": 1}; print y", "E0009", at: "{\"a", "no tables with keys"),
    Habit("let f = lambda y: y; print f", "E0009", at: "lambda", "`def NAME(…) { … }`"),
    Habit("let f = fn(y) { y }; print f", "E0009", at: "fn", "`def NAME(…) { … }`"),
    Habit("let f = |y| y; print f", "E0009", at: "|y", "no operators on bits"),
    Habit("let y = if x == 1 { 1 } else { 2 }", "E0103", at: "if x", "`if CONDITION { x = B }`"),
    Habit("let y = 1 if x == 1 else 2", "E0110", at: "if x", "the condition stands first"),
    Habit("print 1 if x == 1", "E0110", at: "if x", "the condition stands first"),
    Habit("assert all(y == 1 for y in [x])", "E0123", at: "for y", "`every(x in LIST"),
    Habit("let ys = [y for y in [x]]; print ys", "E0123", at: "for y", "`for x in LIST { … }`"),
    Habit("assert every y in [x]: y == 1", "E0101", at: "every", "write `every(x in LIST"),
    Habit("assert count(y in [x]) == 2", "E0101", at: ")", "write `: true` before this"),
    Habit("assert count(y in [x] where y == 1) == 2", "E0101", at: "where", "write `:`"),
    Habit("until x == 1 { sleep 1ms }", "E0109", at: "until", "`while not CONDITION { … }`"),
    Habit("until in_progress", "E0109", at: "until", "`await CONDITION`"),
    Habit("foreach (y in [1]) { print y }", "E0109", at: "foreach", "for NAME in LIST"),
    Habit("switch (x) { print 1 }", "E0109", at: "switch", "else if"),
    Habit("async apply fix", "E0109", at: "async", "nothing waits but `await` and `sleep`"),
    Habit("await apply fix", "E0110", at: "fix", "`apply` is a verb"),
    Habit("let y = apply fix", "E0110", at: "fix", "gives no value"),
    Habit("if apply fix { sleep 1ms }", "E0101", at: "fix", "gives no value"),
    Habit("if (x == 1) print 1", "E0101", at: "print 1", "stands between `{` and `}`"),
    Habit("if x == 1 then print 1 end", "E0101", at: "then", "write `{` here"),
    Habit("while in_progress do; sleep 1ms; done", "E0101", at: "do;", "write `{` here"),
    Habit("print 1 -- hi", "E0009", at: "-- hi", "a comment begins with `#`"),
    Habit("println!(\"hi\")", "E0009", at: "!(", "leave `!` out"),
    Habit("assert_eq!(x, 1)", "E0009", at: "!(", "`assert CONDITION`"),
    Habit("apply fix fails EAGAIN, EBUSY", "E0009", at: ", EBUSY", "written `or`"),
    Habit("apply fix fails EAGAIN | EBUSY", "E0009", at: "| EBUSY", "written `or`"),
    Habit("await within 5s in_progress", "E0009", at: "within", "`await CONDITION within D`"),
    Habit("await(in_progress, 5s)", "E0009", at: ", 5s", "write `within`"),
    Habit("await until in_progress", "E0009", at: "until", "leave it out"),
    Habit("sleep for 5s", "E0009", at: "for", "leave it out"),
    Habit("sleep 5 seconds", "E0115", at: "5 sec", "write `5s`"),
    Habit("apply patch fix", "E0009", at: "patch", "leave it out"),
    Habit("reach eventually in_progress", "E0009", at: "eventually", "leave it out"),
    Habit("assert always in_progress", "E0009", at: "always", "write `always CONDITION`"),
    Habit("expect log contains \"x\"", "E0009", at: "contains", "leave it out"),
    Habit("assert cat(\"/proc/version\") contains \"x\"", "E0110", at: "contains", "in VALUE`"),
    Habit("assert x >= 1 and <= 3", "E0103", at: "<= 3", "`A >= 1 and A <= 3`"),
    Habit("let t = spawn srv; signal STOP to t", "E0110", at: "to t", "write `,` instead"),
    Habit("report \"x\": x", "E0110", at: ": x", "write `,` instead"),
    Habit("kill -9 x", "E0109", at: "kill", "write `signal NAME, TASKS`"),
    Habit("sudo zypper install x", "E0109", at: "sudo", "write `$ COMMAND`"),
    Habit("var v[4] = 0; print v", "E0101", at: "[4]", "write `var v = [A, B]`"),
    Habit("x += 1", "E0118", at: "+=", "write `x = x + …`"),
    Habit("print \"a\" \"b\"", "E0110", at: "\"b\"", "texts are joined in one"),
    Habit("let y = 1,000; print y", "E0110", at: ",000", "`1_000`"),
    Habit("again: print 1", "E0110", at: ": print", "there are no labels"),
    Habit("spawn 2 srv", "E0101", at: "srv", "`spawn 2 of PROGRAM`"),
    Habit("spawn srv &", "E0009", at: "&", "leave `&` out"),
    Habit("print & x", "E0009", at: "& x", "no operators on bits"),
    Habit("wait until in_progress", "E0101", at: "until", "write `await CONDITION`"),
    Habit("in every schedule", "E0109", at: "in", "stands behind the scenario's title"),
  ]

  /// Of the checker.
  static let names: [Habit] = [
    Habit("console.log(\"hi\")", "E0201", at: "console", "write `print VALUE`"),
    Habit("var ys = [1]; ys.append(2); print ys", "E0206", at: "append", "keeps its length"),
    Habit("let ys = [1]; ys.map(choice)", "E0206", at: "map", "`for x in LIST { … }`"),
    Habit("assert cat(\"/p\").contains(\"x\")", "E0206", at: "contains", "`\"TEXT\" in VALUE`"),
    Habit("let t = spawn srv; t.kill()", "E0206", at: "kill", "write `signal KILL, TASK`"),
    Habit("let t = spawn srv; assert t.alive()", "E0301", at: "t.alive", "without `()`"),
    Habit("sleep(5)", "E0302", at: "5)", "write 5s, 5ms or 5us"),
    Habit("sleep 5ms-10ms", "E0308", at: "5ms-10ms", "write `5ms..10ms`"),
    Habit("wait_for(in_progress)", "E0205", at: "wait_for", "write `await CONDITION`"),
    Habit("skip(\"x\")", "E0201", at: "skip", "write `skip \"REASON\"`"),
    Habit("assertEquals(x, 1)", "E0201", at: "assertEquals", "write `assert A == B`"),
    Habit("panic(\"x\")", "E0205", at: "panic", "write `assert CONDITION`"),
    Habit("udelay(5)", "E0205", at: "udelay", "write `sleep D`"),
    Habit("print choice", "E0204", at: "choice", "call it: `choice(…)`"),
    Habit("fork()", "E0205", at: "fork", "the verb of that name belongs in a program"),
    Habit("\nmachine { jitter on }\n", "E0604", at: "jitter", "takes one duration"),
    Habit("\nmachine { patching \"kgraft\" }\n", "E0301", at: "\"kgraft", "without quotes"),
  ]

  static let headers: [Habit] = [
    ("tag slow", "E0101", "tag", "write `@NAME`"), ("[slow]", "E0101", "[slow", "write `@NAME`"),
    ("@slow, @fast", "E0101", ",", "without a comma"),
    ("every schedule", "E0101", "every", "write `in every schedule`"),
    ("in all schedules", "E0101", "in all", "write `in every schedule`"),
    ("in every schedules", "E0101", "in every", "write `in every schedule`"),
    ("for every schedule", "E0101", "for every", "write `in every schedule`"),
    ("exhaustive", "E0101", "exhaustive", "write `in every schedule`"),
    ("with n in [1]", "E0101", "with", "write `for NAME in LIST`"),
    ("for n in 1, 2", "E0101", "1, 2", "write `n in [A, B]`"),
    ("for n = 1", "E0101", "= 1", "write `n in [A, B]`"),
    ("for n in {1, 2}", "E0009", "{1", "write `[A, B]`"),
    ("skip \"x\"", "E0101", "skip", "inside the block"),
    ("= ", "E0101", "=", "write `{` without `=`"),
  ].map { text, code, place, advice in
    Habit("\nscenario \"s\" \(text) { sleep 1ms }\n", code, at: place, advice)
  }

  static let kernels: [Habit] = [
    ("queue a, b", "E0110", ", b", "`queue A; queue B`"),
    ("var v[4] = 0", "E0101", "[4]", "write `var v = list[4]`"),
    ("var v = 0 in 0..3", "E0301", "0 in 0", "write `var v in 0..3 = 0`"),
    ("var v in 0-3 = 0", "E0301", "0-3", "write `0..3`"),
    ("var v: int = 0", "E0009", "v: int", "write `v`"),
    ("v = 0", "E0108", "v", "write `var v = VALUE`"),
    ("f(n) { return n }", "E0108", "f", "write `fn f(…) { … }`"),
    ("fn f { return 1 }", "E0101", "{ return", "write `()` before the block"),
    ("fn inline f() { return 1 }", "E0009", "inline", "write `inline fn NAME(…)`"),
    ("enum e { A }", "E0108", "enum", "write `const NAME = VALUE`"),
    ("timer t every 4ms { work 1us }", "E0108", "timer", "write `irq NAME every D { … }`"),
    ("irq t every 4ms on 1 { work 1us }", "E0101", "on 1", "write `on cpu N`"),
    ("record r(4) { a = 0 }", "E0101", "(4", "write `record NAME[N] { … }`"),
    ("module \"m\" on boot { }", "E0101", "on boot", "write `at boot`"),
    ("module \"m\" { on load { work 1us } }", "E0101", "load", "write `init`"),
    ("syscall w() { wait_event(q) }", "E0205", "wait_event", "`wait QUEUE until CONDITION`"),
    ("syscall w() { wait for q }", "E0009", "for", "leave it out"),
    ("syscall w() { wait q, 5ms }", "E0110", ", 5ms", "`wait QUEUE timeout 5ms`"),
    ("syscall w() { wait q uninteruptible }", "E0110", "uninter", "did you mean `uninterr"),
    ("syscall w() { wait q timeout 5ms killable }", "E0110", "killable", "right behind the queue"),
    ("syscall w() { wait until x > 0 }", "E0101", "until", "`wait QUEUE until CONDITION`"),
    ("syscall w() { msleep(5) }", "E0205", "msleep", "write `work D`"),
    ("syscall w() { printf(\"x\") }", "E0205", "printf", "write `printk TEXT`"),
    ("syscall w() { mutex_lock(&q) }", "E0009", "&q", "there are no pointers"),
    ("syscall w() { with q { work 1us } }", "E0109", "with", "`lock NAME`"),
    ("syscall w() { let o = alloc(r); free o }", "E0102", "(r", "write `r`"),
    ("syscall w() { let o = alloc r { a: 1 }; free o }", "E0101", ": 1", "write `=`"),
    ("kthread t { loop { sleep 1s; safe_point() } }", "E0205", "safe_point", "`safe point`"),
    ("syscall w() { m.e() }", "E0201", "m.e", "write `m::e`"),
    ("syscall w() { new_one(q) }", "E0201", "new_one", "unknown name"),
  ].map { text, code, place, advice in
    let others = """
          queue q
          record r[4] { a = 0 }
          var x = 0
          module "m" at boot { fn e() { work 1us } }
      """
    let known = text.contains("module") ? "    queue q" : others
    return Habit("\nkernel \"4.4\" {\n\(known)\n    \(text)\n}\n", code, at: place, advice)
  }

  static let programs: [Habit] = [
    ("fork()", "E0205", "fork", "write `fork { … }`"),
    ("thread(srv)", "E0205", "thread", "write `thread srv`"),
    ("on signal \"USR1\" { work 1us }", "E0102", "\"USR1", "write `USR1`"),
    ("on signal USR1, USR2 { work 1us }", "E0101", ", USR2", "another `on signal`"),
    ("work 5us-10us", "E0308", "5us-10us", "write `5us..10us`"),
    ("loop 3 { work 1us }", "E0101", "3", "write `for i in 1..3 { … }`"),
    ("kill(1, 9)", "E0205", "kill", "`signal` belongs in a scenario"),
    ("ignore signal USR1", "E0009", "signal", "leave it out"),
  ].map { text, code, place, advice in
    Habit("\nprogram srv { loop { work 1us } }\nprogram p { \(text) }\n", code, at: place, advice)
  }

  static let patches: [Habit] = [
    ("patch \"b\" { fn f() { work 2us } }", "E0102", "\"b\"", "write `b`"),
    ("patch b-1 { fn f() { work 2us } }", "E0101", "-1", "`_` for `-`"),
    ("patch b[3] { fn f() { work 2us } }", "E0101", "[3", "patch NAME for n in 1..3"),
    ("patch b { replaces a; fn f() { work 2us } }", "E0101", "a; fn", "`replaces all`"),
    ("patch b { fixes: \"x\"; fn f() { work 2us } }", "E0009", ": \"x", "leave it out"),
    ("patch b { on apply { work 1us }; fn f() { work 2us } }", "E0101", "apply", "`post_patch`"),
    ("patch b { def f() { work 2us } }", "E0108", "def", "write `fn NAME(…) { … }`"),
    ("patch b { f() { work 2us } }", "E0108", "f()", "write `fn f(…) { … }`"),
    ("boot 4.4\npatch b { fn f() { work 2us } }", "E0104", "4.4\n", "write `\"4.4\"`"),
  ].map { text, code, place, advice in
    Habit("\nkernel \"4.4\" { fn f() { work 1us } }\n\(text)\n", code, at: place, advice)
  }

  @Test(arguments: statements + names + headers + kernels + programs + patches)
  func oneErrorThatSaysWhatToWrite(_ habit: Habit) throws {
    let found = CheckedSource(habit.source)
    let errors = found.all.filter { $0.severity == .error }
    let shown = found.renderer.render(found.all)
    #expect(errors.map(\.code.rawValue) == [habit.code], "\(shown)")
    let range = try #require(errors.first?.range)
    let rest = habit.source.utf8.dropFirst(Int(range.lower))
    #expect(String(decoding: rest, as: UTF8.self).hasPrefix(habit.place), "\(shown)")
    #expect(shown.contains(habit.advice), "\(shown)")
  }

  /// What looks like one of these habits and is right here.
  @Test(arguments: [
    "x = x - -1", "let of = x; print of", "for of in [x] { print of }", "let task = x; print task",
    "let all = [x]; assert count(t in all: t == 1) == 1", "spawn x of srv",
    "let mut = x; print mut", "let lambda = x; print lambda", "let log = x; print log",
    "assert x == 1 and x == 1 or in_progress", "assert (x == 1) and not in_progress",
    "let to = x; print to", "apply fix fails EAGAIN or EBUSY", "let where = x; print where",
    "let every = x; print every", "let time = x; print time", "var check = x; check = check",
    "let done = x; print done; let end = x; print end", "let func = x; assert func in [x]",
  ])
  func whatIsRightStaysSo(_ text: String) {
    let found = CheckedSource(Habit(text, "", at: "", "").source)
    let errors = found.all.filter { $0.severity == .error }
    #expect(errors == [], "\(found.renderer.render(found.all))")
  }
}
