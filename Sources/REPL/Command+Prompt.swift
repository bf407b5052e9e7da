import Graft

extension Command {
  static let ofPrompt: [Command] = [
    Command(
      "help", "help [TOPIC | COMMAND | VERB]", .prompt, "this; or more about something",
      aliases: ["?"], operand: .topic
    ) { $0.help($1) },
    Command("tour", "tour", .prompt, "a guided tour: each `tour` goes a step further") {
      console, _ in console.tour()
    },
    Command("quit", "quit", .prompt, "leave; so does Ctrl-D", aliases: ["exit", "bye"]) {
      console, _ in console.leave()
    },
  ]
}

extension Console {
  /// What a newcomer sees.
  package static let hint = """
    A simulated kernel, and a patch on its way through it. Three lines to a running migration:
      load example
      spawn 3 of server; run 10ms; apply fix_frame_check
      why
    `help` lists the commands, `tour` shows them at work.
    """

  func help(_ text: String) {
    if text.isEmpty { return say(Self.overview(width: width, paint: paint)) }
    if let topic = Command.Topic.allCases.first(where: { $0.rawValue == text }) {
      return say(Self.listing(topic, width: width, paint: paint))
    }
    if let command = Command.named(text.split(separator: " ").first.map(String.init) ?? text) {
      var lines = [paint.bold(command.usage), "  " + command.summary]
      if !command.aliases.isEmpty {
        lines.append("  also: " + command.aliases.joined(separator: ", "))
      }
      if !command.details.isEmpty { lines += ["", Self.wrapped(command.details, width: width)] }
      return say(lines.joined(separator: "\n"))
    }
    if let verb = Verb.named(text) {
      return say(paint.bold(verb.signature) + "\n  " + verb.help)
    }
    if let command = Commands.all.first(where: { $0.name == text && $0.isSimulated }) {
      return say(paint.bold("$ \(command.usage)") + "\n  " + command.help)
    }
    let words = Command.all.map(\.name) + Command.Topic.allCases.map(\.rawValue)
    let near = nearest(to: text, among: words)
    complain("no help on `\(text)`" + (near.map { "; did you mean `\($0)`?" } ?? ""), .good)
  }

  static func overview(width: Int, paint: Paint) -> String {
    var text =
      wrapped(
        "Type the language: declarations, statements, expressions. Or one of these commands; "
          + "`help NAME` says more.", width: width) + "\n"
    for topic in Command.Topic.allCases {
      text += "\n" + listing(topic, width: width, paint: paint)
    }
    text += "\n" + paint.bold("the language") + "\n"
    let verbs = Verb.all.filter {
      $0.contexts.contains(.operatorBody) && $0.isSimulated
    }.map(\.name)
    text += wrapped("  " + unique(verbs).joined(separator: " "), width: width) + "\n"
    let shell = Commands.all.filter(\.isSimulated).map(\.name)
    text += wrapped("  as in a shell: " + shell.joined(separator: " "), width: width) + "\n"
    text += "  $? is how the last of these has ended\n"
    return text
  }

  private static func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  static func listing(_ topic: Command.Topic, width: Int, paint: Paint) -> String {
    let commands = Command.all.filter { $0.topic == topic }
    let column = commands.map(\.usage.count).filter { $0 <= 26 }.max() ?? 0
    var text = paint.bold(topic.rawValue) + "\n"
    for command in commands {
      let isNarrow = width < 70 || command.usage.count > column
      let gap =
        isNarrow
        ? "\n      " : String(repeating: " ", count: column - command.usage.count + 2)
      let room = width - (isNarrow ? 6 : column + 4)
      let summary =
        command.summary.count > max(20, room)
        ? wrapped(command.summary, width: max(20, room))
          .split(separator: "\n").joined(
            separator: "\n" + String(repeating: " ", count: isNarrow ? 6 : column + 4))
        : command.summary
      text += "  " + command.usage + gap + paint.dim(summary) + "\n"
    }
    return text
  }

  /// Words in lines of at most that many columns.
  static func wrapped(_ text: String, width: Int) -> String {
    var lines: [String] = []
    let indent = String(text.prefix { $0 == " " })
    var line = indent
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if line.count + word.count + 1 > min(width, 100), line != indent {
        lines.append(line)
        line = indent
      }
      line += (line == indent ? "" : " ") + word
    }
    lines.append(line)
    return lines.joined(separator: "\n")
  }

  // MARK: The tour

  func tour() {
    let steps = Tour.steps
    if tourStep >= steps.count { tourStep = 0 }
    let step = steps[tourStep]
    tourStep += 1
    say(paint.bold("\(tourStep)/\(steps.count)  ") + Self.wrapped(step.text, width: width))
    for line in step.lines {
      say(paint.dim("graft> ") + line)
      perform(line)
    }
    say(
      tourStep < steps.count
        ? paint.dim("`tour` goes on; or try something, `undo` takes it back")
        : paint.dim("that was the tour; `help` has the rest"))
  }
}
