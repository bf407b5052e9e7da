import ArgumentParser
import Glibc
import Graft

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play a lesson at the terminal, forwards and backwards, or make pages of it.",
    discussion: """
      Space plays and stops; the arrows go a step, N and P to what is said next or was said last, \
      brackets a chapter; '?' shows all keys. Where there is no terminal the frames are printed. \
      Frames are made of machine time: they are the same each time.

      Any scenario can be played. With --export nothing is played: FILE.cast is a recording for \
      asciinema, FILE.svg a picture that moves, FILE.html one page that plays the lesson, or \
      several as a course, FILE.md a text; a text that has blocks '<!-- graft demo TITLE -->' … \
      '<!-- graft end -->' gets these anew and stays as it is otherwise.

      Exit status: 0 shown, and everything claimed holds; 4 something does not; 1, 2, 3, 5 as of \
      'graft run'.
      """)

  @Argument(
    help: ArgumentHelp("FILE with one lesson, FILE::NAME, or a folder.", valueName: "lesson"))
  var files: [String] = []

  @OptionGroup(title: "Selecting") var selection: SelectionArguments

  @Flag(help: "Stop at everything that is said, until a key is pressed.")
  var presenter = false

  @Option(
    help: ArgumentHelp(
      "Where the speaker's notes go: a file, or another terminal such as /dev/pts/3.",
      valueName: "file"))
  var notes: String?

  @Option(
    name: .customLong("export"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Write FILE.cast, FILE.svg, FILE.md or FILE.html.", valueName: "file"))
  var exports: [String] = []

  @Option(help: "The version of asciinema's format: 2 or 3.")
  var castVersion = 2

  @Option(help: "The title of a course on one page; otherwise that of its first lesson.")
  var title: String?

  @Option(name: .customLong("size"), help: "Columns and rows of frames that are written, as 80x24.")
  var sizeText = "80x24"

  @OptionGroup var shown: DiagnosticArguments

  private var size: (width: Int, height: Int)? {
    let parts = sizeText.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
    return (20...500).contains(width) && (6...200).contains(height) ? (width, height) : nil
  }

  func validate() throws {
    guard Asciicast.Version(rawValue: castVersion) != nil else {
      throw ValidationError("--cast-version takes 2 or 3")
    }
    guard size != nil else {
      throw ValidationError("--size takes columns and rows, 20x6 to 500x200, as 80x24")
    }
    for path in exports where LessonExport(path) == nil {
      throw ValidationError(
        "'\(escapingControls(path))' is none of FILE.cast, FILE.svg, FILE.md, FILE.html")
    }
  }

  func run() throws {
    guard !files.isEmpty else {
      throw ValidationError("name a lesson: graft demo FILE, or FILE::NAME")
    }
    let lessons = try LessonReader.read(files, selection, shown)
    if !exports.isEmpty { return try export(lessons) }
    guard lessons.count == 1, let lesson = lessons.first else {
      let list = lessons.map { "  " + escapingControls("\($0.id)") + "\n" }.joined()
      Terminal.printError("graft: there are \(lessons.count) lessons; name one of them:\n\(list)")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let isPlayable =
      isatty(STDIN_FILENO) == 1 && Terminal.isOutputTerminal
      && Terminal.setting("TERM").map { $0 != "dumb" } ?? false
    if isPlayable {
      let colours = Terminal.wantsColour(shown.color, isTerminal: true)
      let notes = try notes.map { try NotesFile($0) }
      let theatre = LessonTheatre(
        Player(lesson, isPresented: presenter), isColoured: colours, notes: notes)
      if theatre.play() { throw ExitCode(128 + SIGINT) }
    } else {
      printFrames(lesson)
    }
    if lesson.failure != nil { throw ExitCode(ExitStatus.failed.rawValue) }
  }

  /// What a player would stop at, one frame after the other.
  private func printFrames(_ lesson: Lesson) {
    guard let size else { return }
    let colours = Terminal.wantsColour(shown.color, isTerminal: Terminal.isOutputTerminal)
    var extras = Frame.Extras()
    extras.showsNotes = presenter
    for index in lesson.moments.indices where lesson.moments[index].kind.isStop {
      let screen = Frame.screen(
        of: lesson, at: index, width: size.width, height: size.height, extras)
      let rows = (0..<screen.height).map { screen.row($0, coloured: colours) }
      Terminal.print(rows.joined(separator: "\n") + "\n\n")
    }
  }

  // MARK: Exports

  private func export(_ lessons: [Lesson]) throws {
    guard let size, let version = Asciicast.Version(rawValue: castVersion) else { return }
    for lesson in lessons {
      guard let failure = lesson.failure else { continue }
      Terminal.printError(
        "graft: '\(escapingControls("\(lesson.id)"))' is not shown, for it fails: "
          + "\(escapingControls(failure.replacing("\n", with: "; ")))\n")
      throw ExitCode(ExitStatus.failed.rawValue)
    }
    for path in exports {
      guard let form = LessonExport(path) else { continue }
      guard lessons.count == 1 || form.takesSeveral else {
        Terminal.printError(
          "graft: \(escapingControls(path)) takes one lesson, and there are \(lessons.count)\n")
        throw ExitCode(ExitStatus.usage.rawValue)
      }
      let old = form == .markdown ? try? SourceReader.read(path) : nil
      let text = form.text(
        of: lessons, title: title ?? lessons[0].id.title, size: size, version: version,
        renewing: old.map { String(decoding: $0, as: UTF8.self) })
      do throws(SourceReader.Failure) {
        WholeFile.makeFolder(for: path)
        let draft = try WholeFile.Draft(of: path)
        try draft.append(Array(text.utf8))
        try draft.publish()
      } catch {
        Terminal.printError("graft: can't write \(escapingControls(path)): \(error.reason)\n")
        throw ExitCode(ExitStatus.usage.rawValue)
      }
    }
  }
}

/// The forms of a lesson that are files.
enum LessonExport: String {
  case cast, svg
  case markdown = "md"
  case page = "html"

  init?(_ path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: String(path[path.index(after: dot)...]))
  }

  /// Whether a course can be one.
  var takesSeveral: Bool { self == .page || self == .markdown }

  func text(
    of lessons: [Lesson], title: String, size: (width: Int, height: Int),
    version: Asciicast.Version, renewing page: String?
  ) -> String {
    switch self {
    case .cast:
      lessons.map {
        Asciicast.text(of: $0, version: version, width: size.width, height: size.height)
      }.joined()
    case .svg:
      lessons.map { AnimatedSVG.text(of: $0, width: size.width, height: size.height) }.joined()
    case .markdown:
      page.flatMap { MarkdownPage.renewed($0, of: lessons) }
        ?? lessons.map { MarkdownPage.text(of: $0) }.joined()
    case .page: LessonPage.text(of: lessons, title: title)
    }
  }
}

/// From the words of a command line to the lessons they mean.
enum LessonReader {
  static func read(
    _ files: [String], _ selection: SelectionArguments, _ shown: DiagnosticArguments
  ) throws -> [Lesson] {
    var lessons: [Lesson] = []
    var refused = false
    try SelectedScenarios.read(files, selection, shown) { unit, entries in
      // Of a file with lessons these are meant, unless another scenario is named.
      let taught = entries.filter(\.isLesson)
      for entry in taught.isEmpty ? entries : taught where entry.skipReason == nil {
        let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
        shown.show(diagnostics.filter { $0.severity == .error }, of: unit.sources)
        guard let scenario else {
          refused = true
          continue
        }
        lessons.append(Lesson(scenario, RunOptions()))
      }
    }
    if refused { throw ExitCode(ExitStatus.source.rawValue) }
    guard !lessons.isEmpty else {
      Terminal.printError("graft: no lesson was selected\n")
      throw ExitCode(ExitStatus.nothingSelected.rawValue)
    }
    return lessons
  }
}
