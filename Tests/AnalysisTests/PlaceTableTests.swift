import Diagnostics
import Testing

@testable import Analysis

@Suite struct PlaceTableTests {
  /// Held against a dictionary: the same values at the same places, in growth and after changes.
  @Test func findsWhatADictionaryFinds() {
    var table = PlaceTable<Int>()
    var known: [SourceRange: Int] = [:]
    var state: UInt64 = 7
    for round in 0..<5_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let lower = Int32(truncatingIfNeeded: state >> 40) & 0x3ff
      let place = SourceRange(
        file: SourceFileID(Int32(state >> 33) & 1), lower: lower,
        upper: lower + Int32(state >> 60))
      let value = round % 7 == 0 ? nil : round
      table[place] = value
      known[place] = value
      #expect(table[place] == value)
    }
    for (place, value) in known { #expect(table[place] == value) }
    #expect(table.values.sorted() == known.values.sorted())
  }
}
