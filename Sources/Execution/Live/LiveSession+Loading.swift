import Diagnostics
import Machine

/// Files that come into a session, and the course on another program.
extension LiveSession {
  /// Brings in a file. Nothing has changed when it has errors.
  package mutating func load(
    _ path: String, bytes: [UInt8], reader: @escaping SourceLoader.Reader
  ) -> (failed: Bool, diagnostics: [Diagnostic], sources: SourceMap) {
    var candidate = text
    var found = candidate.load(path, bytes: bytes, reader: reader)
    guard !found.contains(where: { $0.severity == .error }) else {
      return (true, found, candidate.sources)
    }
    let (scenario, said) = candidate.compile(asking: watches.map(\.statement))
    guard let scenario else {
      return (true, found + said.filter { $0.severity == .error }, candidate.sources)
    }
    found = found.filter { $0.severity == .error }
    if steps == 0, course.marks.isEmpty {
      let started = Self.start(
        candidate, time: time, limits: limits, cancelledWhen: isCancelled)
      guard let session = started.session else { return (true, said, candidate.sources) }
      self = session
    } else {
      adopt(declaring: candidate, scenario)
    }
    return (false, found, candidate.sources)
  }

  /// Goes on with a text that declares more. What a step is may have changed with it: then the
  /// operator does everything again at the moments at which it did it, and the session stands at
  /// the moment at which it stood.
  ///
  /// - Returns: whether it had to be run again.
  @discardableResult
  mutating func adopt(declaring text: SessionText, _ scenario: RunnableScenario) -> Bool {
    let before = self
    guard adopt(text, scenario) else { return false }
    guard machine.layout.keepsTime else { return true }
    let isSame =
      steps == before.steps && now == before.now && marks == before.marks
      && end == nil && before.end == nil
    if !isSame { repeatByMoments(before) }
    return true
  }

  /// The course of another session, moment by moment.
  private mutating func repeatByMoments(_ before: LiveSession) {
    checkpoints.removeAll()
    rewind()
    workspace.fuel.isCancelled = nil
    defer { workspace.fuel.isCancelled = isCancelled }
    (course, points) = (before.course, before.points)
    course.forgetPicks()
    for number in 0..<before.marks {
      let mark = course.marks[number]
      if case .release = mark.act { comeToPause() }
      run(untilMoment: mark.nanoseconds)
      guard end == nil else { break }
      course.move(mark: number, to: steps, at: mark.nanoseconds)
      let act = course.marks[number].act
      marks += 1
      apply(act)
      if isPaused() { course.moveEnd(ofMark: number, to: steps) }
    }
    cutCourse(toStep: .max)
    run(untilMoment: before.now)
  }

  /// The operator does what it was told, up to the pause behind it.
  private mutating func comeToPause() {
    while !isPaused(), end == nil, now <= limits.virtualNanoseconds, steps < limits.steps {
      let progress = run(atMost: 65_536)
      if case .stopped = progress { return }
      if progress == .operatorStepped, isPaused(), marks > 0 {
        course.moveEnd(ofMark: marks - 1, to: steps)
      }
    }
  }

  /// Every step that comes no later than a moment.
  private mutating func run(untilMoment moment: Int64) {
    while end == nil, now <= moment, steps < limits.steps {
      var next = self
      let progress = next.run(atMost: 1)
      guard next.now <= moment || next.end != nil else { return }
      // A stretch that stays below the moment is taken at once; its last step is one too many.
      let first = steps
      var stretch = self
      let end = stretch.run(atMost: 65_536, moment)
      if stretch.now <= moment {
        self = stretch
        if case .stopped = end { return }
      } else if stretch.steps - first > 1 {
        _ = run(atMost: stretch.steps - first - 1)
      } else {
        self = next
      }
      if case .stopped = progress { return }
    }
  }
}
