import Diagnostics
import GrammarSentences
import Syntax
import Testing

@Suite struct FormatterTests {
  @Test func theTourFormatsToItself() throws {
    let tour = try Corpus.text("accepted/tour.graft")
    expectEqual(formatted(tour), tour)
  }

  @Test(arguments: try Corpus.names(in: "accepted"))
  func formattingTwiceIsFormattingOnce(_ name: String) throws {
    let once = try #require(formatted(try Corpus.text("accepted/\(name)")))
    expectEqual(formatted(once), once)
  }

  @Test(arguments: try Corpus.names(in: "accepted"))
  func formattingKeepsTheTree(_ name: String) throws {
    let source = try Corpus.text("accepted/\(name)")
    let once = try #require(formatted(source))
    expectEqual(outline(parsed(once).declarations), outline(parsed(source).declarations))
  }

  @Test(arguments: try Corpus.names(in: "accepted"))
  func aFileWhoseBlanksWereLostKeepsItsTree(_ name: String) throws {
    let source = try Corpus.text("accepted/\(name)")
    let squeezed = source.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }.joined(separator: "\n")
    guard !name.hasPrefix("scenarios") else { return }  // a joined shell line begins with blanks
    let once = try #require(formatted(squeezed))
    expectEqual(outline(parsed(once).declarations), outline(parsed(source).declarations))
    expectEqual(formatted(once), once)
  }

  @Test func aFileWithErrorsIsRefused() {
    #expect(formatted("kernel \"x\" { fn }") == nil)
    #expect(formatted("print \"") == nil)
  }

  @Test func blanksFollowTheRules() {
    expectEqual(
      formatted(
        """
        kernel   "x"{
          const a=1+2*-3
          fn f( x,y ){return x .. y}
          record r [2]{a,b;}
        \tsyscall s ( a )
          {
          if(a==1){ f (a , 2) } else{
          signal STOP ,a ;
          }
          }


          queue q ;
        }
        program p{}
        """),
      """
      kernel "x" {
          const a = 1 + 2 * -3
          fn f(x, y) { return x..y }
          record r[2] { a, b }
          syscall s(a) {
              if (a == 1) { f(a, 2) } else {
                  signal STOP, a
              }
          }

          queue q
      }
      program p {}

      """)
  }

  @Test func aBlockOverLinesHasItsBracesAtTheEdges() {
    expectEqual(
      formatted("program p { work 1us\n exit }\nprogram q {\n exit }"),
      "program p {\n    work 1us\n    exit\n}\nprogram q {\n    exit\n}\n")
  }

  @Test func oneSemicolonOfManySeparates() {
    expectEqual(
      formatted("scenario \"s\" { ;; print 1; ; print 2;\n; print 3; ;\nprint 4 };; use \"a\""),
      """
      scenario "s" {
          print 1; print 2
          print 3
          print 4
      }
      use "a"

      """)
  }

  @Test func elseStandsBesideTheBrace() {
    expectEqual(
      formatted("def f(a) {\n if a { reboot }\n else { say 1 }\n}"),
      "def f(a) {\n    if a { reboot } else { say 1 }\n}\n")
  }

  @Test func emptyLinesAreKeptUpToOneAndDroppedAtEdges() {
    expectEqual(
      formatted("\n\nprogram p {\n\n work 1us\n\n\n exit\n\n}\n\n\n"),
      "program p {\n    work 1us\n\n    exit\n}\n")
  }

  @Test func commentsKeepTheirPlace() {
    expectEqual(
      formatted(
        "# top\nprogram p { # open\n# own\nwork 1us   # a\nwork 100us # bc\n\nexit # d\n# last\n}"),
      """
      # top
      program p {  # open
          # own
          work 1us    # a
          work 100us  # bc

          exit  # d
          # last
      }

      """)
  }

  @Test func alignmentThatSomebodyMadeIsKept() {
    expectEqual(
      formatted("kernel \"x\" {\n  const a   = 1\n  const bcd = 2\n  queue q\n  var   r = 3\n}"),
      """
      kernel "x" {
          const a   = 1
          const bcd = 2
          queue q
          var   r = 3
      }

      """)
  }

  @Test func alignmentShrinksToWhatTheLongestNeeds() {
    expectEqual(
      formatted("kernel \"x\" {\n  const a      = 1\n  const bcd    = 2\n}"),
      "kernel \"x\" {\n    const a   = 1\n    const bcd = 2\n}\n")
  }

  /// What stands at one column by chance, in a head and in its body, is aligned with neither.
  @Test func aHeadIsNotAlignedWithItsBody() {
    let text = """
      scenario "x" {
          for a in [1, 2] {
            let    t=a
              print t
          }
      }

      """
    expectEqual(
      formatted(text),
      """
      scenario "x" {
          for a in [1, 2] {
              let t = a
              print t
          }
      }

      """)
  }

  @Test func whatContinuesALineIsIndentedOnceMore() {
    expectEqual(
      formatted("def f() {\nassert 1 ==\n2 and\n3 == 3\nreport \"x\", [\n1,\n2,\n]\n}"),
      """
      def f() {
          assert 1 ==
              2 and
              3 == 3
          report "x", [
              1,
              2,
          ]
      }

      """)
  }

  @Test func signsAndTagsStandCloseToTheirs() {
    expectEqual(
      formatted("scenario \"s\"   @ a @b { print - 1; f@2( - x - 1 ) }"),
      "scenario \"s\" @a @b { print -1; f@2(-x - 1) }\n")
  }

  /// The body of a block hangs on the first line of its header, however long that is.
  @Test func aHeaderOverSeveralLines() {
    expectEqual(
      formatted(
        """
        scenario "s" for a in [1, # one
        2], b in [3]@x @y {
        print a
            if a == 1 and
            b == 3 {
            print b
            }
        }
        kernel "3.12" {
        syscall g(x, # x
        y) {
        work 1us
        }
        }

        """),
      """
      scenario "s" for a in [1,  # one
          2], b in [3] @x @y {
          print a
          if a == 1 and
              b == 3 {
              print b
          }
      }
      kernel "3.12" {
          syscall g(x,  # x
              y) {
              work 1us
          }
      }

      """)
  }
}

/// The formatted text of a source, or nil when it is refused.
func formatted(_ source: String) -> String? {
  let text = SourceText(name: "demo.graft", source)
  let tree = parse(text, file: SourceFileID(0)).tree
  return format(tree, text)
}

/// Compares texts and, when they differ, shows the first line that does.
func expectEqual(
  _ actual: String?, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let actual else {
    Issue.record("there is no text", sourceLocation: sourceLocation)
    return
  }
  let left = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let right = expected.split(separator: "\n", omittingEmptySubsequences: false)
  for index in 0..<max(left.count, right.count) {
    let got = index < left.count ? left[index] : "(nothing)"
    let wanted = index < right.count ? right[index] : "(nothing)"
    guard got != wanted else { continue }
    Issue.record(
      "line \(index + 1)\n  got    |\(got.prefix(300))\n  wanted |\(wanted.prefix(300))",
      sourceLocation: sourceLocation)
    return
  }
}
