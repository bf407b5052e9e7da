/// How many cells of a terminal a character takes: 0, 1 or 2.
///
/// A table of its own, so that a frame is the same in every locale and with every C library. It has
/// what is stable: marks that combine take no cell; East Asian wide forms and pictographs take two
/// (Unicode's `EastAsianWidth.txt`, W and F, and what has emoji presentation).
enum CharacterWidth {
  static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return 1 }
    // A sign that asks for the picture.
    if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
    if isIn(combining, first.value) { return 0 }
    return isIn(wide, first.value) ? 2 : 1
  }

  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  private static func isIn(_ table: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if table[middle].upperBound < value {
        low = middle + 1
      } else if table[middle].lowerBound > value {
        high = middle
      } else {
        return true
      }
    }
    return false
  }

  private static let combining: [ClosedRange<UInt32>] = [
    0x0300...0x036F, 0x0483...0x0489, 0x0591...0x05BD, 0x0610...0x061A, 0x064B...0x065F,
    0x06D6...0x06DC, 0x0730...0x074A, 0x0900...0x0902, 0x093C...0x093C, 0x0941...0x0948,
    0x0E31...0x0E31, 0x0E34...0x0E3A, 0x0E47...0x0E4E, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF,
    0x200B...0x200F, 0x2060...0x2064, 0x20D0...0x20F0, 0x302A...0x302D, 0x3099...0x309A,
    0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF...0xFEFF, 0xE0100...0xE01EF,
  ]

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x2FFB, 0x3000...0x3029, 0x302E...0x303E, 0x3041...0x3096, 0x309B...0x33FF,
    0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F004...0x1F004,
    0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320,
    0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA,
    0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
    0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
    0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4,
    0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
    0x1F6D5...0x1F6D7, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB,
    0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}

/// Text in lines of so many cells, broken at blanks where there are some.
func wrapped(_ text: String, to width: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
    var lines: [String] = []
    var line = ""
    for word in paragraph.split(separator: " ") {
      var rest = String(word)
      if !line.isEmpty, CharacterWidth.of(line) + 1 + CharacterWidth.of(rest) <= width {
        line += " " + rest
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while CharacterWidth.of(rest) > width {
        let head = cut(rest, to: width)
        guard !head.isEmpty else { break }
        lines.append(head)
        rest = String(rest.dropFirst(head.count))
      }
      line = rest
    }
    return lines + [line]
  }
}

/// As much of its beginning as fits.
func cut(_ text: String, to width: Int) -> String {
  var taken = ""
  var used = 0
  for character in text {
    used += CharacterWidth.of(character)
    guard used <= width else { break }
    taken.append(character)
  }
  return taken
}
