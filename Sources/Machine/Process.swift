/// A process while it runs: its program counter and where its current frame's registers begin in
/// the row. Both go back into the row's header when it comes to rest.
struct Process {
  var programCounter: Int
  /// Word of the row that is register 0.
  var frame: Int
}

/// The word between two frames: where the callee returns to, which register takes its value, and
/// how far below the caller's frame begins.
struct ReturnInfo {
  var word: UInt64

  init(word: UInt64) { self.word = word }

  init(programCounter: Int, register: Int, distance: Int) {
    word = UInt64(programCounter) | UInt64(register) << 32 | UInt64(distance) << 48
  }

  var programCounter: Int { Int(word & 0xffff_ffff) }
  var register: Int { Int(word >> 32 & 0xffff) }
  var distance: Int { Int(word >> 48) }
}

extension Machine {
  @inline(__always)
  func process(at origin: Int, stack: Int, _ row: inout MutableSpan<UInt64>) -> Process {
    Process(
      programCounter: Int(row[layout.programCounter, at: origin]),
      frame: stack + Int(row[layout.frame, at: origin]))
  }

  /// Writes the process back, with every register cleared that no path reads any more.
  @inline(__always)
  func rest(_ process: Process, at origin: Int, stack: Int, _ row: inout MutableSpan<UInt64>) {
    row[layout.programCounter, at: origin] = UInt64(process.programCounter)
    row[layout.frame, at: origin] = UInt64(process.frame - stack)
    clearDead(at: process.programCounter, frame: process.frame, &row)
  }

  /// Clears the registers of the frame that are not live before `address`.
  @inline(__always)
  func clearDead(at address: Int, frame: Int, _ row: inout MutableSpan<UInt64>) {
    let dead = liveness.dead(at: address)
    guard dead == Liveness.unknown else { return clear(dead, from: frame, &row) }
    clearManyDead(at: address, frame: frame, &row)
  }

  /// The same for a frame of any size.
  private func clearManyDead(at address: Int, frame: Int, _ row: inout MutableSpan<UInt64>) {
    let function = Int(liveness.functionOf[address])
    let count = program.functions[function].registerCount
    for index in 0..<liveness.width(of: function) {
      let all = Liveness.registers(below: count - index * 64)
      clear(
        ~liveness.live(at: address, word: index) & all, from: frame + index * 64, &row)
    }
  }

  @inline(__always)
  private func clear(_ registers: UInt64, from frame: Int, _ row: inout MutableSpan<UInt64>) {
    var left = registers
    while left != 0 {
      row[frame + left.trailingZeroBitCount] = 0
      left &= left - 1
    }
  }

  /// Puts a frame for `callee` on top, its parameters copied from the caller's registers from
  /// `first` on. False, with a fault, when the stack has no room.
  func push(
    _ callee: FunctionID, arguments first: Int, result: Int, _ process: inout Process,
    stackEnd: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let address = process.programCounter
    let caller = program.functions[Int(liveness.functionOf[address])]
    let body = program.functions[callee.rawValue]
    let frame = process.frame + caller.registerCount + 1
    guard frame + body.registerCount <= stackEnd else {
      workspace.fault = .stackOverflow(address: address)
      return false
    }
    for parameter in 0..<body.parameterCount {
      row[frame + parameter] = row[process.frame + first + parameter]
    }
    row[frame - 1] =
      ReturnInfo(
        programCounter: address + 1, register: result, distance: frame - process.frame
      ).word
    // What the caller will not read after the call is not part of the world any more.
    clearDead(at: address + 1, frame: process.frame, &row)
    if result != Instruction.noRegister { row[process.frame + result] = 0 }
    process = Process(programCounter: body.entry, frame: frame)
    return true
  }

  /// Takes the top frame off and gives its value to the caller. A function that returns from its
  /// unwinding address makes its caller in the kernel return from there as well.
  func pop(value: UInt64, _ process: inout Process, _ row: inout MutableSpan<UInt64>) {
    let body = program.functions[Int(liveness.functionOf[process.programCounter])]
    let isUnwinding = process.programCounter == body.unwind
    let info = ReturnInfo(word: row[process.frame - 1])
    for word in (process.frame - 1)..<(process.frame + body.registerCount) { row[word] = 0 }
    process = Process(
      programCounter: info.programCounter, frame: process.frame - info.distance)
    if info.register != Instruction.noRegister { row[process.frame + info.register] = value }
    let caller = program.functions[Int(liveness.functionOf[info.programCounter])]
    if isUnwinding, caller.kind != .userProgram { unwind(&process, &row) }
  }

  /// Sends the process to the way out of its current function, with −ERESTARTSYS in its hands.
  func unwind(_ process: inout Process, _ row: inout MutableSpan<UInt64>) {
    let body = program.functions[Int(liveness.functionOf[process.programCounter])]
    row[process.frame + body.registerCount - 1] = Self.restart
    process.programCounter = body.unwind
  }

  /// −ERESTARTSYS as a word.
  static let restart = UInt64(bitPattern: Int64(-Errno.ERESTARTSYS.rawValue))
}
