import Foundation
import Testing

/// The job array of `Grammar/slurm-array.sh` on a real Slurm of one node, which `make test-tools`
/// installs and the script starts and ends.
@Suite struct SlurmTests {
  @Test(.enabled(if: RequiredTool.command("sbatch") && getuid() == 0))
  func aJobArrayComesToTheSameAsOneBatch() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let script = packageRoot.appending(path: "Tests/Slurm/array.sh").path
    let run = try folder.shell("'\(script)' \"$GRAFT\"")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "4 parts", "40 scenarios: 39 passed, 1 failed", "the same as in one piece",
        "a lost job is seen", "4 jobs of a swarm", "1 scenario: 1 passed",
        "went breadth went depth went pct went random ",
      ], "\(run.complaint)")
  }
}
