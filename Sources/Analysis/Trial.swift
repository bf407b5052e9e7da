import Patching

/// What has been lowered on trial, of a text that many scenarios share: a kernel's functions and
/// the programs are the same in each of them, and what is wrong with them need be found once.
///
/// A program that was lowered so lacks the bodies of what is known, and can't run.
package final class Trial {
  private struct Known: Hashable {
    var body: Lowering.Body
    var rules: KGraftRules
    var isKGraft: Bool
  }

  private var known: Set<Known> = []
  /// What the scenarios before have taken, in instructions.
  private var work = 0

  package init() {}

  /// Instructions that are made on trial at the most: about as long as a large file takes to check.
  private static let greatestWork = 1_000_000

  /// Whether, with so many more, as much has been tried as is to be.
  func isEnough(with more: Int) -> Bool { work + more > Self.greatestWork }

  /// Whether nothing more is tried.
  package var isDone: Bool { isEnough(with: 0) }

  func add(_ work: Int) { self.work += work }

  /// Whether a body has been lowered by the same rules before. It counts as such from now on.
  func knows(_ body: Lowering.Body, in lowering: Lowering) -> Bool {
    switch body {
    case .function, .starter, .moduleHandler: break
    // What the operator reads of it belongs to the scenario.
    case .program where lowering.taskVariables.isEmpty: break
    default: return false
    }
    let key = Known(body: body, rules: lowering.rules, isKGraft: lowering.isKGraft)
    return !known.insert(key).inserted
  }
}
