import Diagnostics

// Trees that no text spells out: what a prompt makes of what was typed there.

extension Statement {
  /// `await CONDITION`.
  package static func await(_ condition: Expression, at range: SourceRange) -> Statement {
    Statement(kind: .await(Await(condition: condition, limit: nil)), range: range)
  }
}

extension Expression {
  /// `"{self}" == ""`: the value as text, in a condition.
  ///
  /// - Parameters:
  ///   - value: the place that stands for the text.
  ///   - other: another place, that no node has.
  package func asText(at value: SourceRange, comparedAt other: SourceRange) -> Expression {
    let text = InterpolatedText(segments: [.expression(self), .text("")])
    return Expression(
      kind: .binary(
        BinaryOperation(
          operation: .equal, operatorRange: other,
          left: Expression(kind: .string(text), range: value),
          right: Expression(kind: .string(InterpolatedText(segments: [])), range: other))),
      range: value.union(other))
  }
}

extension ScenarioDeclaration {
  /// A scenario with nothing in it.
  package static func empty(title: String, at range: SourceRange) -> ScenarioDeclaration {
    ScenarioDeclaration(
      flavour: .scenario, title: TextLiteral(text: title, range: range), everySchedule: nil,
      axes: [], tags: [], body: Block(statements: [], range: range), range: range)
  }
}
