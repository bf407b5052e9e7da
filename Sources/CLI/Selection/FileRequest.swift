import Graft

/// A scenario file that was selected, and what of it.
struct FileRequest: Sendable {
  /// What picks scenarios out of a file.
  enum Pick: Sendable, Hashable {
    /// By name, or by name and row.
    case name(String)
    /// Whatever stands on a line.
    case line(Int)
  }

  var path: String
  /// Nothing: all of it.
  var picks: [Pick] = []
  /// Its content, where that was to be read at once: standard input.
  var bytes: [UInt8]?
  /// Why it is not read, where nobody named it and it lies where nothing is to be looked for.
  var refusal: String?

  /// As words of a command line.
  var words: [String] {
    guard !picks.isEmpty else { return [path] }
    return picks.map { pick in
      switch pick {
      case .name(let name): "\(path)::\(name)"
      case .line(let line): "\(path):\(line)"
      }
    }
  }

  /// What diagnostics and reports call it.
  var shownPath: String { path == "-" ? "<stdin>" : path }
}
