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
  /// A file is not laid out as `graft fmt` would lay it out.
  case differs = 7
  /// Our own fault.
  case fault = 70
}
