/// The monitor `lost_text`: code that is gone while somebody is still inside it.
///
/// A task is lost as soon as the text is freed with one of its functions on the task's stack: it
/// will execute there, or return there, and nothing can help it any more. That is the earliest
/// moment at which it is unavoidable. The kernel doesn't look at stacks when it frees a module; the
/// count of references is all that protects them.
///
/// A task counts wherever it stands. With `CONFIG_PREEMPT_NONE` one that is just running kernel
/// code would hold `stop_machine` up until it sleeps or leaves the kernel; nothing promises which
/// of the two comes first.
extension Machine {
  /// Looks for tasks inside text that is freed in this step.
  func checkText(
    _ text: ModuleTarget, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    for number in 0..<taskCount(&row) {
      var place: Int?
      forEachFrame(of: TaskSlot(number), &row) { address in
        if place == nil, isCode(at: address, of: text) { place = address }
      }
      guard let place else { continue }
      let lost = LostText(slot: TaskSlot(number), address: place, text: text)
      record(.lostText(lost), &row, &workspace)
      noteSeen(.lostText, Violation(lost: lost), &row, &workspace)
      guard workspace.fault == nil else { return }
      // On by default, until the scenario is out to see it.
      guard !isExpected(.lostText, &row) else { continue }
      workspace.fault = .lostText(lost)
      return
    }
  }

  /// A kernel thread whose body is over is not inside it any more: what ends it is the kernel's own
  /// (`do_exit`).
  private func isCode(at address: Int, of text: ModuleTarget) -> Bool {
    guard program.instructions[address].operation != .exitTask else { return false }
    let function = program.functions[Int(liveness.functionOf[address])]
    switch text {
    case .module(let module): return function.module == module
    case .patch(let patch): return function.patch == patch
    }
  }

  /// Whether an interrupt handler is inside the text.
  func isHandlerInside(_ text: ModuleTarget, _ row: inout MutableSpan<UInt64>) -> Bool {
    var isInside = false
    for handler in layout.handlers where row.isSet(layout.handlerActive, at: handler.origin) {
      forEachFrame(at: handler.origin, stack: handler.stack, &row) { address in
        isInside = isInside || isCode(at: address, of: text)
      }
    }
    return isInside
  }

  /// `rmmod` of a patch's module: check, exit and the end of its text in one step, for between them
  /// nobody could tell: the operator waits, and nobody else takes a reference.
  func remove(
    _ patch: PatchID, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Errno? {
    guard engine.isLoaded(patch, self, &row) else { return .ENOENT }
    guard engine.moduleReferences(patch, self, &row) == 0 else { return .EAGAIN }
    checkText(.patch(patch), &row, &workspace)
    guard workspace.fault == nil else { return nil }
    engine.unload(patch, self, &row)
    forgetVariables(of: .patch(patch), &row)
    return nil
  }
}

/// Who is lost, where it stands or will return to, and whose text it was.
package struct LostText: Sendable, Hashable {
  package var slot: TaskSlot
  package var address: Int
  package var text: ModuleTarget
  package init(slot: TaskSlot, address: Int, text: ModuleTarget) {
    self.slot = slot
    self.address = address
    self.text = text
  }
}
