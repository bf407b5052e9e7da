import ArgumentParser
import Glibc
import Graft

/// What a build system says through the environment: Bazel's protocol for tests.
struct BatchEnvironment {
  var partition: Partition?
  /// Names that are wanted: `TESTBRIDGE_TEST_ONLY`.
  var filter: String?
  var junitPath: String?
  /// The first failure ends the batch.
  var maxFailures: Int?
  private var statusFile: String?
  private var prematureExitFile: String?

  /// Throws the exit status where the variables make no sense: what is run by mistake as a whole
  /// looks like a part that passes.
  init() throws {
    func value(_ name: String) -> String? { Terminal.setting(name) }
    partition = try Self.partition(
      count: value("TEST_TOTAL_SHARDS"), index: value("TEST_SHARD_INDEX"))
    statusFile = value("TEST_SHARD_STATUS_FILE")
    filter = value("TESTBRIDGE_TEST_ONLY")
    junitPath = value("XML_OUTPUT_FILE")
    prematureExitFile = value("TEST_PREMATURE_EXIT_FILE")
    if value("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1" { maxFailures = 1 }
  }

  private static func partition(count: String?, index: String?) throws -> Partition? {
    guard let count else { return nil }
    guard let total = Int(count), total >= 0 else {
      throw complaint("TEST_TOTAL_SHARDS is '\(count)', and should be a number")
    }
    guard total > 1 else { return nil }
    guard let index, let number = Int(index), (0..<total).contains(number) else {
      let shown = index.map { "'\($0)'" } ?? "not set"
      throw complaint(
        "TEST_SHARD_INDEX is \(shown), and should be a number from 0 to \(total - 1)")
    }
    return Partition(Shard(kind: .count, number: number + 1, count: total))
  }

  private static func complaint(_ text: String) -> ExitCode {
    Terminal.printError("graft: \(escapingControls(text))\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }

  /// This machine's part, where it runs only one. Throws the exit status where two are asked for:
  /// by the option alone every shard would run the same.
  func part(beside option: Partition?) throws -> Partition? {
    guard option != nil, partition != nil else { return option ?? partition }
    throw Self.complaint(
      "--partition and TEST_TOTAL_SHARDS both ask for a part; leave one of them out")
  }

  /// Its being touched says that shards are understood.
  func touchStatusFile() {
    if let statusFile { Self.touch(statusFile) }
  }

  /// The file stands there as long as a test could end without having said so.
  func begin() {
    if let prematureExitFile { Self.touch(prematureExitFile) }
  }

  func end() {
    if let prematureExitFile { unlink(prematureExitFile) }
  }

  private static func touch(_ path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor >= 0 { close(descriptor) }
  }
}
