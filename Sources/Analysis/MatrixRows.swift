import Syntax

/// The rows of a scenario's matrix: the product of the values of its variables, the last one
/// fastest. A row is made when it is asked for, so that a matrix takes the room of its values.
package struct MatrixRows: RandomAccessCollection, Sendable {
  let axes: [Axis]
  let maker: RowMaker
  private let marks: [Mark]
  package let count: Int

  init(_ axes: [Axis], _ scenario: ScenarioDeclaration, _ maker: RowMaker) {
    self.axes = axes
    self.maker = maker
    marks = scenario.body.statements.compactMap { statement in
      if case .mark(let mark) = statement.kind { mark } else { nil }
    }
    count = axes.reduce(1) { $0 * $1.values.count }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(_ number: Int) -> Checked.Row {
    var rest = number
    var values: [AxisValue] = []
    for axis in axes.reversed() {
      values.append(axis.values[rest % axis.values.count])
      rest /= axis.values.count
    }
    return maker.row(values.reversed(), axes, marks)
  }

  /// Rows in which each value of each variable occurs: the first, and for each further value of a
  /// variable the first that has it, in order.
  var covering: some Sequence<Checked.Row> {
    var numbers: Set<Int> = isEmpty ? [] : [0]
    var stride = 1
    for axis in axes.reversed() where !isEmpty {
      numbers.formUnion((1..<axis.values.count).map { $0 * stride })
      stride *= axis.values.count
    }
    return numbers.sorted().lazy.map { self[$0] }
  }
}

/// Makes the rows of a text's scenarios.
final class RowMaker: Sendable {
  private let index: Index
  private let facts: Facts

  init(_ index: Index, _ facts: Facts) {
    self.index = index
    self.facts = facts
  }

  func row(_ values: [AxisValue], _ axes: [Axis], _ marks: [Mark]) -> Checked.Row {
    let parts = zip(axes, values).map { "\($0.name.text)=\(Self.nameText($1))" }
    var row = Checked.Row(
      id: parts.isEmpty ? "" : "[" + parts.joined(separator: ",") + "]", values: values)
    guard !marks.isEmpty else { return row }
    let evaluator = CompileTime(index: index, facts: facts, row: values)
    for mark in marks {
      let applies = mark.condition.map { evaluator.value(of: $0) == 1 } ?? true
      guard applies else { continue }
      switch mark.kind {
      case .skip: row.skipReason = row.skipReason ?? mark.reason.text
      case .expectedFailure: row.expectedFailureReason = mark.reason.text
      }
    }
    return row
  }

  /// A value in a row's name. One that could be taken for several stands between quotes.
  private static func nameText(_ value: AxisValue) -> String {
    guard value.text.contains(where: { ",\"".contains($0) }) else { return value.text }
    return "\"" + value.text.replacing("\"", with: "\\\"") + "\""
  }
}
