import Graft

@testable import REPL

/// A session without a terminal: lines go in, what was said comes out.
final class Talk {
  private(set) var said = ""
  /// Files that can be loaded, and those that were written.
  var files: [String: String] = [:]
  /// What somebody does to a text in an editor.
  var editor: ((String) -> String)?
  private var console: Console?
  var session: LiveSession {
    guard let console else { preconditionFailure("nobody talks yet") }
    return console.session
  }
  var hasNoFuture: Bool { console?.future == nil }

  init(
    _ files: [String: String] = [:], breaking rules: [KGraftMutation] = [],
    cancelledWhen isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.files = files
    var around = Surroundings(
      read: { [unowned self] path in
        self.files[path].map { .success(Array($0.utf8)) } ?? .failure(.init(reason: "no such file"))
      },
      reader: { [unowned self] _ in
        { path in
          self.files[path].map { .success(Array($0.utf8)) }
            ?? .failure(.init(reason: "no such file"))
        }
      },
      write: { [unowned self] path, text in
        self.files[path] = text
        return nil
      },
      edit: { [unowned self] text in
        guard let edit = self.editor else { return .failure(.init(reason: "no editor")) }
        return .success(edit(text))
      },
      say: { [unowned self] in self.said += $0 })
    around.isCancelled = isCancelled
    console = Console(around, brokenRules: rules)
  }

  func complete(_ text: String) -> [String] {
    console?.complete(text).candidates.map(\.text) ?? []
  }

  var verdict: Console.Status { console?.verdict ?? .good }

  /// What is said to a text of one or several lines.
  @discardableResult
  func callAsFunction(_ text: String) -> String {
    let before = said.count
    guard let console else { return "" }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    Script(console).run(reading: { lines.popFirst().map(String.init) })
    return String(said.dropFirst(before))
  }
}
