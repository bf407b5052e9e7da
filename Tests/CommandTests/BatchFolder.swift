import Foundation

/// A folder of small scenario files, for tests of batches.
struct BatchFolder {
  let scratch: Scratch

  /// One that passes, one that fails, one that is skipped and one that is expected to fail, each
  /// with tags, and a matrix of three rows.
  static let mixed = """
    scenario "passes" @good { sleep 1ms }
    scenario "fails" @bad @slow { assert in_progress }
    scenario "is skipped" @good { skip "not today" ; assert in_progress }
    scenario "fails as it says" @bad { xfail "known" ; assert in_progress }
    scenario "rows" for n in [1, 2, 3] @rows { assert n < 3 }

    """

  static func passing(_ number: Int) -> String {
    "scenario \"number \(number)\" { sleep \(number + 1)ms ; assert not in_progress }\n"
  }

  init(_ files: [String: String]) throws {
    scratch = try Scratch()
    for (name, text) in files { try scratch.write(name, text) }
  }

  /// `a/1.graft` … with a passing scenario each.
  init(passing count: Int) throws {
    try self.init(
      Dictionary(uniqueKeysWithValues: (0..<count).map { ("a/\($0).graft", Self.passing($0)) }))
  }

  /// `graft` in this folder, with state of its own.
  func run(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = []
  ) throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      arguments, input: input, in: scratch.folder,
      environment: ["XDG_STATE_HOME": scratch.folder.path + "/state"]
        .merging(environment) { $1 })
  }

  func text(_ name: String) throws -> String { try scratch.text(name) }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: scratch.folder.appending(path: name).path)
  }

  func remove() { scratch.remove() }
}
