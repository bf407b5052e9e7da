import Diagnostics
import Machine

/// The values of a failed condition's sub-expressions: the condition is evaluated once more in the
/// world that it failed in, with a mark in every register that a sub-expression writes, so that
/// one which `and` or `or` left out shows no value.
extension Session {
  /// A word no sub-expression is likely to give.
  private static let untouched: UInt64 = 0x8bad_f00d_dead_beef

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
      for capture in captures { row[frame + capture.register] = Self.untouched }
      machine.evaluateKeepingRegisters(from: start, frame: frame, &row, &workspace)
      workspace.fault = nil
      return captures.compactMap { capture in
        let word = row[frame + capture.register]
        guard word != Self.untouched else { return nil }
        let value = machine.text(
          Int64(bitPattern: word), capture.kind, &row, workspace)
        let shown = capture.kind == .string ? "\"\(escapingControls(value))\"" : value
        return SourceValue(range: capture.origin.range, text: shown)
      }
    }
  }
}
