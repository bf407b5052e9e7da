import ArgumentParser
import Graft

/// What `--replay` names: a token, or `@FILE`, `@FILE:passes`, `@FILE:fails` for one that `--save`
/// has written.
struct ReplayRequest: Sendable {
  /// The tokens it may be, the likeliest first: which of a file's, its scenario says.
  var tokens: [ReplayToken]
  /// Their scenarios, where they are known.
  var names: [String?]

  init(_ text: String) throws {
    guard text.hasPrefix("@") else {
      guard let token = ReplayToken(text) else {
        throw ValidationError(
          "'\(escapingControls(text))' is not a replay token; one looks like "
            + "\(ReplayToken.version)-1f3c-0.1.0*3, and @FILE takes one from a file of --save")
      }
      tokens = [token]
      names = [nil]
      return
    }
    let (typed, kind) = Self.split(text.dropFirst())
    let path = Project.path(typed: typed)
    let entries: [SavedSchedules.Entry]
    do throws(SourceReader.Failure) {
      let bytes = try SourceReader.read(path)
      entries = try Self.read(bytes, path).entries(of: kind)
    } catch {
      throw ValidationError(escapingControls("\(error.path): \(error.reason)"))
    }
    guard !entries.isEmpty else {
      throw ValidationError(
        escapingControls("\(path): there is no schedule in it that \(kind?.rawValue ?? "runs")"))
    }
    tokens = entries.map(\.token)
    names = entries.map(\.id)
  }

  private static func split(_ text: Substring) -> (path: String, kind: SavedSchedules.Kind?) {
    for kind in SavedSchedules.Kind.allCases where text.hasSuffix(":\(kind.rawValue)") {
      return (String(text.dropLast(kind.rawValue.count + 1)), kind)
    }
    return (String(text), nil)
  }

  private static func read(
    _ bytes: [UInt8], _ path: String
  ) throws(SourceReader.Failure) -> SavedSchedules {
    do throws(SavedSchedules.Mistake) {
      return try SavedSchedules(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw SourceReader.Failure(path: path, reason: error.reason)
    }
  }

  /// The one for a scenario of that text: one that belongs to another is taken where there is no
  /// better, and whoever runs it says so.
  func token(for textHash: UInt32) -> ReplayToken? {
    tokens.first { $0.textHash == textHash } ?? tokens.first
  }

  /// The one for a scenario by that name, as far as names are known.
  func token(named name: String?) -> ReplayToken? {
    let place = name.flatMap { name in names.firstIndex { $0?.hasSuffix("::\(name)") ?? false } }
    return place.map { tokens[$0] } ?? tokens.first
  }
}
