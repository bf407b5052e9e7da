/// How a search goes about time where time is kept: what a run leaves to its seed it takes all of.
///
/// Whatever is due at one moment may come in any order. Of a range of time its ends are tried, and
/// whatever in it ends at a moment at which something else is due by then; with a grain also each
/// multiple of that beyond its low end. A narrow range is tried whole.
package struct TimedMode: Sendable, Hashable {
  /// Nanoseconds.
  package var grain: Int64?
  /// Whether it matters when a slice ends: not as long as every task has a CPU of its own, for
  /// then nobody loses one.
  package var keepsSlices = true

  package init(grain: Int64? = nil, keepsSlices: Bool = true) {
    self.grain = grain
    self.keepsSlices = keepsSlices
  }

  /// Values of a range that are all tried.
  static let greatestWhole = 33
  /// Values that a grain may add.
  static let greatestAdded = 4_096

  /// The values of a range of that many that are tried, in order; none: all of them are.
  ///
  /// - Parameters:
  ///   - start: the moment that its first value leads to.
  ///   - dues: moments at which something else is due.
  func tried(of count: Int, from start: Int64, _ dues: [UInt64]) -> [Int]? {
    if count <= Self.greatestWhole || grain == 1 && count <= Self.greatestAdded { return nil }
    var values: Set<Int> = [0, count - 1]
    for due in dues {
      let (offset, overflow) = Int64(clamping: due).subtractingReportingOverflow(start)
      if !overflow, offset > 0, offset < Int64(count) { values.insert(Int(offset)) }
    }
    if let grain, grain > 0 {
      var value = grain
      while value < Int64(count), values.count < Self.greatestAdded {
        values.insert(Int(value))
        value = value.addingClamped(grain)
      }
    }
    return values.count == count ? nil : values.sorted()
  }
}

/// What of time a search's rows hold, for one program. Worlds that differ in nothing but how late
/// it is are one: every moment in a row is counted from the moment of the last step.
package struct TimedRule: Sendable {
  package var mode: TimedMode
  /// The moment that the last step is said to have been made at.
  let origin: Int64
  /// Of that no more is forgotten than whole periods of this length: an interrupt ticks at their
  /// multiples.
  let period: Int64
  /// The scenario can see what time it is, so that nothing is forgotten.
  package let isAbsolute: Bool
  /// It asks how long a transition takes.
  let asksForDuration: Bool

  /// - Parameter forgetting: what time it is is forgotten though the scenario may see it, for it
  ///   takes no more steps; and how long ago an interrupt has ticked.
  package init(_ machine: Machine, _ mode: TimedMode, forgetting: Bool = false) {
    self.mode = mode
    let program = machine.program
    let periods = program.interrupts.filter { $0.slackNanoseconds == 0 }
      .map(\.periodNanoseconds)
    let period = periods.reduce(1) { Self.commonMultiple($0, $1) }
    isAbsolute = !forgetting && (program.seesTheTime || period == nil)
    self.period = forgetting ? 1 : period ?? 1
    origin = (Self.late / self.period) * self.period
    asksForDuration = program.instructions.contains {
      $0.operation == .query && $0.c == Query.transitionDuration.rawValue
    }
  }

  /// So late that everything a row may remember is after the beginning of time.
  private static let late: Int64 = 1 << 58

  private static func commonMultiple(_ one: Int64?, _ other: Int64) -> Int64? {
    guard let one, other > 0 else { return nil }
    var (left, right) = (one, other)
    while right != 0 { (left, right) = (right, left % right) }
    let (product, overflow) = (one / left).multipliedReportingOverflow(by: other)
    return overflow || product > late / 1_024 ? nil : product
  }
}

extension Program {
  /// Whether the scenario may come to know what time it is.
  var seesTheTime: Bool {
    readsLog || hostFunctions.contains { $0.name == "why" }
      || strings.contains { $0.contains("uptime") || $0.contains("/proc") }
  }
}
