import ArgumentParser
import Graft

/// The manual page, made of what `--help` says, so that the two can't differ.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the manual page, for 'man -l'; 'make install' puts it in its place.")

  func run() throws { Terminal.print(ManualPage.text) }
}

enum ManualPage {
  static var text: String {
    let configuration = GraftCommand.configuration
    var lines = [
      ".TH GRAFT 1 \"\" \"graft \(Version.text)\" \"User Commands\"",
      ".SH NAME", "graft \\- \(lowered(configuration.abstract))",
      ".SH SYNOPSIS", ".B graft", ".I command", "[options]",
      ".SH DESCRIPTION", escaped(configuration.discussion),
    ]
    for command in configuration.subcommands {
      let name = command.configuration.commandName ?? ""
      lines.append(".SH GRAFT \(name.uppercased())")
      lines.append(".nf")
      // Seventy columns, and the page's own indentation.
      lines += GraftCommand.helpMessage(for: command, columns: 70)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .map { escaped(String($0)) }
      while lines.last == "" { lines.removeLast() }
      lines.append(".fi")
    }
    lines += [
      ".SH FILES", ".TP", ".I graft.toml",
      escaped("Options of the project, found from the working folder upwards."),
      ".TP", ".I FILE.expected", escaped("What `graft run --check` compares with."),
      ".TP", ".I $XDG_STATE_HOME/graft",
      escaped("What `graft run --rerun last` runs again; how far `graft learn` is."),
      ".SH EXIT STATUS",
    ]
    for (status, meaning) in statuses { lines += [".TP", ".B \(status)", escaped(meaning)] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let statuses: [(Int, String)] = [
    (0, "All scenarios pass."),
    (1, "The command line can't be understood, or a file can't be read or written."),
    (2, "A source has errors."),
    (3, "A scenario could not go on."),
    (4, "An assertion or a property does not hold."),
    (5, "Nothing was selected."),
    (6, "A bound was reached before there was an answer."),
    (7, "A file would be laid out differently, or a run is not what was expected."),
    (70, "A fault of graft itself."),
    (129, "Interrupted by SIGHUP: the terminal has gone."), (130, "Interrupted by Ctrl-C."),
    (143, "Interrupted by SIGTERM."),
  ]

  private static func lowered(_ text: String) -> String {
    let plain = text.hasSuffix(".") ? String(text.dropLast()) : text
    return escaped(plain.prefix(1).lowercased() + plain.dropFirst())
  }

  /// A line that is no request, with hyphens that can be copied.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
