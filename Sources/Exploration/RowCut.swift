import Machine

/// Where the rows of a layout are cut into parts: the globals, the operator, each interrupt
/// handler, each task. Parts of one kind are alike, and a task's words mean the same in every slot.
struct RowCut: Sendable {
  struct Place: Sendable {
    /// Its first word in the row.
    let start: Int
    let kind: Int
  }

  let places: [Place]
  /// Words of a part, by its kind.
  let widths: [Int]
  let rowWords: Int

  /// The globals come first, then the operator; tasks come last, by slot.
  static let globals = 0
  static let `operator` = 1
  let firstTask: Int
  let taskKind: Int
  /// The place behind the last task's.
  let taskEnd: Int
  /// The word behind the row's last in which a search keeps what was reported on the way
  /// (`Account`), a part of its own; only where something is reported. The machine never sees it.
  let account: Int?

  init(_ layout: Layout, tasks: Int, keepsAccounts: Bool = false) {
    let operatorEnd = layout.operatorStack + layout.operatorStackWords
    var places = [
      Place(start: 0, kind: 0), Place(start: layout.operatorOrigin, kind: 1),
    ]
    var widths = [layout.operatorOrigin, operatorEnd - layout.operatorOrigin]
    // Handlers of one source are of one kind, whatever their CPU.
    var kinds: [Int: Int] = [:]
    for handler in layout.handlers {
      let kind = kinds[handler.source] ?? widths.count
      if kinds.updateValue(kind, forKey: handler.source) == nil {
        widths.append(handler.stack + handler.stackWords - handler.origin)
      }
      places.append(Place(start: handler.origin, kind: kind))
    }
    firstTask = places.count
    taskKind = widths.count
    widths.append(layout.taskStride)
    for slot in 0..<tasks {
      places.append(Place(start: layout.origin(of: TaskSlot(slot)), kind: taskKind))
    }
    taskEnd = places.count
    let machineWords = layout.rowWords(tasks: tasks)
    if keepsAccounts {
      places.append(Place(start: machineWords, kind: widths.count))
      widths.append(1)
    }
    account = keepsAccounts ? machineWords : nil
    self.places = places
    self.widths = widths
    rowWords = machineWords + (keepsAccounts ? 1 : 0)
  }
}
