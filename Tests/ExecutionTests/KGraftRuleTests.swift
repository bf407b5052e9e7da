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

  /// The files whose name is not the rule's.
  static let elsewhere: [KGraftMutation: String] = [
    .cpuSwitchLate: "cpu-switch",
    .finaliseLock: "finalising-holds-the-lock",
    .forkCopiesFlag: "fork-inherits",
    .lateModuleRefusal: "late-module-refused",
    .lateModules: "late-module",
    .lazyTest: "marking",
    .recovery: "replace-fails",
    .replaceRestoresOriginals: "replaced-patches",
  ]

  @Test(arguments: KGraftMutation.allCases) func isMissed(_ mutation: KGraftMutation) throws {
    let file = Self.elsewhere[mutation, default: mutation.rawValue] + ".graft"
    let isNoticed = try !failures(file, breaking: [mutation]).isEmpty
    #expect(isNoticed, "\(file) passes without the rule: \(mutation.explanation)")
  }
}
