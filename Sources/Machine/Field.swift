/// A few bits of a row, or a whole word of it: where they stand and how many they are.
///
/// A field of a process stands relative to the process's first word; every other field counts from
/// the row's start.
package struct Field: Hashable, Sendable {
  package let word: Int
  package let shift: UInt64
  package let mask: UInt64

  @inline(__always) package init(word: Int, shift: Int, width: Int) {
    self.word = word
    self.shift = UInt64(shift)
    self.mask = width == 64 ? .max : (1 << UInt64(width)) - 1
  }

  /// Number of bits, 1…64.
  package var width: Int { 64 - mask.leadingZeroBitCount }

  /// One of its bits, counted from the lowest.
  func bit(_ number: Int) -> Field { Field(word: word, shift: Int(shift) + number, width: 1) }
}

/// A whole word of a row: one load where a `Field` takes three, a shift and a mask. What every step
/// of a run reads and writes is of these.
package struct Word: Hashable, Sendable {
  package let word: Int
}

extension MutableSpan<UInt64> {
  /// A word that counts from the row's start.
  @inline(__always) package subscript(word: Word) -> UInt64 {
    get { self[word.word] }
    set { self[word.word] = newValue }
  }

  /// A word that counts from a process's first one.
  @inline(__always) package subscript(word: Word, at origin: Int) -> UInt64 {
    get { self[origin &+ word.word] }
    set { self[origin &+ word.word] = newValue }
  }

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
/// words, and whole words leave open the one that is being packed.
package struct FieldAllocator: Sendable {
  /// Words handed out so far.
  package private(set) var wordCount = 0
  private var openWord = 0
  private var bitsLeft = 0
  /// The fields so far that have nothing to do with time, in order: those that a layout with a
  /// clock and one without have in common.
  private(set) var timeless: [Field] = []

  package init() {}

  package mutating func field(bits width: Int) -> Field {
    let field = place(bits: width)
    timeless.append(field)
    return field
  }

  /// A field that stands only in a row that keeps time.
  package mutating func timedField(bits width: Int) -> Field { place(bits: width) }

  /// A field that stands only in a row without a clock, for what the clock's words say elsewhere.
  package mutating func untimedField(bits width: Int) -> Field { place(bits: width) }

  private mutating func place(bits width: Int) -> Field {
    precondition((1...64).contains(width), "a field has 1 to 64 bits")
    if width == 64 {
      wordCount += 1
      return Field(word: wordCount - 1, shift: 0, width: width)
    }
    if width > bitsLeft {
      openWord = wordCount
      wordCount += 1
      bitsLeft = 64
    }
    let shift = 64 - bitsLeft
    bitsLeft -= width
    return Field(word: openWord, shift: shift, width: width)
  }

  /// A field wide enough for 0…`maximum`.
  package mutating func field(upTo maximum: Int) -> Field {
    field(bits: max(1, Int.bitWidth - maximum.leadingZeroBitCount))
  }

  /// That many whole words, at the next free places, of a row that keeps time.
  package mutating func timedWords(_ count: Int) { wordCount += count }
}
