import ArgumentParser
import Graft

/// Which scenarios of the files are wanted, and by which profile of `graft.toml`. The words of the
/// latter are read before all others are (`Configuration.expanded`); here they stand so that they
/// are known and explained.
struct SelectionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only scenarios with such tags, as 'manual and not slow'.", valueName: "tags"))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only scenarios whose path::name[row] matches; an extended regular expression.",
      valueName: "regex"))
  var filter: [String] = []

  @Option(
    name: .customLong("partition"),
    help: ArgumentHelp(
      "Only this machine's part: hash:2/4 or count:2/4.", valueName: "part"))
  var partitionText: String?

  @Option(
    name: .customLong("rerun"),
    help: ArgumentHelp(
      "'last': only what failed in this folder and has not passed since, or was not reached; of "
        + "the files that are named, or of all.",
      valueName: "last"),
    completion: .list(["last"]))
  var rerunText: String?

  @Option(help: "The profile of graft.toml to go by.")
  var profile: String?

  @Flag(help: "Go by no graft.toml.")
  var noConfig = false

  /// What `files` in graft.toml says, for where the command line names none.
  @Option(
    name: .customLong(Configuration.filesOption), help: ArgumentHelp("", visibility: .private))
  var configuredFiles: [String] = []

  func validate() throws {
    if let partitionText, Partition(partitionText) == nil {
      throw ValidationError(
        "--partition '\(escapingControls(partitionText))' is no part; one looks like hash:2/4")
    }
    if let rerunText, rerunText != "last" {
      throw ValidationError("--rerun takes the word 'last'")
    }
    _ = try selection()
  }

  func selection() throws -> ScenarioSelection {
    var result = ScenarioSelection()
    result.configuredFiles = configuredFiles
    result.partition = partitionText.flatMap(Partition.init)
    result.rerunsLast = rerunText != nil
    for text in tag {
      do throws(TagExpression.Mistake) {
        result.filter.tags.append(try TagExpression(text))
      } catch {
        throw ValidationError("--tag: \(error.text(in: text))")
      }
    }
    for text in filter {
      result.filter.patterns.append(try ScenarioSelection.pattern(text, "--filter"))
    }
    result.optionWords = tag.flatMap { ["--tag", $0] } + filter.flatMap { ["--filter", $0] }
    return result
  }
}
