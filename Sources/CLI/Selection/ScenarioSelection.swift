import ArgumentParser
import Graft

/// Which scenarios of the files are wanted.
struct ScenarioSelection {
  var filter = ScenarioFilter()
  var partition: Partition?
  var rerunsLast = false
  /// What `files` in graft.toml says.
  var configuredFiles: [String] = []
  /// What selects scenarios beside files and parts, as words of a command line.
  var optionWords: [String] = []

  /// The words that name files: those of the command line, or of graft.toml; of these, what the
  /// last batch left to do.
  func words(_ typed: [String]) throws -> [String] {
    let typed = typed.map(Project.word(typed:))
    if rerunsLast { return try LastRun.words(within: typed) }
    let named = typed.isEmpty ? configuredFiles.map(Project.word(tidied:)) : typed
    guard !named.isEmpty else {
      Terminal.printError(
        "graft: name a scenario file, a folder, or '-'; or set `files` in graft.toml\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    return named
  }

  /// With what a build system wants.
  func filter(with environment: BatchEnvironment) throws -> ScenarioFilter {
    var filter = filter
    if let name = environment.filter {
      filter.patterns.append(try Self.pattern(name, "TESTBRIDGE_TEST_ONLY"))
    }
    return filter
  }

  static func pattern(_ text: String, _ option: String) throws -> NamePattern {
    do throws(NamePattern.Mistake) {
      return try NamePattern(text)
    } catch {
      throw ValidationError("\(option) '\(escapingControls(text))': \(error.reason)")
    }
  }
}
