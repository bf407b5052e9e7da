import Exploration

extension Witness {
  /// Of how many steps it is, how often somebody is interrupted in it, and which of that is the
  /// least that there is.
  var figureWords: String? {
    guard let figures, lasso == nil else { return nil }
    let steps = schedule.count == 1 ? "1 step" : "\(schedule.count) steps"
    let count = figures.preemptions
    let preemptions = count == 1 ? "1 preemption" : "\(count) preemptions"
    let least =
      switch (figures.isLeast, figures.leastOfAll) {
      case (_, count): "as few as in any"
      case (true, nil): "as few as in any that is as short"
      case (true, let fewer?): "as few as in any that is as short; a longer one has \(fewer)"
      case (false, _): "and whether fewer do was too much to search"
      }
    return "\(steps), as few as in any schedule that shows this; \(preemptions), \(least)"
  }
}
