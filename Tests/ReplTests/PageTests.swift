import Foundation
import REPL
import Testing

/// What the pages show is what the prompt says.
@Suite struct PageTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func write(_ text: String, _ path: String) throws {
    try text.write(to: root.appending(path: path), atomically: true, encoding: .utf8)
  }

  static let isRewriting = ProcessInfo.processInfo.environment["GRAFT_REWRITE"] != nil

  /// `GRAFT_REWRITE=1 swift test --filter PageTests` writes the tables anew.
  @Test func theTablesAreThoseOfTheProgram() throws {
    let mark = "<!-- commands -->\n"
    let page = try Self.text("Grammar/prompt.md")
    let parts = page.components(separatedBy: mark)
    try #require(parts.count == 3)
    let anew = parts[0] + mark + Command.tables + mark + parts[2]
    if Self.isRewriting { try Self.write(anew, "Grammar/prompt.md") }
    #expect(Self.isRewriting || page == anew, "Grammar/prompt.md is not up to date")
  }

  /// A block that begins with the prompt is a session; each line behind a prompt is typed, and what
  /// stands below is what is said.
  @Test(arguments: ["README.md", "Grammar/prompt.md"])
  func sessionsAreReal(page: String) throws {
    let text = try Self.text(page)
    var anew = text
    for block in text.components(separatedBy: "```console\n").dropFirst() {
      let body = block.components(separatedBy: "```")[0]
      guard body.hasPrefix("graft> ") else { continue }
      let talk = Talk()
      var made = ""
      for line in body.components(separatedBy: "\n") where line.hasPrefix("graft> ") {
        made += line + "\n" + talk(String(line.dropFirst("graft> ".count)))
      }
      anew = anew.replacingOccurrences(of: body, with: made)
    }
    if Self.isRewriting { try Self.write(anew, page) }
    #expect(Self.isRewriting || text == anew, "a session of \(page) is not what is said")
  }
}
