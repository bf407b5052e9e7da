/// Which file a range points into: an index into the `SourceMap` of a compilation.
package struct SourceFileID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var index: Int32

  package init(_ index: Int32) { self.index = index }

  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }

  package var description: String { "file \(index)" }
}

/// A half-open range of UTF-8 bytes in one file.
package struct SourceRange: Hashable, Sendable, CustomStringConvertible {
  package var file: SourceFileID
  package var lower: Int32
  package var upper: Int32

  package init(file: SourceFileID, lower: Int32, upper: Int32) {
    self.file = file
    self.lower = lower
    self.upper = max(lower, upper)
  }

  package var isEmpty: Bool { lower == upper }

  /// One number: the checker's tables are keyed by places, a million of them in a large file.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(UInt32(bitPattern: lower)) << 32 | UInt64(UInt32(bitPattern: upper)))
  }

  package var bytes: Range<Int> { Int(lower)..<Int(upper) }

  /// The smallest range that holds both; `other` must lie in the same file.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(file: file, lower: min(lower, other.lower), upper: max(upper, other.upper))
  }

  /// Whether the other lies in it, as a whole.
  package func holds(_ other: SourceRange) -> Bool {
    file == other.file && lower <= other.lower && other.upper <= upper
  }

  package func contains(_ offset: Int32) -> Bool { lower <= offset && offset < upper }

  package var description: String { "\(file.index):\(lower)..<\(upper)" }
}

/// A place as people count: lines and columns start at 1, a column is a character.
package struct SourcePosition: Hashable, Sendable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The text of one file. Immutable; its line table is computed once, when it is made.
///
/// Offsets are bytes, as the lexer counts; lines and columns are for people and computed on
/// demand. Bytes that are no UTF-8 are kept, and shown as U+FFFD.
package struct SourceText: Sendable {
  /// As the user knows it: a path below the scenario root, or `<input>`.
  package let name: String
  package let bytes: [UInt8]
  /// The offset of the first byte of each line; always begins with 0.
  private let lineStarts: [Int32]

  /// The longest text that offsets can address.
  package static let maximumByteCount = Int(Int32.max) - 1

  /// A text beyond `maximumByteCount` is cut there.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes =
      bytes.count <= Self.maximumByteCount ? bytes : Array(bytes[..<Self.maximumByteCount])
    var starts: [Int32] = [0]
    self.bytes.withUnsafeBufferPointer { buffer in
      for offset in buffer.indices where buffer[offset] == UInt8(ascii: "\n") {
        starts.append(Int32(offset + 1))
      }
    }
    lineStarts = starts
  }

  package init(name: String, _ text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  package var lineCount: Int { lineStarts.count }

  /// The line (from 1) that holds the byte at `offset`. O(log lines).
  package func line(at offset: Int32) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of a line without its line break; empty for a line that does not exist.
  package func byteRange(ofLine line: Int) -> Range<Int> {
    guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
    let lower = Int(lineStarts[line - 1])
    var upper = line < lineStarts.count ? Int(lineStarts[line]) - 1 : bytes.count
    if upper > lower, bytes[upper - 1] == UInt8(ascii: "\r") { upper -= 1 }
    return lower..<upper
  }

  package func text(ofLine line: Int) -> String { text(in: byteRange(ofLine: line)) }

  package func text(in range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  package func text(in range: SourceRange) -> String { text(in: range.bytes) }

  /// Line and column of a byte. An offset inside a character counts as that character's.
  package func position(at offset: Int32) -> SourcePosition {
    let clamped = max(0, min(Int(offset), bytes.count))
    let line = line(at: Int32(clamped))
    let range = byteRange(ofLine: line)
    let upper = min(max(clamped, range.lowerBound), range.upperBound)
    let before = bytes[range.lowerBound..<upper]
    // Finding character boundaries is slow; a line this long is no line that a person counts in.
    guard before.count <= 4096 else {
      return SourcePosition(line: line, column: before.count { $0 & 0xC0 != 0x80 } + 1)
    }
    return SourcePosition(line: line, column: String(decoding: before, as: UTF8.self).count + 1)
  }
}
