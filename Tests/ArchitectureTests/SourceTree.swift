import Foundation

/// The package's own files, read as text.
enum SourceTree {
  static let root: URL = {
    var directory = URL(fileURLWithPath: #filePath)
    while !FileManager.default.fileExists(
      atPath: directory.appendingPathComponent("Package.swift").path)
    {
      directory.deleteLastPathComponent()
    }
    return directory
  }()

  /// Every Swift file below a folder of the package, with its path from the root.
  static func swiftFiles(below folder: String) throws -> [(path: String, text: String)] {
    let base = root.appendingPathComponent(folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let url = base.appendingPathComponent(path)
      return ("\(folder)/\(path)", try String(contentsOf: url, encoding: .utf8))
    }
  }
}
