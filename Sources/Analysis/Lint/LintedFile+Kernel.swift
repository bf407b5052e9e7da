import Syntax

/// What the rules ask of kernels, modules, patches and programs.
extension LintedFile {
  /// The members of every kernel, and of the modules in them or beside them.
  var kernelMembers: [KernelMember] {
    declarations.flatMap { declaration -> [KernelMember] in
      switch declaration {
      case .kernel(let node): node.members.flatMap(\.withThoseOfItsModule)
      case .module(let node): node.members
      default: []
      }
    }
  }

  /// Every function of kernels, modules and patches.
  var functions: [FunctionDeclaration] {
    let ofKernels = kernelMembers.compactMap { if case .function(let f) = $0 { f } else { nil } }
    let ofPatches = declarations.flatMap { declaration -> [FunctionDeclaration] in
      guard case .patch(let patch) = declaration else { return [] }
      return patch.members.flatMap(\.functions)
    }
    return ofKernels + ofPatches
  }

  /// Every body that stands in the file itself.
  var ownBodies: [Block] {
    let ofOperatorsAndTasks = tree.declarations.compactMap { declaration -> Block? in
      switch declaration {
      case .scenario(let node): node.body
      case .definition(let node): node.body
      case .program(let node): node.body
      default: nil
      }
    }
    return ofOperatorsAndTasks
      + functions.filter { $0.range.file == tree.file }.map(\.body)
  }
}

extension KernelMember {
  fileprivate var withThoseOfItsModule: [KernelMember] {
    if case .module(let node) = self { node.members } else { [self] }
  }
}

extension PatchMember {
  fileprivate var functions: [FunctionDeclaration] {
    switch self {
    case .function(let node): [node]
    case .module(let node): node.members.flatMap(\.functions)
    default: []
    }
  }
}
