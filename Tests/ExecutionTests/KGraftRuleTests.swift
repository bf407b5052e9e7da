import Diagnostics
import Execution
import Foundation
import Patching
import Testing

/// Every rule of kGraft is there for something: `Scenarios/kgraft` has a scenario that fails once
/// the rule is taken out, and all of them pass while it is in.
@Suite("Rules of kGraft") struct KGraftRuleTests {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Scenarios/kgraft")

  static var files: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".graft") }.sorted()
  }

  /// The scenarios of the file that don't pass.
  private func failures(_ file: String, breaking broken: [KGraftMutation] = []) throws -> [String] {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    return try ScenarioTexts.scenarios(text, breaking: broken).compactMap { scenario in
      let outcome = ScenarioRunner(scenario, RunOptions()).run().outcome
      switch outcome {
      case .passed, .failedAsExpected, .skipped: return nil
      default: return "\(file): \(outcome)"
      }
    }
  }

  @Test(arguments: files) func holdsAsShipped(_ file: String) throws {
    #expect(try failures(file) == [])
  }

  @Test(arguments: KGraftMutation.allCases) func isMissed(_ mutation: KGraftMutation) throws {
    let named = mutation.rawValue + ".graft"
    let files = [named].filter(Self.files.contains) + Self.files.filter { $0 != named }
    let isNoticed = try files.contains { try !failures($0, breaking: [mutation]).isEmpty }
    #expect(isNoticed, "no scenario fails without the rule: \(mutation.explanation)")
  }
}
