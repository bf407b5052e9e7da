import Testing

@testable import Analysis

/// Held against dictionaries, below and above the number from which on they use one themselves.
@Suite struct ScopeTests {
  @Test(arguments: [3, 8, 9, 40])
  func aScopeFindsWhatADictionaryFinds(_ count: Int) {
    var scope = Scope()
    var known: [String: LocalID] = [:]
    for number in 0..<count {
      scope["n\(number)"] = LocalID(number: number)
      known["n\(number)"] = LocalID(number: number)
    }
    scope["n1"] = LocalID(number: 99)
    known["n1"] = LocalID(number: 99)
    scope["n0"] = nil
    known["n0"] = nil
    scope["last"] = LocalID(number: 100)
    scope["last"] = nil
    #expect(scope["last"] == nil)
    for number in 0...count { #expect(scope["n\(number)"] == known["n\(number)"]) }
    #expect(scope.declared.map(\.name) == (1..<count).map { "n\($0)" })
  }

  /// A condition that calls a `def` has locals of another body, which may be declared anywhere.
  @Test func localsOfOtherBodiesHaveRegistersToo() {
    var locals = FunctionBuilder.LocalRegisters()
    var known: [LocalID: Int] = [:]
    for (register, number) in [5_000, 5_001, 5_007, 12, 900_000, 5_000, 6_023, 6_024].enumerated() {
      locals[LocalID(number: number)] = register
      known[LocalID(number: number)] = register
    }
    for number in [11, 12, 4_999, 5_000, 5_001, 5_002, 5_007, 6_023, 6_024, 900_000] {
      #expect(locals[LocalID(number: number)] == known[LocalID(number: number)])
    }
    locals[LocalID(number: 5_001)] = nil
    #expect(locals[LocalID(number: 5_001)] == nil)
  }
}
