import Diagnostics
import Testing

/// Slips of all sorts: one error, in its place, with advice that works when it is followed.
@Suite struct SlipTests {
  typealias Habit = ForeignHabitTests.Habit

  /// What an operator at the end of a line waits for is not the verb on the next.
  static let openOperators: [Habit] = [
    Habit("print x == 1 and\n    assert x == 1", "E0103", at: "\n    assert", "after `and`"),
    Habit("print x == 1 or\n    await in_progress", "E0103", at: "\n    await", "after `or`"),
    Habit("print x == 1 &&\n    assert x == 1", "E0103", at: "\n    assert", "after `&&`"),
    Habit("print 1 +\n    assert x == 1", "E0103", at: "\n    assert", "after `+`"),
    Habit("assert not\n    sleep 1ms", "E0103", at: "\n    sleep", "after `not`"),
    Habit("assert x ==\n    expect log \"a\"", "E0103", at: "\n    expect", "after `==`"),
    Habit("report \"x\",\n    sleep 1ms", "E0103", at: "\n    sleep", "after `,`"),
    Habit("let y = x +\n    print x", "E0103", at: "\n    print", "after `+`"),
  ]

  static let statements: [Habit] = [
    Habit("assert x == 1, \"it is one\"", "E0303", at: "\"it is one\"", "leave it out"),
    Habit("check x == 1, \"it is one\"", "E0303", at: "\"it is one\"", "takes a condition"),
    Habit("print \"%d\" % x", "E0301", at: "% x", "between braces"),
    Habit("await fix", "E0301", at: "fix", "`not in_progress` holds"),
    Habit("await fix done", "E0110", at: "done", "`await not in_progress`"),
    Habit("assert \"abc\" ", "E0301", at: "\"abc\"", "`\"TEXT\" in VALUE`"),
    Habit("print \"abc\".length", "E0206", at: "length", "nobody counts the letters"),
    Habit("print len(\"abc\")", "E0201", at: "len", "nobody counts the letters"),
    Habit("print len([x])", "E0201", at: "len", "write `count(x in [x]: true)`"),
    Habit("print count([x])", "E0201", at: "count", "write `count(x in [x]: true)`"),
    Habit("write 1 to \"/proc/x\"", "E0009", at: "to", "write `write PATH, TEXT`"),
    Habit("print cat \"/proc/version\"", "E0110", at: "\"/proc", "`cat(\"PATH\")`"),
    Habit("let r = $ kgr status\n    assert r == 0", "E0301", at: "==", "`.status`"),
    Habit("let r = $ kgr status\n    print r.output", "E0206", at: "output", "`.out`"),
    Habit("print transition.duration()", "E0301", at: "transition", "without `()`"),
    Habit("report migration, x", "E0201", at: "migration", "`\"migration\"`"),
    Habit("expect log kgr", "E0201", at: "kgr", "`\"kgr\"`"),
    Habit("always x == 1 for 5s", "E0110", at: "for", "`assert`"),
    Habit("choice 1", "E0205", at: "choice", "write `choice(1)`"),
    Habit("rd 1", "E0404", at: "rd", "can't call the kernel's"),
    Habit("print \"%d\", x", "E0303", at: "print", "between braces"),
    Habit("apply fix or fail", "E0110", at: "or", "unless `fails ERRNO` expects it"),
    Habit("let p = srv; spawn p", "E0204", at: "srv", "what `spawn srv` gives"),
    Habit("spawn(srv, 3)", "E0102", at: "(srv, 3)", "write `spawn 3 of srv`"),
    Habit(
      "let t = spawn srv; assert t.state == sleeping", "E0207", at: "sleeping",
      "did you mean \"S\"?"),
    Habit(
      "choose { print 1 } or { print 2 }", "E0109", at: "choose",
      "`for x in [A, B]` behind the scenario"),
    Habit("at 5ms { print 1 }", "E0109", at: "at 5ms", "write `sleep D`"),
    Habit("after 5ms { print 1 }", "E0109", at: "after", "write `sleep D`"),
    Habit("every 5ms { print 1 }", "E0109", at: "every", "write `loop { sleep D; … }`"),
    Habit("call choice", "E0205", at: "call", "write `choice()`"),
    Habit("call choice()", "E0205", at: "call", "write `choice()`"),
    Habit("call rd", "E0404", at: "rd", "`spawn` it"),
    Habit("let t = spawn srv; assert t != None", "E0301", at: "None", "`t.alive`"),
    Habit("let t = spawn srv; assert null != t", "E0301", at: "null", "`t.alive`"),
    Habit("assert x == nil", "E0301", at: "nil", "only an object of a record"),
    Habit("apply srv", "E0204", at: "srv", "a patch is needed"),
    Habit("sleep -5ms", "E0308", at: "-5ms", "not -5ms"),
    Habit("print ext4.sync()", "E0201", at: "ext4", "`ext4::sync()`"),
    Habit("safe_point()", "E0401", at: "safe_point", "belongs in a kernel thread"),
    Habit("safe_point", "E0401", at: "safe_point", "belongs in a kernel thread"),
    Habit("break", "E0403", at: "break", "leaves the body"),
    Habit("if x == 1 { continue } else { return }", "E0403", at: "continue", "outside of any loop"),
    Habit("loop 3 { print 1 }", "E0101", at: "3 {", "write `for i in 1..3 { … }`"),
    Habit("print 10 / 3.5", "E0006", at: "3.5", "needs a unit"),
    Habit("let fix = 2; print fix.alive", "E0203", at: "fix = 2", "can't hide another"),
    Habit("let 5x = 1", "E0102", at: "5x", "begins with a letter"),
    Habit("let 5x = 1; print 5x", "E0102", at: "5x", "begins with a letter"),
    Habit("let t = [x]; print count(x in t)", "E0101", at: ")\n", "write `: true`"),
    Habit("wait for q", "E0401", at: "wait", "`await CONDITION` or `sleep D`"),
    Habit("work for 5us", "E0401", at: "work", "let time pass with `sleep`"),
  ]

  private static func kernel(_ member: String) -> String {
    """

    kernel "4.4" {
        queue q
        \(member)
    }
    program user { s(1) }
    scenario "x" {
        spawn user
        sleep 1ms
    }

    """
  }

  /// In the kernel. What is declared beside the mistake is declared.
  static let members: [Habit] = [
    Habit(
      kernel("syscall s(x) { uninteruptible { wait q } }"), "E0109", at: "uninteruptible",
      "write `wait QUEUE uninterruptible`"),
    Habit(
      kernel("syscall s(x) { killable { wait q } }"), "E0109", at: "killable",
      "write `wait QUEUE killable`"),
    Habit(
      kernel("syscall s(x) { choose { work 1us } or { work 2us } }"), "E0109", at: "choose",
      "write `if choose(true, false) { … } else { … }`"),
    Habit(
      kernel("syscall s(x) { safe_point(); work 1us }"), "E0401", at: "safe_point",
      "when it leaves the kernel"),
    Habit(
      kernel("kthread k { loop { sleep 1s; safe_point() } }\n    syscall s(x) { work 1us }"),
      "E0205", at: "safe_point", "write `safe point`"),
    Habit(
      kernel("fn f() { work 1us }\n    syscall s(x) { call f }"), "E0205", at: "call",
      "write `f()`"),
    Habit(
      kernel("module \"ext4\" { fn e() { work 1us } }\n    syscall s(x) { ext4.e() }"), "E0201",
      at: "ext4.e", "write `ext4::e`"),
    Habit(
      kernel("fn note o) { return o }\n    syscall s(x) { note(x) }"), "E0101", at: "o)",
      "expected `(`"),
    Habit(
      kernel("fn note o, p) { return o + p }\n    syscall s(x) { note(x, x) }"), "E0101",
      at: "o, p",
      "expected `(`"),
    Habit(
      kernel("fn note) { return 1 }\n    syscall s(x) { note() }"), "E0101", at: ") {",
      "expected `(`"),
    Habit(
      kernel("fn f(a b) { return a + b }\n    syscall s(x) { f(x, x) }"), "E0101", at: "b)",
      "write `,` before this"),
    Habit(
      kernel("fn f(int a) { return a }\n    syscall s(x) { f() }"), "E0009", at: "int a",
      "write `a`"),
    Habit(
      kernel("fn f(int a, int b) { return a + b }\n    syscall s(x) { f(x, x) }"), "E0009",
      at: "int a", "write `(a, b)`"),
    Habit(
      kernel(
        "record buffer 2] { a = 0 }\n    syscall s(x) { let o = alloc buffer { a = x }; free o }"),
      "E0101", at: "2]", "write `[2]`"),
    Habit(
      kernel("record b[2] { n = 0 }\n    syscall s(x) { let o = alloc b(x); free o }"), "E0110",
      at: "(x); free", "`alloc RECORD { FIELD = VALUE }`"),
    Habit(
      kernel("syscall s(x) { assert x > 0; wait q }"), "E0401", at: "assert",
      "`if not CONDITION { oops }`"),
    Habit(
      kernel("syscall s(x) { var i = 0; for i = 0; i < x; i++ { work 1us } }"), "E0101",
      at: "i = 0; i < x",
      "write `for NAME in 0..9`"),
    Habit(
      kernel("lock table = 0\n    syscall s(x) { lock table; unlock table }"), "E0110", at: "= 0",
      "it is free at first"),
    Habit(
      kernel("fn f(a) { work 1us }\n    syscall s(x) { f x }"), "E0205", at: "f x",
      "write `f(x)`"),
    Habit(
      kernel(
        "record b[2] { x: 0, next: null }\n    syscall s(x) { let o = alloc b { x = 1 }; free o }"),
      "E0009", at: "x: 0", "write `x`"),
    Habit(
      kernel("var v = 0 in 0..3\n    syscall s(x) { v = v + x }"), "E0301", at: "0 in",
      "write `var v in 0..3 = 0`"),
    Habit(
      kernel(
        "record b[2] { char name[16] }\n    syscall s(x) { let o = alloc b { name = x }; free o }"),
      "E0009", at: "char name", "write `name`"),
    Habit(
      kernel("module ext4\" {\n        fn e() { work 1us }\n    }\n    syscall s(x) { ext4::e() }"),
      "E0004", at: "ext4\"", "write `\"ext4\"`"),
  ]

  static let heads: [Habit] = [
    Habit(
      "\nkernel \"4.4\" { fn f() { work 1us }\n    syscall s() { f() } }\nprogram u { s() }\n"
        + "patch p for \"4.4\" { fn f() { work 2us } }\n"
        + "scenario \"s\" {\n    spawn u\n    apply p\n    sleep 1ms\n}\n", "E0009",
      at: "\"4.4\" { fn f() { work 2us",
      "that the file boots"),
    Habit(
      "\nscenario \"s\" {\n    machine cpus 4\n    sleep 1ms\n}\n", "E0101", at: "cpus",
      "write `machine { cpus … }`"),
    Habit(
      "\ndef pause_for d, e { sleep d + e }\nscenario \"s\" { pause_for(1s, 2s) }\n", "E0101",
      at: "d, e", "expected `(`"),
    Habit(
      "\nsleep 1s\nprint 1\n$ kgr status\nscenario \"s\" { sleep 1ms }\n", "E0107", at: "sleep 1s",
      "belongs in a `scenario"),
    Habit(
      "\nuse lib/common.graft\nscenario \"s\" { sleep 1ms }\n", "E0104", at: "lib",
      "\"lib/common.graft\""),
    Habit(
      "\nscenario s\" {\n    sleep 1ms\n}\n", "E0004", at: "s\"", "write `\"s\"`"),
    Habit(
      "\nscenario two words\" @slow {\n    sleep 1ms\n}\n", "E0004", at: "two", "\"two words\""),
    Habit(
      "\nkernel 4.4\" {\n    fn f() { work 1us }\n}\nscenario \"s\" {\n    sleep 1ms\n}\n", "E0004",
      at: "4.4\"", "write `\"4.4\"`"),
    Habit(
      "\nscenario \"s\" as x {\n    sleep 1ms\n}\n", "E0101", at: "as x", "called by its title"),
    Habit(
      "\nmachine { memory 5GB }\nscenario \"s\" { sleep 1ms }\n", "E0603", at: "memory",
      "no setting"),
  ]

  /// Blocks that nobody closes and nobody indents: the file ends, and that is what is wrong.
  static let unclosed: [Habit] = [
    Habit(
      "\nscenario \"s\" {\nif 1 == 1 {\nif 1 == 1 {\nprint 1\n", "E0105", at: "\n", "expected `}`"),
    Habit(
      "\nscenario \"s\" {\n  sleep 1ms\n  for i in 1..3 {\n  print i\n  sleep 1ms\n", "E0105",
      at: "\n", "expected `}`"),
    Habit(
      "\nscenario \"s\" {\nfor i in 1..3 {\nprint i\n}\nsleep 1ms\nif 1 == 1 {\nprint 2\n}\n",
      "E0105", at: "\n", "expected `}` to close the `scenario` block"),
    Habit(
      "\nkernel \"4.4\" {\nfn f() {\nreturn 0\nfn g() {\nreturn 1\n}\nsyscall s() { f(); g() }\n}\n"
        + "program p { s() }\nscenario \"x\" { spawn p; sleep 1ms }\n",
      "E0105", at: "fn g", "to close the `fn` block"),
    Habit(
      "\nscenario \"a\" {\nsleep 1ms\nscenario \"b\" {\nsleep 1ms\n}\n", "E0105",
      at: "scenario \"b\"",
      "to close the `scenario` block"),
  ]

  @Test(arguments: openOperators + statements)
  func isOneErrorInItsPlace(_ slip: Habit) throws { try expect(slip, anywhere: true) }

  @Test(arguments: members + heads) func soIsOneOfTheDeclarations(_ slip: Habit) throws {
    try expect(slip, anywhere: true)
  }

  @Test(arguments: unclosed) func soIsAnUnclosedBlock(_ slip: Habit) throws {
    try expect(slip, anywhere: false)
  }

  private func expect(_ slip: Habit, anywhere isPlaceChecked: Bool) throws {
    let found = CheckedSource(slip.source).all.filter { $0.code.rawValue != "W0701" }
    let codes = found.map(\.code.rawValue)
    #expect(codes == [slip.code], "\(found.map(\.message))")
    let error = try #require(found.first)
    if isPlaceChecked {
      let lower = Int(error.range?.lower ?? 0)
      let there = String(decoding: Array(slip.source.utf8)[lower...], as: UTF8.self)
      #expect(there.hasPrefix(slip.place), "stands at \(there.prefix(24))")
    }
    let said = ([error.message, error.help ?? ""] + error.labels.map(\.message)).joined(
      separator: "\n")
    #expect(said.contains(slip.advice), "\(said)")
  }

  /// However many there are.
  @Test func aThousandUnclosedBlocksAreOneMistake() {
    let text = "scenario \"s\" {\n" + String(repeating: "if 1 == 1 {\n", count: 1_000) + "print 1\n"
    #expect(CheckedSource(text).all.map(\.code.rawValue) == ["E0112"])
    let few =
      "scenario \"s\" {\n" + String(repeating: "if in_progress {\n", count: 50) + "print 1\n"
    #expect(CheckedSource(few).all.map(\.code.rawValue) == ["E0105"])
  }
}
