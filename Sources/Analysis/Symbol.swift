import Diagnostics
import Machine
import Syntax

/// In whose name space a member of the kernel stands.
package enum Owner: Hashable, Sendable {
  case kernel
  case module(String)
  /// A patch's own helpers and variables.
  case patch(String)
}

/// Names a constant, variable, queue, lock, record or function of a kernel.
package struct MemberKey: Hashable, Sendable {
  package var owner: Owner
  package var name: String
  /// The second function of a name in its object is number 2 (sympos).
  package var occurrence = 1

  /// Of the kernel's own, which most are, the name says all.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(occurrence)
    switch owner {
    case .kernel: break
    case .module(let owner), .patch(let owner): hasher.combine(owner)
    }
  }

  /// Whether it is a patch's own, and not the kernel's.
  var isOfPatch: Bool { if case .patch = owner { true } else { false } }

  /// As the text would write it: `ext4::ext4_sync`, `f@2`.
  package var spelling: String {
    let plain = occurrence == 1 ? name : "\(name)@\(occurrence)"
    guard case .module(let module) = owner else { return plain }
    return "\(module)::\(plain)"
  }
}

/// A parameter, a `let`, a `var` of a body, or a loop's variable; numbered over all files.
package struct LocalID: Hashable, Sendable {
  package let number: Int
}

/// What a name in the text means.
package enum Symbol: Hashable, Sendable {
  case local(LocalID)
  /// A variable of the scenario's matrix, by its place.
  case axis(Int)
  case constant(MemberKey)
  case variable(MemberKey)
  case queue(MemberKey)
  case lock(MemberKey)
  case record(MemberKey)
  case function(MemberKey)
  case patch(String)
  /// In the body of a family of patches: the number of the member.
  case familyNumber(String)
  case program(String)
  case definition(Int)
  case world(WorldProperty)
  case universe(isNew: Bool)
  case engine(String)
  case errno(Errno)
  /// No object.
  case null
  case host(String)
}

/// A patch as a scenario means it: one that stands alone, or a member of a family, by its number.
package struct PatchReference: Hashable, Sendable {
  package var patch: String
  package var member: Int64?

  package init(patch: String, member: Int64? = nil) {
    self.patch = patch
    self.member = member
  }

  /// `bump_3`: as sysfs, modules and packages have it.
  package var name: String {
    member.map { "\(patch)_\($0 < 0 ? "minus_\($0.magnitude)" : "\($0)")" } ?? patch
  }
}

/// Where code stands, and so what it may do.
package enum Context: String, Hashable, Sendable, CaseIterable {
  case operatorBody, userTask, kernel, kernelThread, interrupt

  /// As in "may stand in …".
  package var place: String {
    switch self {
    case .operatorBody: "a scenario"
    case .userTask: "a program"
    case .kernel: "kernel code"
    case .kernelThread: "a kernel thread"
    case .interrupt: "an interrupt handler"
    }
  }
}

extension SourceRange {
  /// What the machine carries of a place in the text.
  var origin: Origin { Origin(file: file.index, lower: lower, upper: upper) }
}
