import Diagnostics
import Foundation
import Testing

@testable import Analysis

/// One rule = one file = one test.
@Suite struct LintTests {
  @Test func everyRuleHasItsFileAndItsTest() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    for rule in Linter.rules {
      let source = root.appending(path: "Sources/Analysis/Lint/\(rule).swift")
      #expect(FileManager.default.fileExists(atPath: source.path), "\(rule)")
      let test = root.appending(path: "Tests/AnalysisTests/Lint\(rule)Tests.swift")
      #expect(FileManager.default.fileExists(atPath: test.path), "\(rule)")
    }
  }

  @Test func codesAreInOrder() {
    let codes = Explanation.ofLint.map(\.code.rawValue)
    #expect(codes == codes.sorted() && Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.hasPrefix("W08") })
  }
}
