import Diagnostics

/// `patch bump for n in 1..15 { … }`; without `for`, a single patch.
package struct PatchDeclaration: Hashable, Sendable {
  package var name: Name
  /// The index of a family, whose members are called `bump[3]`.
  package var family: MatrixAxis?
  package var members: [PatchMember]
  package var range: SourceRange
}

/// What may stand in a patch, and in a `module "…" { … }` of a patch. The parser reports members
/// of the whole patch (package, fixes, replaces, immediate, states, callbacks, modules) inside a
/// module.
package enum PatchMember: Hashable, Sendable {
  case package(PackageClause)
  case vermagic(VermagicClause)
  case fixes(FixesClause)
  /// `replaces all`.
  case replacesAll(SourceRange)
  /// `immediate`: nobody is waited for.
  case immediate(SourceRange)
  case constant(ConstantDeclaration)
  /// A variable of the patch's own.
  case variable(VariableDeclaration)
  case function(FunctionDeclaration)
  case module(PatchedModule)
  /// `record inode { more }`: fields that objects made by patched code have in addition.
  case record(RecordDeclaration)
  case shadow(ShadowDeclaration)
  case state(StateDeclaration)
  case callback(Callback)

  package var range: SourceRange {
    switch self {
    case .package(let node): node.range
    case .vermagic(let node): node.range
    case .fixes(let node): node.range
    case .replacesAll(let range): range
    case .immediate(let range): range
    case .constant(let node): node.range
    case .variable(let node): node.range
    case .function(let node): node.range
    case .module(let node): node.range
    case .record(let node): node.range
    case .shadow(let node): node.range
    case .state(let node): node.range
    case .callback(let node): node.range
    }
  }
}

/// `package "kgraft-patch-3_12_61-52-default" version "2-2.1"`.
package struct PackageClause: Hashable, Sendable {
  package var name: TextLiteral
  package var version: TextLiteral?
  package var range: SourceRange
}

/// `vermagic "3.12.61-52-default"`: the kernel that the patch's module was built for.
package struct VermagicClause: Hashable, Sendable {
  package var release: TextLiteral
  package var range: SourceRange
}

/// `fixes "CVE-2016-8666", "bsc#1001487"`.
package struct FixesClause: Hashable, Sendable {
  package var references: [TextLiteral]
  package var range: SourceRange
}

/// `module "ext4" { … }` in a patch: what is replaced in that module.
package struct PatchedModule: Hashable, Sendable {
  package var name: TextLiteral
  package var members: [PatchMember]
  package var range: SourceRange
}

/// `shadow extra on inode`.
package struct ShadowDeclaration: Hashable, Sendable {
  package var name: Name
  package var record: Name
  package var range: SourceRange
}

/// `state 1 version 2` (livepatch).
package struct StateDeclaration: Hashable, Sendable {
  package var id: Expression
  package var version: Expression
  package var range: SourceRange
}

/// `on pre_patch in module "ext4" { … }` (livepatch).
package struct Callback: Hashable, Sendable {
  package enum Moment: Hashable, Sendable { case prePatch, postPatch, preUnpatch, postUnpatch }

  package var moment: Moment
  package var module: TextLiteral?
  package var body: Block
  package var range: SourceRange
}
