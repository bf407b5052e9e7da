import Graft
import Testing

@testable import REPL

@Suite struct TravelTests {
  @Test func aStepForwardAndBackIsNothing() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 1ms\napply fix")
    let before = talk("ps")
    talk("step 5\nback 5")
    #expect(talk("ps") == before)
  }

  /// With the step before which a statement was typed, the statement is gone from the text.
  @Test func goingBackTakesStatementsOut() {
    let talk = inWorld()
    talk("spawn server\nrun 1ms")
    talk("spawn looper\nundo")
    #expect(!talk("ps").contains("looper"))
    talk("forward")
    #expect(talk("ps").contains("looper"))
  }

  @Test func forwardIsAsFarAsOneCame() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 1ms\napply fix\nrun 1ms\nsignal STOP, t")
    let far = talk("story")
    talk("undo\nundo\nback 3\nback 1\nstep 1")
    #expect(talk("forward").contains("at 2.03"))
    #expect(talk("story") == far)
    #expect(talk("forward").contains("nothing to return to"))
    // Another way: what came then is another session's.
    talk("undo\nundo\nspawn looper")
    #expect(talk("forward").contains("another way"))
    #expect(talk("ps").contains("looper"))
  }

  @Test func resetStartsAgain() {
    let talk = inWorld()
    talk("let t = spawn server")
    talk("reset")
    #expect(talk("patches").contains("no patch"))
    talk("load world.graft")
    #expect(talk("patches").contains("fix"))
    let other = inWorld()
    other("let t = spawn server\nreset\nforward")
    #expect(other("t.alive") == "true\n")
  }

  /// Where nothing but interrupts comes, nobody is moved for hours.
  @Test func nextOnAnIdleMachineSaysSo() {
    let talk = inWorld()
    talk("spawn server\nrun 10ms")
    #expect(talk("next").contains("nothing that a story tells of happens in the next 20"))
    #expect(talk("goto 10ms").contains("at 10ms"))
  }

  /// A file that comes late brings timers with it: the moment is kept.
  @Test func aFileThatIsLoadedLateMovesNobodyInTime() {
    let talk = Talk(["world.graft": world])
    talk("program early { sleep 300ms; work 1us }\nlet e = spawn early\nrun 1s\nlet x = 5")
    let said = talk("load world.graft")
    #expect(said.contains("up to 1s"), "\(said)")
    #expect(!talk("let t = spawn server").contains("leaves"))
    #expect(talk("x") == "5\n" && talk("e.alive") == "false\n")
    #expect(talk("goto 1s").contains("at 1s"))
  }

  @Test func aScenarioCanBeTyped() {
    let talk = inWorld()
    #expect(talk("scenario \"mine\" { spawn looper; sleep 1ms; apply fix }").contains("mine"))
    #expect(talk("scenario").contains("mine") && talk("scenario").contains("sleepers"))
    #expect(talk("scenario mine").contains("spawn looper"))
    #expect(talk("finish").contains("over"))
    #expect(talk("scenario \"bad\" { apply nobody }").contains("E0201"))
    #expect(!talk("scenario").contains("bad"))
  }

  /// What statements have told that take no step stays told.
  @Test func undoTakesBackOneStatement() {
    let talk = inWorld()
    talk("spawn server\nrun 10ms\nprint \"a\"\nprint \"b\"")
    let before = talk("story")
    #expect(before.contains("   a\n") && before.contains("   b\n"))
    talk("wake packets\nundo")
    #expect(talk("story") == before)
    talk("undo")
    #expect(talk("story").contains("   a\n") && !talk("story").contains("   b\n"))
  }

  /// In a scenario `undo` is the mirror of `next`.
  @Test func undoInAScenario() {
    let talk = inWorld()
    talk("scenario sleepers\nnext\nnext\nnext")
    #expect(talk("in_progress") == "true\n")
    #expect(talk("undo").contains("apply fix"))
    #expect(talk("in_progress") == "false\n")
    #expect(talk("undo").contains("sleep 10ms"))
    // A statement of one's own in between is taken back as one.
    talk("next\nspawn looper")
    talk("undo")
    #expect(!talk("ps").contains("looper"))
    #expect(talk("next").contains("immutable window"))
  }

  @Test func watchesKeepTheirNumbers() {
    let talk = inWorld()
    talk("watch accepted\nwatch in_progress\nbreak when accepted == 2")
    #expect(!talk("unwatch 2").contains("in_progress"))
    #expect(talk("watch").contains("3: break when accepted == 2"))
    #expect(talk("unwatch 2").contains("no watch 2"))
    #expect(talk("watch 1 + 1").hasPrefix("4:"))
  }

  /// The prompt goes through a lesson statement by statement; nobody has to press a key.
  @Test func aLessonIsGoneThrough() {
    let talk = inWorld([
      "lesson.graft": """
      lesson "short" {
          chapter "one" {
              let servers = spawn 2 of server
              sleep 10ms
              say "two servers"
              pause
              apply fix
          }
          chapter "two" { say "it waits"; sleep 1ms }
      }
      """
    ])
    talk("load lesson.graft")
    #expect(talk("scenario short").contains("chapter \"one\""))
    #expect(talk("next").contains("let servers"))
    #expect(talk("next").contains("sleep 10ms"))
    let said = talk("next")
    #expect(said.contains("two servers") && said.contains("apply fix"), "\(said)")
    talk("spawn looper")
    #expect(talk("finish").contains("it waits"))
    #expect(talk("ps").contains("looper"))
  }

  /// An assignment takes no step of the machine: it was over before the step that came after it.
  @Test func anAssignmentStaysWhereItWasMade() {
    let talk = inWorld()
    talk("var x = 0\nspawn looper\nrun 1ms\nx = x + 1\nx = x + 1")
    talk("step 1\nback 1")
    #expect(talk("x") == "2\n")
    // The wake-up has a step of its own, and goes with it.
    talk("wake packets\nback 1")
    #expect(talk("x") == "2\n")
    talk("undo")
    #expect(talk("x") == "1\n")
  }

  /// A second and 31 microseconds: what is shown is what `goto` takes.
  @Test func momentsAreToldToTheMicrosecond() {
    #expect(Console.moment(10_031_000) == "10.031ms")
    #expect(Console.moment(1_000_031_000) == "1.000031s")
    #expect(Console.moment(99_000_000_000) == "99s")
    #expect(Console.moment(0) == "0s")
  }

  /// `sleep 10ms` ends at 10 ms sharp; the operator's clock is the machine's.
  @Test func timesAreGoneTo() {
    let talk = inWorld()
    talk("spawn looper\nrun 10ms")
    let there = talk("goto 2ms")
    #expect(there.contains("at 1.9") || there.contains("at 2ms"))
    #expect(talk("goto 5ms").contains("at 5ms"))
  }

  /// The server falls asleep within the first millisecond, and the patch comes later: the last
  /// moment at which it was not asleep is before that.
  @Test func aConditionIsLookedForInThePast() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 5ms\napply fix\nrun 1ms")
    #expect(talk("t.universe") == "old\n")
    talk("signal STOP, t\nrun 1ms")
    #expect(talk("t.universe") == "new\n")
    #expect(talk("back until t.universe == old").contains("last moment"))
    #expect(talk("t.universe") == "old\n")
    talk("step")
    #expect(talk("t.universe") == "new\n")
  }

  @Test func branchesStandBesideEachOther() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 5ms\napply fix\nfork poked")
    talk("wake packets\nfinish")
    #expect(talk("in_progress") == "false\n")
    let compared = talk("compare main poked")
    #expect(compared.contains("in_progress") && compared.contains("part at"))
    talk("switch main")
    #expect(talk("in_progress") == "true\n")
  }

  @Test func whatIfDoesNothing() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 5ms\napply fix")
    let before = talk("ps")
    #expect(talk("what if wake packets").contains("would be over"))
    #expect(talk("what if signal CONT, t").contains("would still wait"))
    #expect(talk("ps") == before)
  }

  @Test func choicesAreListedAndPicked() {
    let talk = inWorld()
    talk("time arbitrary\nspawn 2 of looper")
    let choices = talk("choices")
    #expect(choices.contains("looper:100") && choices.contains("looper:101"))
    #expect(talk("pick 1").contains("#"))
    talk("back")
    #expect(talk("choices") == choices)
  }

  @Test func aBreakStopsARun() {
    let talk = inWorld()
    talk("spawn looper\nbreak when accepted == 2")
    #expect(talk("run 1s").contains("break"))
    #expect(talk("accepted") == "2\n")
  }

  @Test func aScenarioStopsAtItsFirstStep() {
    let talk = inWorld()
    #expect(talk("scenario sleepers").contains("let servers = spawn 2 of server"))
    #expect(talk("ps").contains("no tasks"))
    #expect(talk("next").contains("sleep 10ms"))
    #expect(talk("next").contains("apply fix"))
    // In between, something of one's own.
    talk("spawn looper")
    #expect(talk("ps").contains("looper"))
    #expect(talk("finish").contains("over"))
    talk("back until in_progress")
    #expect(talk("in_progress") == "true\n")
  }

  /// Two hundred sessions of commands: after going back the world is, word for word, what it was.
  @Test(arguments: 0..<200)
  func goingBackIsExact(seed: Int) {
    var random = Numbers(seed: UInt64(seed))
    var session = Self.started()
    // Of the worlds at one step going back comes to the last: what took no step was over there.
    var past: [(step: Int, row: [UInt64])] = [(session.steps, session.row)]
    let statements = [
      "spawn server", "spawn looper", "wake packets", "apply fix", "apply other", "sleep 1ms",
      "sleep 300us", "revert fix", "never mixed", "signal STOP, first", "signal CONT, first",
      "let x\(seed) = accepted", "await accepted == 3 within 2ms",
    ]
    for _ in 0..<14 {
      switch random.below(10) {
      case 0..<4: _ = session.enter(statements[random.below(statements.count)])
      case 4..<7: _ = session.advance(to: .steps(1 + random.below(40)))
      case 7:
        let count = session.possibleChoices().count
        if count > 0 { _ = session.pick(random.below(count)) }
      default:
        guard let (step, row) = past.randomElement(using: &random) else { continue }
        var story = Self.story(of: session)
        session.back(toStep: step)
        #expect(session.steps == step)
        #expect(Self.trimmed(session.row) == Self.trimmed(row), "seed \(seed), step \(step)")
        // The story is the same whether it is cut short or told anew.
        if story.cut(toStep: step) {
          #expect(Self.text(story) == Self.text(Self.story(of: session)), "seed \(seed)")
        }
        past.removeAll { $0.step > step }
      }
      guard session.end == nil else { continue }
      if past.last?.step == session.steps { past.removeLast() }
      past.append((session.steps, session.row))
    }
  }

  private static func story(of session: LiveSession) -> Story {
    var story = Story(session.machine.program, keepsTime: true)
    story.go(
      on: session.chronicle.events, session.machine.program, sources: session.text.sources)
    return story
  }

  private static func text(_ story: Story) -> String {
    story.text(
      from: 0, tellingStatements: true, limit: .max, width: .max, paint: Paint(isColoured: false))
  }

  static func started() -> LiveSession {
    var text = SessionText()
    _ = text.load("world.graft", bytes: Array(world.utf8)) { _ in .failure(.init(reason: "none")) }
    guard var session = LiveSession.start(text).session else { preconditionFailure("no session") }
    _ = session.enter("let first = spawn server")
    return session
  }

  /// Without the room for tasks that nobody has taken.
  static func trimmed(_ row: [UInt64]) -> [UInt64] {
    var row = row
    while row.last == 0 { row.removeLast() }
    return row
  }
}

/// SplitMix64, for tests that are the same each time.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
