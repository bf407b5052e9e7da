import Diagnostics
import Syntax
import Testing

/// What a person sees who hands in `source`: every diagnostic in the long form, without colour.
func rendered(_ source: String, name: String = "demo.graft", width: Int = 100) -> String {
  var map = SourceMap()
  let text = SourceText(name: name, source)
  let file = map.add(text)
  return DiagnosticRenderer(sources: map, width: width).render(parse(text, file: file).diagnostics)
}

/// Parses a source that must be free of errors.
@discardableResult
func parsed(
  _ source: String, sourceLocation: SourceLocation = #_sourceLocation
) -> SourceFile {
  let result = parse(SourceText(name: "demo.graft", source), file: SourceFileID(0))
  let complaints = rendered(source)
  #expect(complaints == "", sourceLocation: sourceLocation)
  let hasErrors = result.tree.hasErrors
  #expect(!hasErrors, sourceLocation: sourceLocation)
  return result.tree
}

/// Holds what a person sees against a snapshot. An empty expectation means that all is well.
func check(
  _ source: String, expect expected: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(rendered(source) == expected, sourceLocation: sourceLocation)
}

/// The codes of a source's diagnostics, in order.
func codes(_ source: String) -> [String] {
  parse(SourceText(name: "demo.graft", source), file: SourceFileID(0)).diagnostics
    .map(\.code.rawValue)
}

/// A tree as text, without ranges: two trees are alike when their outlines are equal.
func outline(_ value: Any) -> String {
  var result = ""
  write(value, to: &result)
  return result
}

private func write(_ value: Any, to result: inout String) {
  let mirror = Mirror(reflecting: value)
  if value is SourceRange { return }
  if mirror.children.isEmpty {
    result += "\(value)"
    return
  }
  result += mirror.displayStyle == .enum ? "" : "\(type(of: value))"
  result += "("
  for child in mirror.children {
    if let label = child.label { result += "\(label):" }
    write(child.value, to: &result)
    result += " "
  }
  result += ")"
}
