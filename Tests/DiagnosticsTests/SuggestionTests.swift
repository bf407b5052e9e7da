import Diagnostics
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("kernel", "kernel", 0), ("kernel", "kernle", 1), ("spwan", "spawn", 1), ("wait", "await", 1),
    ("apply", "appply", 1), ("kitten", "sitting", 3),
  ])
  func distancesAreThoseOfTheTable(_ left: String, _ right: String, _ distance: Int) {
    #expect(editDistance(left, right, limit: 3) == distance)
    #expect(editDistance(right, left, limit: 3) == distance)
  }

  @Test func whatIsFartherThanTheLimitHasNoDistance() {
    #expect(editDistance("kitten", "sitting", limit: 2) == nil)
    #expect(editDistance("a", "abcdef", limit: 3) == nil)
  }

  @Test func theNearestIsOfferedAndNothingFarAway() {
    #expect(nearest(to: "scenaro", among: ["kernel", "scenario", "lesson"]) == "scenario")
    #expect(nearest(to: "banana", among: ["kernel", "scenario", "lesson"]) == nil)
    #expect(nearest(to: "x", among: ["y"]) == nil)
  }

  @Test func theNearerOfTwoWins() {
    #expect(nearest(to: "asserts", among: ["essert", "assert"]) == "assert")
  }
}
