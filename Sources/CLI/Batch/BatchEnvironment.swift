import Glibc
import Graft

/// What a build system says through the environment: Bazel's protocol for tests.
struct BatchEnvironment {
  var partition: Partition?
  /// Names that are wanted: `TESTBRIDGE_TEST_ONLY`.
  var filter: String?
  var junitPath: String?
  private var prematureExitFile: String?

  init() {
    func value(_ name: String) -> String? { Terminal.setting(name) }
    if let count = value("TEST_TOTAL_SHARDS").flatMap({ Int($0) }), count > 1,
      let index = value("TEST_SHARD_INDEX").flatMap({ Int($0) }), index >= 0, index < count
    {
      partition = Partition(Shard(kind: .count, number: index + 1, count: count))
    }
    // Its being touched says that shards are understood.
    if let path = value("TEST_SHARD_STATUS_FILE") { Self.touch(path) }
    filter = value("TESTBRIDGE_TEST_ONLY")
    junitPath = value("XML_OUTPUT_FILE")
    prematureExitFile = value("TEST_PREMATURE_EXIT_FILE")
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
