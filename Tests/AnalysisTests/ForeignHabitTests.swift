import Diagnostics
import Testing

/// What people write who know other languages: one error, in its place, that says what to write
/// here.
@Suite struct ForeignHabitTests {
  struct Habit: Sendable, CustomTestStringConvertible {
    /// A statement, or a whole text where it begins with a line break.
    var text: String
    var code: String
    /// Where the error stands, as the text from there on begins.
    var place: String
    /// What the message says to do.
    var advice: String

    init(_ text: String, _ code: String, at place: String, _ advice: String) {
      self.text = text
      self.code = code
      self.place = place
      self.advice = advice
    }

    var testDescription: String { text }

    var source: String {
      if text.hasPrefix("\n") { return String(text.dropFirst()) }
      return """
        kernel "4.4" {
            queue q
            fn f(x) { work 2us; return x }
            syscall rd(x) { wait q; return f(x) }
        }
        patch fix { fn f(x) { work 3us; return x } }
        program srv { loop { rd(1); work 100us } }
        scenario "s" {
            spawn srv
            apply fix
            var x = choice()
            \(text)
            print x
            sleep 1ms
        }
        def choice() { if in_progress { return 1 }; return 2 }

        """
    }
  }

  static let operators: [Habit] = [
    Habit("x++", "E0118", at: "++", "write `x = x + 1`"),
    Habit("++x", "E0118", at: "++", "write `x = x + 1`"),
    Habit("x--", "E0118", at: "--", "write `x = x - 1`"),
    Habit("assert x === 1", "E0009", at: "===", "written `==`"),
    Habit("assert x !== 1", "E0009", at: "!==", "written `!=`"),
    Habit("assert x <> 1", "E0009", at: "<>", "written `!=`"),
    Habit("x := 3", "E0009", at: ":=", "written `=`"),
    Habit("x = 2 ** x", "E0009", at: "**", "multiply"),
    Habit("x = x << 2", "E0009", at: "<<", "no operators on bits"),
    Habit("x = x & 2", "E0009", at: "&", "no operators on bits"),
    Habit("x = in_progress ? 1 : 2", "E0009", at: "?", "write `if CONDITION { x = A } else"),
    Habit("let f = x => x", "E0009", at: "=>", "`def NAME(…) { … }`"),
    Habit("assert x => 1", "E0009", at: "=>", "at least is `>=`"),
    Habit("assert x ≥ 1", "E0009", at: "≥", "written `>=`"),
    Habit("for i in 0..<3 { print i }", "E0009", at: "..<", "a range has both its ends"),
    Habit("for i in 0..=3 { print i }", "E0009", at: "..=", "written `..`"),
    Habit("assert 1 not in [x]", "E0009", at: "not in", "write `not A in B`"),
    Habit("assert x is 1", "E0009", at: "is 1", "written `==`"),
    Habit("assert x is not 1", "E0009", at: "is not", "written `!=`"),
    Habit("-- a comment", "E0009", at: "--", "begins with `#`"),
  ]

  static let values: [Habit] = [
    Habit("let y = True; assert y", "E0201", at: "True", "write `true`"),
    Habit("let y = tru; assert y", "E0201", at: "tru", "did you mean `true`"),
    Habit("print f\"{x}\"", "E0009", at: "f\"", "`{x}` puts a value into any string"),
    Habit("print “hi”", "E0009", at: "“hi”", "these quotes come from a web page"),
    Habit("print ‘hi’", "E0009", at: "‘hi’", "write \"…\""),
    Habit("sleep\u{a0}1ms", "E0003", at: "\u{a0}", "type a blank instead"),
    Habit("sleep\u{3000}1ms\u{200b}", "E0003", at: "\u{3000}", "type a blank instead"),
    Habit("for i in range(3) { print i }", "E0201", at: "range", "write `0..2`"),
    Habit("print len([1, 2])", "E0201", at: "len", "count(x in [1, 2]: true)"),
    Habit("assert all(t in [x]: t == 1)", "E0009", at: "all", "written `every`"),
    Habit("assert any(t in [x]: t == 1)", "E0009", at: "any", "written `some`"),
    Habit("assert in_progress == 1", "E0301", at: "==", "`in_progress`"),
    Habit("assert in_progress == 0", "E0301", at: "==", "`not in_progress`"),
    Habit("assert in_progress == \"1\"", "E0301", at: "==", "`in_progress`"),
    Habit("assert in_progress != 1", "E0301", at: "!=", "`not in_progress`"),
    Habit("assert cat(\"/proc/uptime\") == 1", "E0301", at: "==", "write `\"1\"`"),
  ]

  static let statements: [Habit] = [
    Habit("for (i = 0; i < 3; i++) { print i }", "E0101", at: "(i = 0", "write `for NAME in 0..9`"),
    Habit("for (int i = 0; i < 3; i++) { print i }", "E0101", at: "(int", "without `(…)`"),
    Habit("for (i in [1, 2]) { print i }", "E0101", at: "(i in", "without `(…)`"),
    Habit("await not in_progress timeout 5s", "E0009", at: "timeout", "write `within`"),
    Habit("await not in_progress in 5s", "E0009", at: "in 5s", "write `within`"),
    Habit("await not in_progress, 5s", "E0009", at: ", 5s", "write `within`"),
    Habit("spawn(srv)", "E0102", at: "(srv)", "write `spawn srv`"),
    Habit("spawn [srv, srv]", "E0102", at: "[srv", "write `spawn 2 of srv`"),
    Habit("let t = spawn srv * 3; print t", "E0301", at: "*", "`spawn 3 of PROGRAM`"),
    Habit("apply fix fails \"EAGAIN\"", "E0102", at: "\"EAGAIN", "write `EAGAIN`"),
    Habit("apply fix fails -EAGAIN", "E0102", at: "-EAGAIN", "write `EAGAIN`"),
    Habit("let n = in_progress ? 1 : 2; x = n", "E0009", at: "?", "with a `var x` before"),
    Habit("print (x == 1 ? \"a\" : \"b\")", "E0009", at: "?", "with a `var x`"),
    Habit("goto end", "E0109", at: "goto", "`break` and `continue`"),
    Habit("try { sleep 1ms }", "E0109", at: "try", "fails ERRNO"),
    Habit("switch x { }", "E0109", at: "switch", "else if"),
    Habit("do { sleep 1ms } while in_progress", "E0109", at: "do", "loop"),
    Habit("foreach t in [1] { print t }", "E0109", at: "foreach", "for NAME in LIST"),
    Habit("if x == 1 then { print 1 }", "E0101", at: "then", "write `{` here"),
    Habit("int y = 3", "E0109", at: "int", "let NAME = VALUE"),
    Habit("echo \"hi\"", "E0205", at: "echo", "write `print VALUE`"),
    Habit("function f() { print 1 }", "E0109", at: "function", "def NAME(…)"),
  ]

  static let declarations: [Habit] = [
    Habit("\ntest \"s\" { sleep 1ms }\n", "E0107", at: "test", "write `scenario \"TITLE\""),
    Habit("\nimport \"a.graft\"\n", "E0107", at: "import", "write `use \"FILE\"`"),
    Habit("\nlet n = 3\n", "E0107", at: "let", "values belong in a `scenario`"),
    Habit("\nprint 3\n", "E0107", at: "print", "belongs in a `scenario \"TITLE\""),
    Habit("\nuse common\n", "E0104", at: "common", "write `\"common\"`"),
    Habit("\nscenario foo { sleep 1ms }\n", "E0104", at: "foo", "write `\"foo\"`"),
    Habit("\nscenario \"s\" { skip }\n", "E0109", at: "skip", "write `skip \"REASON\"`"),
    Habit(
      "\nscenario \"s\" { machine { cpus = 4 }; sleep 1ms }\n", "E0009", at: "= 4",
      "write `cpus VALUE`"),
    Habit(
      "\nkernel 4.4 { fn f() { work 1us } }\n", "E0104", at: "4.4", "write `\"4.4\"`"),
    Habit(
      "\nkernel 4.4.21-69-default { fn f() { work 1us } }\n", "E0104", at: "4.4.21",
      "write `\"4.4.21-69-default\"`"),
  ]

  static let members: [Habit] = [
    ("func f() { work 1us }", "E0108", "func", "write `fn NAME(…) { … }`"),
    ("function f() { work 1us }", "E0108", "function", "write `fn NAME(…) { … }`"),
    ("int f() { work 1us }", "E0108", "int", "write `fn NAME(…) { … }`"),
    ("static int f(int x) { work 1us }", "E0108", "static", "write `fn NAME(…) { … }`"),
    ("int n = 3", "E0108", "int", "write `var NAME = VALUE`"),
    ("struct inode { size }", "E0108", "struct", "write `record NAME[N] { … }`"),
    ("mutex m", "E0108", "mutex", "write `lock NAME`"),
    ("fn f(int x) { return x }", "E0009", "int x", "write `x`"),
    ("fn f(x: int) { return x }", "E0009", "x: int", "write `x`"),
    ("fn f(unsigned long *x, y = 3) { return x + y }", "E0009", "unsigned", "write `(x, y)`"),
    ("irq t 4ms { work 1us }", "E0101", "4ms", "write `every` before this"),
    ("fn f() -> int { return 1 }", "E0009", "->", "leave this out"),
  ].map { text, code, place, advice in
    Habit("\nkernel \"4.4\" {\n    \(text)\n}\n", code, at: place, advice)
  }

  @Test(arguments: operators + values + statements + declarations + members)
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

  @Test func aDollarBeforeABraceIsAWarning() {
    let found = CheckedSource("scenario \"s\" { let x = 1; print \"a ${x} b\" }")
    #expect(found.all.map(\.code.rawValue) == ["W0124"])
    let right = ["print \"a {x} $\"", "print \"\\u{24}{x}\"", "let r = $ cat {x}; print r.out"]
    for text in right {
      let found = CheckedSource("scenario \"s\" { let x = \"/proc/uptime\"; \(text); print x }")
      #expect(!found.all.contains { $0.code.rawValue == "W0124" }, "\(text)")
    }
  }

  /// What looks like one of these habits and is right here.
  @Test(arguments: [
    "x = x - -1; x = x- -1", "let all = x; print all", "let u = x; print u", "let is = x; print is",
    "let end = x; print end", "print \"“x” … ≥ 1\"  # “quoted” – here",
    "let done = x; if done == 1 { print done }", "spawn (x) of srv", "assert not 1 in [x, 2]",
    "let test = x; print test", "await x == 1 or in_progress within 5s", "print x>-1",
  ])
  func whatIsRightStaysSo(_ text: String) {
    let found = CheckedSource(Habit(text, "", at: "", "").source)
    #expect(found.all == [], "\(found.renderer.render(found.all))")
  }
}
