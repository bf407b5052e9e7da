import Glibc
import Graft

/// What the last batch of this folder left to do: `--rerun last`.
///
/// It stands in `XDG_STATE_HOME`, a file for each folder that graft was started in, so that no
/// project gets a file that it would have to ignore. There is none where nothing failed.
struct LastRun {
  /// Scenarios that failed, and what was not reached: words of a command line.
  var words: [String] = []
  /// By what the rest was selected.
  var tags: [String] = []
  var filters: [String] = []

  private static var folder: String? {
    if let state = Terminal.environment("XDG_STATE_HOME"), state.hasPrefix("/") {
      return state + "/graft"
    }
    guard let home = Terminal.environment("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/graft"
  }

  private static var path: String? {
    guard let folder, let here = realpath(".", nil) else { return nil }
    defer { free(here) }
    return "\(folder)/last-\(String(Partition.hash(String(cString: here)), radix: 36))"
  }

  /// Nil when the last batch left nothing, or there was none.
  static func read() -> LastRun? {
    guard let path, let bytes = try? SourceReader.read(path) else { return nil }
    var last = LastRun()
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\0") {
      let text = String(line.dropFirst())
      switch line.first {
      case "t": last.tags.append(text)
      case "f": last.filters.append(text)
      default: last.words.append(text)
      }
    }
    return last.words.isEmpty ? nil : last
  }

  /// A state that can't be kept fails no batch.
  func write() {
    guard let path = Self.path, let folder = Self.folder else { return }
    guard !words.isEmpty else {
      unlink(path)
      return
    }
    var parent = ""
    for part in folder.split(separator: "/") {
      parent += "/" + part
      mkdir(parent, 0o700)
    }
    let lines = tags.map { "t" + $0 } + filters.map { "f" + $0 } + words.map { "w" + $0 }
    guard let draft = try? WholeFile.Draft(of: path) else { return }
    do throws(SourceReader.Failure) {
      try draft.append(Array(lines.map { $0 + "\0" }.joined().utf8))
      try draft.publish()
    } catch {
      return
    }
  }
}
