import ArgumentParser
import Glibc
import Graft
import REPL

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Try things at a prompt: step, go back, ask why, go another way.",
    discussion: """
      Without a terminal it reads a script from standard input, says nothing that was not asked for, \
      and ends as 'graft run' does: 2 something could not be understood, 3 something could not go \
      on, 4 something asserted is not so.
      """)

  @Argument(
    help: ArgumentHelp(
      "Files to load; FILE::NAME starts that scenario and stops at its first step.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Do these statements or commands, and end.", valueName: "statements"))
  var statements: [String] = []

  @Option(
    help: ArgumentHelp(
      "Open the scenario at the end of a schedule that graft printed, or of one in @FILE.",
      valueName: "token"))
  var replay: String?

  @Option(
    name: .customLong("break"),
    help: ArgumentHelp(
      "Take a rule of the patching engine out, to see what it is there for.", valueName: "rule"))
  var brokenRuleTexts: [String] = []

  @Option(name: .customLong("color"), help: "Colours: auto, always or never.")
  var colorText = "auto"

  private var brokenRules: [KGraftMutation] {
    brokenRuleTexts.compactMap { KGraftMutation(rawValue: $0) }
  }

  func validate() throws {
    for rule in brokenRuleTexts where KGraftMutation(rawValue: rule) == nil {
      let all = KGraftMutation.allCases.map(\.rawValue)
      let hint = nearest(to: rule, among: all).map { "; did you mean '\($0)'?" } ?? ""
      throw ValidationError("there is no rule '\(rule)'\(hint)")
    }
    guard ColourChoice(rawValue: colorText) != nil else {
      throw ValidationError("--color takes auto, always or never")
    }
    if let replay {
      if !replay.hasPrefix("@") { _ = try ReplayRequest(replay) }
      guard files.count == 1 else {
        throw ValidationError("--replay needs one scenario: FILE::NAME, or a file that has one")
      }
    }
  }

  func run() throws {
    let isInteractive =
      statements.isEmpty && isatty(STDIN_FILENO) == 1 && Terminal.isOutputTerminal
    PromptInterruption.install()
    let console = Console(surroundings(isInteractive: isInteractive), brokenRules: brokenRules)
    open(console, try replay.map { try ReplayRequest($0) })
    if isInteractive {
      let prompt = Prompt(
        console, past: Past(folder: StateFolder.path), width: { Terminal.width },
        isInterrupted: { PromptInterruption.isRequested },
        clearInterruption: { PromptInterruption.clear() })
      if prompt.run(greeting: files.isEmpty ? Console.hint : "") {
        throw ExitCode(ExitStatus.passed.rawValue)
      }
    }
    if statements.isEmpty {
      Script(console).run(reading: {
        PromptInterruption.isRequested ? nil : readLine(strippingNewline: true)
      })
    } else {
      for text in statements {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        Script(console).run(reading: {
          PromptInterruption.isRequested ? nil : lines.popFirst().map(String.init)
        })
      }
    }
    if PromptInterruption.isRequested { throw ExitCode(128 + SIGINT) }
    throw ExitCode(status(console.verdict).rawValue)
  }

  private func open(_ console: Console, _ replay: ReplayRequest?) {
    for file in files {
      let (path, pick) = FileSelection.split(file)
      var name: String?
      if case .name(let title)? = pick { name = title }
      console.take("load \(path)", silently: true)
      if let token = replay?.token(named: name)?.text {
        console.take("scenario \(name.map { "\"\($0)\" " } ?? "")\(token)", silently: true)
      } else if let name {
        console.take("scenario \"\(name)\"", silently: true)
      }
    }
  }

  private func status(_ worst: Console.Status) -> ExitStatus {
    switch worst {
    case .good: .passed
    case .source: .source
    case .failed: .failed
    case .broken: .broken
    }
  }

  private func surroundings(isInteractive: Bool) -> Surroundings {
    var around = Surroundings(
      read: { path in
        do throws(SourceReader.Failure) {
          return .success(try SourceReader.read(path))
        } catch {
          return .failure(.init(reason: error.reason))
        }
      },
      reader: { UnitReader.reader(for: $0) },
      write: { path, text in
        do throws(SourceReader.Failure) {
          let draft = try WholeFile.Draft(of: path)
          try draft.append(Array(text.utf8))
          try draft.publish()
          return nil
        } catch {
          return error.reason
        }
      },
      edit: { Editor.edit($0) },
      say: { Terminal.print($0) })
    around.list = { Folder.names(in: $0) }
    around.home = Terminal.setting("HOME")
    around.width = { Terminal.width }
    around.height = { Terminal.height }
    around.isInteractive = isInteractive
    around.paint = Paint(
      isColoured: Terminal.wantsColour(
        ColourChoice(rawValue: colorText) ?? .auto, isTerminal: Terminal.isOutputTerminal))
    around.isCancelled = { PromptInterruption.isRequested }
    return around
  }
}
