import Testing

/// Constants that are made of each other, in whatever order and however many.
@Suite struct ConstantChainTests {
  private func kernel(_ constants: [String], patch: String = "") -> String {
    """
    kernel "4.4.21-69-default" {
    \(constants.joined(separator: "\n"))
    var seen in 0..100_000_000 = 0
    fn f() { return last }
    syscall s() { seen = f() }
    }
    patch p { \(patch.isEmpty ? "fn f() { return last + 1 }" : patch) }
    program user { s() }
    scenario "s" {
      spawn user; sleep 1ms; print "{seen}"
      apply p; await not in_progress
      spawn user; sleep 1ms; print "{seen}"
    }
    """
  }

  /// Twice the one before, twenty-six times: 2 to the 26th ways through it, and one value.
  @Test func eachIsReckonedOnce() throws {
    let constants =
      ["const c0 = 1"] + (1...26).map { "const c\($0) = c\($0 - 1) + c\($0 - 1)" }
      + ["const last = c26"]
    #expect(try run(kernel(constants)).printed == ["67108864", "67108865"])
    // With a constant of its own the patch has all of them reckoned anew, and once again.
    let patched = try run(kernel(constants, patch: "const last = c26 + 1"))
    #expect(patched.printed == ["67108864", "67108865"])
  }

  @Test func aLongWayBackIsNoDepth() throws {
    let constants =
      ["const c0 = 0"] + (1...3_000).map { "const c\($0) = c\($0 - 1) + 1" }
      + ["const last = c3000"]
    #expect(try run(kernel(constants)).printed == ["3000", "3001"])
  }

  @Test func aLongWayAheadIsAnError() {
    let constants =
      ["const last = c0"] + (0..<3_000).map { "const c\($0) = c\($0 + 1) + 1" }
      + ["const c3000 = 1"]
    let found = CheckedSource(kernel(constants))
    let first = found.all.first { $0.severity == .error }
    #expect(first?.code.rawValue == "E0309")
    #expect(first?.message == "constants that are made of each other lie too far apart")
  }

  @Test func aWayOfThirtyAheadIsNone() throws {
    let constants =
      ["const last = c0"] + (0..<30).map { "const c\($0) = c\($0 + 1) + 1" } + ["const c30 = 1"]
    #expect(try run(kernel(constants)).printed == ["31", "32"])
  }
}
