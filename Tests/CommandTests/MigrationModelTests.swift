import Foundation
import Testing

/// The models that are measured beside Spin: that of migration.sh, in which each task has variables
/// of its own, and that of migration-alike.sh, in which tasks are alike, say the same.
@Suite struct MigrationModelTests {
  private func model(_ script: String, tasks: Int, in folder: BatchFolder) throws -> String {
    let path = packageRoot.appending(path: "Benchmarks/\(script)").path
    let run = try folder.shell("'\(path)' \(tasks)")
    #expect(run.status == 0)
    return run.output
  }

  @Test(arguments: ["migration.sh", "migration-alike.sh"])
  func neverMixedAndMixedWithoutTheWindow(_ script: String) throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let text = try model(script, tasks: 2, in: folder)
    try folder.scratch.write("m.graft", text)
    for options in [[], ["--no-symmetry", "--no-partial-order"]] {
      let run = try folder.run(["explore", "m.graft"] + options)
      #expect(run.status == 0 && run.output.contains("ALWAYS      await final == 1"))
      let isAlike = script == "migration-alike.sh" && options.isEmpty
      #expect(run.output.contains(", 2 like tasks") == isAlike)
    }
    try folder.scratch.write("m.graft", text.replacing("immutable = 1; stub_f", with: "stub_f"))
    for options in [[], ["--no-symmetry", "--no-partial-order"]] {
      let run = try folder.run(["explore", "m.graft"] + options)
      #expect(run.status == 4 && run.output.contains("one entry, two universes"))
      // The shortest way is as long however many worlds were looked at.
      #expect(run.output.contains("and in no schedule sooner"))
    }
  }
}
