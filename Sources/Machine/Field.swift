/// A few bits of a row, or a whole word of it: where they stand and how many they are.
///
/// A field of a process stands relative to the process's first word; every other field counts from
/// the row's start.
package struct Field: Hashable, Sendable {
  package let word: Int
  package let shift: UInt64
  package let mask: UInt64

  package init(word: Int, shift: Int, width: Int) {
    self.word = word
    self.shift = UInt64(shift)
    self.mask = width == 64 ? .max : (1 << UInt64(width)) - 1
  }

  /// Number of bits, 1…64.
  package var width: Int { 64 - mask.leadingZeroBitCount }
}

extension MutableSpan<UInt64> {
  /// The value of a field that counts from the row's start.
  @inline(__always) package subscript(field: Field) -> UInt64 {
    get { (self[field.word] >> field.shift) & field.mask }
    set {
      assert(newValue <= field.mask, "a value must fit its field")
      self[field.word] =
        (self[field.word] & ~(field.mask << field.shift)) | (newValue << field.shift)
    }
  }

  /// The value of a field that counts from a process's first word.
  @inline(__always) package subscript(field: Field, at origin: Int) -> UInt64 {
    get { (self[origin &+ field.word] >> field.shift) & field.mask }
    set {
      assert(newValue <= field.mask, "a value must fit its field")
      let word = origin &+ field.word
      self[word] = (self[word] & ~(field.mask << field.shift)) | (newValue << field.shift)
    }
  }

  /// A field of one bit, or any field's being other than zero.
  @inline(__always) package func isSet(_ field: Field) -> Bool { self[field] != 0 }
  @inline(__always) package func isSet(_ field: Field, at origin: Int) -> Bool {
    self[field, at: origin] != 0
  }
  @inline(__always) package mutating func set(_ field: Field, to value: Bool) {
    self[field] = value ? 1 : 0
  }
  @inline(__always) package mutating func set(_ field: Field, at origin: Int, to value: Bool) {
    self[field, at: origin] = value ? 1 : 0
  }
}

/// Hands out the words of one region, packing narrow fields together; a field never straddles two
/// words.
package struct FieldAllocator: Sendable {
  /// Words handed out so far.
  package private(set) var wordCount: Int
  private var bitsLeft = 0
  /// The fields so far that have nothing to do with time, in order: those that a layout with a
  /// clock and one without have in common.
  private(set) var timeless: [Field] = []

  package init(firstWord: Int = 0) { wordCount = firstWord }

  package mutating func field(bits width: Int) -> Field {
    precondition((1...64).contains(width), "a field has 1 to 64 bits")
    if width > bitsLeft {
      wordCount += 1
      bitsLeft = 64
    }
    let shift = 64 - bitsLeft
    bitsLeft -= width
    timeless.append(Field(word: wordCount - 1, shift: shift, width: width))
    return Field(word: wordCount - 1, shift: shift, width: width)
  }

  /// A field that stands only in a row that keeps time.
  package mutating func timedField(bits width: Int) -> Field {
    let field = field(bits: width)
    timeless.removeLast()
    return field
  }

  /// A field wide enough for 0…`maximum`.
  package mutating func field(upTo maximum: Int) -> Field {
    field(bits: max(1, Int.bitWidth - maximum.leadingZeroBitCount))
  }

  /// Whole words, the first one's number.
  package mutating func words(_ count: Int) -> Int {
    let first = wordCount
    wordCount += count
    bitsLeft = 0
    timeless += (first..<wordCount).map { Field(word: $0, shift: 0, width: 64) }
    return first
  }
}
