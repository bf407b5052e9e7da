import Foundation

/// The files under `Grammar/`.
package enum Corpus {
  package static let grammar = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Grammar")

  package static func text(_ path: String) throws -> String {
    try String(contentsOf: grammar.appending(path: "corpus").appending(path: path), encoding: .utf8)
  }

  /// The names of the `.graft` files in a folder of the corpus, in order.
  package static func names(in folder: String) throws -> [String] {
    let path = grammar.appending(path: "corpus").appending(path: folder).path
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasSuffix(".graft") }.sorted()
  }
}
