import Foundation
import Testing

/// A command line that names files and nothing else goes past the parser of options; what comes
/// of it is what options at their defaults say.
@Suite struct FilesAloneTests {
  @Test(arguments: ["run", "explore"])
  func areRunAsWithDefaults(_ command: String) throws {
    let folder = try BatchFolder([
      "m.graft": BatchFolder.mixed, "b/p.graft": BatchFolder.passing(3), "e.graft": "scenario {",
    ])
    defer { folder.remove() }
    for files in [
      ["m.graft"], ["b"], ["m.graft", "b"], ["e.graft"], ["m.graft::passes"], ["none"],
    ] {
      let alone = try folder.run([command] + files)
      // An option at its default, and one that is there for `--` alone.
      for options in [["--color", "auto"], ["--"]] {
        let defaults = try folder.run([command] + options + files)
        #expect(alone.output == defaults.output && alone.status == defaults.status, "\(files)")
        #expect(alone.complaint == defaults.complaint, "\(files)")
      }
    }
  }

  /// What the environment and a project's file ask for is heeded without an option as well.
  @Test func areStillAProjectsAndABuildSystems() throws {
    let folder = try BatchFolder([
      "m.graft": BatchFolder.mixed, "p/graft.toml": "[profile.default]\ntag = [\"good\"]\n",
      "p/m.graft": BatchFolder.mixed,
    ])
    defer { folder.remove() }
    let built = try folder.run(
      ["run", "m.graft"],
      environment: ["XML_OUTPUT_FILE": "b.xml", "TESTBRIDGE_TEST_ONLY": "passes"])
    #expect(built.status == 0)
    #expect(try folder.text("b.xml").contains("name=\"passes\""))
    let shell = try folder.shell("cd p && \"$GRAFT\" run m.graft")
    #expect(shell.status == 0 && shell.output.contains("1 passed"))
  }
}
