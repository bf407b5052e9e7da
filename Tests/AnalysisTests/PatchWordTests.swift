import Testing

/// The words before a patch's functions, and its clauses, each of which says something once.
@Suite struct PatchWordTests {
  static let kernel = """
    kernel "3.12" {
      fn f() { return 1 }
      notrace fn m() { work 1us }
      syscall s() { f(); m() }
    }

    """

  @Test func repeatedWords() {
    check(
      Self.kernel + """
        patch a { weak weak fn f() { return 2 } }  # error: E0511 `f` is `weak` already
        patch b { notrace notrace new fn n() {} fn f() { n() } }  # error: E0511 already
        """)
    check("kernel \"3.12\" { inline inline fn g() {} syscall s() { g() } }  # error: E0511 already")
  }

  @Test func whatIsInlineIsNotLookedFor() {
    check(
      Self.kernel + """
        patch a { foreign inline fn y() { return 2 } fn f() { return 3 } }  # error: E0511 `inline`
        patch b { weak inline fn f() { return 3 } }  # error: E0511 both `weak` and `inline`
        """)
  }

  /// What is there is there, whatever it takes.
  @Test func foreignComesBeforeParameters() {
    check(
      Self.kernel + """
        patch a { foreign fn f(a, b) { return a + b } }  # error: E0511 `f` is there to be patched
        patch b { fn f(a) { return a } }  # error: E0504
        patch c { foreign fn m(a) { work a } }  # error: E0504
        """)
  }

  @Test func clausesStandOnce() {
    check(
      Self.kernel + """
        patch a { vermagic "x"; vermagic "y"; fn f() { return 2 } }  # error: E0202 one `vermagic`
        patch b { replaces all; replaces all; fn f() { return 2 } }  # error: E0202 one `replaces
        patch c { package "a"; package "b"; fn f() { return 2 } }  # error: E0202 one `package`
        patch d { immediate; immediate; fn f() { return 2 } }  # error: E0202 one `immediate`
        patch e { fixes "a"; fixes "b"; fn f() { return 2 } }
        """)
  }
}
