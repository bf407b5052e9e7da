import Graft

/// Files that come into the session.
extension Console {
  /// A path as a shell would take it: without quotes, and `~/` from home.
  func path(_ text: String) -> String {
    var path = text
    for quote in ["\"", "'"] where path.count > 1 && path.hasPrefix(quote) && path.hasSuffix(quote)
    {
      path = String(path.dropFirst().dropLast())
    }
    if path.hasPrefix("~/"), let home = around.home { path = home + path.dropFirst() }
    return path
  }

  func load(_ text: String) {
    let path = path(text)
    guard !path.isEmpty else { return usage("load") }
    if path == "example" { return bring(path, Array(Example.text.utf8)) }
    switch around.read(path) {
    case .failure(let failure):
      complain("can't read \(escapingControls(path)): \(failure.reason)")
    case .success(let bytes): bring(path, bytes)
    }
  }

  private func bring(_ path: String, _ bytes: [UInt8]) {
    guard !session.text.loadedFiles.contains(path) else {
      return complain("\(path) is loaded already; `reload` reads it again")
    }
    let before = session
    let (failed, found, sources) = session.load(path, bytes: bytes, reader: around.reader(path))
    show(found, sources)
    guard !failed else {
      note(.source)
      guard !before.text.loadedFiles.isEmpty else { return }
      return say(paint.dim("`reset` starts again without what is loaded"))
    }
    retell()
    if session.steps != before.steps {
      say(
        paint.dim(
          "· with it steps are others: everything was done again at its moments, up to \(position)")
      )
    }
    sayLoaded(path)
  }

  private func sayLoaded(_ path: String) {
    let names = session.text.names
    func list(_ what: String, _ names: [String]) -> String? {
      guard !names.isEmpty else { return nil }
      let shown = names.prefix(8).joined(separator: ", ")
      return "\(what) " + shown + (names.count > 8 ? ", …" : "")
    }
    let parts = [
      list(names.programs.count == 1 ? "program" : "programs", names.programs),
      list(names.patches.count == 1 ? "patch" : "patches", names.patches),
    ].compactMap { $0 }
    if !parts.isEmpty { say(parts.joined(separator: "; ")) }
    let scenarios = session.text.scenarios
    if scenarios.count == 1 {
      say(
        paint.dim("scenario \"\(escapingControls(scenarios[0].title.text))\"; `scenario` starts it")
      )
    } else if !scenarios.isEmpty {
      say(paint.dim("\(scenarios.count) scenarios; `scenario` lists them"))
    }
  }

  func reload() {
    guard !session.text.inputs.isEmpty || !session.text.entries.isEmpty else {
      return complain("nothing is loaded", .good)
    }
    var text = SessionText()
    text.brokenRules = session.text.brokenRules
    for input in session.text.inputs {
      switch input {
      case .typed(let typed): _ = text.read(typed)
      case .file(let path):
        guard let bytes = bytes(of: path) else { return }
        let found = text.load(path, bytes: bytes, reader: around.reader(path))
        guard !found.contains(where: { $0.severity == .error }) else {
          note(.source)
          return show(found, text.sources)
        }
      }
    }
    let statements = session.text.entries.filter(\.isTyped).map(\.text)
    let title = session.text.isScenario ? session.text.header.title.text : nil
    let rowID = session.text.rowID
    let (next, diagnostics) = LiveSession.start(text, cancelledWhen: around.isCancelled)
    guard let next else {
      note(.source)
      return show(diagnostics, text.sources)
    }
    replace(by: next)
    if let title { return start(title, rowID: rowID, token: nil) }
    for statement in statements where session.end == nil { enterStatement(statement) }
    say(paint.dim("at \(position)"))
  }

  /// Nothing is there any more; the way back is.
  func reset(silently isSilent: Bool = false) {
    var text = SessionText()
    text.brokenRules = session.text.brokenRules
    guard let next = LiveSession.start(text, cancelledWhen: around.isCancelled).session else {
      return
    }
    let before = Future(session: session, observations: observations, isElsewhere: true)
    let count = session.text.entries.count
    replace(by: next)
    branches = [:]
    branchName = "main"
    editDraft = nil
    if !before.session.text.inputs.isEmpty || count > 0 { future = before }
    guard !isSilent else { return }
    say(paint.dim("a new session; `forward` returns to the one before"))
  }

  private func bytes(of path: String) -> [UInt8]? {
    if path == "example" { return Array(Example.text.utf8) }
    switch around.read(path) {
    case .success(let bytes): return bytes
    case .failure(let failure):
      complain("can't read \(escapingControls(path)): \(failure.reason)")
      return nil
    }
  }
}
