import Administration
import Analysis
import Diagnostics
import Machine
import Patching
import Syntax
import Testing

/// A source, parsed and checked, with what a person sees of it.
struct CheckedSource {
  var checked: Checked
  var renderer: DiagnosticRenderer
  var parseDiagnostics: [Diagnostic]

  init(_ source: String, name: String = "demo.graft", hosts: [HostDeclaration] = [catHost]) {
    var map = SourceMap()
    let text = SourceText(name: name, source)
    let file = map.add(text)
    let (tree, diagnostics) = parse(text, file: file)
    parseDiagnostics = diagnostics
    renderer = DiagnosticRenderer(sources: map)
    checked = Analyzer.check([tree], map, hosts: hosts, commands: Commands.all)
  }

  var all: [Diagnostic] { parseDiagnostics + checked.diagnostics }

  /// What keeps its scenarios from running besides.
  var refusals: [Diagnostic] {
    guard !all.contains(where: { $0.severity == .error }) else { return [] }
    return checked.scenarios.flatMap { scenario in
      scenario.rows.flatMap { checked.lower(scenario, $0).diagnostics }
    }
  }
}

/// Stands in for the real one: says whether a transition is on its way.
let catHost = HostDeclaration(
  name: "cat", parameters: [.string], result: .string, help: "the content of a file",
  function: HostFunction(name: "cat", parameterCount: 1) { arguments, machine, row, workspace in
    guard workspace.strings.string(for: arguments[0]) == "/sys/kernel/kgraft/in_progress" else {
      return .failure(.ENOENT)
    }
    return .value(workspace.strings.intern(machine.engine.isInProgress(machine, &row) ? "1" : "0"))
  })

/// What a person sees who hands in `source`.
///
/// - Parameter lowering: whether what its scenarios can't run for is shown too.
func rendered(_ source: String, lowering: Bool = false) -> String {
  let source = CheckedSource(source)
  var refusals: [Diagnostic] = []
  // Rows of a matrix are refused for the same reasons.
  for refusal in lowering ? source.refusals : [] where !refusals.contains(refusal) {
    refusals.append(refusal)
  }
  return source.renderer.render(source.all + refusals)
}

/// Holds the diagnostics of each chunk (between lines of `---`) against its own lines: a line that
/// ends in `# error: E0201 some words` must have that diagnostic, with these words in its message,
/// and no other line may have any.
///
/// - Parameter lowering: whether what its scenarios can't run for counts too.
func check(
  _ source: String, lowering: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
) {
  for chunk in source.components(separatedBy: "\n---\n") {
    let found = CheckedSource(chunk)
    var lines: [Int: [String]] = [:]
    for diagnostic in found.all + (lowering ? found.refusals : []) {
      guard let range = diagnostic.range else { continue }
      let line = found.renderer.sources.position(at: range.lower, in: range.file).line
      lines[line, default: []].append("\(diagnostic.code.rawValue) \(diagnostic.message)")
    }
    for (number, text) in chunk.components(separatedBy: "\n").enumerated() {
      let wanted = expectation(text)
      let got = lines[number + 1] ?? []
      let isExpected =
        wanted.count == got.count && zip(wanted, got).allSatisfy { matches($0, $1) }
      #expect(
        isExpected, "line \(number + 1): \(text)\nfound \(got)", sourceLocation: sourceLocation)
    }
  }
}

private func expectation(_ line: String) -> [String] {
  var result: [String] = []
  for part in line.components(separatedBy: "# error: ").dropFirst() {
    result.append(part.trimmed)
  }
  return result
}

private func matches(_ wanted: String, _ got: String) -> Bool {
  guard let code = wanted.split(separator: " ").first, got.hasPrefix(code) else { return false }
  let words = wanted.dropFirst(code.count).description.trimmed
  return words.isEmpty || got.contains(words)
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = Substring(self)
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}

/// Holds what the user sees of a source against a text.
func snapshot(
  _ source: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(rendered(source) == expected, sourceLocation: sourceLocation)
}
