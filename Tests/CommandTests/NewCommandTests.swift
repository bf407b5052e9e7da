import Foundation
import Testing

/// What `graft new` begins with runs and passes.
@Suite struct NewCommandTests {
  @Test func aFolderIsStartedAndRuns() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let made = try folder.run(["new", "lab"])
    #expect(made.status == 0)
    #expect(made.output.contains("cd lab && graft run\n"))
    let run = try GraftProcess.run(
      ["run", "--profile", "ci"], in: folder.scratch.folder.appending(path: "lab"))
    #expect(run.status == 0, "\(run.output)\(run.complaint)")
    #expect(run.output.contains("2 scenarios: 2 passed"))
    #expect(try folder.text("lab/junit.xml").contains("tests=\"2\""))
    for path in ["lab/scenarios/first.graft", "lab/graft.toml"] { #expect(folder.exists(path)) }
    #expect(try folder.run(["lint", "--strict", "lab/scenarios"]).status == 0)
    #expect(try folder.run(["fmt", "--check", "lab/scenarios/first.graft"]).status == 0)
  }

  @Test func whatIsThereStaysAsItIs() throws {
    let folder = try BatchFolder(["s.graft": "mine", "lab/x": ""])
    defer { folder.remove() }
    for path in ["s.graft", "lab", "nowhere/s.graft", "nowhere/lab"] {
      let run = try folder.run(["new", path])
      #expect(run.status == 1)
      #expect(run.complaint.contains("can't make"))
    }
    #expect(try folder.text("s.graft") == "mine")
    #expect(try folder.run(["new", "t.graft"]).status == 0)
    #expect(try folder.run(["run", "t.graft"]).status == 0)
  }
}
