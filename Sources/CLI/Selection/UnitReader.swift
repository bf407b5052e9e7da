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
      let root = root(for: path)
      guard let real = resolved(used) else {
        return .failure(.init(reason: String(cString: strerror(errno))))
      }
      guard isInside(real, root) else {
        return .failure(.init(reason: "it leads outside the scenario root \(root)"))
      }
      do throws(SourceReader.Failure) {
        return .success(try SourceReader.read(real))
      } catch {
        return .failure(.init(reason: error.reason))
      }
    }
  }

  private static func root(for path: String) -> String {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let own = folder.isEmpty ? "." : folder.joined(separator: "/") + "/."
    let current = resolved(".") ?? "/"
    return resolved(own).map { isInside($0, current) ? current : $0 } ?? current
  }

  private static func isInside(_ path: String, _ root: String) -> Bool {
    path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
