/// The exit statuses of `graft`; part of its contract.
enum ExitStatus: Int32 {
  case passed = 0
  /// The command line can't be understood, or a file can't be read.
  case usage = 1
  /// A source has errors.
  case source = 2
  /// A scenario could not go on: arithmetic, a failed verb, a budget.
  case broken = 3
  /// An assertion or a property did not hold.
  case failed = 4
  /// Nothing was selected.
  case nothingSelected = 5
  /// A bound was reached before there was an answer.
  case inconclusive = 6
  /// A file is not laid out as `graft fmt` would lay it out, or a run is not what was expected.
  case differs = 7
  /// Our own fault.
  case fault = 70

  /// Of all that was found in a batch, what its status says: a scenario that could not go on has
  /// not been judged at all, and comes before one that failed.
  static let byWeight: [ExitStatus] = [
    .fault, .usage, .source, .broken, .failed, .nothingSelected, .differs, .inconclusive,
  ]
}
