extension String {
  /// With spaces behind it, or as it is when it is longer: C's `%-10s`.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// With that before it: C's `%10s`, or `%010x`.
  func aligned(to width: Int, with filler: Character = " ") -> String {
    String(repeating: filler, count: max(0, width - count)) + self
  }
}
