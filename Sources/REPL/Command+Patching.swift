import Graft

/// What there is to see of patches and files.
extension Console {
  private var engine: KGraft? { session.machine.engine as? KGraft }

  func functions(_ text: String) {
    guard let engine else { return complain("no kGraft here") }
    let program = session.machine.program
    guard !program.tracedFunctions.isEmpty else {
      return say("no patch names a function")
    }
    var shown = TableText(["FUNCTION", "OBJECT", "STUB", "OLD UNIVERSE", "NEW UNIVERSE"])
    session.look { machine, row in
      for number in program.tracedFunctions.indices {
        let id = TracedFunctionID(number)
        let traced = program.tracedFunctions[number]
        guard text.isEmpty || traced.name == text || traced.symbol == text else { continue }
        func name(_ isOld: Bool) -> String {
          engine.version(of: id, isOld: isOld, machine, &row)
            .map { program.patches[$0.rawValue].name } ?? "original"
        }
        let stub =
          switch engine.stubKind(of: id, machine, &row) {
          case .none: "-"
          case .slow: "slow"
          case .fast: "fast"
          }
        shown.rows.append([
          traced.name, traced.object.map { program.modules[$0.rawValue].name } ?? "vmlinux", stub,
          name(true), name(false),
        ])
      }
    }
    guard !shown.rows.isEmpty else {
      return complain("no patch names a function `\(text)`; see `functions`")
    }
    say(shown.text(width: width, paint: paint))
  }

  func patches() {
    guard let engine else { return complain("no kGraft here") }
    let program = session.machine.program
    guard !program.patches.isEmpty else { return say("no patch is declared") }
    let header = ["PATCH", "STATE", "REFS", "REPLACES", "FUNCTIONS"]
    var shown = TableText(header, right: [2])
    session.look { machine, row in
      let transition = engine.transition(machine, &row)
      for (number, patch) in program.patches.enumerated() {
        let id = PatchID(number)
        var state = engine.isLoaded(id, machine, &row) ? "loaded" : "-"
        let states = patch.functions.map {
          engine.functionState($0, of: id, machine, &row)
        }
        if states.contains(.applied) { state = "applied" }
        if states.allSatisfy({ $0 == .reverted }), !states.isEmpty { state = "reverted" }
        if let transition, transition.patch == id {
          state = transition.isReverting ? "reverting" : "applying"
        }
        let names = patch.functions.map { program.tracedFunctions[$0.rawValue].name }
        shown.rows.append([
          patch.name, state, "\(engine.refs(of: id, machine, &row))",
          patch.replacesAll ? "all" : "-", names.joined(separator: " "),
        ])
      }
    }
    guard width < Self.narrow else { return say(shown.text(width: width, paint: paint)) }
    // What a patch replaces has a line of its own.
    var short = TableText(Array(header.prefix(3)), right: [2])
    short.rows = shown.rows.map { Array($0.prefix(3)) }
    say(
      short.text(width: width, paint: paint) { _, number, line in
        let row = shown.rows[number]
        return line + "\n    " + row[4] + (row[3] == "all" ? ", replaces all" : "")
      })
  }

  /// Columns below which a table of that many headings is too wide.
  private static let narrow = 60

  func transition() {
    guard let engine else { return complain("no kGraft here") }
    let program = session.machine.program
    let (sources, terms) = (session.text.sources, session.trialTerms)
    let keepsTime = session.time == .kept
    let lines = session.look { machine, row -> [String] in
      guard let transition = engine.transition(machine, &row) else {
        return ["no transition is on its way"]
      }
      let name = program.patches[transition.patch.rawValue].name
      let all = machine.liveTaskCount(&row)
      let old = engine.oldCount(machine, &row)
      var lines = [
        "\(transition.isReverting ? "revert" : "apply") \(name): "
          + Self.words(engine.phase(machine, &row))
      ]
      if engine.isImmutable(machine, &row) {
        lines.append("the immutable window is open: everybody runs old code")
      }
      let switched = (0..<program.cpuCount).filter { engine.isSwitched(cpu: $0, machine, &row) }
      lines.append("interrupts: \(switched.count) of \(program.cpuCount) CPUs have switched")
      lines.append("tasks: \(max(0, all - old)) of \(all) migrated, \(old) in the old universe")
      if keepsTime {
        let began = Int64(row[machine.layout.clock.transitionBegan])
        if began > 0 {
          let took = machine.now(&row) - (began - 1)
          lines.append("it has taken \(Duration.text(nanoseconds: Self.rounded(took))) so far")
        }
        let due = Int64(row[machine.layout.clock.engineDue])
        if row[machine.layout.clock.engineTicket] > 0, due > machine.now(&row) {
          lines.append("the worker acts next at \(Duration.moment(nanoseconds: due))")
        }
      }
      if old > 0 {
        lines.append("")
        lines += Why.sentences(machine, &row, trying: terms, grouping: true) {
          sources.place(of: $0)
        }
      }
      return lines
    }
    say(lines.joined(separator: "\n"))
  }

  private static func words(_ phase: KGraft.Phase) -> String {
    switch phase {
    case .idle: "idle"
    case .openWindow: "the window is to open"
    case .revertReplaced: "reverting what is replaced"
    case .redirect: "redirecting functions"
    case .setInProgress: "about to be in progress"
    case .switchCPUs: "switching the CPUs"
    case .mark: "marking the tasks"
    case .closeWindow: "the window is to close"
    case .wakeKernelThreads: "waking kernel threads"
    case .look: "waiting for tasks"
    case .sendFakeSignals: "sending fake signals"
    case .finalise: "finalising"
    case .finaliseReplaced: "finalising what was replaced"
    case .finish: "about to be done"
    case .rollBack, .restoreReplaced: "going back after a failure"
    case .fail: "failing"
    }
  }

  func properties() {
    let program = session.machine.program
    var shown = TableText(["PROPERTY", "HERE"])
    let reached = session.workspace.goalsReached
    let (broken, seen) = (brokenProperty, seenMonitor)
    session.look { machine, row in
      for (number, property) in program.properties.enumerated() {
        let isArmed = row.isSet(machine.layout.armed[number])
        var state = isArmed ? "holds so far" : "not armed yet"
        if property.isGoal {
          state = reached[number] ? "reached" : isArmed ? "not reached yet" : state
        }
        if property.isAboutStalling { state = "not judged at a prompt" }
        if number == broken { state = "does not hold" }
        shown.rows.append([property.text, state])
      }
      for monitor in ["oops", "deadlock", "lost_text"]
      where !program.properties.contains(where: { $0.text.hasSuffix(" \(monitor)") }) {
        shown.rows.append([
          "never \(monitor)", monitor == seen ? "does not hold" : "holds so far",
        ])
      }
    }
    if case .fault? = session.end, let diagnosis = session.diagnosis() {
      shown.rows.append(["here", diagnosis.message])
    }
    say(shown.text(width: width, paint: paint))
  }

  /// The property that does not hold, so that the session has ended.
  private var brokenProperty: Int? {
    if case .fault(.violated(let property, _))? = session.end { property } else { nil }
  }

  /// The monitor that nobody has asked for, and that has seen something.
  private var seenMonitor: String? {
    switch session.end {
    case .fault(.oops): "oops"
    case .fault(.deadlock): "deadlock"
    case .fault(.lostText): "lost_text"
    default: nil
    }
  }

  // MARK: Files

  func cat(_ text: String) {
    guard !text.isEmpty else { return usage("cat") }
    let path = text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
    let content = session.look { machine, row in FileNode.content(of: path, machine, &row) }
    switch content {
    case .success(let text):
      say(escapingControls(text, keepingLines: true))
      observe(file: path, text)
    case .failure(let error):
      complain("cat: \(escapingControls(path)): \(Self.words(error))", .broken)
    }
  }

  /// What a file of one line held is something that was seen.
  private func observe(file path: String, _ content: String) {
    let line = content.hasSuffix("\n") ? String(content.dropLast()) : content
    let isPlain = { (text: String) in
      !text.contains { "\"\\{}".contains($0) || $0.isNewline || $0 == "\t" }
    }
    guard line.count <= 60, isPlain(line), isPlain(path) else { return }
    observations.append(
      Observation(
        step: session.steps, nanoseconds: session.now, marks: session.course.marks.count,
        text: "cat(\"\(path)\")", literal: "\"\(line)\""))
  }

  private static func words(_ error: FileError) -> String {
    switch error {
    case .errno(let error): error.message
    case .noClock: "it shows the time, and where time is arbitrary there is none"
    }
  }

  func list(_ text: String) {
    let path = text.isEmpty ? "/" : text
    let found = session.look { machine, row -> Result<[String], FileError> in
      switch FileNode.at(path, machine, &row) {
      case .success(.directory(let directory)): .success(directory.names(machine, &row).sorted())
      case .success: .success([path])
      case .failure(let error): .failure(error)
      }
    }
    switch found {
    case .success(let names): say(names.joined(separator: "\n"))
    case .failure(let error):
      complain("ls: \(escapingControls(path)): \(Self.words(error))", .broken)
    }
  }
}
