import Diagnostics
import Machine

/// The values of a failed condition's sub-expressions: the condition is evaluated once more in the
/// world that it failed in, with a mark in every register that a sub-expression writes, so that
/// one which `and` or `or` left out shows no value.
extension Session {
  /// - Parameters:
  ///   - start: where the condition's code begins.
  ///   - frame: the word of the row that is register 0 of its frame; nil for the operator's
  ///     current one.
  mutating func values(of captures: [Capture], start: Int, inBottomFrame: Bool) -> [SourceValue] {
    look { machine, row, workspace in
      let wasRecording = workspace.events.isRecording
      workspace.events.isRecording = false
      defer { workspace.events.isRecording = wasRecording }
      let frame = machine.operatorFrame(bottom: inBottomFrame, &row)
      // The fault that brought us here would stop the evaluation at its first call.
      workspace.fault = nil
      for capture in captures { row[frame + capture.register] = Machine.notEvaluated }
      machine.evaluateKeepingRegisters(from: start, frame: frame, &row, &workspace)
      workspace.fault = nil
      return captures.compactMap { capture in
        let word = row[frame + capture.register]
        guard word != Machine.notEvaluated else { return nil }
        let value = machine.text(
          Int64(bitPattern: word), capture.kind, &row, workspace)
        return SourceValue(capture, text: value)
      }
    }
  }
}

extension SourceValue {
  /// - Parameter text: the value as the machine tells it; a string gets its quotes here.
  init(_ capture: Capture, text: String) {
    let shown = capture.kind == .string ? "\"\(escapingControls(text))\"" : text
    self.init(range: capture.origin.range, text: shown)
  }
}
