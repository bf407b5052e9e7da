import Machine

extension Commands {
  /// `zypper` (1.11, SLES 12) on the channel of the text's packages. What it would ask is answered
  /// as it proposes: the operator says yes to a transaction, and no to one that breaks something.
  static let zypper = ShellCommand(
    name: "zypper",
    usage: "zypper [-n] install|remove|update|patch|search|info [-f] [-D] [NAME[=VERSION]…]",
    help: "install, update, remove and find packages of the channel", operands: .packages,
    usesDisk: true,
    objection: { line in
      guard case .failure(let complaint) = ZypperLine.read(line), complaint.exit > 0 else {
        return nil
      }
      return complaint.text.hasPrefix("Usage")
        ? "a command is missing"
        : complaint.text.split(separator: "\n").first.map {
          $0.prefix(1).lowercased() + $0.dropFirst()
        }
    },
    start: { line, machine, row, _ in
      let database = PackageDatabase(machine, &row)
      switch ZypperLine.read(line) {
      case .failure(let complaint):
        let status: CommandStatus =
          complaint.exit == 0 ? .success : .failed(.EINVAL, exit: complaint.exit)
        return .ended(status, complaint.text)
      case .success(let wish): return wish.start(database)
      }
    },
    act: { line, progress, answer, machine, row in
      guard case .success(let wish) = ZypperLine.read(line) else {
        return CommandAct(next: .ends(.failed(.EINVAL)))
      }
      let database = PackageDatabase(machine, &row)
      if case .remove = wish.action {
        let removal = Removal(database, wish.names)
        return removal.deed(progress, header: wish.removalHeader(removal, database))
      }
      guard case .success(let chosen) = wish.choose(database) else {
        return CommandAct(next: .ends(.failed(.EINVAL)))
      }
      let installation = Installation(
        chosen, database, allowsOlder: wish.allowsOlder, isForced: wish.isForced)
      let header = wish.installationHeader(installation.wanted, database)
      return installation.deed(progress, answer, header: header, machine, &row)
    })
}

/// What was typed behind `zypper`.
struct ZypperLine {
  enum Action: String, CaseIterable {
    case install, remove, update, search, info, refresh, repositories, lifecycle, help
  }

  struct Complaint: Error {
    var text: String
    /// As the manual page counts.
    var exit: Int
    var error = Errno.EINVAL
  }

  var action: Action
  /// Each with the version behind its `=`, if it has one.
  var operands: [(name: String, version: String?)] = []
  var allowsOlder = false
  /// `-f`: what is there already comes anew.
  var isForced = false
  /// `-D`: nothing is done.
  var isDryRun = false
  var isInteractive = true
  var showsVersions = false
  var showsInstalledOnly = false
  var matchesExactly = false

  var names: [String] { operands.map(\.name) }

  private static let actions: [String: Action] = [
    "install": .install, "in": .install, "remove": .remove, "rm": .remove, "update": .update,
    "up": .update, "patch": .update, "dup": .update, "dist-upgrade": .update,
    "lifecycle": .lifecycle, "search": .search, "se": .search, "info": .info, "if": .info,
    "refresh": .refresh, "ref": .refresh, "repos": .repositories, "lr": .repositories,
    "help": .help,
  ]

  static func read(_ line: CommandLine) -> Result<ZypperLine, Complaint> {
    var words = line.words.dropFirst()
    var isInteractive = true
    while let word = words.first, word.hasPrefix("-") {
      switch word {
      case "-n", "--non-interactive": isInteractive = false
      case "-q", "--quiet", "-v", "--verbose", "--no-refresh": break
      case "-h", "--help": return .success(ZypperLine(action: .help))
      case "-V", "--version":
        return .failure(Complaint(text: "zypper 1.11.14\n", exit: 0))
      default: return .failure(unknownOption(word))
      }
      words.removeFirst()
    }
    guard let word = words.popFirst() else {
      let text = "Usage:\n\tzypper [--global-options] <command> [--command-options] [arguments]\n"
      return .failure(Complaint(text: text, exit: 2))
    }
    guard let action = actions[word] else {
      let text = "Unknown command '\(word)'\n\nType 'zypper help' to get a list of commands.\n"
      return .failure(Complaint(text: text, exit: 2))
    }
    var wish = ZypperLine(action: action)
    wish.isInteractive = isInteractive
    for word in words {
      if let complaint = wish.take(word) { return .failure(complaint) }
    }
    guard wish.operands.isEmpty, [.install, .remove, .info].contains(action) else {
      return .success(wish)
    }
    let text = "Too few arguments.\nAt least one package name is required.\n"
    return .failure(Complaint(text: text, exit: 3))
  }

  private mutating func take(_ word: String) -> Complaint? {
    switch (word, action) {
    case ("-y", .install), ("-y", .remove), ("-y", .update), ("--no-confirm", _):
      isInteractive = false
    case ("-l", _), ("--auto-agree-with-licenses", _): break
    case ("--oldpackage", .install): allowsOlder = true
    case ("-f", .install), ("--force", .install): (isForced, allowsOlder) = (true, true)
    case ("-D", .install), ("-D", .remove), ("-D", .update), ("--dry-run", .install),
      ("--dry-run", .remove), ("--dry-run", .update):
      isDryRun = true
    case ("--details", .search): showsVersions = true
    case ("--installed-only", .search): showsInstalledOnly = true
    case ("--match-exact", .search): matchesExactly = true
    case (_, .search) where word.hasPrefix("-") && word.dropFirst().allSatisfy("six".contains):
      showsVersions = showsVersions || word.contains("s")
      showsInstalledOnly = showsInstalledOnly || word.contains("i")
      matchesExactly = matchesExactly || word.contains("x")
    default:
      guard !word.hasPrefix("-") else { return Self.unknownOption(word) }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      // Without a version behind it the `=` is a part of the name.
      operands.append(parts.count > 1 ? (parts[0], parts[1]) : (word, nil))
    }
    return nil
  }

  private static func unknownOption(_ word: String) -> Complaint {
    Complaint(text: "Unknown option '\(word)'\n", exit: 2)
  }
}
