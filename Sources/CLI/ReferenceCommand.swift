import ArgumentParser
import Graft

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Look a verb, a property, a setting or an error number up.",
    discussion: """
      With a word, shows every row of the reference that begins with it; with the name of a table, \
      that table; without either, the names of the tables.
      """)

  @Argument(help: ArgumentHelp("A word of the language, or a table.", valueName: "word"))
  var words: [String] = []

  func run() throws {
    guard !words.isEmpty else {
      Terminal.print(ReferenceTable.all.map { $0.name + "\n" }.joined())
      return
    }
    let wanted = words.joined(separator: " ")
    if let table = ReferenceTable.all.first(where: { $0.name == wanted }) {
      Terminal.print(table.text)
      return
    }
    let found = ReferenceTable.all.compactMap { $0.rows(about: wanted) }
    guard found.isEmpty else {
      Terminal.print(found.map { "\($0.name):\n\n\($0.text)" }.joined(separator: "\n"))
      return
    }
    let near = nearest(
      to: wanted, among: ReferenceTable.all.map(\.name) + ReferenceTable.all.flatMap(\.subjects))
    let hint = near.map { "did you mean '\($0)'?" } ?? "`graft reference` lists the tables"
    Terminal.printError(
      "graft: the reference has nothing about '\(escapingControls(wanted))'; \(hint)\n")
    throw ExitCode(ExitStatus.nothingSelected.rawValue)
  }
}

extension ReferenceTable {
  /// What the rows are about: their first cells, without arguments.
  fileprivate var subjects: [String] { rows.map { Self.subject(of: $0) } }

  /// The same table with the rows about a word alone; nil when there are none.
  fileprivate func rows(about word: String) -> ReferenceTable? {
    let found = rows.filter { row in
      let subject = Self.subject(of: row)
      return subject == word || subject.hasPrefix(word + " ")
    }
    return found.isEmpty ? nil : ReferenceTable(name, columns: columns, rows: found)
  }

  /// The words that begin a row: `safe point`, `apply` of ``apply PATCH``, `EAGAIN`.
  private static func subject(of row: [String]) -> String {
    let cell = (row.first ?? "").replacing("`", with: "").drop { $0 == "." }
    let words = cell.split { $0 == " " || $0 == "(" || $0 == "[" || $0 == "," }
    let lead = words.prefix { $0.allSatisfy { $0.isLowercase || $0 == "_" } }
    return lead.isEmpty ? String(words.first ?? "") : lead.joined(separator: " ")
  }
}
