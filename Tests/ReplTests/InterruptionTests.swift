import Synchronization
import Testing

/// Ctrl-C ends what is under way, and the session is there as it was before.
@Suite struct InterruptionTests {
  /// Asked whether to leave off, it says yes from the time on that it was set to.
  private final class Alarm: Sendable {
    private let left = Atomic(Int.max)

    func set(after questions: Int) { left.store(questions, ordering: .relaxed) }
    var rings: Bool { left.wrappingSubtract(1, ordering: .relaxed).newValue < 0 }
  }

  /// A session in which a text is interrupted after so many questions, and then no more.
  private struct Interrupted {
    let alarm = Alarm()
    let talk: Talk

    init(_ files: [String: String] = [:]) {
      let alarm = alarm
      talk = Talk(files, cancelledWhen: { alarm.rings })
    }

    func callAsFunction(_ text: String, after questions: Int) -> String {
      alarm.set(after: questions)
      defer { alarm.set(after: .max) }
      return talk(text)
    }
  }

  @Test(arguments: ["loop { }", "for i in 0..9000000000 { }", "while 1 in [1] { }"])
  func aComputationWithoutEndIsTakenBack(_ text: String) {
    let session = Interrupted()
    session.talk("let x = 5")
    let said = session(text, after: 20)
    #expect(said.contains("interrupted"), "\(said)")
    #expect(!said.contains("error"), "\(said)")
    #expect(session.talk("print x").contains("5"))
    // What was interrupted is no part of the session.
    session.talk("save kept.graft")
    let kept = session.talk.files["kept.graft"] ?? ""
    #expect(kept.contains("let x = 5"))
    #expect(!kept.contains(text))
  }

  @Test func aStepThatWasNotMadeIsStillToBeMade() {
    let session = Interrupted([
      "s.graft": "scenario \"s\" { sleep 3ms; var i = 0; loop { i = i + 1 } }"
    ])
    session.talk("load s.graft\nscenario \"s\"")
    #expect(session("run 1s", after: 20).contains("interrupted"))
    let place = session.talk("step")
    // The budget ends what nobody does any more.
    #expect(place.contains("E1201"), "\(place)")
    #expect(session.talk("back").contains("3ms") || session.talk("where").contains("sleep"))
  }
}
