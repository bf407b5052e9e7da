import Diagnostics
import Syntax

/// Brings in a file and every file that it uses.
///
/// It does no I/O of its own: the host hands in a function that reads a path. Paths in `use` are
/// relative to the file that says them; none leads outside the scenario root.
package struct SourceLoader {
  /// Reads the file at a path below the root, or says why it can't.
  package typealias Reader = (_ path: String) -> Result<[UInt8], ReadFailure>

  package struct ReadFailure: Error, Hashable, Sendable {
    package var reason: String
    package init(reason: String) { self.reason = reason }
  }

  package private(set) var sources = SourceMap()
  package private(set) var trees: [SourceFile] = []
  package private(set) var diagnostics: [Diagnostic] = []
  /// Paths that are loaded, or being loaded.
  private var known: [String: SourceFileID] = [:]
  private var open: [String] = []
  private let read: Reader

  /// Files a scenario may be made of.
  package static let greatestFileCount = 256

  /// - Parameter sources: what has been read before.
  package init(reader: @escaping Reader, adding sources: SourceMap = SourceMap()) {
    read = reader
    self.sources = sources
  }

  /// Adds a file that was named by the user, and what it uses, deepest first.
  ///
  /// - Parameter path: as the user named it; `use` in it is relative to it.
  @discardableResult
  package mutating func load(_ path: String, bytes: [UInt8]) -> SourceFileID {
    let file = sources.add(SourceText(name: path, bytes: bytes))
    take(file, path: Self.normalised(path) ?? path)
    return file
  }

  /// Says why a file is not read; it has a name, and no line to point at.
  mutating func refuse(_ path: String, _ reason: String) {
    let file = sources.add(SourceText(name: path, bytes: []))
    let range = SourceRange(file: file, lower: 0, upper: 0)
    diagnostics.append(.unreadable(path, reason, range))
  }

  /// Adds a text that was typed: it stands in no file, and uses none.
  package mutating func add(_ text: SourceText) -> SourceFileID { sources.add(text) }

  private mutating func take(_ file: SourceFileID, path: String) {
    known[path] = file
    open.append(path)
    defer { open.removeLast() }
    let (tree, found) = parse(sources[file], file: file)
    diagnostics += found
    let mistakes = found.compactMap(\.range).sorted { $0.lower < $1.lower }
    for declaration in tree.declarations {
      // What is no path at all was reported where it should stand.
      if case .use(let use) = declaration, !use.path.range.isEmpty,
        !Self.holds(use.path.range, oneOf: mistakes)
      {
        bring(use, from: path)
      }
    }
    trees.append(tree)
  }

  /// Whether one of these, which stand in their order, begins in a range.
  private static func holds(_ range: SourceRange, oneOf sorted: [SourceRange]) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].lower < range.lower { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && range.contains(sorted[low].lower)
  }

  private mutating func bring(_ use: UseDeclaration, from path: String) {
    let range = use.path.range
    guard let target = Self.resolve(use.path.text, from: path) else {
      diagnostics.append(.useOutsideRoot(use.path.text, range))
      return
    }
    guard !target.isEmpty else {
      diagnostics.append(
        .unreadable(use.path.text, "it is a directory; name a file in it", range))
      return
    }
    if let start = open.firstIndex(of: target) {
      diagnostics.append(.useCycle(open[start...] + [target], range))
      return
    }
    guard known[target] == nil else { return }
    guard known.count < Self.greatestFileCount else {
      diagnostics.append(.tooManyFiles(Self.greatestFileCount, range))
      return
    }
    switch read(target) {
    case .failure(let failure):
      diagnostics.append(.unreadable(target, failure.reason, range))
    case .success(let bytes):
      let file = sources.add(SourceText(name: target, bytes: bytes), includedFrom: range)
      take(file, path: target)
    }
  }

  // MARK: Paths

  /// The path that `use` means, or nil when it leads out of the root.
  static func resolve(_ written: String, from path: String) -> String? {
    guard !written.isEmpty, !written.hasPrefix("/"), !written.utf8.contains(0) else { return nil }
    let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return normalised((directory + [Substring(written)]).joined(separator: "/"))
  }

  /// Without `.` and `..`; nil when `..` would leave the root.
  static func normalised(_ path: String) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      switch part {
      case ".": continue
      case "..":
        guard !parts.isEmpty else { return nil }
        parts.removeLast()
      default: parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}

extension DiagnosticCode {
  package static let useOutsideRoot = DiagnosticCode(rawValue: "E0801")
  package static let useCycle = DiagnosticCode(rawValue: "E0802")
  package static let unreadable = DiagnosticCode(rawValue: "E0803")
  package static let tooManyFiles = DiagnosticCode(rawValue: "E0804")
}

extension Diagnostic {
  static func useOutsideRoot(_ path: String, _ range: SourceRange) -> Diagnostic {
    guard !path.isEmpty else {
      return Diagnostic(
        .error, .useOutsideRoot, "`use` names no file", labels: [.primary(range)],
        help: "write the path of a scenario file, relative to this one")
    }
    return Diagnostic(
      .error, .useOutsideRoot, "`\(path)` is outside the scenario root",
      labels: [.primary(range)],
      help: "name a file below the folder that graft was started for, relative to this one")
  }

  static func useCycle(_ chain: [String], _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .useCycle, "the files use each other in a circle", labels: [.primary(range)],
      notes: [chain.joined(separator: " uses ")],
      help: "move what both need into a third file")
  }

  static func unreadable(
    _ path: String, _ reason: String, _ range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .unreadable, "`\(path)` can't be read: \(reason)", labels: [.primary(range)])
  }

  static func tooManyFiles(_ limit: Int, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .tooManyFiles, "more than \(limit) files are used", labels: [.primary(range)])
  }
}
