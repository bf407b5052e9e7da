import Diagnostics

extension Explanation {
  /// The codes of reading a text.
  package static let ofSyntax: [Explanation] = lexer + parser + parserOfBodies

  /// What is expected where.
  private static let parser: [Explanation] = [
    Explanation(
      code: .expectedToken, title: "a word or sign is missing",
      text: """
        The text stops being what it began as: the message names what should stand here, and what \
        was found instead. `Grammar/graft.ebnf` has the whole grammar.
        """,
      wrong: """
        program server { loop { work 1ms } }
        scenario "s" { spawn 3 server }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "s" { spawn 3 of server }
        """),
    Explanation(
      code: .expectedName, title: "a name is missing",
      text: "What is declared or asked for here needs a name, and none stands here.",
      wrong: "program { loop { work 1ms } }\n",
      right: """
        program server { loop { work 1ms } }
        scenario "s" { spawn server }
        """),
    Explanation(
      code: .expectedExpression, title: "a value is missing",
      text: """
        After an operator, a comma or a word such as `within` a value must follow on the same \
        line; after a binary operator or a comma it may stand on the next.
        """,
      wrong: "scenario \"s\" { await not in_progress within }\n",
      right: "scenario \"s\" { await not in_progress within 4s }\n"),
    Explanation(
      code: .expectedText, title: "a string is missing",
      text: """
        Titles, releases, paths, package and module names are strings: they hold characters that \
        a name cannot.
        """,
      wrong: "kernel 3.12s { fn f() { work 1us } }\n",
      right: "kernel \"3.12\" { fn f() { work 1us } }\n"),
    Explanation(
      code: .unclosedBlock, title: "a block that is not closed",
      text: """
        A `{` has no `}`. Where the indentation shows it, the message points at the line before \
        which the brace is missing, and at the place where the block was opened.
        """,
      wrong: """
        kernel "3.12" {
            fn f() { work 1us }

        scenario "s" { sleep 1ms }
        """,
      right: """
        kernel "3.12" {
            fn f() { work 1us }
        }

        scenario "s" { sleep 1ms }
        """),
    Explanation(
      code: .unexpectedClosing, title: "a bracket that closes nothing",
      text: "There is one closing bracket more than there are opening ones before it.",
      wrong: "scenario \"s\" { sleep 1ms } }\n",
      right: "scenario \"s\" { sleep 1ms }\n"),
    Explanation(
      code: .unknownDeclaration, title: "no declaration",
      text: """
        At the top of a file stand declarations: use, kernel, module, patch, program, machine, \
        def, boot, scenario and lesson. What is to be done stands in the body of one of them.
        """,
      wrong: "scenaro \"s\" { sleep 1ms }\n",
      right: "scenario \"s\" { sleep 1ms }\n"),
    Explanation(
      code: .unknownMember, title: "no member of this block",
      text: """
        Kernels, modules, patches and questions are made of members, each with a word of its own. \
        The message lists them, or names the one that was probably meant.
        """,
      wrong: "kernel \"3.12\" { quue packets }\n",
      right: "kernel \"3.12\" { queue packets }\n"),
    Explanation(
      code: .unknownStatement, title: "no statement",
      text: """
        A statement begins with a verb, with a name that is called or assigned, or with a word \
        such as `if`. This one begins with none of them.
        """,
      wrong: "scenario \"s\" { lett x = 3; print x }\n",
      right: "scenario \"s\" { let x = 3; print x }\n"),
    Explanation(
      code: .expectedStatementEnd, title: "more than one statement on a line",
      text: """
        A statement ends with its line, at `;`, or before the `}` of its block. What stands \
        behind it here is no part of it.
        """,
      wrong: "scenario \"s\" { print 1 print 2 }\n",
      right: "scenario \"s\" { print 1; print 2 }\n"),
    Explanation(
      code: .reservedName, title: "a reserved word as a name",
      text: """
        Nineteen words begin or continue something anywhere and cannot be names: and or not in if \
        else for while loop return break continue let var true false spawn wait alloc. All others \
        can: a variable may be called `state` or `timer`.
        """,
      wrong: "scenario \"s\" { let wait = 3; print wait }\n",
      right: "scenario \"s\" { let pause = 3; print pause }\n"),
    Explanation(
      code: .misplacedMember, title: "in the wrong block",
      text: """
        The word is known, and belongs in another block: functions stand in a kernel, a module or \
        a patch, `on init` in a module, `fixes` in the patch itself and not in a module of it.
        """,
      wrong: "fn f() { work 1us }\n",
      right: "kernel \"3.12\" { fn f() { work 1us } }\n"),
  ]

  /// More brackets than may be open, in lines that can be copied.
  private static func deep(_ bracket: String) -> String {
    String(repeating: "    " + String(repeating: bracket, count: 70) + "\n", count: 3)
  }

  /// What stands in bodies and expressions.
  private static let parserOfBodies: [Explanation] = [
    Explanation(
      code: .nestingTooDeep, title: "nested too deeply",
      text: """
        Blocks and expressions nest up to 200 deep; a chain of more operators than that counts as \
        nested too. Nobody writes that by hand: a program that makes such a text can name the \
        inner parts.
        """,
      wrong: "scenario \"s\" {\n    print (\n" + deep("(") + "    1\n" + deep(")") + "    )\n}\n",
      right: "scenario \"s\" { print ((1)) }\n"),
    Explanation(
      code: .chainedComparison, title: "comparisons in a row",
      text: """
        `a < b < c` means something else in every language. Two comparisons are joined with \
        `and`; that a value lies in a range is written `x in 1..3`.
        """,
      wrong: "scenario \"s\" { let x = 2; assert 1 < x < 3 }\n",
      right: "scenario \"s\" { let x = 2; assert 1 < x and x < 3 }\n"),
    Explanation(
      code: .cannotAssign, title: "this is no place for a value",
      text: """
        On the left of `=` stands a variable, a field, an element, a shadow variable or a state. \
        To compare, write `==`.
        """,
      wrong: "scenario \"s\" { let x = 2; x + 1 = 3 }\n",
      right: "scenario \"s\" { var x = 2; x = x + 1; print x }\n"),
    Explanation(
      code: .blankBeforeUnit, title: "a blank before the unit",
      text: "The unit is part of the number: `5ms`. Behind a blank it would be a name.",
      wrong: "scenario \"s\" { sleep 5 ms }\n",
      right: "scenario \"s\" { sleep 5ms }\n"),
    Explanation(
      code: .interpolatedText, title: "this text is fixed",
      text: """
        Titles, reasons, paths and names of packages are known before anything runs, so nothing \
        can be put into them. A brace that is meant as such is written `\\{`.
        """,
      wrong: "scenario \"on {cpus} CPUs\" { sleep 1ms }\n",
      right: "scenario \"on all CPUs\" { sleep 1ms }\n"),
    Explanation(
      code: .compoundAssignment, title: "no such assignment",
      text: "One way to say each thing: `x = x + 1`. There is no `+=` and no `++`.",
      wrong: "scenario \"s\" { var x = 2; x += 1; print x }\n",
      right: "scenario \"s\" { var x = 2; x = x + 1; print x }\n"),
    Explanation(
      code: .repeatedClause, title: "the same clause twice",
      text: "The clause may stand once; it is not clear which of the two is meant.",
      wrong: "scenario \"s\" in every schedule in every schedule { sleep 1ms }\n",
      right: "scenario \"s\" in every schedule { sleep 1ms }\n"),
    Explanation(
      code: .takesNoParameters, title: "this takes no parameters",
      text: """
        Nobody calls an interrupt handler or a kernel thread with arguments: the machine starts \
        them.
        """,
      wrong: "kernel \"3.12\" { kthread flusher(n) { loop { safe point } } }\n",
      right: "kernel \"3.12\" { kthread flusher { loop { sleep 1s; safe point } } }\n"),
    Explanation(
      code: .assignmentInCondition, title: "an assignment as a condition",
      text: "`=` assigns and has no value; `==` compares.",
      wrong: "scenario \"s\" { var x = 2; if x = 3 { print x } }\n",
      right: "scenario \"s\" { var x = 2; x = x + 1; if x == 3 { print x } }\n"),
    Explanation(
      code: .emptyCommand, title: "a command line without a command",
      text: "`$` takes the rest of its line as a command for the machine, and nothing follows it.",
      wrong: "scenario \"s\" {\n    $\n}\n",
      right: "scenario \"s\" {\n    print \"nothing to do\"\n}\n"),
    Explanation(
      code: .dollarBeforeBrace, title: "a dollar sign before a brace",
      text: """
        `{x}` in a string puts the value of x there. Shells and other languages want a `$` before \
        it; here that is printed as it stands. One that is meant is written `\\u{24}`.
        """,
      wrong: "scenario \"s\" { let pid = 100; print \"pid ${pid}\" }\n",
      right: "scenario \"s\" { let pid = 100; print \"pid {pid}\" }\n"),
    Explanation(
      code: .unclosedBracket, title: "a bracket that is not closed",
      text: """
        A `(` or `[` has no partner. Inside them line breaks are blanks, but a statement that \
        begins a new line shows that the list should have ended before it.
        """,
      wrong: "scenario \"s\" {\n    print [1, 2\n}\n",
      right: "scenario \"s\" {\n    print [1, 2]\n}\n"),
  ]
}
