import Administration
import Diagnostics
import Exploration
import Machine

/// From the way a run ended to what is to be said about it.
extension ScenarioRunner {
  func outcome(
    of end: RunEnd, _ session: inout Session, replay: [String], showing witness: Witness? = nil
  ) -> RunOutcome {
    let earlier = failedChecks(session).map { Failure(diagnostic: $0, replay: replay) }
    func failed(_ diagnostic: Diagnostic) -> RunOutcome {
      var diagnostic = diagnostic
      diagnostic.notes += witness?.figureWords.map { [$0] } ?? []
      diagnostic.notes += whyBlocked(&session, end)
      return .failed(Failure(diagnostic: diagnostic, replay: replay, after: earlier))
    }
    func broken(_ diagnostic: Diagnostic) -> RunOutcome {
      .broken(Failure(diagnostic: diagnostic, replay: replay, after: earlier))
    }
    switch end {
    case .finished:
      return Failure(ofChecks: earlier).map(RunOutcome.failed) ?? .passed
    case .fault(let fault):
      var diagnostic = diagnostic(for: fault, &session, witness)
      diagnostic.notes += moment(of: fault, session, witness)
      return fault.isVerdict ? failed(diagnostic) : broken(diagnostic)
    case .nothingHappens:
      if let account = WaitingAccount(&session, scenario.sources) {
        return failed(account.diagnostic(operatorRange(&session)))
      }
      return failed(.deadEnd(operatorRange(&session), notes: spinners(&session)))
    case .requestWaits:
      let account = WaitingAccount(&session, scenario.sources)
      return failed(
        account?.diagnostic(operatorRange(&session)) ?? .deadEnd(operatorRange(&session)))
    case .starved:
      return failed(.starved(operatorRange(&session), notes: loopAccount(session, witness)))
    case .scheduleEnded:
      // The witness of a failed check, or of what some schedule reaches, ends where it shows it.
      if var failure = Failure(ofChecks: earlier) {
        failure.diagnostic.notes += witness?.figureWords.map { [$0] } ?? []
        return .failed(failure)
      }
      if session.workspace.goalsReached.contains(true) { return .passed }
      return broken(.scheduleEnded(operatorRange(&session), steps: session.steps))
    case .diverged(let step, let choice, let possible):
      return broken(
        .replayDiverged(scenario.range, step: step, choice: choice, possible: possible))
    case .stepsExhausted(let limit):
      let sources = scenario.sources
      var diagnostic = Diagnostic.budget(
        operatorRange(&session), "the run takes more than \(limit) steps")
      diagnostic.notes += BusiestAccount.notes(&session) { sources.place(of: $0) }
      return broken(diagnostic)
    case .spins(let address):
      return broken(.spins(range(at: address)))
    case .cancelled:
      return .cancelled
    case .timeExhausted(let limit):
      return broken(
        .budget(
          operatorRange(&session),
          "the run takes more than \(Duration.text(nanoseconds: limit)) of machine time"))
    }
  }

  /// Where a run ends badly with a transition on its way: whom that waits for, and why.
  private func whyBlocked(_ session: inout Session, _ end: RunEnd) -> [String] {
    let sources = scenario.sources
    let isStalled = isAboutStalling(end)
    let (isCrash, isWhole) = (end.isCrash, end.leavesWholeWorld(of: scenario.program))
    return session.look { machine, row, workspace in
      guard !isCrash, Blocker.count(machine, &row) > 0 else { return [] }
      let terms = isWhole ? TrialTerms.thorough(workspace.strings) : nil
      return Why.sentences(machine, &row, trying: terms, isStalled: isStalled) {
        sources.place(of: $0)
      }
    }
  }

  private func isAboutStalling(_ end: RunEnd) -> Bool {
    guard case .fault(.violated(let number, _)) = end else { return false }
    return scenario.program.properties[number].isAboutStalling
  }

  /// Who spins at a run's dead end: they have a CPU, and no step to make.
  private func spinners(_ session: inout Session) -> [String] {
    let sources = scenario.sources
    return session.look { machine, row, _ in
      WaitingAccount.spinners(machine, &row) { sources.place(of: $0) }
    }
  }

  /// What the checks that failed on the way have to say.
  private func failedChecks(_ session: Session) -> [Diagnostic] {
    session.workspace.failedChecks.map { check in
      let site = scenario.program.assertions[check.assertion]
      return .checkFailed(
        site.origin.range,
        values: check.values.map { SourceValue(site.captures[$0.capture], text: $0.text) },
        times: check.times)
    }
  }

  /// Of one run, which of the scenario's goals it came to.
  func goals(of session: Session) -> [PropertyAnswer] {
    scenario.program.properties.indices.compactMap { number in
      let property = scenario.program.properties[number]
      if case .monitor(.stalled, .never) = property.kind { return neverStalled(property, session) }
      guard property.isGoal else { return nil }
      let isReached = session.workspace.goalsReached[number]
      return PropertyAnswer(
        text: property.text, answer: isReached ? .holds : .notJudged, isSatisfied: isReached,
        isComplete: true)
    }
  }

  /// What a run can say of `never stalled`: it holds if every transition has finished, or would if
  /// the machine were left alone.
  private func neverStalled(_ property: Property, _ session: Session) -> PropertyAnswer? {
    guard session.end == .finished else { return nil }
    return PropertyAnswer(
      text: property.text, answer: session.leavesTransition ? .notJudged : .holds,
      isSatisfied: true, isComplete: true)
  }

  private func operatorRange(_ session: inout Session) -> SourceRange {
    let address = session.look { machine, row, _ in
      Int(row[machine.layout.programCounter, at: machine.layout.operatorOrigin])
    }
    return range(at: address)
  }

  private func range(at address: Int) -> SourceRange {
    scenario.program.origins.indices.contains(address)
      ? scenario.program.origins[address].range : scenario.range
  }

  private func diagnostic(
    for fault: Fault, _ session: inout Session, _ witness: Witness?
  ) -> Diagnostic {
    let program = scenario.program
    switch fault {
    case .assertionFailed(let number):
      let site = program.assertions[number]
      return .assertionFailed(
        site.origin.range,
        values: session.values(of: site.captures, start: site.start, inBottomFrame: false))
    case .awaitExpired(let number, let limit):
      let site = program.awaits[number]
      return .awaitExpired(
        site.origin.range, limitNanoseconds: limit,
        values: session.values(of: site.captures, start: site.start, inBottomFrame: false))
    case .violated(let number, let violation):
      let property = program.properties[number]
      let values =
        property.conditionStart.map {
          session.values(of: property.captures, start: $0, inBottomFrame: true)
        } ?? []
      if property.isAboutStalling {
        let waiting = WaitingAccount(&session, scenario.sources)
        return .propertyViolated(
          property.text, property.origin.range, values: values,
          notes: stallAccount(session, witness) + (waiting?.notes ?? []))
      }
      let account = account(of: violation, session.events)
      return .propertyViolated(
        property.text, property.origin.range, values: values, labels: account.labels,
        notes: account.notes)
    case .oops(let oops):
      return CrashAccount(session.events, program).diagnostic(oops)
    case .deadlock(let waits):
      return CrashAccount(session.events, program).diagnostic(waits)
    case .unexpectedOutcome(let number, let got):
      return .unexpectedOutcome(
        program.outcomes[number], got: got, notes: reasons(session.events))
    case .commandFailed(let number, let exit):
      return .commandFailed(
        program.outcomes[number], exit: exit, notes: reasons(session.events))
    case .lostText(let lost):
      return .lostText(LostTextAccount(lost, session.events, program))
    case .deadTask(let address, let slot):
      return .deadTask(range(at: address), name: "the task with PID \(program.pid(of: slot))")
    case .noTaskVariable(let address, let slot, let variable):
      return .noTaskVariable(
        range(at: address), task: "the task with PID \(program.pid(of: slot))",
        name: program.taskVariables[variable].name)
    default:
      return budgetOrArithmetic(fault)
    }
  }

  /// Who broke a property of the machine's own, where, in which functions.
  private func account(
    of violation: Violation, _ events: [Event]
  ) -> (labels: [Label], notes: [String]) {
    let program = scenario.program
    if let mixture = MixtureAccount(violation, events, program) {
      return (mixture.labels, [mixture.text])
    }
    if let order = LockOrderAccount(violation, events, program) {
      return (order.labels, order.notes)
    }
    guard let lost = violation.lost else { return ([], []) }
    let account = LostTextAccount(lost, events, program)
    return ([.secondary(account.range, "it would go on here")], [account.text])
  }

  /// In which step what the machine watches came about. Breadth first, what a search shows comes
  /// about as early as it can.
  private func moment(of fault: Fault, _ session: Session, _ witness: Witness?) -> [String] {
    switch fault {
    case .violated(let number, _):
      guard !scenario.program.properties[number].isAboutStalling else { return [] }
    case .oops, .deadlock, .lostText: break
    default: return []
    }
    let step = "in step #\(session.workspace.events.step)"
    if session.machine.layout.keepsTime {
      return ["it came about at \(Duration.moment(nanoseconds: session.time)), \(step)"]
    }
    guard let witness, options.strategy.findsShortest else { return ["it came about \(step)"] }
    return [
      witness.isShortest
        ? "it came about \(step), and in no schedule sooner"
        : "it came about \(step); whether in some schedule sooner, was too much to search"
    ]
  }

  /// Since when the transition can't finish, and how it goes on.
  private func stallAccount(_ session: Session, _ witness: Witness?) -> [String] {
    guard let witness else {
      let now =
        session.machine.layout.keepsTime
        ? "at the latest since \(Duration.moment(nanoseconds: session.time)) " : ""
      return [
        "\(now)nothing that can happen lets the transition finish, at whatever speeds"
      ]
    }
    let start = witness.schedule.count
    var since = "from step #\(start) on nothing that can happen lets it finish"
    let look = session.events.first { event in
      guard case .patching(.looked(let left), _) = event.kind else { return false }
      return event.step >= start && left > 0
    }
    if let look { since += "; kGraft's first look to find it so is step #\(look.step)" }
    guard let loop = witness.lasso?.loop, !loop.isEmpty else {
      return [since, "at the schedule's end nobody can step any more"]
    }
    return [since, "\(rounds(loop)) for ever, and nobody who could step is passed over"]
  }

  private func rounds(_ loop: [Int]) -> String {
    loop.count == 1 ? "its last step repeats" : "its last \(loop.count) steps repeat"
  }

  /// How others go on while the operator waits, and who does not get on meanwhile.
  private func loopAccount(_ session: Session, _ witness: Witness?) -> [String] {
    guard let lasso = witness?.lasso, !lasso.loop.isEmpty else {
      return ["from the end of this schedule on, everybody who can step all the time gets a turn"]
    }
    var notes = [
      "\(rounds(lasso.loop)) for ever, and everybody who can step all the time gets a turn"
    ]
    let cast = Cast(session.events, scenario.program)
    let names = lasso.passedOver.compactMap { actor -> String? in
      switch actor {
      case .task(let slot): cast.name(.task(slot))
      case .handler(let number): cast.name(.handler(number))
      case .engine: "kGraft's worker"
      case .operator: nil
      }
    }
    if !names.isEmpty {
      let list = names.joined(separator: ", ")
      notes.append("who could step in it now and then, and never does: \(list)")
    }
    return notes
  }

  private static let reasonWords = [
    "can't patch", "unresolvable", "delayed patching", "not resolved", "not properly resolved",
    "not found", "failed to find", "cannot enable", "version mismatch",
  ]

  /// What the command at hand has printed, and what the kernel log says of the engine's refusal.
  private func reasons(_ events: [Event]) -> [String] {
    var notes: [String] = []
    if case .commandEnded(_, let line, let status, let output)? = events.last?.kind {
      notes += output.split(separator: "\n").map(String.init)
      let advice = CommandAdvice.sentence(about: line, status, scenario.program)
      notes += advice.map { [$0] } ?? []
    }
    // Of this statement's lines the last that gives a reason.
    for event in events.reversed() {
      if case .acted = event.kind { break }
      guard case .kernelLog(let line) = event.kind,
        Self.reasonWords.contains(where: line.contains)
      else { continue }
      notes.append("the kernel log says: \(line)")
      break
    }
    return notes
  }

  private func budgetOrArithmetic(_ fault: Fault) -> Diagnostic {
    switch fault {
    case .overflow(let address):
      return .overflow(range(at: address))
    case .divisionByZero(let address):
      return .divisionByZero(range(at: address))
    case .stackOverflow(let address):
      return .stackOverflow(range(at: address))
    case .operationsExhausted(let address):
      return .budget(
        range(at: address),
        "the scenario computes for more than \(options.limits.operations) operations")
    case .tasksExhausted(let address, let tasks):
      return .budget(
        range(at: address),
        "\(tasks) more tasks are more than the budget of \(options.limits.tasks) allows")
    case .memoryExhausted(let address):
      return .budget(
        range(at: address),
        "the scenario needs more memory than \(options.limits.memoryBytes >> 20) MiB")
    case .textTooLong(let address):
      return .budget(
        range(at: address), "a text of more than \(Limits.textBytes >> 20) MiB is made")
    case .hashCollision(let address):
      return .hashCollision(range(at: address))
    case .outputExhausted(let address):
      return .budget(
        range(at: address),
        "the scenario prints more than \(options.limits.outputBytes >> 20) MiB")
    case .negativeCount(let address, let value):
      return .negative(range(at: address), "a number of tasks", "\(value)")
    case .negativeDuration(let address, let value):
      return .negative(range(at: address), "a duration", Duration.text(nanoseconds: value))
    case .listIndex(let address, let index, let count):
      return .listIndex(range(at: address), index: index, count: count)
    case .noField(let address, let reason):
      return .noField(range(at: address), scenario.machine(.kept).words(of: reason))
    case .noClock(let address):
      return .noClock(range(at: address))
    case .noLog(let address):
      return .noLog(range(at: address))
    case .hostCall(let address, let error):
      return .fileError(range(at: address), error)
    default:
      return .budget(scenario.range, "the scenario could not go on")
    }
  }
}
