import Diagnostics

/// `kernel "3.12.61-52-default" { … }`.
package struct KernelDeclaration: Hashable, Sendable {
  package var release: TextLiteral
  package var members: [KernelMember]
  package var range: SourceRange
}

/// `module "ext4" at boot { … }`, in a kernel or at the top of a file.
package struct ModuleDeclaration: Hashable, Sendable {
  package var name: TextLiteral
  /// The words `at boot`, where they stand.
  package var atBoot: SourceRange?
  package var members: [KernelMember]
  package var range: SourceRange
}

/// What may stand in a kernel or in a module. The tree allows every member in both; the parser
/// reports `on init` outside a module and a module inside a module.
package enum KernelMember: Hashable, Sendable {
  case constant(ConstantDeclaration)
  case variable(VariableDeclaration)
  case lock(LockDeclaration)
  case queue(QueueDeclaration)
  case record(RecordDeclaration)
  case function(FunctionDeclaration)
  case module(ModuleDeclaration)
  case handler(ModuleHandler)

  package var range: SourceRange {
    switch self {
    case .constant(let node): node.range
    case .variable(let node): node.range
    case .lock(let node): node.range
    case .queue(let node): node.range
    case .record(let node): node.range
    case .function(let node): node.range
    case .module(let node): node.range
    case .handler(let node): node.range
    }
  }
}

/// `const max_frame = 9000`.
package struct ConstantDeclaration: Hashable, Sendable {
  package var name: Name
  package var value: Expression
  package var range: SourceRange
}

/// `var accepted in 0..3 = 0`, `var seen = list[8]`; also a statement in any body.
package struct VariableDeclaration: Hashable, Sendable {
  package var name: Name
  /// The range after `in`.
  package var bounds: Expression?
  package var value: Expression
  package var range: SourceRange
}

/// `lock table_lock`.
package struct LockDeclaration: Hashable, Sendable {
  package var name: Name
  package var range: SourceRange
}

/// `queue packets`.
package struct QueueDeclaration: Hashable, Sendable {
  package var name: Name
  package var range: SourceRange
}

/// `record inode[8] { size = 0; flags in 0..3 = 0 }`; in a patch, `record inode { more }`.
package struct RecordDeclaration: Hashable, Sendable {
  package var name: Name
  /// How many of them there can be at once. Absent in a patch.
  package var pool: Expression?
  package var fields: [FieldDeclaration]
  package var range: SourceRange
}

/// `flags in 0..3 = 0`: bounds and first value may be left out.
package struct FieldDeclaration: Hashable, Sendable {
  package var name: Name
  package var bounds: Expression?
  package var value: Expression?
  package var range: SourceRange
}

/// `inline fn check(length) { … }` and its relatives.
package struct FunctionDeclaration: Hashable, Sendable {
  package enum Flavour: Hashable, Sendable {
    case function
    case systemCall
    /// `irq timer every 4ms on cpu 1`. A patch, which replaces the handler alone, gives no period.
    case interrupt(period: Expression?, cpu: Expression?)
    case kernelThread
  }

  package var flavour: Flavour
  package var attributes: [FunctionAttribute]
  /// The word `new` of a patch's own helper, where it stands.
  package var newWord: SourceRange?
  package var name: Name
  /// The 2 of `fn f@2`: the second function of that name in its object (sympos).
  package var occurrence: Occurrence?
  package var parameters: [Name]
  package var body: Block
  package var range: SourceRange
}

/// `inline` or `notrace` before a function; before a patch's also what is to be made of it when the
/// kernel lacks it.
package struct FunctionAttribute: Hashable, Sendable {
  package enum Kind: Hashable, Sendable, CaseIterable {
    case inline, notrace
    /// The patch was built for another kernel, and this one lacks the function, or can't trace it.
    case foreign
    /// The patch can do without it, or can't (`abort_if_missing`).
    case weak, required

    package var word: Word {
      switch self {
      case .inline: .inline
      case .notrace: .notrace
      case .foreign: .foreign
      case .weak: .weak
      case .required: .required
      }
    }

    init?(_ word: Word?) {
      guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
      self = kind
    }

    /// Whether it says something of the function that is replaced, not of the code.
    package var isOfPatch: Bool { self == .foreign || self == .weak || self == .required }
  }

  package var kind: Kind
  package var range: SourceRange
}

/// The `@2` of `f@2`, counted from 1.
package struct Occurrence: Hashable, Sendable {
  package var number: Int
  package var range: SourceRange
}

/// `on init { … }`, `on exit { … }` of a module.
package struct ModuleHandler: Hashable, Sendable {
  package enum Moment: Hashable, Sendable { case initialisation, exit }

  package var moment: Moment
  package var body: Block
  package var range: SourceRange
}
