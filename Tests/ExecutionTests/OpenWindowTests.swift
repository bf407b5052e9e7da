import Execution
import Machine
import Reports
import Testing

/// A first stage that fails on 3.12 leaves the window open for what is half taken back
/// (`kgr_immutable` stays), and else closes it; the story says which.
@Suite("A window that stays open") struct OpenWindowTests {
  private func lines(_ replacing: String) throws -> [String] {
    let text = """
      kernel "3.12.61-52-default" {
          fn f() { return 1 }
          fn g() { return 1 }
          syscall probe() { f() }
      }
      patch one { fn f() { return 2 } }
      patch all { \(replacing) fn g() { return 5 }
        foreign required fn nope() { return 2 } }
      program P { loop { probe(); work 1ms } }
      scenario "s" {
          spawn P
          apply one; await not in_progress within 40s
          apply all fails ENOENT
          sleep 3ms
      }
      """
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    let record = try ScenarioTexts.run(text)
    #expect(record.outcome.failure == nil)
    let sources = ScenarioTexts.unit(text).sources
    return Story(record.events, scenario.program, sources: sources, keepsTime: true).lines
      .map(\.text)
  }

  @Test func theStorySaysWhatBecomesOfTheWindow() throws {
    let old = try lines("replaces all;")
    let failure = try #require(old.firstIndex { $0.hasPrefix("the request has failed") })
    #expect(old[failure].hasPrefix("the request has failed, the window stays open: ENOENT"))
    // As its calls show: no transition runs, and each of them is marked.
    #expect(old[failure...].contains("P:100 is marked: old universe"))
    // Nothing closes it, and where no slow stub is left nobody meets it.
    let other = try lines("")
    let failed = try #require(other.firstIndex { $0.hasPrefix("the request has failed") })
    #expect(other[failed].hasPrefix("the request has failed, the window stays open: ENOENT"))
    #expect(!other[failed...].contains("P:100 is marked: old universe"))
  }

  @Test func theLaneShowsItUntilTheNextOneCloses() {
    var picture = Picture(program: LanesTests.program, greatestTaskCount: 4)
    func stage(after stage: PatchingStage) -> Character {
      _ = picture.apply(.patching(stage, LanesTests.patch))
      return picture.stage
    }
    #expect(stage(after: .windowOpened(reverting: false)) == "w")
    #expect(stage(after: .failed(.ENOENT, isWindowOpen: true)) == "w")
    #expect(!picture.isInProgress)
    #expect(stage(after: .windowOpened(reverting: false)) == "w")
    #expect(stage(after: .windowClosed) == "-")
    #expect(stage(after: .failed(.ENOENT, isWindowOpen: false)) == ".")
  }
}
