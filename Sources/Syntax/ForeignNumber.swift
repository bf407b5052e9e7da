/// Numbers and durations as other languages and tools write them, and how they are written here.
enum ForeignNumber {
  /// `0b11`, `0o17`, `1e5`, `10UL`, `3u32`: the number itself.
  static func integer(_ text: String) -> String? {
    let text = text.lowercased().filter { $0 != "_" }
    for (prefix, radix) in [("0b", 2), ("0o", 8)] where text.hasPrefix(prefix) {
      return Int64(text.dropFirst(2), radix: radix).map(grouped)
    }
    if let exponent = text.firstIndex(of: "e") {
      return power(text[..<exponent], text[text.index(after: exponent)...])
    }
    let digits = text.prefix { $0.isNumber }
    let suffix = text[digits.endIndex...]
    let isOfC = !suffix.isEmpty && suffix.count <= 3 && suffix.allSatisfy { "ul".contains($0) }
    guard isOfC || typeSuffixes.contains(String(suffix)) else { return nil }
    return Int64(digits).map(grouped)
  }

  private static let typeSuffixes: Set<String> = [
    "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "usize", "isize",
  ]

  /// `1.5e3` is 1500; what is no whole number has no form.
  private static func power(_ mantissa: Substring, _ exponent: Substring) -> String? {
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard var zeros = Int(exponent), (0...18).contains(zeros), parts.count <= 2 else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    zeros -= fraction.utf8.count
    guard zeros >= 0 else { return nil }
    return Int64(parts[0] + fraction + String(repeating: "0", count: zeros)).map(grouped)
  }

  private static func grouped(_ value: Int64) -> String {
    let digits = String(value)
    guard digits.utf8.count > 4 else { return digits }
    var result = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.utf8.count - place).isMultiple(of: 3) { result += "_" }
      result.append(digit)
    }
    return result
  }

  /// `1h30m`: the same with one unit.
  static func duration(_ text: String) -> String? {
    var nanoseconds: Int64 = 0
    var rest = text[...]
    var count = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber }
      rest = rest[digits.endIndex...]
      let word = String(rest.prefix { !$0.isNumber })
      rest = rest.dropFirst(word.count)
      let spelling = Unit.meant(by: word) ?? word
      guard let number = Int64(digits),
        let unit = Unit.all.first(where: { $0.spelling == spelling })
      else { return nil }
      let (part, isLong) = number.multipliedReportingOverflow(by: unit.nanoseconds)
      let (sum, isTooLong) = nanoseconds.addingReportingOverflow(part)
      guard !isLong, !isTooLong else { return nil }
      nanoseconds = sum
      count += 1
    }
    guard count > 1, nanoseconds > 0 else { return nil }
    let fitting = Unit.all.filter { nanoseconds.isMultiple(of: $0.nanoseconds) }
    guard let unit = fitting.max(by: { $0.nanoseconds < $1.nanoseconds }) else { return nil }
    return "\(nanoseconds / unit.nanoseconds)\(unit.spelling)"
  }
}
