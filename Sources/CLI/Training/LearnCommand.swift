import ArgumentParser
import Glibc
import Graft

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Do the exercises of a course: mend a scenario until everything that must hold does.",
    discussion: """
      'graft learn' judges the first exercise that is not done; its text is put into the folder \
      'answers', for you to edit. Any answer is right of which everything holds.

      'graft learn list' shows all exercises; 'watch' judges again whenever an answer is saved; \
      'hint' gives one hint more, the last of which is a schedule in which your answer fails; \
      'solution' shows solutions, once yours is right; 'reset NAME' begins an exercise \
      anew. 'graft learn NAME' judges one by its name.

      Exit status: 0 done; 4 not yet; 1 the command line or a file can't be read or written; 5 \
      there are no exercises.
      """)

  @Argument(
    help: ArgumentHelp(
      "list, watch, hint, solution or reset; the name of an exercise; the course's folder.",
      valueName: "word"))
  var words: [String] = []

  @Option(
    help: ArgumentHelp("The folder with the exercises; Scenarios/course.", valueName: "folder"))
  var course: String?

  @Option(help: ArgumentHelp("Where your answers are.", valueName: "folder"))
  var answers = "answers"

  @Option(help: "Colours: auto, always or never.")
  var color: ColourChoice = .auto

  private enum Action: String, CaseIterable { case judge, list, watch, hint, solution, reset }

  /// What the words mean: an action, an exercise, a folder, each at most once.
  private func meaning() throws -> (action: Action, name: String?, folder: String?) {
    var (action, name, folder) = (Action?.none, String?.none, course)
    for word in words {
      if action == nil, name == nil, let known = Action(rawValue: word), known != .judge {
        action = known
      } else if folder == nil, word.contains("/") || word == "." {
        folder = word
      } else if name == nil {
        name = word
      } else {
        throw ValidationError("'\(escapingControls(word))' is one word too many")
      }
    }
    return (action ?? .judge, name, folder)
  }

  func validate() throws { _ = try meaning() }

  func run() throws {
    let (action, name, folder) = try meaning()
    // A folder without a stroke in its name.
    var course = Classroom.exercises(in: folder ?? Classroom.defaultFolder)
    var wanted = name
    if folder == nil, let name, !course.contains(where: { $0.name == name }) {
      let other = Classroom.exercises(in: name)
      if !other.isEmpty { (course, wanted) = (other, nil) }
    }
    guard !course.isEmpty else {
      let place = escapingControls(folder ?? Classroom.defaultFolder)
      Terminal.printError(
        "graft: there are no exercises below \(place); name their folder with --course\n")
      throw ExitCode(ExitStatus.nothingSelected.rawValue)
    }
    let isColoured = Terminal.wantsColour(color, isTerminal: Terminal.isOutputTerminal)
    var room = Classroom(course, answers: answers, paint: Paint(isColoured: isColoured))
    if action == .list { return room.list() }
    if action == .watch { return try room.watch(wanted) }
    let exercise = try room.exercise(named: wanted)
    switch action {
    case .hint: try room.hint(exercise)
    case .solution: try room.showSolutions(exercise)
    case .reset:
      guard wanted != nil else {
        throw ValidationError("name the exercise: graft learn reset NAME")
      }
      try room.reset(exercise)
    case .judge, .list, .watch:
      if try !room.judge(exercise) { throw ExitCode(ExitStatus.failed.rawValue) }
    }
  }
}
