import Analysis
import Diagnostics
import Syntax
import Testing

/// Holds what lint says of each chunk (between lines of `---`) against its own lines: a line that
/// ends in `# lint: W0801 some words` must have that warning, with these words in its message, and
/// no other line may have any of that rule. Each chunk must be free of errors.
func checkLint<Rule: LintRule>(
  _ rule: Rule.Type, _ source: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  for chunk in source.components(separatedBy: "\n---\n") {
    var map = SourceMap()
    let text = SourceText(name: "demo.graft", chunk)
    let file = map.add(text)
    let (tree, mistakes) = parse(text, file: file)
    let checked = Analyzer.check([tree], map, hosts: [catHost])
    #expect(mistakes.isEmpty && !checked.hasErrors, sourceLocation: sourceLocation)

    let found = Linter.lint(LintedFile(tree, in: [tree], map))
      .filter { $0.code == rule.explanation.code }
    #expect(found.allSatisfy { $0.severity == .warning }, sourceLocation: sourceLocation)
    var lines: [Int: [String]] = [:]
    for diagnostic in found {
      let line = diagnostic.range.map { map.position(at: $0.lower, in: $0.file).line } ?? 0
      lines[line, default: []].append("\(diagnostic.code.rawValue) \(diagnostic.message)")
    }
    for (number, line) in chunk.components(separatedBy: "\n").enumerated() {
      let wanted = line.components(separatedBy: "# lint: W").dropFirst().map { "W" + $0.trimmed }
      let got = lines[number + 1] ?? []
      let isExpected =
        wanted.count == got.count
        && zip(wanted, got).allSatisfy { wanted, got in
          got.hasPrefix(wanted.prefix(5))
            && (wanted.count < 7 || got.contains(String(wanted.dropFirst(6))))
        }
      #expect(
        isExpected, "line \(number + 1): \(line)\nfound \(got)", sourceLocation: sourceLocation)
    }
  }
}

/// A kernel, a patch and a program for the tests of lint.
let lintKernel = """
  kernel "3.12" {
      queue packets
      fn f() { work 1us }
      syscall recv() { wait packets; f() }
  }
  patch fix { fn f() { work 2us } }
  patch more { fn f() { work 3us } }
  program server { loop { recv() } }

  """
