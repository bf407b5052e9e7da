import Testing

@testable import Analysis

@Suite struct LintStopWithoutContinueTests {
  @Test func whoeverIsStoppedMustBeSentOn() {
    checkLint(
      StopWithoutContinue.self,
      lintKernel + """
        def send_on(t) { signal CONT, t }
        scenario "stopped" {
            let servers = spawn 2 of server
            signal STOP, servers                          # lint: W0803 stay so
            await not in_progress within 4s
        }
        scenario "sent on" {
            let servers = spawn 2 of server
            signal STOP, servers; signal CONT, servers
            await not in_progress within 4s
        }
        scenario "one by one" {
            let servers = spawn 2 of server
            signal STOP, servers
            for t in servers { signal CONT, t }
            signal STOP, servers
            for t in servers { send_on(t) }
            await not in_progress within 4s
        }
        scenario "before is too early" {
            let servers = spawn 2 of server
            signal CONT, servers
            signal STOP, servers                          # lint: W0803
            await not in_progress within 4s
        }
        scenario "gone" {
            let t = spawn server
            signal STOP, t
            signal KILL, t
            await not t.alive within 4s
        }
        """)
  }
}
