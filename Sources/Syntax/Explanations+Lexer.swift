import Diagnostics

extension Explanation {
  static let lexer: [Explanation] = [
    Explanation(
      code: .fileTooLarge, title: "a file that is too large",
      text: """
        A scenario is text that people write and read; a file over 8 MiB is most likely something \
        else, a log or a disk image. What really is that long can be split: `use` brings the \
        declarations of another file in.
        """,
      wrong: "",
      right: """
        use "kernel.graft"
        scenario "short" { sleep 1ms }
        # file: kernel.graft
        kernel "3.12" { fn f() { work 1us } }
        """,
      recipe: """
        head -c 9000000 /dev/zero | tr '\\0' '#' | graft check -
        """),
    Explanation(
      code: .invalidBytes, title: "bytes that are no text",
      text: """
        A file is UTF-8 without control characters. A byte that says something else comes from \
        another encoding, or from a file that is no text at all.
        """,
      wrong: "scenario \"a \u{7} bell\" { sleep 1ms }\n",
      right: "scenario \"a bell\" { sleep 1ms }\n",
      recipe: """
        printf 'scenario "a \\a bell" { sleep 1ms }' | graft check -
        """),
    Explanation(
      code: .strayCharacter, title: "a character without a meaning",
      text: """
        Names are made of the letters a to z, digits and `_`, and the signs are few. Any other \
        character may stand in strings and comments only.
        """,
      wrong: "scenario \"s\" { let größe = 1; print größe }\n",
      right: "scenario \"Größe\" { let size = 1; print size }\n"),
    Explanation(
      code: .unterminatedString, title: "a string that is not closed",
      text: """
        A string ends on the line that it began on, so that one missing quote cannot swallow the \
        rest of the file. A line break inside a string is written `\\n`.
        """,
      wrong: "scenario \"s\" { print \"not closed }\n",
      right: "scenario \"s\" { print \"closed\" }\n"),
    Explanation(
      code: .unknownEscape, title: "an unknown escape",
      text: #"""
        A backslash begins an escape: \n for a line break, \t for a tab, \\ \" \{ \} for these \
        characters themselves, and \u{…} for a character by its number, which must be one that \
        Unicode has.
        """#,
      wrong: #"scenario "s" { print "a \q b" }"#,
      right: #"scenario "s" { print "a \\q b" }"#),
    Explanation(
      code: .malformedNumber, title: "a number that is none",
      text: """
        Numbers are decimal, or hexadecimal after `0x`; `_` may group digits and stands between \
        two of them. Only durations have a fraction, and it comes out at whole nanoseconds.
        """,
      wrong: "scenario \"s\" { print 12_; sleep 1.5 }\n",
      right: "scenario \"s\" { print 1_2; sleep 1.5s }\n"),
    Explanation(
      code: .unknownUnit, title: "a unit of time that does not exist",
      text: """
        The units of time are ns, us, ms, s, min and h. There is no `m`: it would be a month to \
        one reader, a minute to the next, and a metre to the third.
        """,
      wrong: "scenario \"s\" { sleep 10msec }\n",
      right: "scenario \"s\" { sleep 10ms }\n"),
    Explanation(
      code: .numberTooLarge, title: "a number that does not fit",
      text: """
        Integers have 64 bits with a sign, and virtual time counts nanoseconds in one of them: it \
        ends after 292 years.
        """,
      wrong: "scenario \"s\" { print 9223372036854775808 }\n",
      right: "scenario \"s\" { print 9_223_372_036_854_775_807 }\n"),
    Explanation(
      code: .foreignSpelling, title: "a spelling from another language",
      text: """
        What C, Python or a shell writes one way is written another way here: `and`, `or`, `not` \
        are words, strings stand between double quotes, a comment begins with `#`. The message \
        says what to write.
        """,
      wrong: "scenario \"s\" { assert in_progress && true }  // why\n",
      right: "scenario \"s\" { assert not in_progress }  # why\n"),
    Explanation(
      code: .unclosedInterpolation, title: "an open brace in a text",
      text: """
        `{` in a string begins an expression whose value is put there, and `}` on the same line \
        ends it. A brace that is meant as such is written `\\{`.
        """,
      wrong: "scenario \"s\" { print \"pid {pid\" }\n",
      right: "scenario \"s\" { print \"pid \\{pid\" }\n"),
    Explanation(
      code: .tooManyErrors, title: "more errors than anyone reads",
      text: """
        After a hundred errors a file is not read any further: it is not what it was thought to \
        be, or one early mistake has made all the others. Mend the first ones and look again.
        """,
      wrong: "",
      right: "scenario \"s\" { sleep 1ms }\n",
      recipe: """
        yes ')' | head -n 200 | graft check -
        """),
  ]
}
