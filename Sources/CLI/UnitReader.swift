import ArgumentParser
import Glibc
import Graft

/// From the arguments of a command to units and what was picked of each.
enum UnitReader {
  struct Picked {
    var unit: ScenarioUnit
    /// The scenarios that were named, or all of them.
    var selection: [ScenarioEntry]
  }

  /// Reads every file named. A file that can't be read, or a name that no scenario has, ends the
  /// command with its message.
  static func read(_ arguments: [String]) throws -> [Picked] {
    var picked: [Picked] = []
    for argument in arguments {
      let (path, name) = split(argument)
      let bytes: [UInt8]
      do throws(SourceReader.Failure) {
        bytes = try SourceReader.read(path)
      } catch {
        throw complaint("can't read \(error.path): \(error.reason)", .usage)
      }
      let shown = path == "-" ? "<stdin>" : path
      let unit = ScenarioUnit(
        path: path, shownAs: shown, bytes: bytes, reader: reader(for: path))
      picked.append(Picked(unit: unit, selection: try select(name, of: unit)))
    }
    return picked
  }

  /// `FILE::NAME`, cut at the first `::`, unless there is a file of that whole name.
  static func split(_ argument: String) -> (path: String, name: String?) {
    if access(argument, F_OK) == 0 { return (argument, nil) }
    let bytes = Array(argument.utf8)
    for index in bytes.indices.dropLast()
    where bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: ":") {
      let path = String(decoding: bytes[..<index], as: UTF8.self)
      return (path, String(decoding: bytes[(index + 2)...], as: UTF8.self))
    }
    return (argument, nil)
  }

  private static func select(_ name: String?, of unit: ScenarioUnit) throws -> [ScenarioEntry] {
    guard let name, !unit.hasErrors else { return unit.entries }
    let selection = unit.entries.filter { $0.id.title == name || $0.id.name == name }
    guard selection.isEmpty else { return selection }
    let near = nearest(to: name, among: unit.entries.map(\.id.name))
    let hint = near.map { "; did you mean '\($0)'?" } ?? ""
    throw complaint("no scenario '\(name)' in \(unit.path)\(hint)", .nothingSelected)
  }

  private static func complaint(_ text: String, _ status: ExitStatus) -> ExitCode {
    Terminal.printError("graft: \(escapingControls(text))\n")
    return ExitCode(status.rawValue)
  }

  /// Reads what a file uses: nothing outside the folder that graft was started in, or outside the
  /// file's own folder where that lies elsewhere. Symbolic links count as where they lead.
  private static func reader(for path: String) -> SourceLoader.Reader {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let own = folder.isEmpty ? "." : folder.joined(separator: "/") + "/."
    let current = resolved(".") ?? "/"
    let root = resolved(own).map { isInside($0, current) ? current : $0 } ?? current
    return { used in
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

  private static func isInside(_ path: String, _ root: String) -> Bool {
    path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
