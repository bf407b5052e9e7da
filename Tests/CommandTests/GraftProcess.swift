import Foundation

/// The built `graft`, run as a user runs it.
enum GraftProcess {
  struct Outcome {
    var status: Int32
    var output: String
    var complaint: String
  }

  /// `graft` stands beside the binary of these tests.
  static let executable: URL = {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return own.deletingLastPathComponent().appending(path: "graft")
  }()

  /// Runs `graft` to its end, or for as long as nothing sound takes: status 124 then.
  ///
  /// - Parameters:
  ///   - addressSpaceMegabytes: what it may map, which is more than it may use.
  ///   - trapAfterSeconds: when to send it the signal that a trap raises.
  ///   - interruptAfterSeconds: when to send it the signal of Ctrl-C.
  ///   - environment: added to what the tests have.
  static func run(
    _ arguments: [String], input: [UInt8] = [], in folder: URL? = nil,
    addressSpaceMegabytes: Int? = nil, trapAfterSeconds: Int? = nil,
    interruptAfterSeconds: Double? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let inputFile = try scratch.write("input", input)
    let outputFile = try scratch.write("output", [])
    let complaintFile = try scratch.write("complaint", [])
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let limit = addressSpaceMegabytes.map { "ulimit -v \($0 * 1024); " } ?? ""
    var timeout = "300"
    if let trapAfterSeconds { timeout = "--preserve-status --signal=ILL \(trapAfterSeconds)" }
    if let interruptAfterSeconds {
      timeout = "--preserve-status --signal=INT \(interruptAfterSeconds)"
    }
    process.arguments =
      [
        "-c", limit + "exec env --default-signal=INT,TERM timeout \(timeout) \"$@\"", "sh",
        executable.path,
      ] + arguments
    process.currentDirectoryURL = folder
    // What a CI server says of itself is no affair of a test's.
    let inherited = ProcessInfo.processInfo.environment.filter {
      !["CI", "GITHUB_STEP_SUMMARY", "NO_COLOR"].contains($0.key)
    }
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: complaintFile)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -1,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      complaint: String(decoding: try Data(contentsOf: complaintFile), as: UTF8.self))
  }
}

/// A folder of a test's own.
struct Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "graft-\(UUID().uuidString)").resolvingSymlinksInPath()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL { try write(name, Array(text.utf8)) }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// The package's folder.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
