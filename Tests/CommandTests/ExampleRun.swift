import Graft

/// The text of an example, with the files that follow after `# file: NAME` lines.
struct ExampleText {
  var files: [(name: String, text: String)] = [("main.graft", "")]

  init(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# file: ") {
        files.append((String(line.dropFirst(8)), ""))
      } else {
        files[files.count - 1].text += line + "\n"
      }
    }
  }

  var unit: ScenarioUnit {
    ScenarioUnit(path: files[0].name, bytes: Array(files[0].text.utf8)) { path in
      guard let file = files.first(where: { $0.name == path }) else {
        return .failure(.init(reason: "No such file or directory"))
      }
      return .success(Array(file.text.utf8))
    }
  }
}

/// Everything that reading, checking, linting, lowering and running a text has to say.
func everythingSaid(about text: String, steps: Int) -> [Diagnostic] {
  let unit = ExampleText(text).unit
  var all = unit.diagnostics
  guard !unit.hasErrors, let tree = unit.trees.last else { return all }
  all += Linter.lint(LintedFile(tree, in: unit.trees, unit.sources))
  for entry in unit.entries {
    let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
    all += diagnostics
    guard let scenario else { continue }
    var options = RunOptions()
    options.limits = .untrusted
    options.limits.virtualNanoseconds = 86_400_000_000_000
    options.limits.steps = steps
    options.bounds.states = steps
    let record = ScenarioRunner(scenario, options).run(skipping: entry.skipReason)
    all += [record.outcome.failure?.diagnostic].compactMap { $0 } + record.warnings
  }
  return all
}
