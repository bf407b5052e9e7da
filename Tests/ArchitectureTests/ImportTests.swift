import Foundation
import Testing

/// Which module may import which: the map of `Sources/README.md` and `design/architecture.md`.
/// What a file imports is read from its text.
@Suite struct ImportTests {
  /// One row a module: what it may import. Modules of the toolchain stand in it like any other.
  static let arrows: [String: Set<String>] = [
    "Diagnostics": [],
    "Syntax": ["Diagnostics"],
    "Machine": ["DequeModule", "HeapModule"],
    "Patching": ["Machine"],
    "Administration": ["Machine", "Patching", "Exploration"],
    // Locks and counters for its workers; threads come from outside.
    "Exploration": ["Machine", "Patching", "Synchronization"],
    "Analysis": ["Diagnostics", "Syntax", "Machine", "Patching"],
    "Execution": [
      "Diagnostics", "Syntax", "Machine", "Patching", "Administration", "Exploration", "Analysis",
    ],
    "Reports": [
      "Diagnostics", "Machine", "Patching", "Exploration", "Execution", "FoundationEssentials",
    ],
    "Training": ["Diagnostics", "Machine", "Exploration", "Execution", "Reports"],
    "Graft": [
      "Diagnostics", "Syntax", "Machine", "Patching", "Administration", "Exploration", "Analysis",
      "Execution", "Reports", "Training",
    ],
    "CEditline": [],
    "REPL": ["Graft", "CEditline", "Glibc"],
    "CLI": ["Graft", "REPL", "ArgumentParser", "Glibc", "Synchronization"],
  ]

  @Test func everyModuleHasItsRow() throws {
    let sources = SourceTree.root.appendingPathComponent("Sources")
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path)
      .filter { !$0.contains(".") }
    #expect(Set(folders) == Set(Self.arrows.keys))
  }

  @Test(arguments: arrows.keys.sorted())
  func importsFollowTheArrows(module: String) throws {
    let allowed = try #require(Self.arrows[module])
    for file in try SourceTree.swiftFiles(below: "Sources/\(module)") {
      for imported in Self.imports(of: file.text) {
        #expect(
          allowed.contains(imported), "\(file.path) imports \(imported): no arrow leads there")
      }
    }
  }

  /// An arrow never leads back up: a module that may import another may not be imported by it.
  @Test func arrowsPointDown() {
    for (module, allowed) in Self.arrows {
      for target in allowed {
        #expect(
          !(Self.arrows[target] ?? []).contains(module),
          "\(module) and \(target) import each other")
      }
    }
  }

  static func imports(of text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ").map(String.init)
      while let first = words.first, first.hasPrefix("@") { words.removeFirst() }
      if let first = words.first, ["public", "package", "internal", "private"].contains(first) {
        words.removeFirst()
      }
      guard words.first == "import", words.count >= 2 else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return String(name.prefix { $0 != "." })
    }
  }

  @Test func readsImportsInEveryForm() {
    let text = """
      import Machine
      @_exported import Patching
      package import Syntax
      import struct Foundation.URL
      // import Nothing
      """
    #expect(Self.imports(of: text) == ["Machine", "Patching", "Syntax", "Foundation"])
  }
}
