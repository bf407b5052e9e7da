import ArgumentParser
import Glibc
import Graft

/// From the words of a command that only reads to the units they mean.
enum UnitReader {
  /// Reads every file that is meant. One that can't be read ends the command with its message.
  static func read(_ words: [String]) throws -> [ScenarioUnit] {
    try FileSelection(words).requests.map { request in
      let file = FileOpener().open(request)
      guard let unit = file.unit else {
        Terminal.printError("graft: \(escapingControls(file.complaint ?? request.path))\n")
        throw ExitCode(ExitStatus.usage.rawValue)
      }
      return unit
    }
  }

  /// Reads what a file uses: nothing outside the folder that graft was started in, or outside the
  /// file's own folder where that lies elsewhere. Symbolic links count as where they lead.
  static func reader(for path: String) -> SourceLoader.Reader {
    // Most files use none: the root is looked for when one does.
    { used in
      guard let real = ScenarioRoot.resolved(used) else {
        return .failure(.init(reason: String(cString: strerror(errno))))
      }
      if let reason = ScenarioRoot(forFile: path).refusal(of: real) {
        return .failure(.init(reason: reason))
      }
      do throws(SourceReader.Failure) {
        return .success(try SourceReader.read(real))
      } catch {
        return .failure(.init(reason: error.reason))
      }
    }
  }
}
