import Machine

/// The registers and jumps of one body while its code is written.
///
/// Registers: parameters first, then whatever is asked for, in order. A block gives its locals
/// back when it ends and a statement its temporaries; what a statement computes stays distinct
/// until its end, because a failed assertion shows it. The code of conditions that are looked at
/// after every step is written last, on registers that nothing else uses (`startAfresh`).
struct FunctionBuilder {
  /// The next register that is free.
  private(set) var next: Int
  /// One more than the greatest register used so far.
  private(set) var highWater: Int
  /// Registers of locals.
  var locals = LocalRegisters()
  var loops: [Loop] = []
  /// Set when the body needs more registers than a frame may have.
  private(set) var isTooLarge = false

  /// More than any hand-written body needs; a frame's offset has 16 bits.
  static let registerLimit = 4_096

  /// Where `break` and `continue` go.
  struct Loop {
    var breakTarget: Target
    var continueTarget: Target
  }

  /// A place in the code that is not known yet; whoever jumps there is on the list.
  final class Target {
    var address: Int?
    var sources: [Int] = []
  }

  /// Where the locals of a body are. They are numbered over all files, one after the other: those
  /// of a body in the order of their declaration, so that a list has room for all but a few.
  struct LocalRegisters {
    private var first = 0
    /// One more than the register; 0 for none.
    private var near: [Int] = []
    /// Those of other bodies that a condition has called.
    private var far: [LocalID: Int] = [:]

    private static let greatestNearCount = 1_024

    subscript(_ id: LocalID) -> Int? {
      get {
        let place = id.number - first
        if near.indices.contains(place), near[place] > 0 { return near[place] - 1 }
        return far[id]
      }
      set {
        if near.isEmpty { first = id.number }
        let place = id.number - first
        guard (0..<Self.greatestNearCount).contains(place) else {
          far[id] = newValue
          return
        }
        while near.count <= place { near.append(0) }
        near[place] = newValue.map { $0 + 1 } ?? 0
      }
    }
  }

  init(parameterCount: Int) {
    next = parameterCount
    highWater = parameterCount
  }

  mutating func allocate(_ count: Int = 1) -> Int {
    let first = next
    next = first + count
    highWater = max(highWater, next)
    if highWater > Self.registerLimit {
      isTooLarge = true
      next = 0
      highWater = 0
      return 0
    }
    return first
  }

  /// Gives back what was allocated since `mark` was `next`.
  mutating func release(to mark: Int) { next = mark }

  /// What is allocated from here on was used by nobody.
  mutating func startAfresh() { next = highWater }
}
