import ArgumentParser
import Glibc
import Graft

/// Exercises, answers and progress of somebody who learns: everything of `graft learn` that is
/// files and words.
struct Classroom {
  let exercises: [Exercise]
  private let answers: String
  private let paint: Paint
  private var progress: LearntExercises

  static let defaultFolder = "Scenarios/course"

  init(_ exercises: [Exercise], answers: String, paint: Paint) {
    self.exercises = exercises
    self.answers = answers
    self.paint = paint
    let kept = Self.progressPath.flatMap { try? SourceReader.read($0) }
    progress = LearntExercises(kept.map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// Every folder below one that has an exercise, by the order of their paths.
  static func exercises(in folder: String) -> [Exercise] {
    var folders: [String] = []
    try? FileTree.visitExercises(below: folder) { folders.append($0) }
    return FileTree.sorted(folders).compactMap { folder in
      (try? SourceReader.read("\(folder)/\(Exercise.textName)")).map {
        Exercise(folder: folder, text: $0)
      }
    }
  }

  /// That of a name, or the first that is not done; when all are done the last.
  func exercise(named name: String?) throws -> Exercise {
    guard let name else {
      return exercises.first { !progress.isDone($0) } ?? exercises[exercises.count - 1]
    }
    if let found = exercises.first(where: { $0.name == name }) { return found }
    let near = nearest(to: name, among: exercises.map(\.name))
    let hint = near.map { "; did you mean '\($0)'?" } ?? ""
    Terminal.printError("graft: there is no exercise '\(escapingControls(name))'\(hint)\n")
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  // MARK: Answers

  private func path(of exercise: Exercise) -> String { "\(answers)/\(exercise.name).graft" }

  /// What stands in the learner's file, which is made when there is none.
  private func answer(to exercise: Exercise) throws -> [UInt8] {
    let path = path(of: exercise)
    if access(path, F_OK) != 0 { try write(exercise.handout, to: path) }
    do throws(SourceReader.Failure) {
      return try SourceReader.read(path)
    } catch {
      throw complaint("can't read \(path): \(error.reason)")
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    do throws(SourceReader.Failure) {
      WholeFile.makeFolder(for: path)
      let draft = try WholeFile.Draft(of: path)
      try draft.append(bytes)
      try draft.publish()
    } catch {
      throw complaint("can't write \(path): \(error.reason)")
    }
  }

  private func complaint(_ text: String) -> ExitCode {
    Terminal.printError("graft: \(escapingControls(text))\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }

  private static var progressPath: String? { StateFolder.path.map { $0 + "/learned" } }

  /// Progress that can't be kept is told of, and is no reason to stop.
  private func keepProgress() {
    guard let path = Self.progressPath else { return }
    do throws(SourceReader.Failure) {
      WholeFile.makeFolder(for: path)
      let draft = try WholeFile.Draft(of: path)
      try draft.append(Array(progress.text.utf8))
      try draft.publish()
    } catch {
      Terminal.printError("graft: progress can't be kept in \(path): \(error.reason)\n")
    }
  }

  // MARK: Actions

  func list() {
    for exercise in exercises {
      let mark = progress.isDone(exercise) ? paint.good("✓") : " "
      let title = exercise.task.first.map { "  " + paint.dim($0) } ?? ""
      Terminal.print("\(mark) \(exercise.name)\(title)\n")
    }
    let count = exercises.count { progress.isDone($0) }
    Terminal.print("\(count) of \(exercises.count) done\n")
  }

  /// True when the answer is right.
  mutating func judge(_ exercise: Exercise) throws -> Bool {
    let text = try answer(to: exercise)
    Terminal.print(paint.bold(exercise.name) + "  " + path(of: exercise) + "\n\n")
    if text == exercise.handout { Terminal.print(exercise.task.joined(separator: "\n") + "\n\n") }
    let path = path(of: exercise)
    let judgement = exercise.judge(text, path: path, reader: UnitReader.reader(for: path))
    Terminal.print(shown(judgement, exercise))
    guard judgement.isRight else {
      Terminal.print(
        "Not yet. \(help(judgement, exercise))'graft learn watch' judges whenever you save.\n")
      return false
    }
    let isNew = !progress.isDone(exercise)
    progress.finish(exercise)
    if isNew { keepProgress() }
    Terminal.print(
      paint.good("Right.") + " 'graft learn solution \(exercise.name)' shows others.\n")
    if let next = exercises.first(where: { !progress.isDone($0) }) {
      Terminal.print("Next: \(next.name)\n")
    } else {
      Terminal.print("That was the last one: all \(exercises.count) are done.\n")
    }
    return true
  }

  /// What 'graft learn hint' would give, if it gives more than what has just been said.
  private func help(_ judgement: Judgement, _ exercise: Exercise) -> String {
    if progress.hintCount(exercise) < exercise.hints.count {
      return "'graft learn hint' has a hint; "
    }
    guard case .fails(let record, _) = judgement else { return "" }
    let isSearched = if case .everySchedule = record.mode { true } else { false }
    return isSearched ? "'graft learn hint' has a shortest schedule that fails; " : ""
  }

  private func shown(_ judgement: Judgement, _ exercise: Exercise) -> String {
    switch judgement {
    case .right: return ""
    case .gap(let line): return "\(path(of: exercise)):\(line): \(Exercise.gap) is still there\n\n"
    case .withoutMarks:
      return "\(path(of: exercise)): the comments '# Yours' and '# From here on' are gone, so that "
        + "nobody knows what is yours; 'graft learn reset \(exercise.name)' begins anew\n\n"
    case .mistaken(let diagnostics, let sources):
      let renderer = DiagnosticRenderer(
        sources: sources, usesColour: paint.isColoured, width: Terminal.width)
      return renderer.render(diagnostics) + "\n"
    case .fails(let record, let sources): return told(record, sources)
    }
  }

  private func told(_ record: RunRecord, _ sources: SourceMap) -> String {
    let report = TextReport(
      sources: sources, paint: paint, width: Terminal.width, tellsStories: true)
    return report.text(record) + "\n"
  }

  /// One more hint: those of the exercise, then a shortest schedule that fails.
  mutating func hint(_ exercise: Exercise) throws {
    let text = try answer(to: exercise)
    if progress.hintCount(exercise) < exercise.hints.count {
      progress.noteHint(exercise)
      keepProgress()
      let shown = exercise.hints.prefix(progress.hintCount(exercise))
      for (number, hint) in shown.enumerated() { Terminal.print("\(number + 1). \(hint)\n") }
      return
    }
    for (number, hint) in exercise.hints.enumerated() { Terminal.print("\(number + 1). \(hint)\n") }
    let path = path(of: exercise)
    let judgement = exercise.judge(text, path: path, reader: UnitReader.reader(for: path))
    guard case .fails(let record, _) = judgement else {
      return Terminal.print(
        judgement.isRight ? "This answer is right.\n" : shown(judgement, exercise))
    }
    let isSearched = if case .everySchedule = record.mode { true } else { false }
    Terminal.print(
      (isSearched ? "A shortest schedule" : "The run") + " in which this answer fails:\n\n")
    Terminal.print(shown(judgement, exercise))
  }

  func showSolutions(_ exercise: Exercise) throws {
    guard progress.isDone(exercise) else {
      Terminal.printError(
        "graft: \(exercise.name) is not done; solutions are shown behind your own\n")
      throw ExitCode(ExitStatus.failed.rawValue)
    }
    for number in 1...9 {
      let path = "\(exercise.folder)/solution-\(number).graft"
      guard let bytes = try? SourceReader.read(path) else { return }
      Terminal.print(paint.bold("solution \(number)") + "\n\n")
      Terminal.print(String(decoding: bytes, as: UTF8.self) + "\n")
    }
  }

  mutating func reset(_ exercise: Exercise) throws {
    progress.reset(exercise)
    keepProgress()
    try write(exercise.handout, to: path(of: exercise))
    Terminal.print("\(path(of: exercise)) is as it was given\n")
  }

  /// Judges, and again whenever an answer is saved; goes on to the next when one is right.
  mutating func watch(_ name: String?) throws {
    var exercise = try exercise(named: name)
    Interruption.install()
    _ = try answer(to: exercise)
    guard let watch = FolderWatch([answers]) else {
      throw complaint("can't watch \(answers): \(String(cString: strerror(errno)))")
    }
    while !Interruption.isRequested {
      if try judge(exercise), name == nil {
        let next = try self.exercise(named: nil)
        if progress.isDone(next) { return }
        exercise = next
        _ = try answer(to: exercise)
        Terminal.print("\n")
        continue
      }
      guard watch.wait() != nil else { break }
      Terminal.print("\n")
    }
    throw ExitCode(Interruption.exitStatus)
  }
}
