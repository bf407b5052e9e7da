import Glibc
import Graft

/// The folder of the nearest `graft.toml`, upwards from where a command was started.
///
/// Batches and lists work there, wherever in the project they are started: a scenario's name, and
/// with it the part of a batch that it belongs to, what `--rerun last` knows of it and the places
/// in reports, hangs on the project alone. What is typed counts from where it was typed.
enum Project {
  /// Where the process was started. It is asked for before the folder is ever changed.
  private static let startingFolder = currentFolder

  private static var currentFolder: String? {
    guard let raw = getcwd(nil, 0) else { return nil }
    defer { free(raw) }
    return String(cString: raw)
  }

  /// Commands that a project's file is for.
  private static let commands: Set<String> = ["run", "explore", "list", "mutate"]

  static func isMeant(by words: [String]) -> Bool {
    words.first.map(commands.contains) ?? false && !words.contains("--no-config")
  }

  /// Goes to the folder of the project, if there is one.
  ///
  /// - Parameter words: the whole command line.
  static func enter(_ words: [String]) {
    guard isMeant(by: words), let here = startingFolder, let root = folder(above: here),
      root != here, chdir(root) == 0
    else { return }
    Terminal.printError("graft: in \(escapingControls(root)), where \(Configuration.fileName) is\n")
  }

  /// The nearest folder with a `graft.toml`, from one upwards.
  private static func folder(above start: String) -> String? {
    // Most often there is none, and asking costs a microsecond a folder.
    var folder = start
    while true {
      let path = (folder == "/" ? "" : folder) + "/" + Configuration.fileName
      if access(path, F_OK) == 0 { return folder }
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }

  /// A path as it was typed, from the folder at hand.
  static func path(typed: String) -> String {
    guard !typed.hasPrefix("/"), typed != "-", let started = startingFolder,
      started != currentFolder
    else { return typed }
    return PathName.normalised("\(started)/\(typed)")
  }

  /// A word that names scenarios as it was typed. A name that a report or a message has shown is
  /// good everywhere in the project.
  static func word(typed: String) -> String {
    guard !FileSelection.isStandardInput(typed), path(typed: typed) != typed,
      let started = startingFolder
    else { return typed }
    let whole = "\(started)/\(typed)"
    return !isThere(whole) && isThere(typed) ? typed : word(tidied: whole)
  }

  /// A word with its path in order; what it picks of the file stays as it is.
  static func word(tidied word: String) -> String {
    let path = FileSelection.split(word).path
    return PathName.normalised(path)
      + String(decoding: word.utf8.dropFirst(path.utf8.count), as: UTF8.self)
  }

  private static func isThere(_ word: String) -> Bool {
    access(FileSelection.split(word).path, F_OK) == 0
  }
}
