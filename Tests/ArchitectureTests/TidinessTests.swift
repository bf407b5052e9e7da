import Foundation
import Testing

/// The sizes of `design/house-rules.md`: a file under 500 lines, a function on a screen, a line
/// within 100 columns, no stand-ins.
@Suite struct TidinessTests {
  static func everyFile() throws -> [(path: String, text: String)] {
    try SourceTree.swiftFiles(below: "Sources") + SourceTree.swiftFiles(below: "Tests")
  }

  @Test func filesAreShort() throws {
    for file in try Self.everyFile() {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 500, "\(file.path) has \(lines) lines")
    }
  }

  @Test func linesFitTheScreen() throws {
    for file in try Self.everyFile() {
      // What a user reads or writes stands in long literals, as wide as a terminal is.
      var isInLiteral = false
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        if line.components(separatedBy: "\"\"\"").count % 2 == 0 { isInLiteral.toggle() }
        guard !isInLiteral else { continue }
        #expect(line.count <= 100, "\(file.path):\(number + 1) has \(line.count) columns")
      }
    }
  }

  @Test func functionsFitTheScreen() throws {
    for file in try SourceTree.swiftFiles(below: "Sources") {
      for function in Self.functions(in: file.text) where function.lines > 60 {
        // The interpreter's loop is a table: one row an operation, nothing to hide in a leaf.
        let isTable = file.path.hasSuffix("Machine+Locals.swift") && function.lines <= 120
        #expect(isTable, "\(file.path):\(function.start) is \(function.lines) lines long")
      }
    }
  }

  /// Words that say that something is not done, put together so that this file doesn't say them.
  @Test func nothingIsAStandIn() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "try" + "!", "as" + "! ", "fatal" + "Error("]
    for file in try SourceTree.swiftFiles(below: "Sources") {
      for mark in marks {
        #expect(!file.text.contains(mark), "\(file.path) contains \(mark)")
      }
    }
  }

  @Test func namesSayWhatTheyAre() throws {
    let vague = ["Utilities", "Utils", "Core", "Common", "Manager", "Helper", "Helpers"]
    for file in try Self.everyFile() {
      let name = file.path.split(separator: "/").last.map { $0.dropLast(6) } ?? ""
      #expect(!vague.contains { name.hasSuffix($0) }, "\(file.path) has no name yet")
    }
  }

  /// Functions and initialisers by their braces; strings and comments with a brace in them are rare
  /// enough here, and would only make one look longer.
  static func functions(in text: String) -> [(start: Int, lines: Int)] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var found: [(start: Int, lines: Int)] = []
    var open: [(line: Int, indent: Int)] = []
    for (number, line) in lines.enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let code = line.drop { $0 == " " }
      let words = code.split(separator: " ").prefix(5)
      let isHead = words.contains { $0 == "func" || $0.hasPrefix("init(") || $0.hasPrefix("init<") }
      if isHead, !code.hasPrefix("//"), !code.hasPrefix("case"), !code.hasSuffix("}") {
        open.append((number, indent))
      }
      if code.hasPrefix("}"), let last = open.last, last.indent == indent {
        found.append((last.line + 1, number - last.line + 1))
        open.removeLast()
      }
    }
    return found
  }

  @Test func measuresFunctions() {
    let text = """
      struct A {
        func one() {
          two()
        }
        init(x: Int) {
          if x > 0 {
            three()
          }
        }
      }
      """
    #expect(Self.functions(in: text).map(\.lines) == [3, 5])
  }
}
