import Exploration
import Machine

extension Fault {
  /// Whether it says that something asserted is not so; the others say that the scenario could not
  /// go on.
  var isVerdict: Bool {
    switch self {
    case .assertionFailed, .awaitExpired, .violated, .oops, .deadlock, .lostText: true
    case .unexpectedOutcome(_, let got): got == nil
    default: false
    }
  }
}

extension SearchResult {
  /// What shows that something claimed is not so comes before what shows that a schedule can't go
  /// on, in whatever order they were found: a violation is one however it was come to.
  mutating func putVerdictsFirst() {
    let isVerdict = { (witness: Witness) -> Bool in
      if case .fault(let fault) = witness.flaw { fault.isVerdict } else { true }
    }
    guard witnesses.contains(where: isVerdict), witnesses.contains(where: { !isVerdict($0) }) else {
      return
    }
    witnesses = witnesses.filter(isVerdict) + witnesses.filter { !isVerdict($0) }
  }
}
