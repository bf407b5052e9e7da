import Testing

@testable import Analysis

@Suite struct LintLongDurationTests {
  @Test func anHourIsEnough() {
    checkLint(
      LongDuration.self,
      """
      kernel "3.12" {
          fn f() { work 61min }                         # lint: W0808 more than an hour
          irq timer every 4ms { f() }
      }
      program server { loop { sleep 2h } }              # lint: W0808
      def settle() { await not in_progress within 25h } # lint: W0808
      scenario "s" {
          spawn server
          sleep 1h
          sleep 60min
          sleep 3601s                                   # lint: W0808
          settle()
          # The night passes. lint: allow W0808
          sleep 8h
          assert not in_progress
      }
      """)
  }
}
