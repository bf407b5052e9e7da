import Machine

/// What `zypper` makes of a wish, and how it puts it.
extension ZypperLine {
  func start(_ database: PackageDatabase) -> CommandStart {
    switch action {
    case .search: return search(database)
    case .refresh: return .ended(.success, Self.refreshed)
    case .repositories: return .ended(.success, Self.repositories)
    case .help: return .ended(.success, Self.helpText)
    case .lifecycle: return .ended(.success, Self.lifecycle)
    case .info: return info(database)
    case .remove: return startRemoval(database)
    case .install, .update: break
    }
    switch choose(database) {
    case .failure(let complaint):
      return .ended(
        .failed(complaint.error, exit: complaint.exit), Self.loading + complaint.text)
    case .success(let chosen):
      let installation = Installation(
        chosen, database, allowsOlder: allowsOlder, isForced: isForced)
      let bringsTools = names.contains(PackageDatabase.tools) && !database.hasTools
      guard installation.wanted.isEmpty, !bringsTools else {
        let header = installationHeader(installation.wanted, database)
        return isDryRun ? .ended(.success, header) : .acts
      }
      return .ended(.success, Self.loading + idle(chosen, database) + Self.nothingToDo)
    }
  }

  static let loading = "Loading repository data...\nReading installed packages...\n"
  private static let nothingToDo = "Resolving package dependencies...\n\nNothing to do.\n"

  /// The packages that the wish is about: the newest version of each that the channel has for this
  /// kernel, or the one that it names. Whether one is there already is not asked here.
  func choose(_ database: PackageDatabase) -> Result<[ChannelPackage], Complaint> {
    if action == .update { return .success(updates(database)) }
    var chosen: [ChannelPackage] = []
    for (word, wanted) in database.expanded(operands) where word != PackageDatabase.tools {
      let (name, version) = database.split(word, wanted)
      let versions = database.versions(of: name)
      let found = version.map { wanted in versions.filter { $0.isVersion(wanted) } } ?? versions
      guard let package = found.first, package.patch != nil else {
        return .failure(Self.noProvider(of: name, version))
      }
      if let unmet = package.unmetRequirement(of: database.kernel) {
        return .failure(Self.nothingProvides(unmet, package))
      }
      if !chosen.contains(package) { chosen.append(package) }
    }
    return .success(chosen)
  }

  /// Newer versions of what is installed.
  private func updates(_ database: PackageDatabase) -> [ChannelPackage] {
    let wanted = operands.isEmpty ? database.names : database.expanded(operands).map(\.name)
    return wanted.compactMap { name in
      guard database.installedVersion(of: name) != nil else { return nil }
      return database.versions(of: name).first {
        $0.patch != nil && $0.unmetRequirement(of: database.kernel) == nil
      }
    }
  }

  static func noProvider(of name: String, _ version: String? = nil) -> Complaint {
    let capability = name + (version.map { " = \($0)" } ?? "")
    let text = """
      '\(name)' not found in package names. Trying capabilities.
      No provider of '\(capability)' found.

      """
    return Complaint(text: text, exit: 104, error: .ENOENT)
  }

  /// The resolver's problem, whose last way out is taken: to do nothing.
  private static func nothingProvides(_ what: String, _ package: ChannelPackage) -> Complaint {
    let text = """
      Resolving package dependencies...

      Problem: nothing provides \(what) needed by \(package.fullName)
       Solution 1: do not install \(package.fullName)
       Solution 2: break \(package.fullName) by ignoring some of its dependencies

      Choose from above solutions by number or cancel [1/2/c] (c): c

      """
    return Complaint(text: text, exit: 4)
  }

  /// Why nothing comes of it.
  private func idle(_ chosen: [ChannelPackage], _ database: PackageDatabase) -> String {
    guard action == .install else { return "" }
    var text = ""
    for package in chosen {
      guard let there = database.installedVersion(of: package.name) else { continue }
      let newest = database.versions(of: package.name).first { $0.patch != nil }
      if there == package, let newest, newest != there {
        text += """
          '\(package.name) = \(package.version)' is already installed.
          There is an update candidate '\(newest.fullName)' for '\(there.fullName)', but it does not \
          match the specified version, architecture, or repository.

          """
      } else if there == package {
        text += """
          '\(package.name)' is already installed.
          No update candidate for '\(there.fullName)'. The highest available version is already \
          installed.

          """
      } else {
        text += """
          The selected package '\(package.fullName)' from the channel has lower version than the \
          installed one.
          Use 'zypper install --oldpackage \(package.name)=\(package.version)' to force \
          installation of the package.

          """
      }
    }
    return text
  }

  func installationHeader(_ wanted: [ChannelPackage], _ database: PackageDatabase) -> String {
    var new = wanted.filter { database.installedVersion(of: $0.name) == nil }.map(\.name)
    if !database.hasTools { new.insert(PackageDatabase.tools, at: 0) }
    let older = wanted.filter { package in
      database.installedVersion(of: package.name).map {
        PackageVersion($0.version) > PackageVersion(package.version)
      } ?? false
    }.map(\.name)
    let anew = wanted.filter { database.installedVersion(of: $0.name) == $0 }.map(\.name)
    let newer = wanted.map(\.name).filter {
      !new.contains($0) && !older.contains($0) && !anew.contains($0)
    }
    var text = Self.loading + "Resolving package dependencies...\n"
    text += Self.list(new, "NEW", "installed") + Self.list(newer, "", "upgraded")
    text += Self.list(older, "", "downgraded") + Self.list(anew, "", "reinstalled")
    text += "\n"
    let counts = [
      (new, "new", "to install"), (newer, "", "to upgrade"), (older, "", "to downgrade"),
      (anew, "", "to reinstall"),
    ]
    text += counts.filter { !$0.0.isEmpty }.map { names, adjective, verb in
      "\(names.count) " + (adjective.isEmpty ? "" : adjective + " ")
        + (names.count == 1 ? "package " : "packages ") + verb
    }.joined(separator: ", ")
    return text + ".\n" + question
  }

  func removalHeader(_ removal: Removal, _ database: PackageDatabase) -> String {
    let names = removal.names
    return Self.loading + notInstalled(database) + "Resolving package dependencies...\n"
      + Self.list(names, "", "REMOVED") + "\n\(names.count) "
      + (names.count == 1 ? "package" : "packages") + " to remove.\n" + question
  }

  private var question: String {
    "Continue? [y/n/? shows all options] (y): " + "y\n"
  }

  private static func list(_ names: [String], _ adjective: String, _ verb: String) -> String {
    guard !names.isEmpty else { return "" }
    let word = adjective.isEmpty ? "" : adjective + " "
    let head =
      names.count == 1
      ? "The following \(word)package is going to be \(verb):"
      : "The following \(names.count) \(word)packages are going to be \(verb):"
    return "\n\(head)\n  \(names.joined(separator: " "))\n"
  }

  /// Which of the names mean nothing that is there.
  private func notInstalled(_ database: PackageDatabase) -> String {
    var text = ""
    for name in names where name != PackageDatabase.tools || !database.hasTools {
      guard database.installedVersion(of: name) == nil else { continue }
      text +=
        database.versions(of: name).isEmpty && name != PackageDatabase.tools
        ? Self.noProvider(of: name).text : "Package '\(name)' is not installed.\n"
    }
    return text
  }

  private func startRemoval(_ database: PackageDatabase) -> CommandStart {
    let removal = Removal(database, names)
    guard !removal.names.isEmpty else {
      return .ended(
        .failed(.ENOENT, exit: 104), Self.loading + notInstalled(database) + Self.nothingToDo)
    }
    return isDryRun ? .ended(.success, removalHeader(removal, database)) : .acts
  }
}
