import Machine

extension Commands {
  /// `rpm` (rpm 4.11), as far as it asks and removes; packages are installed with `zypper`, and no
  /// file of one lies on the disk.
  static let rpm = ShellCommand(
    name: "rpm", usage: "rpm -q[ailf] NAME… | -q --changelog|--scripts NAME… | -V NAME… | -e NAME…",
    help: "ask for installed packages, or remove them", operands: .anything, usesDisk: true,
    objection: { line in
      let options = rpmOptions(line)
      if let complaint = options.complaint { return complaint }
      return options.letters.contains(where: "qeVUFi".contains) ? nil : "nothing is asked"
    },
    start: { line, machine, row, _ in
      let options = rpmOptions(line)
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "rpm: \(complaint)\n")
      }
      let question = RpmQuestion(PackageDatabase(machine, &row), options.operands)
      if options.has("e"), !options.has("q") { return question.removal }
      if options.has("V") { return question.verification }
      guard options.has("q"), !options.has("e") else {
        return options.letters.contains(where: "UFi".contains)
          ? question.installation(machine, &row) : .ended(.failed(.EINVAL), rpmUsage)
      }
      if options.has("f") { return question.owners(machine, &row) }
      if options.has("a") { return question.all }
      if options.has("i") { return question.information }
      if options.has("C") { return question.changes }
      if options.has("S") { return question.scriptlets }
      return options.has("l") ? question.files : question.versions
    },
    act: { line, progress, _, machine, row in
      let names = CommandOptions(line.words, known: "ev", long: ["erase": "e"]).operands
      let database = PackageDatabase(machine, &row)
      return Removal(database, names).deed(progress, header: nil)
    })

  private static func rpmOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(
      line.words, known: "qalevifVUFh",
      long: [
        "query": "q", "all": "a", "list": "l", "erase": "e", "info": "i", "file": "f",
        "verify": "V", "upgrade": "U", "install": "i", "changelog": "C", "scripts": "S",
      ])
  }

  private static let rpmUsage = """
    RPM version 4.11.2
    Usage: rpm [-q|-V|-e|-U|-i] [-a|-f|-l|-i|--changelog|--scripts] NAME...

    """
}

struct RpmQuestion {
  let database: PackageDatabase
  let operands: [String]

  init(_ database: PackageDatabase, _ operands: [String]) {
    self.database = database
    self.operands = operands
  }

  var none: CommandStart {
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

  var files: CommandStart { each { files(of: $0).map { $0 + "\n" }.joined() } }

  private func files(of entry: (name: String, full: String)) -> [String] {
    if entry.name == PackageDatabase.tools { return DiskFiles.scripts }
    let folder = "/lib/modules/\(database.release)"
    if let package = database.installedVersion(of: entry.name) {
      return ["\(folder)/kgraft", database.moduleFile(of: package)]
    }
    return ["/boot/System.map-\(database.release)", "/boot/vmlinuz-\(database.release)", folder]
      + database.kernelModules
  }

  /// `-qf`: whose file it is.
  func owners(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> CommandStart {
    guard !operands.isEmpty else { return none }
    var output = ""
    var failed = 0
    for path in operands {
      if let owner = fullNames.first(where: { files(of: $0).contains(path) }) {
        output += owner.full + "\n"
        continue
      }
      failed += 1
      if case .failure(.errno(let error)) = FileNode.at(path, machine, &row) {
        output += "error: file \(path): \(error.message)\n"
      } else {
        output += "file \(path) is not owned by any package\n"
      }
    }
    return .ended(failed == 0 ? .success : .failed(.ENOENT, exit: failed), output)
  }

  func each(_ text: ((name: String, full: String)) -> String) -> CommandStart {
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
