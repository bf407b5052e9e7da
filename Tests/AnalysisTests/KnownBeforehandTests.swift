import Testing

/// What the text alone shows to be wrong.
@Suite struct KnownBeforehandTests {
  @Test func aReleaseBeginsWithItsVersion() {
    check(
      """
      kernel "abc" { fn f() { work 1us } }  # error: E0606 no kernel's release
      ---
      kernel "4" { fn f() { work 1us } }  # error: E0606
      ---
      kernel "4.4" { fn f() { work 1us } }
      """)
  }

  @Test func aRangeComesToItsEnd() {
    check(
      """
      def f() {
        for i in 0..9223372036854775807 { print i }  # error: E0308 below the greatest
        for i in 0..9223372036854775806 { print i }
        print some(i in 5..9223372036854775807: i > 9)  # error: E0308 below the greatest
        print 5 in 0..9223372036854775807
      }
      """)
  }

  @Test func aCommandOfKgrIsOne() {
    check(
      """
      scenario "s" {
        $ kgr -v blokcing  # error: E0223 knows no `blokcing`
        $ kgr nonsense  # error: E0223 unknown command 'nonsense'
        $ kgr  # error: E0223 a command is missing
      }
      ---
      scenario "s" {
        $ kgr -v blocking
        $ kgr blokcing fails EINVAL
        $ kgr nonsense fails EINVAL
        let r = $ kgr blokcing
        print r.status
      }
      """, lowering: true)
  }

  /// A sum is not nested, however long.
  @Test func manyTermsAreCalledSo() {
    let sum = Array(repeating: "1", count: 250).joined(separator: " + ")
    check("def f() { print \(sum) }  # error: E0112 more than 200 operators")
    let nest = String(repeating: "(", count: 250) + "1" + String(repeating: ")", count: 250)
    check("def f() { print \(nest) }  # error: E0112 nested more than 200 deep")
  }

  /// Bounds are what the variable can't leave; what they do not decide is left alone.
  @Test(arguments: [
    ("n <= 5", true), ("n >= 0", true), ("n < 4", true), ("n != 7", true), ("n > 3", true),
    ("n == 4", true), ("n <= 2", false), ("n < 3", false), ("n == 3", false), ("n >= 1", false),
    ("n != 0", false), ("m <= 5", false), ("n <= m", false),
  ])
  func boundsDecide(_ condition: String, _ isDecided: Bool) {
    let mark = isDecided ? "  # error: W0703" : ""
    check(
      """
      kernel "4.4" { var n in 0..3 = 0; var m = 0; syscall c() { n = n + 1; m = m + n } }
      program p { c() }
      scenario "s" {
        spawn p
        assert \(condition)\(mark)
      }
      """)
  }

  @Test func anIndexOutsideIsSeen() {
    check(
      """
      scenario "s" {
        let a = [1, 2]
        print a[1]
        print a[2]  # error: E0308 index 2 of a list of 2
        var b = [1, 2]
        b = [1, 2, 3]
        print b[2]
        print b[-1]  # error: E0308 begins at 0
        print [][0]  # error: E0308 empty list
      }
      """)
  }

  /// Whatever is offered in place of a misspelt name can stand there.
  @Test func onlyWhatIsAllowedIsOffered() {
    let text = """
      kernel "4.4" { var counted = 0
        fn checkk(x) { counted = counted + x }
        syscall probe(x) { checkk(x) } }
      """
    for (code, isOffered) in [
      ("program p { probes(1) }", true), ("program p { chekk(1) }", false),
      ("program p { probe(countd) }", false), ("def d() { print countd }", true),
      ("def d() { chekk(1) }", false), ("def d() { print prob }", false),
    ] {
      let shown = rendered(text + "\n" + code)
      #expect(shown.contains("did you mean") == isOffered, "\(shown)")
    }
  }
}
