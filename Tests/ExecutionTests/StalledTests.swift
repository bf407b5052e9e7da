import Exploration
import Machine
import Patching
import Testing

@testable import Execution

/// `never stalled` and `reach stalled`: nothing that can happen will let the transition finish.
@Suite struct StalledTests {
  static func text(_ scenario: String, release: String = old) -> String {
    """
    kernel "\(release)" {
        queue packets
        queue requests
        var count in 0..3 = 0
        fn verify() { return 1 }
        syscall recv() { wait packets; verify() }
        syscall disk() { wait packets uninterruptible; verify() }
        syscall poll() { wait packets timeout 1s; verify() }
        syscall hello() { count = count + 1 }
        \(release.hasSuffix("-t") ? "kthread flusher { loop { wait requests; verify() } }" : "")
    }
    patch fix { fn verify() { return 2 } }
    program server { loop { recv() } }
    program stuck { loop { disk() } }
    program poller { loop { poll() } }
    program greeter { loop { hello(); work 1ms } }
    scenario "s" \(scenario)
    """
  }

  static let old = "3.12.61-52"
  static let new = "4.4.21-69"
  /// With a kernel thread that has no safe point.
  static let unsafe = ["3.12.61-52-default-t", "4.4.21-69-default-t"]

  // MARK: Every schedule

  /// The task may be caught asleep, or in user mode: beside the schedule that goes on for ever
  /// stands one that comes to its end, and they part in the source.
  @Test func whatGoesOnForEverHasItsOtherSide() throws {
    let record = try ScenarioTexts.run(
      Self.text("in every schedule { never stalled; spawn server; apply fix }"))
    let parting = try #require(record.parting)
    let failure = try #require(record.outcome.failure)
    #expect(failure.passing == parting.replay)
    #expect(failure.diagnostic.notes.contains { $0.hasPrefix("a schedule that passes ") })
    let text = try #require(parting.replay.drop { $0 != "--replay" }.dropFirst().first)
    let token = try #require(ReplayToken(text))
    let scenario = try #require(
      try ScenarioTexts.scenarios(
        Self.text("in every schedule { never stalled; spawn server; apply fix }")
      ).first)
    var options = RunOptions()
    options.replay = token.choices
    #expect(ScenarioRunner(scenario, options).run().outcome.failure == nil)
  }

  /// A thread that never comes to a safe point holds every transition up: no schedule keeps the
  /// claim, and none is offered that does.
  @Test(arguments: ["never", "reach"])
  func whatIsAlwaysStalledIsKeptByNoSchedule(_ claim: String) throws {
    let text = Self.text(
      "in every schedule { \(claim) stalled; apply fix }", release: Self.unsafe[1])
    let report = try #require(Self.report(try ScenarioTexts.run(text)))
    let answer = try #require(report.answers.first { $0.text == "\(claim) stalled" })
    #expect(answer.answer == (claim == "never" ? .never : .always))
    #expect(answer.witness == nil || claim == "reach")
  }

  /// Worked out by hand. The answer is SOMETIMES where the task may also be caught in user mode or
  /// on its way, and NEVER where every schedule ends up stalled.
  @Test(arguments: [
    // A sleeper of 3.12 that nobody wakes; of 4.4 the fake signal moves it.
    ("server", "", old, PropertyAnswer.Answer.sometimes), ("server", "", new, .always),
    // State D: not even the fake signal.
    ("stuck", "", old, .sometimes), ("stuck", "", new, .sometimes),
    // A timer is help enough, and so is its own next system call.
    ("poller", "", old, .always), ("greeter", "", old, .always),
    // The operator's wake-up may come too early: then nobody is left to help.
    ("server", "wake packets;", old, .sometimes),
    // A signal is not too early for a task in the kernel.
    ("server", "signal TERM, t;", old, .always),
  ])
  func everySchedule(
    _ program: String, _ after: String, _ release: String, _ expected: PropertyAnswer.Answer
  ) throws {
    let text = Self.text(
      "in every schedule { never stalled; let t = spawn \(program); apply fix; \(after) "
        + "check t.alive or not t.alive; await not in_progress }", release: release)
    let report = try #require(Self.report(try ScenarioTexts.run(text)))
    let answer = try #require(report.answers.first { $0.text == "never stalled" })
    #expect(answer.answer == expected, "\(program) \(after) \(release)")
  }

  @Test(arguments: unsafe)
  func aThreadWithoutASafePointStallsEveryGeneration(release: String) throws {
    let record = try ScenarioTexts.run(
      Self.text(
        "in every schedule { reach stalled; apply fix }", release: release))
    let answer = try #require(Self.report(record)?.answers.first)
    #expect(answer.answer == .always)
    #expect(record.outcome.failure == nil)
  }

  private static func report(_ record: RunRecord) -> SearchReport? {
    if case .everySchedule(let report) = record.mode { report } else { nil }
  }

  @Test func theWitnessIsALassoFromTheFirstStalledWorld() throws {
    for release in [Self.old, Self.new] {
      let text = Self.text(
        "in every schedule { never stalled; spawn stuck; apply fix; await not in_progress }",
        release: release)
      let scenario = try #require(try ScenarioTexts.scenarios(text).first)
      let machine = scenario.machine(.arbitrary)
      let report = try #require(Self.report(ScenarioRunner(scenario, RunOptions()).run()))
      let witness = try #require(report.result.witnesses.first)
      #expect(witness.flaw == .stalled(property: 0))
      let lasso = try #require(witness.lasso)
      #expect(!lasso.loop.isEmpty)
      func world(_ choices: [Int]) -> [UInt64] {
        var session = Session(machine: machine, schedule: .choices(choices), limits: .ci)
        #expect(session.run() == .scheduleEnded)
        return session.row
      }
      let start = witness.schedule + lasso.approach
      #expect(world(start) == world(start + lasso.loop), "the loop comes back to where it began")
      // Unavoidable from there, and not a step earlier.
      for (choices, expected) in [
        (witness.schedule, true), (witness.schedule.dropLast(), false),
      ] {
        let result = BreadthFirstSearch.run(
          machine, from: world(Array(choices)), bounds: SearchBounds())
        #expect(result.isStartStalled == expected)
      }
    }
  }

  @Test func aReplayedLassoFailsAsTheSearchDid() throws {
    let text = Self.text(
      "in every schedule { never stalled; spawn server; apply fix; await not in_progress }")
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    let record = ScenarioRunner(scenario, RunOptions()).run()
    guard case .choices(let choices)? = record.schedule else {
      Issue.record("no schedule is shown")
      return
    }
    var options = RunOptions()
    options.replay = choices
    let replayed = ScenarioRunner(scenario, options).run()
    #expect(replayed.outcome.failure?.diagnostic.code == .propertyViolated)
    let notes = try #require(record.outcome.failure).diagnostic.notes
    // Where it becomes unavoidable, and the look of the worker that first meets it.
    let moments = notes.compactMap { note in
      note.firstMatch(of: /from step #([0-9]+) on .*; kGraft's first look .* step #([0-9]+)/)
    }
    let (_, since, look) = try #require(moments.first?.output)
    #expect(try #require(Int(since)) < #require(Int(look)))
    #expect(notes.contains { $0.contains("server:100 is in the old universe") })
  }

  /// A claim, or a crash that nobody asked for, ends a schedule: what would have come nobody knows,
  /// and it is no stall. The same without the claim is finished in every schedule.
  @Test(arguments: [
    // A task whose call with bottom halves off runs a universe of its own.
    ("spawn mixer; never stalled; never mixed; apply fix; await not in_progress", "never mixed"),
    // A claim about a variable that the task passes on its way.
    (
      "spawn greeter; never stalled; never count == 2; apply fix; await not in_progress",
      "never count == 2"
    ),
    // An assertion of the operator's is its own end, and leads nowhere.
    ("spawn greeter; never stalled; apply fix; assert count < 1; await not in_progress", ""),
    ("spawn crasher; never stalled; apply fix; await not in_progress", ""),
    ("spawn crasher; reach oops; never stalled; apply fix; await not in_progress", ""),
  ])
  func whatAnotherClaimCutsOffIsNoStall(body: String, failing: String) throws {
    let text =
      Self.text("in every schedule { \(body) }", release: Self.new)
        + """

        program mixer { loop { both() } }
        program crasher { hello(); crash() }
        """
    let more = """
      fn other() { return 1 }
          syscall both() { verify(); bh off { other() } }
          syscall crash() { if count == 1 { oops "x" } }
          syscall hello()
      """
    let record = try ScenarioTexts.run(
      text.replacing("syscall hello()", with: more, maxReplacements: 1)
        .replacing(
          "fn verify() { return 2 }", with: "fn verify() { return 2 } fn other() { return 2 }"))
    let answers = try #require(Self.report(record)).answers
    #expect(answers.first { $0.text == "never stalled" }?.answer == .always)
    // The cut was there.
    if !failing.isEmpty {
      #expect(answers.first { $0.text == failing }?.isSatisfied == false)
    }
  }

  @Test func aReachedStallIsNotMadeUpOfACut() throws {
    let text = Self.text(
      "in every schedule { reach stalled; never count == 2; spawn greeter; apply fix; "
        + "await not in_progress }", release: Self.new)
    let report = try #require(Self.report(try ScenarioTexts.run(text)))
    #expect(report.answers.first?.answer == .never)
  }

  /// Against the plainest reading: is there a way to a world without a transition?
  @Test func theAnswerIsThatOfPlainReachability() throws {
    for release in [Self.old, Self.new] {
      let text = Self.text(
        "in every schedule { never stalled; spawn stuck; apply fix; wake packets; "
          + "await not in_progress }", release: release)
      let scenario = try #require(try ScenarioTexts.scenarios(text).first)
      let machine = scenario.machine(.arbitrary)
      let graph = PlainGraph(machine)
      var stalled = 0
      for (number, world) in graph.worlds.enumerated() where graph.isUnderWay[number] {
        let result = BreadthFirstSearch.run(machine, from: world, bounds: SearchBounds())
        #expect(result.isStartStalled == !graph.canFinish(number))
        if result.isStartStalled { stalled += 1 }
      }
      #expect(stalled > 0 && stalled < graph.worlds.count)
    }
  }

  @Test func aBoundedSearchClaimsNothingItDoesNotKnow() throws {
    let text = Self.text(
      "in every schedule { never stalled; spawn 2 of greeter; apply fix; await not in_progress }")
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    for states in [5, 20, 50, 80] {
      options.bounds.states = states
      let record = ScenarioRunner(scenario, options).run()
      #expect(record.outcome.failure == nil)
    }
  }
}

/// Every world of a scenario and the steps between them, in the plainest way.
struct PlainGraph {
  var worlds: [[UInt64]] = []
  var steps: [[Int]] = []
  var isUnderWay: [Bool] = []

  init(_ machine: Machine) {
    var workspace = Workspace(program: machine.program, recording: false)
    worlds = [machine.initialRow(taskCapacity: 4, &workspace)]
    var numbers = [worlds[0]: 0]
    while steps.count < worlds.count {
      let world = worlds[steps.count]
      steps.append([])
      var words = world
      var row = words.mutableSpan
      isUnderWay.append(machine.engine.isInProgress(machine, &row))
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for choice in choices {
        var words = world
        var row = words.mutableSpan
        guard machine.step(choice, &row, &workspace) != .faulted else { continue }
        let number = numbers[words] ?? worlds.count
        if numbers.updateValue(number, forKey: words) == nil { worlds.append(words) }
        steps[steps.count - 1].append(number)
      }
    }
  }

  func canFinish(_ start: Int) -> Bool {
    var known: Set<Int> = [start]
    var open = [start]
    while let world = open.popLast() {
      if !isUnderWay[world] { return true }
      for next in steps[world] where known.insert(next).inserted { open.append(next) }
    }
    return false
  }
}
