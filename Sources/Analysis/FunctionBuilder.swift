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
  var locals: [LocalID: Int] = [:]
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
