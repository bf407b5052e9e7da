import Diagnostics
import Testing

@testable import Analysis

/// Each thing that is not simulated yet: its text is right, and whoever runs it is told what to do.
@Suite struct UnsimulatedTests {
  @Test(arguments: Unsimulated.all.map(\.feature))
  func itsTextIsHeldUpAndSaysWhatToDo(_ feature: String) throws {
    let row = try #require(Unsimulated.all.first { $0.feature == feature })
    let found = CheckedSource(row.example)
    #expect(found.all.filter { $0.severity == .error } == [], "\(feature)")
    let scenario = try #require(found.checked.scenarios.first)
    let said = found.checked.lower(scenario, scenario.rows[0]).diagnostics
    let own = said.filter { $0.message == "`\(feature)` is not simulated yet" }
    #expect(own.map(\.help) == [row.instead], "\(feature): \(said)")
    #expect(said.allSatisfy { $0.code == .notSimulated })
  }
}
