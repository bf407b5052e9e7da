import Graft

/// `--limits`: what each preset allows, a column each.
struct LimitsTable {
  let text: String

  init(_ presets: [Preset]) {
    let rows: [(String, (Limits) -> String)] = [
      ("operations", { "\($0.operations)" }),
      ("steps", { "\($0.steps)" }),
      ("virtual time", { Duration.text(nanoseconds: $0.virtualNanoseconds) }),
      ("tasks", { "\($0.tasks)" }),
      ("live memory", { "\($0.memoryBytes >> 20) MiB" }),
      ("output", { "\($0.outputBytes >> 20) MiB" }),
      ("recursion", { _ in "\(Limits.recursionWords) words of stack" }),
    ]
    let table =
      [[""] + presets.map(\.rawValue)]
      + rows.map { name, value in [name] + presets.map { value($0.limits) } }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    text = table.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + padding : padding + cell.0
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
