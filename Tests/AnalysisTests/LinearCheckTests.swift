import Diagnostics
import Machine
import Syntax
import Testing

@testable import Analysis

/// What a text has many of is not gone through for each of the others. Counted, not timed.
@Suite struct LinearCheckTests {
  private func numbered(_ line: String, _ numbers: Range<Int>) -> String {
    numbers.map { line.replacing("#", with: "\($0)") }.joined(separator: "\n")
  }

  /// Names of one function in many modules: the owner is a part of what is hashed.
  @Test func namesakesInModulesHaveHashesOfTheirOwn() {
    let keys = (0..<100).map { MemberKey(owner: .module("m\($0)"), name: "f") }
    #expect(Set(keys.map(\.hashValue)).count > 90)
  }

  // MARK: Rows

  /// No row is made before somebody asks for it.
  @Test func theRowsOfAMatrixTakeTheRoomOfItsValues() throws {
    let found = CheckedSource(
      "scenario \"s\" for a in 0..99, b in 0..99, c in 0..9 { print a + b + c }\n")
    let rows = try #require(found.checked.scenarios.first).rows
    #expect(rows.count == 100_000)
    #expect(rows.axes.map(\.values.count) == [100, 100, 10])
    // The last variable goes round first.
    #expect(rows[0].id == "[a=0,b=0,c=0]")
    #expect(rows[11].id == "[a=0,b=1,c=1]")
    #expect(rows[99_999].id == "[a=99,b=99,c=9]")
  }

  /// Those are tried in which a value occurs that none before had: 1 + 2 + 1 of the six.
  @Test func eachValueOccursInTheRowsThatAreTried() {
    let found = CheckedSource(
      "scenario \"s\" for a in 1..3, b in [true, false] { print \"{a}{b}\" }\n")
    let rows = found.checked.scenarios[0].coveringRows.map(\.id)
    #expect(rows == ["[a=1,b=true]", "[a=1,b=false]", "[a=2,b=true]", "[a=3,b=true]"])
    let single = CheckedSource("scenario \"s\" { print 1 }\n").checked.scenarios[0]
    #expect(single.coveringRows.map(\.id) == [""])
  }

  @Test func theScenariosOfAFileHaveOnlySoManyRowsTogether() {
    let line = "scenario \"s#\" for a in 0..99, b in 0..99, c in 0..9 { print a + b + c }"
    #expect(CheckedSource(numbered(line, 0..<10)).all.isEmpty)
    let all = CheckedSource(numbered(line, 0..<13)).all
    #expect(all.map(\.code.rawValue) == ["E0602"])
    #expect(all.first?.message == "the file's scenarios have more than 1000000 rows together")
    #expect(all.first?.help?.contains("another file") == true)
  }

  // MARK: Trials

  /// A trial ends when it has made as much as it is to make, in the middle of a scenario too.
  @Test func aTrialThatHasDoneEnoughEnds() {
    let found = CheckedSource("scenario \"s\" {\n\(numbered("print #", 0..<1_000))\n}\n")
    let scenario = found.checked.scenarios[0]
    let trial = Trial()
    trial.add(999_000)
    let lowering = Lowering(found.checked, scenario, scenario.rows[0], trial: trial)
    lowering.run()
    #expect(lowering.isEnough)
    #expect(lowering.program.instructions.count < 1_100)
  }

  /// Of a scenario's own mistakes no more are kept than are shown.
  @Test func aHundredWrongCommandsAreEnough() {
    let found = CheckedSource("scenario \"s\" {\n\(numbered("$ kgr statsu#", 0..<300))\n}\n")
    let scenario = found.checked.scenarios[0]
    let lowering = Lowering(found.checked, scenario, scenario.rows[0])
    lowering.run()
    #expect(lowering.diagnostics.count == 100)
    #expect(lowering.isFull)
  }

  // MARK: What a kernel uses

  private func uses(_ kernel: String) -> KernelUses {
    CheckedSource("kernel \"4.4\" {\n\(kernel)\n}\npatch z { new fn h() { return 0 } }\n")
      .checked.index.uses
  }

  private func key(_ name: String) -> MemberKey { MemberKey(owner: .kernel, name: name) }

  /// `h` is copied into `i`, and with it into `f` and `g`.
  @Test func copiesAreFoundThroughInlineFunctions() {
    let uses = uses(
      """
      inline fn h() { return 1 }
      inline fn i() { return h() }
      fn f() { return i() }
      fn g() { return i() }
      inline fn alone() { return 2 }
      """)
    func copies(_ replaced: [String]) -> [String] {
      uses.copies(of: key("h"), without: { replaced.contains($0.name) }, most: 9).map(\.name)
    }
    #expect(copies([]) == ["f", "g"])
    #expect(copies(["f"]) == ["g"])
    #expect(copies(["f", "g"]).isEmpty)
    for replaced in [[], ["f"], ["g"], ["f", "g"]] {
      let isCopied = uses.isCopied(key("h")) { replaced.contains($0.name) }
      #expect(isCopied == !copies(replaced).isEmpty, "\(replaced)")
    }
    #expect(!uses.isCopied(key("alone")) { _ in false })
    #expect(uses.copies(of: key("h"), without: { _ in false }, most: 1).count == 1)
  }

  /// A constant is read where one is that is made of it, an inline function where it is copied.
  @Test func readersAreKnownOfAllConstants() {
    let uses = uses(
      """
      const a = 1
      const b = a + 1
      const c = 3
      const d = 4
      notrace fn f() { return b }
      inline fn i() { return c }
      inline fn j() { return d }
      fn g() { return i() }
      """)
    #expect(uses.isRead(key("a")) && uses.isRead(key("b")) && uses.isRead(key("c")))
    #expect(!uses.isRead(key("d")))
    #expect(uses.untracedReader(of: key("a")) == key("f"))
    #expect(uses.untracedReader(of: key("c")) == nil)
    #expect(uses.constants(madeOf: [key("a")]) == [key("b")])
  }

  // MARK: Calls

  /// A chain of calls is no recursion of ours: of a hundred thousand functions each is looked into
  /// once, whoever comes to it.
  @Test func aBlockThatMustNotSleepMayCallAsDeepAsATextIsLong() {
    let chain = (0..<20_000).map { "fn f\($0)() { f\($0 + 1)() }" }.joined(separator: "\n")
    let found = CheckedSource(
      """
      kernel "4.4" {
      queue q
      \(chain)
      fn f20000() { wait q }
      fn a() { irqs off { f0() } }
      fn b() { irqs off { f5() } }
      }
      """)
    #expect(found.all.map(\.code) == [.notInAtomic])
  }
}
