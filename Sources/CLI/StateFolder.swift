/// Where programs keep what is worth keeping and nobody's work (XDG): what is to be run again, what
/// was typed, what was learnt.
enum StateFolder {
  /// Nil where there is no home.
  static var path: String? {
    if let folder = Terminal.environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return folder + "/graft"
    }
    guard let home = Terminal.environment("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/graft"
  }
}
