import Execution

/// The reports of a swarm's jobs put together: each has searched all scenarios, in its own way.
///
/// What one job has seen, some schedule does; that no schedule does it says a job alone that has
/// seen everything. So a scenario fails if it fails for one, by the shortest schedule of all that
/// were found, passes if one has seen everything, and else nobody knows.
extension MergedBatch {
  mutating func joinSwarm(_ parts: [Part], _ isPartial: Bool) throws(Mistake) {
    let first = parts[0]
    for part in parts {
      guard let swarm = part.report.head.swarm, let other = first.report.head.swarm else {
        let odd = parts.first { $0.report.head.swarm == nil }?.name ?? ""
        throw Mistake(reason: "\(odd) is no job of a swarm, and others are")
      }
      guard swarm.count == other.count else {
        throw Mistake(
          reason: "\(part.name) is job \(swarm.text), and \(first.name) is job \(other.text): "
            + "they are of different swarms")
      }
      try Self.refuseOtherWays(part, first)
    }
    try findGaps(
      parts.compactMap { part in
        part.report.head.swarm.map { (part.name, $0.number, "job \($0.text)") }
      }, of: first.report.head.swarm?.count ?? 0, isPartial)
    let jobs = parts.sorted {
      ($0.report.head.swarm?.number ?? 0) < ($1.report.head.swarm?.number ?? 0)
    }
    for items in try columns(jobs, isPartial) {
      let item = SwarmCase(items).joined
      cases.append(item)
      summary.add(item)
    }
    summary.selected = jobs.map(\.report.summary.selected).max() ?? 0
    conclude(jobs)
  }

  /// What the jobs say of each scenario, in their order.
  private mutating func columns(
    _ jobs: [Part], _ isPartial: Bool
  ) throws(Mistake) -> [[CaseReport]] {
    var places: [ScenarioID: Int] = [:]
    var columns: [[CaseReport]] = []
    var owners: [[String]] = []
    for job in jobs {
      var own: Set<ScenarioID> = []
      for item in job.report.cases {
        guard own.insert(item.id).inserted else {
          throw Mistake(reason: "\(item.id) is in \(job.name) twice")
        }
        guard let place = places[item.id] else {
          places[item.id] = columns.count
          columns.append([item])
          owners.append([job.name])
          continue
        }
        guard columns[place][0].textHash == item.textHash else {
          throw Mistake(
            reason: "\(item.id) has another text in \(job.name) than in \(owners[place][0])")
        }
        columns[place].append(item)
        owners[place].append(job.name)
      }
    }
    for (place, items) in columns.enumerated() where items.count < jobs.count {
      let names = Set(owners[place])
      let odd = jobs.first { !names.contains($0.name) }?.name ?? ""
      try miss("\(items[0].id) is not in \(odd)", isPartial)
    }
    return columns.sorted { $0[0].number < $1[0].number }
  }
}

/// What the jobs of a swarm have found out about one scenario.
private struct SwarmCase {
  private let items: [CaseReport]

  /// - Parameter items: in the order of the jobs; at least one.
  init(_ items: [CaseReport]) { self.items = items }

  var joined: CaseReport {
    if let worst = witness { return adding(worst) }
    if let whole = items.first(where: \.hasSeenEverything) { return whole }
    // Where nothing is searched the first job's run says as much as any other's.
    guard let item = items.first(where: { $0.verdict == .inconclusive }) else { return items[0] }
    var open = adding(item)
    open.reason = "of \(items.count) jobs of a swarm none has seen everything; nothing fails so far"
    return open
  }

  /// The shortest schedule that fails, of the first job that has found it.
  private var witness: CaseReport? {
    let bad: Set<CaseReport.Verdict> = [.failed, .broken, .failedAsExpected, .rejected, .differs]
    return items.filter { bad.contains($0.verdict) }
      .enumerated().min { ($0.element.steps, $0.offset) < ($1.element.steps, $1.offset) }?.element
  }

  /// With what the other jobs know beside.
  private func adding(_ item: CaseReport) -> CaseReport {
    var item = item
    let whole = items.first(where: \.hasSeenEverything)
    if case .everySchedule(let own) = item.mode {
      item.mode = .everySchedule(search(own, isComplete: whole != nil))
    }
    item.outcomes = whole?.outcomes ?? outcomes
    item.properties =
      whole?.properties
      ?? item.properties.indices.map { place in
        property(items.map(\.properties).filter { $0.indices.contains(place) }.map { $0[place] })
      }
    for problem in items.flatMap(\.problems)
    where !item.problems.contains(where: { $0.isAt(problem) }) {
      item.problems.append(problem)
    }
    return item
  }

  /// Worlds that one job has met, another has as well: there are as many as the one has that has
  /// met most, at the least. Steps that were taken were taken.
  private func search(_ own: CaseReport.Search, isComplete: Bool) -> CaseReport.Search {
    var all = own
    for item in items {
      guard case .everySchedule(let other) = item.mode else { continue }
      all.states = max(all.states, other.states)
      all.depth = max(all.depth, other.depth)
    }
    let searches = items.compactMap { item -> CaseReport.Search? in
      if case .everySchedule(let search) = item.mode { search } else { nil }
    }
    all.transitions = searches.reduce(0) { $0 &+ $1.transitions }
    let runs = searches.compactMap(\.runs)
    all.runs = runs.isEmpty || isComplete ? nil : runs.reduce(0, &+)
    all.alone = nil
    all.order = nil
    all.isComplete = isComplete
    all.bound = isComplete ? nil : "swarm"
    return all
  }

  /// How schedules end, once each. The same end has been met by several: it is counted as often as
  /// by the one that has met it most.
  private var outcomes: [CaseReport.Outcome] {
    struct Key: Hashable {
      var figures: [CaseReport.Value]
      var remarks: [String]
    }
    var places: [Key: Int] = [:]
    var outcomes: [CaseReport.Outcome] = []
    for outcome in items.flatMap(\.outcomes) {
      let key = Key(figures: outcome.figures, remarks: outcome.remarks)
      guard let place = places[key] else {
        places[key] = outcomes.count
        outcomes.append(outcome)
        continue
      }
      let counts = (outcomes[place].worlds, outcome.worlds)
      outcomes[place].worlds = counts.0.flatMap { one in counts.1.map { max(one, $0) } }
    }
    return outcomes.enumerated().sorted {
      ($1.element.worlds ?? .max, $0.offset) < ($0.element.worlds ?? .max, $1.offset)
    }.map(\.element)
  }

  /// One property's answers, of which none is the whole truth.
  private func property(_ parts: [CaseReport.Property]) -> CaseReport.Property {
    var all = parts[0]
    let answers = Set(parts.map(\.answer))
    let hasFailed = !answers.isDisjoint(with: ["FAILS", "NEVER", "SOMETIMES"])
    let isKept =
      !answers.isDisjoint(with: ["ALWAYS", "SOMETIMES"]) || parts.contains(where: \.isKept)
    let isHeld = isKept || answers.contains("HOLDS")
    all.answer =
      switch (hasFailed, isKept, isHeld) {
      case (true, true, _): "SOMETIMES"
      case (true, false, _): "FAILS"
      case (false, _, true): "HOLDS"
      case (false, _, false): answers.contains("NOT JUDGED") ? "NOT JUDGED" : "NOT REACHED"
      }
    // What fails it says so, but a `reach`, which one schedule is enough for.
    let refuses = parts.contains {
      !$0.isSatisfied && ["FAILS", "NEVER", "SOMETIMES"].contains($0.answer)
    }
    all.isSatisfied = !refuses && parts.contains(where: \.isSatisfied)
    all.isComplete = all.answer == "SOMETIMES"
    all.isKept = isKept && all.answer == "HOLDS"
    all.replay = parts.lazy.compactMap(\.replay).first
    all.counterReplay = parts.lazy.compactMap(\.counterReplay).first
    return all
  }
}

extension CaseReport {
  /// A search that no bound ended.
  fileprivate var hasSeenEverything: Bool {
    if case .everySchedule(let search) = mode { search.isComplete } else { false }
  }
}

extension CaseReport.Problem {
  /// Whether it says the same of the same place.
  fileprivate func isAt(_ other: CaseReport.Problem) -> Bool {
    (code, path, line, column) == (other.code, other.path, other.line, other.column)
  }
}
