/// What a run of digits and letters means as a number. The lexer asks to complain, the parser to
/// know the value, so the rules stand once.
enum NumberReading: Equatable {
  case integer(Int64)
  case nanoseconds(Int64)
  case malformed
  case fractionWithoutUnit
  /// From this offset on.
  case unknownUnit(at: Int)
  case tooLarge
  case durationTooLong
  case durationTooFine

  /// Reads `bytes[range]`, which begins with a digit.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    if range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "0"),
      bytes[range.lowerBound + 1] | 0x20 == UInt8(ascii: "x")
    {
      self = Self.hexadecimal(bytes, (range.lowerBound + 2)..<range.upperBound)
    } else {
      self = Self.decimal(bytes, range)
    }
  }

  private static func hexadecimal(_ bytes: [UInt8], _ range: Range<Int>) -> NumberReading {
    var value: Int64 = 0
    var digits = 0
    for byte in bytes[range] where byte != UInt8(ascii: "_") {
      guard let digit = hexDigit(byte) else { return .malformed }
      digits += 1
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 16)
      guard !overflow else { return .tooLarge }
      value = shifted | Int64(digit)
    }
    return digits > 0 ? .integer(value) : .malformed
  }

  static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Digits, perhaps a fraction, perhaps a unit. The value is kept as a whole number and the count
  /// of digits after the point, so that `1.5s` is exact.
  private static func decimal(_ bytes: [UInt8], _ range: Range<Int>) -> NumberReading {
    var value: Int64 = 0
    var fractionDigits: Int?
    var overflowed = false
    var index = range.lowerBound
    loop: while index < range.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "_"): break
      case UInt8(ascii: "."): fractionDigits = 0
      case let byte where isDigit(byte):
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
        overflowed = overflowed || overflow || carry
        value = overflowed ? 0 : sum
        fractionDigits? += 1
      default: break loop
      }
      index += 1
    }
    guard index < range.upperBound else {
      if bytes[index - 1] == UInt8(ascii: "_") { return .malformed }
      if fractionDigits != nil { return .fractionWithoutUnit }
      return overflowed ? .tooLarge : .integer(value)
    }
    guard let unit = unit(bytes, index..<range.upperBound) else { return .unknownUnit(at: index) }
    guard !overflowed else { return .durationTooLong }
    return duration(value, fractionDigits: fractionDigits ?? 0, unit: unit)
  }

  private static func duration(_ value: Int64, fractionDigits: Int, unit: Int64) -> NumberReading {
    // 3.6e15 ns in an hour: twelve digits after the point are finer than a nanosecond anyway.
    guard fractionDigits <= 12 else { return .durationTooFine }
    var divisor: UInt64 = 1
    for _ in 0..<fractionDigits { divisor *= 10 }
    let product = value.magnitude.multipliedFullWidth(by: unit.magnitude)
    guard product.high < divisor else { return .durationTooLong }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    guard let nanoseconds = Int64(exactly: quotient) else { return .durationTooLong }
    return remainder == 0 ? .nanoseconds(nanoseconds) : .durationTooFine
  }

  private static func unit(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
    Unit.all.first { $0.spelling.utf8.elementsEqual(bytes[range]) }?.nanoseconds
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
  }
}
