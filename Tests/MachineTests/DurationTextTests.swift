import Machine
import Testing

/// Durations as people read them.
@Suite struct DurationTextTests {
  @Test(
    arguments: [
      (0, "0s"), (10_000_000, "10ms"), (1_500_000_000, "1.5s"), (2_000, "2us"),
      (-5_000_000, "-5ms"),
      (1_010_031_000, "1.010031s"), (60_000_000_000, "1min"), (90_000_000_000, "1.5min"),
      // Sixty parts are no decimals.
      (61_010_000_000, "61.01s"), (3_660_000_000_000, "61min"), (5_400_000_000_000, "1.5h"),
    ] as [(Int64, String)])
  func theUnitIsTheGreatestThatReadsWell(_ nanoseconds: Int64, _ text: String) {
    #expect(Duration.text(nanoseconds: nanoseconds) == text)
  }
}
