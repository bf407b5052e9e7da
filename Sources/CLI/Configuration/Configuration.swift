import ArgumentParser
import Glibc
import Graft

/// `graft.toml`: options that a project wants each time. It stands in the folder that graft was
/// started in, or above (`Project`); its keys are those of `graft run`, and what it says stands
/// before the words of the command line, which therefore have the last word.
struct Configuration {
  static let fileName = "graft.toml"

  /// What a key of the file takes, as its option does; a path is one from the file's own folder.
  enum Kind { case text, number, flag, texts, path, paths }

  /// The option that carries `files`, which are words and no option on a command line.
  static let filesOption = "configured-file"

  /// Every key is an option of `graft run` by the same name. One that only makes sense for a single
  /// run, such as `--seed`, is none.
  static let keys: [(name: String, kind: Kind)] = [
    ("break", .texts), ("check", .flag), ("color", .text), ("error-format", .text),
    ("exact", .flag), ("files", .paths), ("filter", .texts), ("github-summary", .path),
    ("grain", .text), ("jobs", .number),
    ("max-depth", .number), ("max-failures", .number), ("max-memory", .text),
    ("max-search-time", .text), ("max-time", .text), ("never", .texts),
    ("no-dead-variables", .flag), ("no-partial-order", .flag), ("no-symmetry", .flag),
    ("partition", .text), ("preset", .text), ("quiet", .flag),
    ("repeat", .number), ("report-github", .flag), ("report-html", .path),
    ("report-json", .path), ("report-junit", .path), ("report-tap", .path),
    ("report-trace", .path), ("runs", .number), ("slowest", .number), ("states", .number),
    ("strategy", .text), ("tag", .texts), ("tap-version", .number), ("timed", .flag),
    ("timelines", .flag), ("timeout", .text), ("trace", .path),
    ("verbose", .flag),
  ]

  /// Options of a single run: known, and no keys.
  private static let ofOneRun: Set<String> = [
    "seed", "replay", "rerun", "limits", "watch", "update", "profile", "no-config", "help",
    "version", "save", "swarm", "checkpoint", "checkpoint-every", "resume",
  ]

  /// Those that `list` and `mutate` know as well.
  private static let selecting: Set<String> = [
    "color", "error-format", "files", "filter", "partition", "tag",
  ]

  /// The words of a command line with those of the configuration before them.
  static func expanded(_ words: [String]) throws -> [String] {
    guard let command = words.first else { return words }
    return [command] + (try options(for: words)).flatMap(\.words) + words.dropFirst()
  }

  /// Of a command line that was not understood: what of it stands in the file and is no value of
  /// its option, told with its line. That is the one without which nothing of the kind is said.
  static func mistake(for words: [String]) -> ExitCode? {
    guard let options = try? options(for: words), let told = complaint(of: options) else {
      return nil
    }
    for (place, option) in options.enumerated() {
      var others = options
      others.remove(at: place)
      if complaint(of: others) != told {
        return complaint("\(fileName):\(option.line): \(told)")
      }
    }
    return nil
  }

  private static func complaint(of options: [Option]) -> String? {
    do {
      _ = try RunCommand.parse(options.flatMap(\.words) + [FileSelection.standardInput])
      return nil
    } catch {
      return RunCommand.message(for: error)
    }
  }

  /// What the file says for a command line.
  private static func options(for words: [String]) throws -> [Option] {
    guard let command = words.first, Project.isMeant(by: words) else { return [] }
    let wanted = value(of: "--profile", in: words)
    guard access(fileName, F_OK) == 0 else {
      if let wanted { throw complaint("there is no \(fileName) with a profile '\(wanted)'") }
      return []
    }
    var options = try Configuration(path: fileName).options(profile: wanted ?? "default")
    if ["list", "mutate"].contains(command) { options.removeAll { !selecting.contains($0.key) } }
    if words.contains("--update") { options.removeAll { $0.key == "check" } }
    // The two exclude each other: the later word counts.
    if words.contains("-v") || words.contains("--verbose") {
      options.removeAll { $0.key == "quiet" }
    } else if words.contains("-q") || words.contains("--quiet") {
      options.removeAll { $0.key == "verbose" }
    }
    return options
  }

  private static func value(of option: String, in words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == option, index + 1 < words.count { return words[index + 1] }
      if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
    }
    return nil
  }

  // MARK: A file

  struct Option {
    var key: String
    var words: [String]
    /// Where it stands in the file.
    var line: Int
  }

  private let path: String
  private let text: ConfigurationText

  /// A path that the file says: relative ones begin where the file is, and not where the words
  /// were typed that stand with it (`Project`).
  private func located(_ named: String) -> String {
    guard named != "-", !named.hasPrefix("/"), let here = PathName.real(".") else { return named }
    return "\(here)/\(named)"
  }

  init(path: String) throws {
    self.path = path
    do throws(SourceReader.Failure) {
      let bytes = try SourceReader.read(path)
      do throws(ConfigurationText.Mistake) {
        text = try ConfigurationText(String(decoding: bytes, as: UTF8.self))
      } catch {
        throw SourceReader.Failure(path: "\(path):\(error.line)", reason: error.message)
      }
    } catch {
      throw Self.complaint("\(error.path): \(error.reason)")
    }
  }

  /// What a profile says: what `default` says, and then its own.
  func options(profile: String) throws -> [Option] {
    let prefix = "profile."
    for table in text.tables where !table.name.hasPrefix(prefix) {
      throw mistake(table.line, "[\(table.name)] is not known; a profile is [profile.ci]")
    }
    let profiles = text.tables.map { String($0.name.dropFirst(prefix.count)) }
    guard profile == "default" || profiles.contains(profile) else {
      let near = nearest(to: profile, among: profiles)
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      throw Self.complaint("\(path) has no profile '\(profile)'\(hint)")
    }
    // All of it is checked, whatever profile is asked for.
    let all = try text.entries.map { ($0.table, try option($0)) }
    let base = all.filter { $0.0 == "" || $0.0 == prefix + "default" }.map(\.1)
    guard profile != "default" else { return base }
    let own = all.filter { $0.0 == prefix + profile }.map(\.1)
    let replaced = Set(own.map(\.key))
    return base.filter { !replaced.contains($0.key) } + own
  }

  private func option(_ entry: ConfigurationText.Entry) throws -> Option {
    guard let (_, kind) = Self.keys.first(where: { $0.name == entry.key }) else {
      if Self.ofOneRun.contains(entry.key) {
        throw mistake(
          entry.line, "'\(entry.key)' is for a single run, and no key; it stands on a command line")
      }
      let near = nearest(to: entry.key, among: Self.keys.map(\.name))
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      throw mistake(entry.line, "unknown key '\(entry.key)'\(hint)")
    }
    let option = "--\(entry.key == "files" ? Self.filesOption : entry.key)"
    switch (kind, entry.value) {
    case (.text, .text(let text)):
      return Option(key: entry.key, words: ["\(option)=\(text)"], line: entry.line)
    case (.number, .number(let number)):
      return Option(key: entry.key, words: ["\(option)=\(number)"], line: entry.line)
    case (.flag, .flag(let isSet)):
      return Option(key: entry.key, words: isSet ? [option] : [], line: entry.line)
    case (.path, .text(let text)):
      return Option(key: entry.key, words: ["\(option)=\(located(text))"], line: entry.line)
    case (.paths, .text(let text)):
      return Option(key: entry.key, words: ["\(option)=\(located(text))"], line: entry.line)
    case (.paths, .texts(let texts)):
      return Option(
        key: entry.key, words: texts.map { "\(option)=\(located($0))" }, line: entry.line)
    case (.texts, .text(let text)):
      return Option(key: entry.key, words: ["\(option)=\(text)"], line: entry.line)
    case (.texts, .texts(let texts)):
      return Option(key: entry.key, words: texts.map { "\(option)=\($0)" }, line: entry.line)
    default:
      let wanted =
        switch kind {
        case .text, .path: "a string in quotes"
        case .number: "a whole number"
        case .flag: "true or false"
        case .texts, .paths: "a string or a list of strings"
        }
      throw mistake(entry.line, "'\(entry.key)' needs \(wanted)")
    }
  }

  private func mistake(_ line: Int, _ message: String) -> ExitCode {
    Self.complaint("\(path):\(line): \(message)")
  }

  private static func complaint(_ text: String) -> ExitCode {
    Terminal.printError("graft: \(escapingControls(text))\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }
}
