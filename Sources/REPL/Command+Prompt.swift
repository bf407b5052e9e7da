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
    let word = text.split(separator: " ").first.map(String.init) ?? text
    var pages: [String] = []
    if let topic = Command.Topic.named(text) {
      pages.append(Self.listing(topic, width: width, paint: paint))
    }
    if text == "commands" { pages.append(Command.all.map(\.name).joined(separator: " ")) }
    if let command = Command.named(text) ?? Command.named(word) { pages.append(page(of: command)) }
    if let verb = Verb.named(text) {
      pages.append(paint.bold(verb.signature) + "\n  " + verb.help)
    }
    if let command = Commands.all.first(where: { $0.name == text && $0.isSimulated }) {
      pages.append(paint.bold("$ \(command.usage)") + "\n  " + command.help)
    }
    if let topic = HelpTopic.named(text) { pages.append(page(of: topic)) }
    if let explanation = Explanation.of(text.uppercased()) {
      pages.append(page(of: explanation))
    }
    guard pages.isEmpty else { return say(pages.joined(separator: "\n\n")) }
    let near = nearest(to: text, among: Self.helpWords.map(\.text))
    complain("no help on `\(text)`" + (near.map { "; did you mean `\($0)`?" } ?? ""), .good)
  }

  /// Everything that there is help on.
  static var helpWords: [Completion.Candidate] {
    Command.all.map { Completion.Candidate($0.name, $0.summary) }
      + Command.Topic.allCases.map { Completion.Candidate($0.rawValue, "these commands") }
      + HelpTopic.all.map { Completion.Candidate($0.name, $0.summary) }
      + Verb.all.filter { $0.contexts.contains(.operatorBody) && $0.isSimulated }
      .map { Completion.Candidate($0.name, $0.help) }
      + Commands.all.filter(\.isSimulated).map { Completion.Candidate($0.name, $0.help) }
      + [Completion.Candidate("commands", "their names")]
  }

  private func page(of command: Command) -> String {
    var lines = [paint.bold(command.usage), "  " + command.summary]
    if !command.aliases.isEmpty {
      lines.append("  also: " + command.aliases.joined(separator: ", "))
    }
    if !command.details.isEmpty { lines += ["", Self.wrapped(command.details, width: width)] }
    return lines.joined(separator: "\n")
  }

  private func page(of topic: HelpTopic) -> String {
    let lines = topic.text.split(separator: "\n").map { line in
      line.hasPrefix(" ") ? String(line) : Self.wrapped(String(line), width: width)
    }
    return paint.bold(topic.name) + "  " + paint.dim(topic.summary) + "\n"
      + lines.joined(separator: "\n")
  }

  private func page(of explanation: Explanation) -> String {
    var lines = [
      paint.bold("\(explanation.code.rawValue)  \(explanation.title)"),
      Self.wrapped(explanation.text, width: width),
    ]
    for (heading, example) in [("wrong:", explanation.wrong), ("right:", explanation.right)]
    where !example.isEmpty {
      lines += [paint.dim(heading)]
      lines += example.split(separator: "\n").prefix(20).map {
        "    " + escapingControls(String($0.prefix(200)))
      }
    }
    return lines.joined(separator: "\n")
  }

  static func overview(width: Int, paint: Paint) -> String {
    var text =
      wrapped(
        "Type the language: declarations, statements, expressions. Or one of these commands; "
          + "`help NAME` says more.", width: width) + "\n"
    for topic in Command.Topic.allCases {
      text += "\n" + listing(topic, width: width, paint: paint)
    }
    text += "\n" + paint.bold("topics") + "\n"
    text += wrapped("  " + HelpTopic.all.map(\.name).joined(separator: " "), width: width) + "\n"
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

  /// It has a session of its own; the one that is there is a branch to come back to.
  private func beginTour() {
    guard !session.text.inputs.isEmpty || !session.text.entries.isEmpty else { return }
    let mine = atHand
    var name = "yours"
    while branches[name] != nil { name += "_" }
    reset(silently: true)
    branches[name] = mine
    say(paint.dim("your session is the branch `\(name)`: `switch \(name)` returns to it"))
  }

  func tour() {
    let steps = Tour.steps
    if tourStep >= steps.count { tourStep = 0 }
    let step = steps[tourStep]
    if tourStep == 0 { beginTour() }
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
