import ArgumentParser
import Glibc
import Graft

/// What the batches of this folder have left to do: `--rerun last`.
///
/// A scenario that failed, or was not reached, stands there until it passes, whatever else is run
/// meanwhile. What ran with other options is kept apart: with another seed it is another question.
///
/// It stands in `XDG_STATE_HOME`, a file for each folder that graft was started in, so that no
/// project gets a file that it would have to ignore. There is none where nothing failed.
struct LastRun {
  /// What is left of the batches that ran in one way.
  struct Rest: Hashable {
    /// `run` or `explore`, and the options that its verdicts depend on.
    var how: [String]
    /// Scenarios that failed, and what was not reached: words of a command line.
    var words: [String]
  }

  /// The last batch's first.
  var rests: [Rest] = []

  /// Ways that are remembered.
  private static let greatestCount = 8

  private static var path: String? {
    guard let folder = StateFolder.path, let here = realpath(".", nil) else { return nil }
    defer { free(here) }
    return "\(folder)/last-\(String(Partition.hash(String(cString: here)), radix: 36))"
  }

  static func read() -> LastRun {
    var last = LastRun()
    guard let path, let bytes = try? SourceReader.read(path) else { return last }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\0") {
      let text = String(line.dropFirst())
      switch line.first {
      case "c": last.rests.append(Rest(how: [text], words: []))
      case "o" where !last.rests.isEmpty: last.rests[last.rests.count - 1].how.append(text)
      case "w" where !last.rests.isEmpty: last.rests[last.rests.count - 1].words.append(text)
      default: break
      }
    }
    last.rests.removeAll { $0.words.isEmpty }
    return last
  }

  /// The words of a command line, with the options that the last batch ran with before them: what
  /// failed with them fails with them. Where it searched, this searches.
  static func expanded(_ words: [String]) -> [String] {
    guard let command = words.first, ["run", "explore"].contains(command),
      words.contains("--rerun") || words.contains("--rerun=last"), let rest = read().rests.first
    else { return words }
    return [command == "explore" ? command : rest.how[0]] + rest.how.dropFirst()
      + words.dropFirst()
  }

  /// What the last batch left to do.
  ///
  /// - Parameter typed: of these files; of all where there are none.
  static func words(within typed: [String]) throws -> [String] {
    let last = read()
    guard let rest = last.rests.first else {
      Terminal.printError("graft: nothing failed in the last run here\n")
      throw ExitCode(ExitStatus.nothingSelected.rawValue)
    }
    var gone: [String] = []
    for word in rest.words {
      let path = String(RestKeeper.path(of: word))
      if gone.last != path, access(path, F_OK) != 0 { gone.append(path) }
    }
    for path in gone {
      Terminal.printError("graft: \(escapingControls(path)) is not there, and is left out\n")
    }
    var words = rest.words
    if !gone.isEmpty {
      let missing = Set(gone)
      words.removeAll { missing.contains(String(RestKeeper.path(of: $0))) }
    }
    for other in last.rests where other.how != rest.how {
      let command = Failure.command([other.how[0], "FILE…"] + other.how.dropFirst())
      Terminal.printError("graft: \(other.words.count) more are left of \(command)\n")
    }
    if !typed.isEmpty {
      words = try Self.words(of: FileSelection(typed).requests, words)
    }
    guard !words.isEmpty else {
      Terminal.printError("graft: nothing that failed is left\(typed.isEmpty ? "" : " there")\n")
      throw ExitCode(ExitStatus.nothingSelected.rawValue)
    }
    return words
  }

  /// Those of the words that lie within requests. Of a whole file whose source was broken, what was
  /// asked for.
  private static func words(
    of requests: [FileRequest], _ words: [String]
  ) throws -> [String] {
    var picks: [String: [String?]] = [:]
    for request in requests {
      if request.picks.isEmpty { picks[request.path, default: []].append(nil) }
      for pick in request.picks {
        guard case .name(let name) = pick else {
          Terminal.printError("graft: --rerun goes with files and FILE::NAME, and not with lines\n")
          throw ExitCode(ExitStatus.usage.rawValue)
        }
        picks[request.path, default: []].append(name)
      }
    }
    return words.flatMap { word -> [String] in
      let path = String(RestKeeper.path(of: word))
      let name = word.dropFirst(path.count + 2)
      let wanted = picks[path] ?? []
      if wanted.contains(nil) { return [word] }
      let names = wanted.compactMap { $0 }
      if name.isEmpty { return names.map { "\(path)::\($0)" } }
      return names.contains { name == $0 || name.hasPrefix($0 + "[") } ? [word] : []
    }
  }

  /// What is left of the batches that ran in a way.
  subscript(how: [String]) -> [String] {
    get { rests.first { $0.how == how }?.words ?? [] }
    set {
      rests.removeAll { $0.how == how }
      if !newValue.isEmpty { rests.insert(Rest(how: how, words: newValue), at: 0) }
      if rests.count > Self.greatestCount { rests.removeLast() }
    }
  }

  /// A state that can't be kept fails no batch.
  func write() {
    guard let path = Self.path, let folder = StateFolder.path else { return }
    guard !rests.isEmpty else {
      unlink(path)
      return
    }
    var parent = ""
    for part in folder.split(separator: "/") {
      parent += "/" + part
      mkdir(parent, 0o700)
    }
    var lines: [String] = []
    for rest in rests {
      lines += rest.how.enumerated().map { ($0.offset == 0 ? "c" : "o") + $0.element }
      lines += rest.words.map { "w" + $0 }
    }
    guard let draft = try? WholeFile.Draft(of: path) else { return }
    do throws(SourceReader.Failure) {
      try draft.append(Array(lines.map { $0 + "\0" }.joined().utf8))
      try draft.publish()
    } catch {
      return
    }
  }
}

/// Keeps up what is left while a batch runs.
struct RestKeeper {
  private let how: [String]
  /// Whether the batch does what was left, and looks at nothing else.
  private let isRerun: Bool
  /// What was left before, by file, and is not known to be done.
  private var old: [Substring: [String]] = [:]
  private var oldOrder: [Substring] = []
  /// What this batch leaves.
  private var new: [String] = []
  private var known: Set<String> = []
  /// What was left before and passes now.
  private var done: Set<String> = []

  init(_ how: [String], isRerun: Bool) {
    self.how = how
    self.isRerun = isRerun
    for word in LastRun.read()[how] {
      let path = Self.path(of: word)
      if old[path] == nil { oldOrder.append(path) }
      old[path, default: []].append(word)
    }
  }

  static func path(of word: String) -> Substring { FileSelection.split(word).path[...] }

  /// A file's turn has come: what of it is run now is known anew.
  ///
  /// - Parameter isAll: nothing but the request leaves scenarios of the file out.
  mutating func began(_ request: FileRequest, isAll: Bool) {
    guard isAll, let words = old[request.path[...]] else { return }
    guard !request.picks.isEmpty else {
      old[request.path[...]] = nil
      return
    }
    let picked = Set(request.words)
    old[request.path[...]] = words.filter { word in
      // All rows of a scenario are picked by its name.
      !picked.contains(word)
        && !word.indices.contains { word[$0] == "[" && picked.contains(String(word[..<$0])) }
    }
  }

  mutating func passed(_ id: ScenarioID) {
    if !old.isEmpty, old[id.path[...]] != nil { done.insert("\(id)") }
  }

  mutating func add(_ word: String) {
    // Standard input is gone when it has been read.
    guard word != "-", !word.hasPrefix("-::"), !word.hasPrefix("-:") else { return }
    if known.insert(word).inserted { new.append(word) }
  }

  /// The batch is over.
  func write() {
    // A file that is away for a rerun may come back; a whole batch without it is done with it.
    let there = oldOrder.filter { isRerun || access(String($0), F_OK) == 0 }
    let kept = there.flatMap { old[$0] ?? [] }.filter {
      !known.contains($0) && !done.contains($0)
    }
    var last = LastRun.read()
    let words = kept + new
    // A batch that was all right changes nothing of what others have left.
    guard last[how] != words || !words.isEmpty else { return }
    last[how] = words
    last.write()
  }
}
