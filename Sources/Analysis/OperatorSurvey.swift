import Diagnostics
import Machine
import Syntax

/// What the code of a scenario's operator names, that of the `def`s that it can come to included:
/// all that must be known before its first body is lowered. It is found in one walk over the text,
/// when the scenario is lowered: what is only checked for its errors needs none.
package struct OperatorSurvey: Sendable {
  /// A patch; of a family, with the number that stands behind it.
  struct PatchMention: Sendable {
    var name: String
    var member: Expression?
  }

  /// A loop that counts over a range.
  struct CountedLoop: Sendable {
    var variable: LocalID
    var low: Expression
    var high: Expression
  }

  fileprivate(set) var patches: [PatchMention] = []
  fileprivate(set) var countedLoops: [CountedLoop] = []
  fileprivate(set) var commands: [(listed: ListedCommand, range: SourceRange)] = []
  /// Variables of programs that are read: `t.got`.
  fileprivate(set) var taskVariables: [String] = []
  /// Locals that hold a command's result whose status is read.
  fileprivate(set) var statusReads: Set<LocalID> = []
  fileprivate(set) var reboots = false
  /// Whether it writes to files, and whether one of its texts names the file of the taints.
  fileprivate(set) var writesFiles = false
  fileprivate(set) var namesTaint = false
}

/// Makes the surveys of a text's scenarios, one after the other.
package final class OperatorSurveyor {
  private let index: Index
  private let facts: Facts
  @exclusivity(unchecked) private var survey = OperatorSurvey()
  /// `def`s that have been come to, and blocks that are still to be gone through.
  @exclusivity(unchecked) private var seen: Set<Int> = []
  @exclusivity(unchecked) private var open: [Block] = []

  init(_ index: Index, _ facts: Facts) {
    self.index = index
    self.facts = facts
  }

  package func survey(of scenario: Checked.Scenario) -> OperatorSurvey {
    survey(of: index.scenarios[scenario.number].body)
  }

  private func survey(of body: Block) -> OperatorSurvey {
    survey = OperatorSurvey()
    seen.removeAll()
    open = [body]
    while let block = open.popLast() {
      block.forEachStatement { statement in
        note(statement)
        // A verb's word names nothing.
        if case .verb(let node) = statement.kind {
          for argument in node.arguments { argument.forEachPart(note) }
        } else {
          statement.forEachExpression { $0.forEachPart(note) }
        }
      }
    }
    return survey
  }

  private func note(_ statement: Statement) {
    switch statement.kind {
    case .verb(let node):
      if node.verb.text == "reboot" { survey.reboots = true }
      if node.verb.text == "write" { survey.writesFiles = true }
    case .forLoop(let loop):
      guard case .range(let low, let high) = loop.sequence.unparenthesised.kind,
        let variable = facts.localAt[loop.variable.range]
      else { return }
      survey.countedLoops.append(
        OperatorSurvey.CountedLoop(variable: variable, low: low, high: high))
    default: break
    }
  }

  private func note(_ expression: Expression) {
    switch expression.kind {
    case .reference:
      switch facts.symbols[expression.range] {
      case .definition(let number):
        if seen.insert(number).inserted { open.append(index.definitions[number].body) }
      case .patch(let name): survey.patches.append(OperatorSurvey.PatchMention(name: name))
      default: break
      }
    case .index(let base, let member):
      guard case .patch(let name)? = facts.symbols[base.range] else { break }
      survey.patches.append(OperatorSurvey.PatchMention(name: name, member: member))
    case .shell(let text):
      for listed in facts.commands(of: text, expression.range) {
        survey.commands.append((listed, expression.range))
        let name = listed.words.name
        if name == nil || name == "echo" || name == "sysctl" { survey.writesFiles = true }
      }
      noteText(text)
    case .string(let text): noteText(text)
    case .member(let base, let name): noteMember(name.text, of: base)
    default: break
    }
  }

  private func noteText(_ text: InterpolatedText) {
    if survey.namesTaint { return }
    for case .text(let part) in text.segments where Self.namesTaint(part) {
      survey.namesTaint = true
    }
  }

  /// Looked for in every text of a scenario, byte by byte.
  private static func namesTaint(_ text: String) -> Bool {
    var rest = text.utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "t")) {
      rest = rest[start...]
      if rest.starts(with: "tainted".utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  private func noteMember(_ name: String, of base: Expression) {
    switch facts.kind(at: base.range) {
    case .task:
      guard !survey.taskVariables.contains(name),
        !TaskProperty.all.contains(where: { $0.name == name })
      else { return }
      survey.taskVariables.append(name)
    case .result:
      guard name == "status", case .local(let id)? = facts.symbols[base.range] else { return }
      survey.statusReads.insert(id)
    default: break
    }
  }
}
