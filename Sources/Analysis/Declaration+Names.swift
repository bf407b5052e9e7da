import Syntax

extension Declaration {
  /// Whether its name, or that of a member, is missing.
  var lacksName: Bool {
    switch self {
    case .patch(let patch): patch.name.isMissing || patch.members.contains { $0.lacksName }
    case .program(let program): program.name.isMissing
    case .definition(let definition): definition.name.isMissing
    case .kernel(let kernel): kernel.members.contains { $0.lacksName }
    case .module(let module): module.members.contains { $0.lacksName }
    default: false
    }
  }
}

extension KernelMember {
  fileprivate var lacksName: Bool {
    switch self {
    case .constant(let node): node.name.isMissing
    case .variable(let node): node.name.isMissing
    case .lock(let node): node.name.isMissing
    case .queue(let node): node.name.isMissing
    case .record(let node): node.name.isMissing
    case .function(let node): node.name.isMissing
    case .module(let node): node.members.contains { $0.lacksName }
    case .handler: false
    }
  }
}

extension PatchMember {
  fileprivate var lacksName: Bool {
    switch self {
    case .constant(let node): node.name.isMissing
    case .variable(let node): node.name.isMissing
    case .function(let node): node.name.isMissing
    case .module(let node): node.members.contains { $0.lacksName }
    case .shadow(let node): node.name.isMissing
    default: false
    }
  }
}
