import Machine

/// Backwards, which is forwards again from a checkpoint: silently, up to a position of the course.
extension LiveSession {
  /// Goes back to before the step with that number; what was chosen from there on is forgotten, and
  /// with it the statements that had not begun.
  package mutating func back(toStep step: Int) {
    let step = max(0, min(step, steps))
    travel(toStep: step, marks: marks(before: step))
    forgetFuture()
  }

  /// Whether another session is what becomes of this one when it goes on as that one did.
  package func isBeginning(of other: LiveSession) -> Bool {
    guard steps <= other.steps, time == other.time,
      text.inputs.count == other.text.inputs.count,
      text.header == other.text.header, text.rowID == other.text.rowID,
      course.isBeginning(of: other.course, steps: steps)
    else { return false }
    return course.marks.allSatisfy { mark in
      guard case .release(let before) = mark.act else { return true }
      let (mine, theirs) = (text.entries.dropFirst(before + 1), other.text.entries)
      return mine.first?.text == theirs.dropFirst(before + 1).first?.text
    }
  }

  /// The number of the first step that comes later than a moment of the past.
  package mutating func step(after moment: Int64) -> Int {
    guard machine.layout.keepsTime, moment < now else { return steps }
    var probe = self
    let last = steps
    let word = machine.layout.clock.now.word
    let start = checkpoints.last { Int64($0.row[word]) <= moment }
    probe.restore(start)
    while probe.steps < last {
      probe.passMarks(course.marks.count)
      let progress = probe.repeatSteps(upTo: last, moment)
      if probe.now > moment { return probe.steps - 1 }
      if case .stopped = progress { break }
    }
    return last
  }

  /// Puts the world of a checkpoint in place; without one, that of the beginning.
  mutating func restore(_ checkpoint: Checkpoints.Checkpoint?) {
    guard let checkpoint else {
      let kept = chronicle
      rewind()
      if !kept.events.isEmpty { chronicle = kept }
      workspace.events.isRecording = false
      workspace.fuel.isCancelled = nil
      return
    }
    row = checkpoint.row
    workspace = checkpoint.workspace
    // What is done again was done before: it comes to an end.
    workspace.fuel.isCancelled = nil
    workspace.take(machine.program)
    workspace.events.isRecording = false
    steps = checkpoint.step
    marks = checkpoint.marks
    turns = checkpoint.turns
    end = nil
  }

  /// Goes to a position of the course that lies before the present one.
  mutating func travel(toStep step: Int, marks count: Int) {
    chronicle.cut(toStep: step)
    let earlier = course.marks.firstIndex { $0.step >= step } ?? course.marks.count
    // What the machine has told of its beginning is told by that alone.
    restore(step == 0 ? nil : checkpoints.before(step: step, marks: min(count, earlier)))
    while true {
      // What statements tell that take no step bears the number of the step that comes next.
      workspace.events.isRecording = steps == step
      passMarks(count)
      guard steps < step, end == nil else { break }
      if case .stopped = repeatSteps(upTo: step) { break }
    }
    checkpoints.cut(toStep: steps, marks: marks)
    workspace.events.isRecording = true
    workspace.fuel.isCancelled = isCancelled
  }

  /// Does what the course says to be done before the next step, up to that many marks.
  mutating func passMarks(_ count: Int) {
    while marks < min(count, course.marks.count), course.marks[marks].step == steps, end == nil {
      let act = course.marks[marks].act
      marks += 1
      apply(act)
    }
  }

  /// Makes steps as the course has them: up to the one with that number, the next mark, or the
  /// first that comes later than a moment.
  mutating func repeatSteps(upTo last: Int, _ moment: Int64 = .max) -> StretchEnd {
    guard machine.layout.keepsTime else {
      guard steps < course.choices.count else { return .stopped(.nothingHappens) }
      let number = course.choices[steps]
      let choices = possibleChoices()
      guard choices.indices.contains(number) else { return .stopped(.nothingHappens) }
      turns[choices[number].actor] = steps
      return make(choices[number])
    }
    var limit = last
    if marks < course.marks.count { limit = min(limit, max(steps, course.marks[marks].step)) }
    if let pick = course.pick(from: steps), pick.step < limit {
      if pick.step == steps { return makeDue(pick.number) }
      limit = pick.step
    }
    guard limit > steps else { return .stepped }
    let before = steps
    let progress = runSilently(limit - steps, moment)
    // A course that can't be repeated would never end.
    return steps == before && end == nil ? .stopped(.nothingHappens) : progress
  }

  /// Natural steps that nobody looks at.
  private mutating func runSilently(_ count: Int, _ moment: Int64) -> StretchEnd {
    let stretch = touch { machine, row, workspace in
      machine.run(limit: count, lastNanosecond: moment, &row, &workspace)
    }
    steps += stretch.steps
    switch stretch.stop {
    case .limit, .operatorStepped: return .stepped
    case .nothingHappens: return .stopped(.nothingHappens)
    case .finished:
      end = .finished
      return .stopped(.ended)
    case .faulted(let choice): return conclude(.faulted, choice)
    }
  }

  /// Does an act of the course.
  mutating func apply(_ act: Course.Mark.Act) {
    let pause = pauseAddress(of: act)
    touch { machine, row, workspace in
      switch act {
      case .release: machine.release(&row, &workspace)
      case .abandon:
        if let pause { machine.abandon(pauseAt: pause, &row, &workspace) }
      }
    }
    end = workspace.fault.map(RunEnd.init) ?? end
    if workspace.events.isRecording { chronicle.add(workspace.events.takeEvents()) }
  }

  /// The address of the pause that an act leads to.
  private func pauseAddress(of act: Course.Mark.Act) -> Int? {
    guard case .abandon(let entry) = act else { return nil }
    return pauses.first { $0.entry == entry }?.address
  }

  /// The pauses of the operator's body, in order: behind which entry, and where.
  var pauses: [(entry: Int, address: Int)] {
    let body = machine.program.functions[machine.program.operatorFunction.rawValue]
    let addresses = (body.entry..<body.end).filter {
      machine.program.instructions[$0].operation == .pause
    }
    let entries =
      (text.pausesFirst ? [-1] : []) + text.entries.indices.filter { text.entries[$0].pausesAfter }
    return Array(zip(entries, addresses)).map { (entry: $0.0, address: $0.1) }
  }

  /// What lies behind the present position is no part of the session any more: the course ends
  /// here, and so does the text where its statements had not been begun.
  mutating func forgetFuture() {
    cutCourse()
    var text = text
    let released = Set(
      course.marks.compactMap { mark -> Int? in
        if case .release(let entry) = mark.act { entry } else { nil }
      })
    let left = Set(
      course.marks.compactMap { mark -> Int? in
        if case .abandon(let entry) = mark.act { entry } else { nil }
      })
    for number in text.entries.indices.reversed() {
      if text.entries[number].isTyped {
        if !released.contains(number - 1) { text.entries.remove(at: number) }
      } else if text.entries[number].pausesAfter {
        text.entries[number].pausesAfter = released.contains(number) || left.contains(number)
      }
    }
    if text.isScenario, !released.contains(-1) { text.pausesFirst = false }
    guard
      text.entries.map(\.pausesAfter) != self.text.entries.map(\.pausesAfter)
        || text.pausesFirst != self.text.pausesFirst
    else { return }
    let (scenario, _) = text.compile(asking: watches.map(\.statement))
    if let scenario { adopt(text, scenario) }
  }

  // MARK: Growing

  /// Goes on with another text. The world is carried over where it means the same there; elsewhere
  /// the course is run again.
  ///
  /// - Returns: whether it had to be run again.
  @discardableResult
  mutating func adopt(_ text: SessionText, _ scenario: RunnableScenario) -> Bool {
    let next = scenario.machine(time)
    let address = look { machine, row in
      machine.operatorStack(&row).last?.address ?? machine.operatorAddress(&row)
    }
    let isSame =
      machine.layout.sharesRows(with: next.layout)
      && machine.program.sharesWorlds(with: next.program, whoseOperatorIsAt: address)
      && scenario.rules == self.scenario.rules
    let before = self
    self.text = text
    self.scenario = scenario
    machine = next
    if isSame {
      workspace.take(next.program)
      return false
    }
    checkpoints.removeAll()
    rewind()
    workspace.fuel.isCancelled = nil
    defer { workspace.fuel.isCancelled = isCancelled }
    if time == .arbitrary { takeUpChoices(of: before) } else { repeatCourse(of: before) }
    // What can't be done there is no part of the session.
    if steps < before.steps { cutCourse() }
    return true
  }

  mutating func repeatCourse(of before: LiveSession) {
    while true {
      passMarks(before.marks)
      guard steps < before.steps, end == nil else { break }
      let spacing = Checkpoints.spacing(rowWords: row.count)
      if steps - (checkpoints.last?.step ?? 0) >= spacing { addCheckpoint() }
      let progress = repeatSteps(upTo: min(before.steps, steps + spacing))
      chronicle.add(workspace.events.takeEvents())
      if case .stopped = progress { break }
    }
  }

  /// The same choices, in this program's numbers: where the operator waits at a pause it has none
  /// of the choices that it would have elsewhere.
  mutating func takeUpChoices(of before: LiveSession) {
    var old = before
    old.restore(nil)
    course.choices = []
    for number in before.course.choices.prefix(before.steps) {
      passMarks(before.marks)
      old.passMarks(before.marks)
      let theirs = old.possibleChoices()
      guard end == nil, old.end == nil, theirs.indices.contains(number) else { return }
      let possible = possibleChoices()
      guard let place = possible.firstIndex(of: theirs[number]) else { return }
      let spacing = Checkpoints.spacing(rowWords: row.count)
      if steps - (checkpoints.last?.step ?? 0) >= spacing { addCheckpoint() }
      _ = take(place, of: possible)
      chronicle.add(workspace.events.takeEvents())
      _ = old.make(theirs[number])
    }
    passMarks(before.marks)
  }
}
