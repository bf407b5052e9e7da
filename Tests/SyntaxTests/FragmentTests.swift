import Diagnostics
import Syntax
import Testing

@Suite struct FragmentTests {
  private func fragment(_ source: String) -> Fragment {
    parseFragment(SourceText(name: "<input>", source), file: SourceFileID(0)).fragment
  }

  @Test(arguments: [
    "scenario \"s\" {", "if a {", "if a { reboot", "print (1 +", "foo(1,", "let x = [1,", "a +",
    "program p {\n work 1us\n", "let x =", "kernel \"3.12\"", "assert not",
  ])
  func whatMayGoOnIsIncomplete(_ source: String) {
    #expect(fragment(source).isIncomplete)
    #expect(fragment(source).hasErrors)
  }

  @Test(arguments: [
    "print )", "let = 3", "print \"abc", "}", "if a { ) ", "print 1 2", "x = = 3 {",
    "sleep 10msec {",
  ])
  func whatIsWrongIsNotIncomplete(_ source: String) {
    #expect(!fragment(source).isIncomplete)
    #expect(fragment(source).hasErrors)
  }

  @Test func declarationsAndStatementsMix() {
    let items = fragment("program p { exit }\nlet t = spawn p; sleep 1s\nt.universe\n").items
    let isDeclaration = items.map { if case .declaration = $0 { true } else { false } }
    #expect(isDeclaration == [true, false, false, false])
  }

  @Test func wordsOfDeclarationsCanStillBeNames() {
    let items = fragment("patch = 3; program; boot \"3.12\"; machine.cpus").items
    #expect(items.count == 4)
    #expect(items.allSatisfy { if case .statement = $0 { true } else { false } })
  }
}
