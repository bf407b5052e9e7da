import Machine

/// Everything that a search is given.
package struct SearchRequest: Sendable {
  /// One for arbitrary time, or, with `SearchBounds.timed`, one that keeps it.
  package var machine: Machine
  package var bounds = SearchBounds()
  package var limits = Limits.ci
  /// Who takes the steps; it changes nothing but the time.
  package var workforce: any Workforce = SingleHand()
  /// Asked now and then whether to give up.
  package var isCancelled: (@Sendable () -> Bool)?
  /// Told as often how far it is.
  package var hears: (@Sendable (SearchProgress) -> Void)?

  /// Who keeps how far it is; of schedules that are picked by chance nothing is kept.
  package var keeping: SearchKeeping?
  /// Where to go on from.
  package var snapshot: SearchSnapshot?

  package init(_ machine: Machine) { self.machine = machine }
}

/// In which order schedules are gone through. A value: whoever asks for a search picks one, and all
/// that comes behind sees a `SearchResult`.
package protocol SearchStrategy: Sendable {
  func search(_ request: SearchRequest) -> SearchResult
  /// Whether what it finds is found in no schedule of fewer steps.
  var findsShortest: Bool { get }
}

/// Every schedule, the short ones first.
package struct BreadthFirst: SearchStrategy {
  package init() {}
  package var findsShortest: Bool { true }

  package func search(_ request: SearchRequest) -> SearchResult {
    BreadthFirstSearch.run(
      request.machine, bounds: request.bounds, limits: request.limits, with: request.workforce,
      cancelledWhen: request.isCancelled, telling: request.hears, keeping: request.keeping,
      resuming: request.snapshot)
  }
}

/// Every schedule, going on from the world that was met last: far down soon, where the memory would
/// not do for all that lies above. Who waits for ever is not judged, and witnesses are long.
package struct DepthFirst: SearchStrategy {
  /// Of several ways which is gone on first; nil: in the order of their numbers.
  package var order: UInt64?

  package init(order: UInt64? = nil) { self.order = order }
  package var findsShortest: Bool { false }

  package func search(_ request: SearchRequest) -> SearchResult {
    var bounds = request.bounds
    bounds.isDepthFirst = true
    bounds.orderSeed = order
    return BreadthFirstSearch.run(
      request.machine, bounds: bounds, limits: request.limits, cancelledWhen: request.isCancelled,
      telling: request.hears, keeping: request.keeping, resuming: request.snapshot)
  }
}
