import Machine

extension RunEnd {
  /// Whether steps may be made from the world that is left: not where one was broken off.
  func leavesWholeWorld(of program: Program) -> Bool {
    guard case .fault(let fault) = self else { return true }
    switch fault {
    case .assertionFailed, .unexpectedOutcome, .commandFailed, .awaitExpired: return true
    case .violated(let number, _):
      let property = program.properties[number]
      if case .monitor = property.kind { return property.isAboutStalling }
      return true
    default: return false
    }
  }

  /// Code has crashed: nothing is left to be said of who waits for what.
  var isCrash: Bool {
    switch self {
    case .fault(.oops), .fault(.lostText): true
    default: false
    }
  }
}
