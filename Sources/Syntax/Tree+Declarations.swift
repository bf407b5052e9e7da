import Diagnostics

/// What may stand at the top of a file.
package enum Declaration: Hashable, Sendable {
  case use(UseDeclaration)
  case kernel(KernelDeclaration)
  case module(ModuleDeclaration)
  case patch(PatchDeclaration)
  case program(ProgramDeclaration)
  case machine(MachineBlock)
  case definition(Definition)
  case boot(BootDeclaration)
  case scenario(ScenarioDeclaration)

  package var range: SourceRange {
    switch self {
    case .use(let node): node.range
    case .kernel(let node): node.range
    case .module(let node): node.range
    case .patch(let node): node.range
    case .program(let node): node.range
    case .machine(let node): node.range
    case .definition(let node): node.range
    case .boot(let node): node.range
    case .scenario(let node): node.range
    }
  }
}

/// `use "common/kernels.graft"`: brings in the declarations of another file.
package struct UseDeclaration: Hashable, Sendable {
  package var path: TextLiteral
  package var range: SourceRange
}

/// `boot "3.12.61-52-default"`: picks one of several kernels.
package struct BootDeclaration: Hashable, Sendable {
  package var release: Expression
  package var range: SourceRange
}

/// `program server(port) { … }`: a user task.
package struct ProgramDeclaration: Hashable, Sendable {
  package var name: Name
  package var parameters: [Name]
  package var body: Block
  package var range: SourceRange
}

/// `def settle(limit) { … }`: an operator's helper.
package struct Definition: Hashable, Sendable {
  package var name: Name
  package var parameters: [Name]
  package var body: Block
  package var range: SourceRange
}

/// `machine { cpus 4; patching kgraft "4.4" }`, at the top of a file or first in a scenario.
package struct MachineBlock: Hashable, Sendable {
  package var settings: [MachineSetting]
  package var range: SourceRange
}

/// `patching kgraft "4.4"`: a key and its values, separated by blanks.
package struct MachineSetting: Hashable, Sendable {
  package var key: Name
  package var values: [Expression]
  package var range: SourceRange
}

/// `scenario "title" in every schedule for n in [1, 2] @tag { … }`, or `lesson "title" { … }`.
///
/// A lesson is a scenario whose body also teaches: chapters, questions, pauses, views.
package struct ScenarioDeclaration: Hashable, Sendable {
  package enum Flavour: Hashable, Sendable { case scenario, lesson }

  package var flavour: Flavour
  package var title: TextLiteral
  /// The words `in every schedule`, where they stand.
  package var everySchedule: SourceRange?
  /// The axes of the matrix, in written order.
  package var axes: [MatrixAxis]
  /// Without their `@`.
  package var tags: [Name]
  package var body: Block
  package var range: SourceRange
}

/// `n in [1, 10]` after `for`: one axis of a matrix, or the index of a patch family.
package struct MatrixAxis: Hashable, Sendable {
  package var variable: Name
  package var values: Expression
  package var range: SourceRange
}
