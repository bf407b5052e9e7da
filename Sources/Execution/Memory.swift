/// Sizes as people read them.
package enum Memory {
  private static let units = ["KiB", "MiB", "GiB", "TiB"]

  /// `96 MiB`, to three digits.
  package static func text(bytes: Int) -> String {
    guard bytes >= 1024 else { return "\(bytes) bytes" }
    var value = Double(bytes) / 1024
    var unit = 0
    while value >= 1000, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    let isRound = value >= 100 || value == value.rounded()
    let digits = isRound ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    return "\(digits) \(units[unit])"
  }
}
