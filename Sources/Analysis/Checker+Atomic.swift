import Diagnostics
import Syntax

/// `irqs off`, `bh off` and `atomic`: blocks in which the kernel must not sleep ("scheduling while
/// atomic"), and which are left by their end alone. An `atomic` block is one step on top of that,
/// so that it may not wait for anything at all, nor go on for ever.
extension Checker {
  func checkAtomicBlocks(_ number: Int) {
    place = Place(context: .kernel, kernel: number)
    for key in index.kernels[number].order {
      for body in bodies(of: key) { searchBlocks(body.body) }
    }
    guard number == index.booted else { return }
    for patch in index.patches {
      for key in patch.ownOrder {
        if let body = patch.own[key]?.function?.body { searchBlocks(body) }
      }
    }
  }

  private func searchBlocks(_ block: Block) {
    block.forEachStatement { statement in
      switch statement.kind {
      case .interruptsOff(let body): AtomicBlock(.interruptsOff, self).check(body)
      case .bottomHalvesOff(let body): AtomicBlock(.bottomHalvesOff, self).check(body)
      case .atomic(let body): AtomicBlock(.oneStep, self).check(body)
      default: break
      }
    }
  }
}

/// One such block, and everything that its code may come to.
private final class AtomicBlock {
  enum Kind: String {
    case interruptsOff = "irqs off"
    case bottomHalvesOff = "bh off"
    case oneStep = "atomic"
  }

  private let kind: Kind
  private let checker: Checker
  private var visited: Set<MemberKey> = []
  private var path: [(name: String, range: SourceRange)] = []

  init(_ kind: Kind, _ checker: Checker) {
    self.kind = kind
    self.checker = checker
  }

  func check(_ block: Block) {
    check(block, loops: 0, isOutermost: true)
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
    for expression in statement.expressions { expression.forEachPart(check) }
    for block in statement.blocks {
      check(block, loops: loops + (isLoop ? 1 : 0), isOutermost: isOutermost)
    }
  }

  private func check(_ expression: Expression) {
    switch expression.kind {
    case .wait: refuse("wait", expression.range)
    case .choose where kind == .oneStep: refuse("choose", expression.range)
    case .call(let callee, _):
      guard case .function(let key)? = checker.facts.symbols[callee.range],
        visited.insert(key).inserted
      else { return }
      path.append((name: key.spelling, range: callee.range))
      for body in checker.bodies(of: key) { check(body.body, loops: 0, isOutermost: false) }
      path.removeLast()
    default: break
    }
  }

  private func refuse(_ what: String, _ range: SourceRange) {
    checker.report(.notInAtomic(what, block: kind.rawValue, path: path, at: range))
  }

  private func leaves(_ word: String, _ range: SourceRange) {
    checker.report(.leavesAtomic(word, block: kind.rawValue, at: range))
  }
}
