import Foundation
import Testing

/// The program of `Grammar/library.md`, which sees of the library what any other package sees.
@Suite struct LibraryTests {
  /// The first block of that kind on the page.
  private static func block(_ kind: String, of page: String) -> String? {
    page.components(separatedBy: "```\(kind)\n").dropFirst().first?
      .components(separatedBy: "\n```").first.map { $0 + "\n" }
  }

  @Test(.enabled(if: RequiredTool.command("swiftc")))
  func theExampleIsCompiledAndRuns() throws {
    let page = try String(
      contentsOf: packageRoot.appending(path: "Grammar/library.md"), encoding: .utf8)
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    try folder.scratch.write("main.swift", try #require(Self.block("swift", of: page)))
    let built = GraftProcess.executable.deletingLastPathComponent().path
    let modules = [
      "Graft", "Training", "Reports", "Execution", "Analysis", "Administration", "Exploration",
      "Patching", "Machine", "Syntax", "Diagnostics", "HeapModule", "DequeModule",
      "InternalCollectionsUtilities", "ContainersPreview", "BasicContainers",
    ]
    // Objects of files that are gone may lie beside those that the build has made last.
    let objects = try modules.map { "\(built)/\($0).build" }.flatMap { folder in
      guard FileManager.default.fileExists(atPath: folder) else { return [String]() }
      let sources = try? String(contentsOfFile: "\(folder)/sources", encoding: .utf8)
      let made = sources.map { text in
        // A path with a space stands in quotes.
        Set(
          text.replacing("'", with: "").split(separator: "\n").map {
            "\($0.split(separator: "/").last ?? "").o"
          })
      }
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".o") && made?.contains($0) != false }.map { "'\(folder)/\($0)'" }
    }
    let compiled = try folder.shell(
      "swiftc -Onone -module-name Example -I '\(built)/Modules' main.swift "
        + "\(objects.joined(separator: " ")) -o example")
    try #require(compiled.status == 0, "\(compiled.output)\(compiled.complaint)")
    let run = try folder.shell("./example")
    #expect(run.status == 0 && run.output == Self.block("text", of: page), "\(run.complaint)")
  }
}
