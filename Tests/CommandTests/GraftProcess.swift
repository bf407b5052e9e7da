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
  /// - Parameter addressSpaceMegabytes: what it may map, which is more than it may use.
  static func run(
    _ arguments: [String], input: [UInt8] = [], in folder: URL? = nil,
    addressSpaceMegabytes: Int? = nil
  ) throws -> Outcome {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let inputFile = try scratch.write("input", input)
    let outputFile = try scratch.write("output", [])
    let complaintFile = try scratch.write("complaint", [])
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let limit = addressSpaceMegabytes.map { "ulimit -v \($0 * 1024); " } ?? ""
    process.arguments =
      ["-c", limit + "exec timeout 300 \"$@\"", "sh", executable.path] + arguments
    process.currentDirectoryURL = folder
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
