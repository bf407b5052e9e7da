import Diagnostics
import Syntax

/// `irqs off`, `bh off` and `atomic`: blocks in which the kernel must not sleep ("scheduling while
/// atomic"), and which are left by their end alone. An `atomic` block is one step on top of that,
/// so that it may not wait for anything at all, nor go on for ever.
///
/// What such a block calls is walked with a list, not by recursion, and each function is looked
/// into once for each kind of block: what is wrong with it is said of the first that comes to it.
extension Checker {
  func checkAtomicBlocks(_ number: Int) {
    place = Place(context: .kernel, kernel: number)
    let kinds = AtomicBlocks.Kind.allCases.map { AtomicBlocks($0, self) }
    for key in index.kernels[number].order {
      for body in bodies(of: key) { searchBlocks(body.body, kinds) }
    }
    guard number == index.booted else { return }
    for patch in index.patches {
      for key in patch.ownOrder {
        if let body = patch.own[key]?.function?.body { searchBlocks(body, kinds) }
      }
    }
  }

  private func searchBlocks(_ block: Block, _ kinds: [AtomicBlocks]) {
    block.forEachStatement { statement in
      for blocks in kinds {
        if let body = blocks.kind.body(of: statement) { blocks.check(body) }
      }
    }
  }
}

/// The blocks of one kind, and everything that their code may come to.
private final class AtomicBlocks {
  enum Kind: String, CaseIterable {
    case interruptsOff = "irqs off"
    case bottomHalvesOff = "bh off"
    case oneStep = "atomic"

    func body(of statement: Statement) -> Block? {
      switch (self, statement.kind) {
      case (.interruptsOff, .interruptsOff(let body)),
        (.bottomHalvesOff, .bottomHalvesOff(let body)), (.oneStep, .atomic(let body)):
        body
      default: nil
      }
    }
  }

  /// A function that is called, and how the walk came to it.
  private struct Visit {
    var key: MemberKey
    var call: SourceRange
    var caller: Int?
  }

  let kind: Kind
  private let checker: Checker
  private var seen: Set<MemberKey> = []
  private var visits: [Visit] = []
  /// The visit that is being made; nil in the block itself.
  private var current: Int?

  init(_ kind: Kind, _ checker: Checker) {
    self.kind = kind
    self.checker = checker
  }

  func check(_ block: Block) {
    visits = []
    current = nil
    check(block, loops: 0, isOutermost: true)
    var next = 0
    while next < visits.count {
      current = next
      for body in checker.bodies(of: visits[next].key) {
        check(body.body, loops: 0, isOutermost: false)
      }
      next += 1
    }
  }

  private func check(_ block: Block, loops: Int, isOutermost: Bool) {
    for statement in block.statements {
      check(statement, loops: loops, isOutermost: isOutermost)
    }
  }

  private func check(_ statement: Statement, loops: Int, isOutermost: Bool) {
    let range = statement.range
    var isLoop = false
    switch statement.kind {
    case .returnValue where isOutermost: leaves("return", range)
    case .breakLoop where isOutermost && loops == 0: leaves("break", range)
    case .continueLoop where isOutermost && loops == 0: leaves("continue", range)
    case .safePoint: refuse("safe point", range)
    case .verb(let node) where node.verb.text == "sleep": refuse("sleep", range)
    case .verb(let node) where kind == .oneStep && ["lock", "unlock"].contains(node.verb.text):
      refuse(node.verb.text, range)
    case .verb(let node) where kind == .oneStep && node.verb.text == "wake":
      if node.arguments.count > 1 { refuse("wake … of some", range) }
    case .verb(let node) where kind == .oneStep && node.verb.text == "work":
      if case .range? = node.arguments.first?.unparenthesised.kind { refuse("work D..D", range) }
    case .whileLoop, .endlessLoop, .forLoop:
      isLoop = true
      if kind == .oneStep { refuse("a loop", range) }
    default: break
    }
    statement.forEachExpression { $0.forEachPart(check) }
    statement.forEachBlock { check($0, loops: loops + (isLoop ? 1 : 0), isOutermost: isOutermost) }
  }

  private func check(_ expression: Expression) {
    switch expression.kind {
    case .wait: refuse("wait", expression.range)
    case .choose where kind == .oneStep: refuse("choose", expression.range)
    case .call(let callee, _):
      guard case .function(let key)? = checker.facts.symbols[callee.range],
        seen.insert(key).inserted
      else { return }
      visits.append(Visit(key: key, call: callee.range, caller: current))
    default: break
    }
  }

  private func refuse(_ what: String, _ range: SourceRange) {
    checker.report(.notInAtomic(what, block: kind.rawValue, path: path(), at: range))
  }

  /// Calls that a message shows; those in the middle of a longer way are left out.
  private static let greatestPath = 8

  private func path() -> [(name: String, range: SourceRange)] {
    var path: [(name: String, range: SourceRange)] = []
    var number = current
    while let visit = number.map({ visits[$0] }) {
      path.append((visit.key.spelling, visit.call))
      number = visit.caller
    }
    path.reverse()
    guard path.count > Self.greatestPath else { return path }
    let half = Self.greatestPath / 2
    return Array(path.prefix(half) + path.suffix(half))
  }

  private func leaves(_ word: String, _ range: SourceRange) {
    checker.report(.leavesAtomic(word, block: kind.rawValue, at: range))
  }
}
