import Machine

/// `zypper search` and `zypper info`.
extension ZypperLine {
  private struct Line {
    var isInstalled: Bool
    var name: String
    var version: String
    var summary: String
  }

  private static let toolsSummary = "Scripts for kGraft live patching"
  private static let patchSummary = "Kernel live patch module"

  func search(_ database: PackageDatabase) -> CommandStart {
    var lines = [
      Line(
        isInstalled: database.hasTools, name: PackageDatabase.tools, version: "1.0-19.1",
        summary: Self.toolsSummary)
    ]
    for name in database.names {
      let versions = database.versions(of: name)
      for package in showsVersions ? versions : Array(versions.prefix(1)) {
        let isInstalled =
          showsVersions
          ? database.isInstalled(package) : database.installedVersion(of: name) != nil
        lines.append(
          Line(
            isInstalled: isInstalled, name: name, version: package.version,
            summary: Self.patchSummary))
      }
    }
    let shown = lines.filter { line in
      (line.isInstalled || !showsInstalledOnly)
        && (names.isEmpty
          || names.contains { matchesExactly ? line.name == $0 : Self.isMatch(line.name, $0) })
    }.sorted { ($0.name, PackageVersion($1.version)) < ($1.name, PackageVersion($0.version)) }
    guard !shown.isEmpty else {
      return .ended(.failed(.ENOENT, exit: 104), Self.loading + "No matching items found.\n")
    }
    return .ended(.success, Self.loading + "\n" + table(shown))
  }

  /// A part of the name, or a shell's pattern of it.
  private static func isMatch(_ name: String, _ word: String) -> Bool {
    word.contains(where: { "*?[".contains($0) })
      ? LetterPattern(names: word).matches(name) : name.contains(word)
  }

  private func table(_ lines: [Line]) -> String {
    let head =
      showsVersions
      ? ["S", "Name", "Type", "Version", "Arch", "Repository"] : ["S", "Name", "Summary", "Type"]
    let rows = lines.map { line in
      let mark = line.isInstalled ? "i" : ""
      return showsVersions
        ? [mark, line.name, "package", line.version, "x86_64", Self.repository]
        : [mark, line.name, line.summary, "package"]
    }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    func text(_ cells: [String]) -> String {
      var line = zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: " | ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "-+-") + "\n"
    return text(head) + rule + rows.map(text).joined()
  }

  private static let repository = "SLE-Live-Patching12-Updates"

  static let refreshed =
    "Repository '\(repository)' is up to date.\nAll repositories have been refreshed.\n"

  static let repositories = """
    # | Alias                       | Name                        | Enabled | Refresh
    --+-----------------------------+-----------------------------+---------+--------
    1 | \(repository) | \(repository) | Yes     | Yes

    """

  /// Until when a product is supported is nothing that the channel says.
  static let lifecycle = """

    Product end of support
    Codestream: SUSE Linux Enterprise Server 12             n/a*

    No packages with end of support different from product.

    *) See https://www.suse.com/lifecycle for latest information

    """

  static let helpText = """
      Usage:
    \tzypper [--global-options] <command> [--command-options] [arguments]

      Commands that are simulated:
    \tinstall, in     remove, rm     update, up, patch, dup
    \tsearch, se      info, if
    \trefresh, ref    repos, lr      lifecycle       help

    """

  private func ofTools(_ database: PackageDatabase) -> String {
    details(
      PackageDatabase.tools, "1.0-19.1", isInstalled: database.hasTools,
      status: database.hasTools ? "up-to-date" : "not installed", Self.toolsSummary, fixes: [])
  }

  func info(_ database: PackageDatabase) -> CommandStart {
    var output = Self.loading
    var status = CommandStatus.success
    for name in names {
      guard name != PackageDatabase.tools else {
        output += ofTools(database)
        continue
      }
      guard let newest = database.versions(of: name).first else {
        output += "\npackage '\(name)' not found.\n"
        status = .failed(.ENOENT, exit: 104)
        continue
      }
      let there = database.installedVersion(of: name)
      let state =
        switch there {
        case nil: "not installed"
        case newest: "up-to-date"
        case let older?: "out-of-date (version \(older.version) installed)"
        }
      output += details(
        name, newest.version, isInstalled: there != nil, status: state, Self.patchSummary,
        fixes: newest.fixes)
    }
    return .ended(status, output)
  }

  private func details(
    _ name: String, _ version: String, isInstalled: Bool, status: String, _ summary: String,
    fixes: [String]
  ) -> String {
    let title = "Information for package \(name):"
    let fixes = fixes.isEmpty ? "" : "Fixes: \(fixes.joined(separator: " "))\n"
    return """

      \(title)
      \(String(repeating: "-", count: title.count))
      Repository: \(Self.repository)
      Name: \(name)
      Version: \(version)
      Arch: x86_64
      Vendor: SUSE LLC <https://www.suse.com/>
      Installed: \(isInstalled ? "Yes" : "No")
      Status: \(status)
      Summary: \(summary)
      \(fixes)
      """
  }
}
