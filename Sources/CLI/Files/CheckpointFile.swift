import ArgumentParser
import Graft
import Synchronization

/// The file in which it is kept how far one search came: written anew now and then and when a bound
/// ends the search, and what another one goes on from.
final class CheckpointFile: Sendable {
  /// Where it is written; nil: it is only gone on from.
  private let path: String?
  private let resumedPath: String?
  private let resumed: Checkpoint?
  private let everySeconds: Double
  private let state = Mutex(State())

  private struct State {
    var lastKept = CaseRunner.clock()
    /// Written, and not by the way: the search is not over.
    var command: String?
    var complaint: String?
  }

  /// Seconds between two, where nobody says.
  private static let usualSeconds = 60.0

  /// Throws the exit status where there is nothing to go on from.
  init(path: String?, everySeconds: Double?, resuming resumedPath: String?) throws {
    self.path = path
    self.resumedPath = resumedPath
    self.everySeconds = everySeconds ?? Self.usualSeconds
    guard let resumedPath else {
      resumed = nil
      return
    }
    do throws(SourceReader.Failure) {
      let bytes = try SourceReader.read(resumedPath, limit: .max)
      do throws(Checkpoint.Mistake) {
        resumed = try Checkpoint(bytes: bytes)
      } catch {
        throw SourceReader.Failure(path: resumedPath, reason: error.reason)
      }
    } catch {
      Terminal.printError(
        "graft: can't go on from \(escapingControls("\(error.path): \(error.reason)"))\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }

  /// Puts it to work for a search. Gives why it can't go on from what it was to go on from.
  func join(_ options: inout RunOptions, of identity: Checkpoint.Identity) -> String? {
    if let resumed {
      if let objection = resumed.objection(to: identity) { return refusal(objection) }
      options.snapshot = resumed.snapshot
    }
    guard path != nil else { return nil }
    options.keeping = SearchKeeping(
      isDue: { self.state.withLock { CaseRunner.clock() - $0.lastKept >= self.everySeconds } },
      keep: { self.keep(Checkpoint(identity, $0)) })
    return nil
  }

  func refusal(_ reason: String) -> String {
    let path = resumedPath ?? path ?? ""
    return "graft: can't go on from \(escapingControls("\(path): \(reason)"))\n"
  }

  private func keep(_ checkpoint: Checkpoint) {
    guard let path else { return }
    do throws(SourceReader.Failure) {
      let draft = try WholeFile.Draft(of: path)
      try draft.append(checkpoint.bytes)
      try draft.publish()
      let words =
        ["explore", checkpoint.identity.scenario] + checkpoint.identity.options
        + ["--resume", path]
      state.withLock {
        $0.command = Failure.command(words)
        $0.complaint = nil
      }
    } catch {
      let complaint = "graft: can't write \(escapingControls("\(error.path): \(error.reason)"))\n"
      state.withLock { $0.complaint = complaint }
    }
    state.withLock { $0.lastKept = CaseRunner.clock() }
  }

  /// Says where it was kept how far the search came, or that it could not be. False: it could not.
  ///
  /// - Parameter isOver: everything has been seen, and nothing is left to go on with.
  func conclude(isOver: Bool) -> Bool {
    let (command, complaint) = state.withLock { ($0.command, $0.complaint) }
    if let complaint {
      Terminal.printError(complaint)
      return false
    }
    if let command, !isOver {
      Terminal.printError("graft: how far the search came is kept; to go on:\n  \(command)\n")
    }
    return true
  }
}
