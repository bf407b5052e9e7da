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

  @Test func aLongWayAheadIsNone() throws {
    let constants =
      ["const last = c0"] + (0..<5_000).map { "const c\($0) = c\($0 + 1) + 1" }
      + ["const c5000 = 1"]
    #expect(try run(kernel(constants)).printed == ["5001", "5002"])
    // All of them are reckoned anew for what a patch says of the last.
    let patched = try run(kernel(constants, patch: "const c5000 = 2"))
    #expect(patched.printed == ["5001", "5002"])
  }

  /// However many there are in it, and wherever the way into it begins.
  @Test(arguments: [1, 2, 3, 40, 3_000]) func aCircleIsSaidOnce(count: Int) {
    let circle = (0..<count).map { "const c\($0) = c\(($0 + 1) % count) + 1" }
    for last in ["c0", "c\(count / 2)"] {
      let found = CheckedSource(kernel(circle + ["const last = \(last)"])).all.filter {
        $0.severity == .error
      }
      #expect(found.map(\.code.rawValue) == ["E0309"])
      #expect(found.first?.labels.first?.message == "comes back to itself here")
    }
  }

  @Test func twoCirclesAreTwo() {
    let constants = [
      "const a = b", "const b = a", "const c = d", "const d = c", "const last = a + c",
    ]
    let found = CheckedSource(kernel(constants)).all.filter { $0.severity == .error }
    #expect(found.map(\.code.rawValue) == ["E0309", "E0309"])
  }

  /// The kernel's are none, and what the patch puts there makes them one.
  @Test func aPatchClosesACircle() {
    let constants = ["const a = b + 1", "const b = 1", "const last = a"]
    for patch in ["const last = last + 1", "const b = a + 1", "const a = last"] {
      let found = CheckedSource(kernel(constants, patch: patch)).all.filter {
        $0.severity == .error
      }
      #expect(found.map(\.code.rawValue) == ["E0309"])
    }
    let other = CheckedSource(kernel(constants, patch: "const b = 3; const a = b + 2"))
    #expect(!other.all.contains { $0.severity == .error })
  }
}
