import Testing

@testable import Analysis

@Suite struct LintPrintInSearchTests {
  @Test func aSearchIsSilent() {
    checkLint(
      PrintInSearch.self,
      lintKernel + """
        def tell() { say "now" }                          # lint: W0809 a search is silent
        scenario "a search" in every schedule {
            let t = spawn server
            print t.pid                                   # lint: W0809 only where a witness
            tell()
            always t.alive
        }
        scenario "a run" {
            let t = spawn server
            print t.pid
            assert t.alive
        }
        """)
  }
}
