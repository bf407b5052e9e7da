import Machine

/// Takes every step out of worlds of a store: a worker of a search. It reads the store and changes
/// nothing in it; what the steps lead to goes into a harvest.
///
/// The row that it steps on is made once and then patched: from one world to the next the parts
/// that differ are copied, and after a step those that it has changed are put back.
struct Expander: Sendable {
  let machine: Machine
  private let cut: RowCut
  var workspace: Workspace
  private(set) var memo: StepMemo
  /// The row, and the number of the part that stands in each of its places; none is `nobody`.
  var words: [UInt64]
  private var loaded: [UInt32]
  /// The hash of the world that stands there.
  private var hash: UInt64 = 0
  /// The properties that some schedule must come to.
  private let goals: [Int]
  /// The assertions that were seen to hold; what is known is not noted again.
  private var knownToHold: Set<Int> = []
  private let repeatsFindings: Bool
  /// Whether somebody asks for transitions that can't finish any more.
  private let asksForStalling: Bool
  private let knowsSteps: Bool
  /// Addresses at which the operator waits for something that the globals and its own words tell,
  /// and where it is known to be kept waiting.
  private let knowableWaits: Set<Int32>
  private var waits: StepMemo
  /// Whether worlds are put in order: not where a schedule is followed in the slots it has.
  private let symmetry: Symmetry
  /// Whether a step that is a task's own affair is taken alone (`Independence`): not where all
  /// steps of a world are asked for.
  var takesOwnAlone: Bool
  /// Of each part of a task, what its words alone say of that, + 1; 0: nobody has asked.
  private var privacies: [UInt8] = []
  private var ways: [StepMemo.Outcome] = []
  /// What the words of accounts stand for, as far as this one knows.
  private(set) var accounts: AccountTable
  /// How time is kept, where it is.
  let timed: TimedRule?
  /// What the last step has made of the globals and of the task that took it.
  private var lastOutcome = StepMemo.Outcome(globals: 0, task: 0)

  private static let nobody = UInt32.max

  /// - Parameters:
  ///   - remembers: whether steps that are known are looked up; without it each is taken.
  ///   - takesOwnAlone: whether a step that is a task's own affair is taken alone.
  ///   - repeatsFindings: whether what has been noted is noted again wherever it is so.
  init(
    _ machine: Machine, _ cut: RowCut, _ symmetry: Symmetry, _ workspace: Workspace,
    _ accounts: AccountTable, goals: [Int], asksForStalling: Bool, remembers: Bool,
    takesOwnAlone: Bool = false, repeatsFindings: Bool = false, timed: TimedRule? = nil
  ) {
    self.machine = machine
    self.cut = cut
    self.symmetry = symmetry
    self.workspace = workspace
    self.accounts = accounts
    self.goals = goals
    self.takesOwnAlone = takesOwnAlone
    self.repeatsFindings = repeatsFindings
    self.timed = timed
    self.asksForStalling = asksForStalling
    knowsSteps = remembers && machine.hasSelfContainedSteps
    memo = StepMemo(isOn: knowsSteps)
    waits = StepMemo(isOn: remembers)
    knowableWaits = remembers ? machine.program.knowableWaits : []
    words = Array(repeating: 0, count: cut.rowWords)
    loaded = Array(repeating: Self.nobody, count: cut.places.count)
  }

  /// Bytes of the texts and lists that it knows.
  var textBytes: Int { workspace.strings.byteCount + workspace.lists.byteCount }

  mutating func learnTexts(of other: Workspace) { workspace.learnTexts(of: other) }

  mutating func learn(_ accounts: AccountTable) { self.accounts.learn(accounts) }

  mutating func expand(
    _ worlds: Range<Int>, of store: WorldStore, into harvest: inout Harvest
  ) {
    var words: [UInt64] = []
    swap(&words, &self.words)
    for world in worlds {
      var row = words.mutableSpan
      let base = world * store.width
      load(store.numbers.span.extracting(base..<(base + store.width)), of: store, &row)
      expandLoaded(store, &row, &harvest)
      if harvest.isCutShort { break }
    }
    swap(&words, &self.words)
  }

  /// The same for a world that is given by its parts.
  mutating func expand(_ world: [UInt32], of store: WorldStore, into harvest: inout Harvest) {
    var words: [UInt64] = []
    swap(&words, &self.words)
    var row = words.mutableSpan
    load(world.span, of: store, &row)
    expandLoaded(store, &row, &harvest)
    swap(&words, &self.words)
  }

  mutating func load(
    _ world: Span<UInt32>, of store: WorldStore, _ row: inout MutableSpan<UInt64>
  ) {
    hash = 0
    for place in loaded.indices {
      let number = world[place]
      hash &+= symmetry.hash(number, at: place)
      guard loaded[place] != number else { continue }
      loaded[place] = number
      let cut = cut.places[place]
      store.parts[cut.kind].copy(number, to: &row, at: cut.start)
    }
  }

  private mutating func expandLoaded(
    _ store: WorldStore, _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    var source = look(&row)
    let isOver = isOver(&row)
    let first = harvest.stepCount
    // At the scenario's end tasks that still live are dropped, unless somebody asks whether they
    // would ever let a transition finish.
    let isLookedAt = !isOver || source.isUnderWay
    if isLookedAt, takesOwnAlone { source.isAlone = takeOwn(isOver, first, store, &row, &harvest) }
    if isLookedAt, !source.isAlone {
      if let timed {
        takeDue(timed.mode, isOver, first, store, &row, &harvest)
      } else {
        takeEverybody(isOver, waitingAt: source.awaitAddress, first, store, &row, &harvest)
      }
      if harvest.stepCount == first, !isOver {
        let address = operatorAddress(&row)
        harvest.note(.deadEnd(address: address, missed: missed(&row)))
        source.isDeadEnd = true
      }
    }
    source.stepEnd = harvest.stepCount
    harvest.sources.append(source)
  }

  /// Every step of everybody.
  private mutating func takeEverybody(
    _ isOver: Bool, waitingAt address: Int32, _ first: Int, _ store: WorldStore,
    _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    if isOver || address < 0 || !isKeptWaiting(at: address, &row) {
      takeAll(.operator, isOver, first, store, &row, &harvest)
    }
    takeAll(.engine, isOver, first, store, &row, &harvest)
    for number in machine.layout.handlers.indices {
      takeAll(.handler(number), isOver, first, store, &row, &harvest)
    }
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      if knowsSteps, !isOver, memo.isOn {
        takeKnown(slot, first, store, &row, &harvest)
      } else {
        takeAll(.task(slot), isOver, first, store, &row, &harvest)
      }
    }
  }

  /// What is to be known of a world before its steps.
  func look(_ row: inout MutableSpan<UInt64>) -> Harvest.Source {
    var source = Harvest.Source()
    source.isUnderWay = asksForStalling && machine.engine.isInProgress(machine, &row)
    source.awaitAddress = Int32(awaitAddress(&row) ?? -1)
    if timed == nil, machine.canHoldUp, source.isUnderWay || source.awaitAddress >= 0 {
      source.heldUp = heldUp(&row)
    }
    return source
  }

  func isOver(_ row: inout MutableSpan<UInt64>) -> Bool {
    row[machine.layout.operatorStatus] == OperatorStatus.finished.rawValue
  }

  /// Takes a step that is a task's own affair, of the first task that has one. False: there is
  /// none.
  mutating func takeOwn(
    _ isOver: Bool, _ first: Int, _ store: WorldStore, _ row: inout MutableSpan<UInt64>,
    _ harvest: inout Harvest
  ) -> Bool {
    let notes = harvest.notes.count
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      guard isOwn(slot, &row) else { continue }
      if knowsSteps, !isOver, memo.isOn {
        takeKnown(slot, first, store, &row, &harvest)
      } else {
        takeAll(.task(slot), isOver, first, store, &row, &harvest)
      }
      if harvest.isCutShort { return true }
      if harvest.notes.count == notes,
        harvest.leadToOneWorld(from: first, width: loaded.count)
      {
        return true
      }
      // It is somebody's affair after all, as is whatever ends a schedule.
      harvest.forgetSteps(from: first, width: loaded.count, notes: notes)
    }
    return false
  }

  private mutating func isOwn(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let part = Int(loaded[cut.firstTask + slot.rawValue])
    while privacies.count <= part { privacies.append(0) }
    if privacies[part] == 0 { privacies[part] = machine.privacy(of: slot, &row).rawValue + 1 }
    switch Machine.Privacy(rawValue: privacies[part] - 1) {
    case .own: return true
    case .ownIfSettled: return machine.isSettled(slot, &row)
    case .visible, nil: return false
    }
  }

  /// Every step of one actor.
  private mutating func takeAll(
    _ actor: Actor, _ isOver: Bool, _ first: Int, _ store: WorldStore,
    _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    let count = machine.choiceCount(of: actor, &row, &workspace)
    for alternative in 0..<count where !harvest.isCutShort {
      let choice = Choice(actor: actor, alternative: alternative)
      // Where the scenario is over nothing is claimed any more: the step only leads on.
      if isOver { for field in machine.layout.armed { row.set(field, to: false) } }
      take(choice, silently: isOver, first, store, &row, &harvest)
    }
  }

  /// Whether the operator's condition is known not to hold. Where it does, or nobody knows, it is
  /// asked as ever.
  mutating func isKeptWaiting(
    at address: Int32, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard waits.isOn, knowableWaits.contains(address) else { return false }
    let (globals, place) = (loaded[RowCut.globals], loaded[RowCut.operator])
    if let known = waits.find(globals: globals, task: place) {
      if case .ways = known { return true }
      return false
    }
    let isEnabled = machine.choiceCount(of: .operator, &row, &workspace) > 0
    waits.note(globals: globals, task: place, isEnabled ? nil : [])
    return !isEnabled
  }

  /// Every step of a task, by what is known of it, or to be known from now on.
  private mutating func takeKnown(
    _ slot: TaskSlot, _ first: Int, _ store: WorldStore, _ row: inout MutableSpan<UInt64>,
    _ harvest: inout Harvest
  ) {
    let place = cut.firstTask + slot.rawValue
    let (globals, task) = (loaded[RowCut.globals], loaded[place])
    switch memo.find(globals: globals, task: task) {
    case .ways(let range)?:
      for way in range {
        let outcome = memo.outcomes[way]
        add(outcome, place, actor: .task(slot), first, store, &harvest)
      }
      return
    case .opaque?: return takeAll(.task(slot), false, first, store, &row, &harvest)
    case nil: break
    }
    let isKnowable = machine.isSelfContained(slot, &row)
    let count = machine.choiceCount(of: .task(slot), &row, &workspace)
    let notes = harvest.notes.count
    // With a part that has no number yet it will be known the next time.
    var isNumbered = true
    ways.removeAll(keepingCapacity: true)
    for alternative in 0..<count where !harvest.isCutShort {
      let choice = Choice(actor: .task(slot), alternative: alternative)
      take(choice, silently: false, first, store, &row, &harvest)
      ways.append(lastOutcome)
      isNumbered = isNumbered && harvest.flags.last == 0
    }
    guard memo.isOn, !harvest.isCutShort else { return }
    if !isKnowable || notes != harvest.notes.count || count > StepMemo.greatestCount {
      memo.note(globals: globals, task: task, nil)
    } else if isNumbered {
      memo.note(globals: globals, task: task, ways)
    }
  }

  // MARK: One step

  /// Takes the step and puts the row back.
  mutating func take(
    _ choice: Choice, silently: Bool, _ first: Int, _ store: WorldStore,
    _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    // Budgets are those of one step: how often it is taken is the search's affair.
    workspace.fuel.restart(operations: workspace.limits.operations)
    workspace.outputBytes = 0
    if !workspace.figures.isEmpty { workspace.figures.removeAll(keepingCapacity: true) }
    if !workspace.failedChecks.isEmpty { workspace.failedChecks.removeAll() }
    let account = cut.account.map { row[$0] } ?? 0
    let progress = machine.step(choice, &row, &workspace)
    if let place = cut.account {
      let hasMore = !workspace.figures.isEmpty || !workspace.failedChecks.isEmpty
      row[place] = hasMore ? accounts.word(adding: workspace, to: account) : account
    }
    if !silently { noteFindings(progress, &row, &harvest) }
    if progress == .faulted {
      let fault = workspace.fault
      workspace.fault = nil
      putBack(store, &row)
      if case .needsCapacity(let tasks)? = fault, !repeatsFindings {
        harvest.neededTasks = tasks
      } else if fault == .cancelled {
        harvest.wasCancelled = true
      } else {
        // Who follows a schedule asks for no room: no step of it needs any.
        if let fault, !silently, !fault.isAboutRoom { harvest.note(.fault(fault)) }
        for place in loaded.indices { harvest.numbers.append(loaded[place]) }
        close(choice.actor, first, hash, Self.end(behind: fault, silently), &harvest)
      }
    } else {
      if let timed { keepTime(timed, &row, &harvest) }
      collect(choice.actor, first, store, &row, &harvest)
    }
  }

  /// An assertion that fails is the scenario's end, and changes nothing: what the others do then
  /// they can do before as well. Behind any other fault lies what nobody has seen.
  private static func end(behind fault: Fault?, _ isOver: Bool) -> UInt8 {
    if !isOver, case .assertionFailed? = fault { return Harvest.outside }
    return Harvest.outside | Harvest.unknown
  }

  private mutating func noteFindings(
    _ progress: Progress, _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    for check in workspace.failedChecks {
      harvest.note(.checkFailed(assertion: check.assertion))
    }
    for goal in goals where workspace.goalsReached[goal] {
      workspace.goalsReached[goal] = false
      harvest.note(.reached(goal: goal))
    }
    noteHeld(&harvest)
    if progress == .finished { harvest.note(.finished(missed: missed(&row))) }
  }

  private mutating func noteHeld(_ harvest: inout Harvest) {
    for assertion in workspace.assertionsHeld.indices where workspace.assertionsHeld[assertion] {
      workspace.assertionsHeld[assertion] = false
      guard knownToHold.insert(assertion).inserted || repeatsFindings else { continue }
      harvest.note(.held(assertion: assertion))
    }
  }

  /// Numbers the parts of the row that a step has changed, and puts them back.
  private mutating func collect(
    _ actor: Actor, _ first: Int, _ store: WorldStore, _ row: inout MutableSpan<UInt64>,
    _ harvest: inout Harvest
  ) {
    var hash = hash
    var flags: UInt8 = 0
    for place in loaded.indices {
      let old = loaded[place]
      let (start, kind) = (cut.places[place].start, cut.places[place].kind)
      guard store.parts[kind].differs(old, row.span, at: start) else {
        harvest.numbers.append(old)
        continue
      }
      let (known, _) = store.parts[kind].find(row.span, at: start)
      let number: UInt32
      if let known {
        number = known
        hash &+= symmetry.hash(number, at: place) &- symmetry.hash(old, at: place)
      } else {
        number = harvest.newParts[kind].intern(row.span, at: start) | Harvest.newPart
        flags = Harvest.provisional
      }
      harvest.numbers.append(number)
      store.parts[kind].copy(old, to: &row, at: start)
    }
    let base = harvest.numbers.count - loaded.count
    if case .task(let slot) = actor {
      lastOutcome.globals = harvest.numbers[base + RowCut.globals]
      lastOutcome.task = harvest.numbers[base + cut.firstTask + slot.rawValue]
    }
    // The search puts it in order when it has all its numbers.
    if flags == 0, !symmetry.isEmpty {
      symmetry.order(&harvest.numbers, at: base, store.parts[cut.taskKind])
    }
    close(actor, first, hash, flags, &harvest)
  }

  /// A step that is known.
  @inline(__always)
  private func add(
    _ outcome: StepMemo.Outcome, _ task: Int, actor: Actor, _ first: Int, _ store: WorldStore,
    _ harvest: inout Harvest
  ) {
    let base = harvest.numbers.count
    harvest.numbers.append(contentsOf: loaded)
    harvest.numbers[base + RowCut.globals] = outcome.globals
    harvest.numbers[base + task] = outcome.task
    var hash = hash
    if outcome.globals != loaded[RowCut.globals] {
      hash &-= symmetry.hash(loaded[RowCut.globals], at: RowCut.globals)
      hash &+= symmetry.hash(outcome.globals, at: RowCut.globals)
    }
    hash &-= symmetry.hash(loaded[task], at: task)
    hash &+= symmetry.hash(outcome.task, at: task)
    if let group = symmetry.groupOf[task] {
      symmetry.order(group, &harvest.numbers, at: base, store.parts[cut.taskKind])
    }
    close(actor, first, hash, 0, &harvest)
  }

  @inline(__always)
  private func close(
    _ actor: Actor, _ first: Int, _ hash: UInt64, _ flags: UInt8, _ harvest: inout Harvest
  ) {
    harvest.choices.append(UInt32(truncatingIfNeeded: harvest.stepCount - first))
    harvest.hashes.append(hash)
    harvest.actors.append(UInt8(clamping: number(of: actor)))
    harvest.flags.append(flags)
  }

  private func putBack(_ store: WorldStore, _ row: inout MutableSpan<UInt64>) {
    for place in loaded.indices {
      let cut = cut.places[place]
      store.parts[cut.kind].copy(loaded[place], to: &row, at: cut.start)
    }
  }

  // MARK: What a world is like

  /// What a schedule that ends here was to reach, and did not.
  private func missed(_ row: inout MutableSpan<UInt64>) -> [Int] {
    goals.filter { row.isSet(machine.layout.armed[$0]) }
  }

  /// Who gets its turn here when it could step again and again.
  private func heldUp(_ row: inout MutableSpan<UInt64>) -> UInt64 {
    var actors: UInt64 = 0
    machine.forEachHeldUp(&row) { actor in
      let number = number(of: actor)
      if number < 64 { actors |= 1 << UInt64(number) }
    }
    return actors
  }

  /// Who steps, as a small number.
  func number(of actor: Actor) -> Int {
    switch actor {
    case .operator: 0
    case .engine: 1
    case .handler(let number): 2 + number
    case .task(let slot): cut.firstTask + slot.rawValue
    }
  }

  /// Where the operator waits for a condition, if it does.
  private func awaitAddress(_ row: inout MutableSpan<UInt64>) -> Int? {
    let status = timed == nil ? OperatorStatus.ready : .awaiting
    guard row[machine.layout.operatorStatus] == status.rawValue else { return nil }
    let address = operatorAddress(&row)
    return machine.program.instructions[address].operation == .await ? address : nil
  }

  private func operatorAddress(_ row: inout MutableSpan<UInt64>) -> Int {
    Int(row[machine.layout.programCounter, at: machine.layout.operatorOrigin])
  }
}

extension Fault {
  fileprivate var isAboutRoom: Bool { if case .needsCapacity = self { true } else { false } }
}
