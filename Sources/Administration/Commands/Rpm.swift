import Machine

extension Commands {
  /// `rpm` (rpm 4.11), as far as it asks and removes; packages are installed with `zypper`.
  static let rpm = ShellCommand(
    name: "rpm", usage: "rpm -q NAME… | -qa [PATTERN…] | -ql NAME… | -e NAME…",
    help: "ask for installed packages, or remove them", operands: .anything, usesDisk: true,
    objection: { line in
      let options = rpmOptions(line)
      if let complaint = options.complaint { return complaint }
      return options.has("q") || options.has("e") ? nil : "nothing is asked"
    },
    start: { line, machine, row, _ in
      let options = rpmOptions(line)
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "rpm: \(complaint)\n")
      }
      let question = RpmQuestion(PackageDatabase(machine, &row), options.operands)
      if options.has("e"), !options.has("q") { return question.removal }
      guard options.has("q"), !options.has("e"), !options.has("i") else {
        return .ended(
          .failed(.EINVAL), "rpm: this one asks (-q, -qa, -ql) and removes (-e): \(rpmAdvice)\n")
      }
      if options.has("a") { return question.all }
      return options.has("l") ? question.files : question.versions
    },
    act: { line, progress, _, machine, row in
      let names = CommandOptions(line.words, known: "ev", long: ["erase": "e"]).operands
      let database = PackageDatabase(machine, &row)
      return Removal(database, names).deed(progress, header: nil)
    })

  private static func rpmOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(
      line.words, known: "qalevi",
      long: ["query": "q", "all": "a", "list": "l", "erase": "e", "info": "i"])
  }

  private static let rpmAdvice = "zypper install NAME brings a package of the channel"
}

private struct RpmQuestion {
  let database: PackageDatabase
  let operands: [String]

  init(_ database: PackageDatabase, _ operands: [String]) {
    self.database = database
    self.operands = operands
  }

  private var none: CommandStart {
    .ended(.failed(.EINVAL), "rpm: no arguments given for query\n")
  }

  private var fullNames: [(name: String, full: String)] {
    [(database.kernel.packageName, database.kernel.fullName)]
      + (database.hasTools ? [(PackageDatabase.tools, PackageDatabase.toolsFullName)] : [])
      + database.names.compactMap { name in
        database.installedVersion(of: name).map { (name, $0.fullName) }
      }
  }

  /// By its name, or by name and version.
  private func find(_ word: String) -> (name: String, full: String)? {
    fullNames.first { entry in
      entry.name == word || entry.full == word || entry.full == word + ".x86_64"
    }
  }

  var all: CommandStart {
    let patterns = operands.map { LetterPattern(names: $0) }
    let shown = fullNames.filter { entry in
      patterns.isEmpty || patterns.contains { $0.matches(entry.name) || $0.matches(entry.full) }
    }
    return .ended(.success, shown.map { $0.full + "\n" }.joined())
  }

  var versions: CommandStart { each { $0.full + "\n" } }

  var files: CommandStart {
    each { entry in
      if entry.name == PackageDatabase.tools {
        return "/usr/bin/kgr\n/usr/lib/rpm/kgraft-rpm-helper\n/usr/share/man/man8/kgr.8.gz\n"
      }
      guard let package = database.installedVersion(of: entry.name) else {
        return "/boot/System.map-\(database.release)\n/boot/vmlinuz-\(database.release)\n"
          + "/lib/modules/\(database.release)\n"
      }
      return "/lib/modules/\(database.release)/kgraft\n\(database.moduleFile(of: package))\n"
    }
  }

  private func each(_ text: ((name: String, full: String)) -> String) -> CommandStart {
    guard !operands.isEmpty else { return none }
    var output = ""
    var status = CommandStatus.success
    for word in operands {
      if let entry = find(word) {
        output += text(entry)
      } else {
        output += "package \(word) is not installed\n"
        status = .failed(.ENOENT, exit: operands.filter { find($0) == nil }.count)
      }
    }
    return .ended(status, output)
  }

  /// What `-e` says before it does anything.
  var removal: CommandStart {
    guard !operands.isEmpty else {
      return .ended(.failed(.EINVAL), "rpm: no packages given for erase\n")
    }
    let missing = operands.filter { find($0) == nil }
    guard missing.isEmpty else {
      let output = missing.map { "error: package \($0) is not installed\n" }.joined()
      return .ended(.failed(.ENOENT, exit: missing.count), output)
    }
    if operands.contains(database.kernel.packageName) {
      return .ended(
        .failed(.EBUSY), "error: \(database.kernel.fullName): the kernel that runs stays\n")
    }
    let stays = database.names.filter {
      database.installedVersion(of: $0) != nil && !operands.contains($0)
    }
    guard !operands.contains(PackageDatabase.tools) || stays.isEmpty else {
      let needs = stays.compactMap { database.installedVersion(of: $0)?.fullName }.map {
        "\tkgraft is needed by (installed) \($0)\n"
      }
      return .ended(.failed(.EBUSY), "error: Failed dependencies:\n" + needs.joined())
    }
    return .acts
  }
}
