import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine

/// The data-flow analysis and the search of paths give every register the same life.
@Suite("Liveness")
struct LivenessTests {
  private func compare(_ program: Program, _ label: String) throws {
    let fast = Liveness(program: program)
    let slow = ReferenceLiveness(program: program)
    for (number, function) in program.functions.enumerated() {
      for address in function.entry..<function.end {
        try #require(Int(fast.functionOf[address]) == number)
        for register in 0..<function.registerCount {
          let word = fast.live(at: address, word: register / 64)
          let isLive = word >> UInt64(register % 64) & 1 == 1
          try #require(
            isLive == slow.isLive(register, at: address),
            "\(label): register \(register) at \(address)")
        }
      }
    }
  }

  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    try compare(golden.make(), golden.name)
  }

  @Test func random() throws {
    for seed in 0..<100 { try compare(RandomProgram.make(seed: seed).program, "seed \(seed)") }
  }

  /// More than one word of registers, each live from its writing to its reading.
  @Test func wideFrames() throws {
    var builder = ProgramBuilder()
    builder.program.variables = [SharedVariable(name: "v", initial: 0)]
    let program = builder.scenario(registers: 90) { code in
      for register in 0..<90 { code.emit(.loadImmediate, a: register, wide: register) }
      code.emit(.observe)
      for register in stride(from: 0, to: 90, by: 3) {
        code.emit(.operatorSleep, a: register, b: (register + 50) % 90)
      }
    }
    try compare(program, "wide frames")
  }
}
