import Machine
import Patching

/// The files under `/sys/kernel/kgraft`, which are there while the kernel patches with kGraft.
///
/// Names, modes and values: `kernel/kgraft_files.c` of SUSE's 3.12 kernels.
package enum KGraftFile: Hashable, Sendable {
  /// `in_progress`: `1` while a transition is on its way; `0` written to it is the force.
  case inProgress
  /// `force_load_module`: whether a module is let in although patching it has failed.
  case forceLoadModule
  /// A file of one patch's directory, which comes and goes with its module.
  case patch(PatchID, Attribute)

  package enum Attribute: String, Hashable, Sendable, CaseIterable {
    /// A line for each function: name, weak or not, and the number of its state.
    case state
    /// How many newer patches have to be reverted first.
    case refs
    case replaceAll = "replace_all"
    /// Only for writing; whatever is written takes the patch back.
    case revert
  }

  /// The file at a path below `/sys/kernel/kgraft`.
  static func at(
    _ parts: ArraySlice<String>, _ engine: KGraft, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Result<KGraftFile, FileError> {
    guard let first = parts.first else { return .failure(FileError(.EISDIR)) }
    let rest = parts.dropFirst()
    let files: [String: KGraftFile] = [
      "in_progress": .inProgress, "force_load_module": .forceLoadModule,
    ]
    if let file = files[first] {
      return rest.isEmpty ? .success(file) : .failure(FileError(.ENOTDIR))
    }
    for (number, patch) in machine.program.patches.enumerated() where patch.name == first {
      guard engine.isLoaded(PatchID(number), machine, &row) else { break }
      return at(rest, PatchID(number))
    }
    return .failure(FileError(.ENOENT))
  }

  private static func at(
    _ parts: ArraySlice<String>, _ patch: PatchID
  ) -> Result<KGraftFile, FileError> {
    guard let name = parts.first else { return .failure(FileError(.EISDIR)) }
    // A symbolic link to the module's directory.
    if name == "owner", parts.count == 1 { return .failure(FileError(.EISDIR)) }
    guard let attribute = Attribute(rawValue: name) else { return .failure(FileError(.ENOENT)) }
    return parts.count == 1
      ? .success(.patch(patch, attribute)) : .failure(FileError(.ENOTDIR))
  }

  // MARK: Reading

  func content(
    _ engine: KGraft, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<String, FileError> {
    switch self {
    case .inProgress:
      return .success(engine.isInProgress(machine, &row) ? "1\n" : "0\n")
    case .forceLoadModule:
      return .success(engine.forcesModules(machine, &row) ? "1\n" : "0\n")
    case .patch(let patch, .refs):
      return .success("\(engine.refs(of: patch, machine, &row))\n")
    case .patch(let patch, .replaceAll):
      return .success(machine.program.patches[patch.rawValue].replacesAll ? "1\n" : "0\n")
    case .patch(let patch, .state):
      return .success(table(of: patch, engine, machine, &row))
    case .patch(_, .revert):
      return .failure(FileError(.EACCES))
    }
  }

  /// A function is weak when the patch can do without it: one of a module, which may be absent.
  private func table(
    of patch: PatchID, _ engine: KGraft, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    var text = "Function".padded(to: 20) + "   Weak  State\n"
    for function in machine.program.patches[patch.rawValue].functions {
      let traced = machine.program.tracedFunctions[function.rawValue]
      let state = engine.functionState(function, of: patch, machine, &row).rawValue
      text += traced.symbol.padded(to: 20) + "  "
      text += "\(traced.object == nil ? 0 : 1)".aligned(to: 5) + "  "
      text += "\(state)".aligned(to: 5) + "\n"
    }
    return text
  }

  // MARK: Writing

  func write(
    _ text: String, _ engine: KGraft, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> HostAnswer {
    switch self {
    case .inProgress:
      // Only the first byte counts.
      return text.utf8.first == UInt8(ascii: "0") ? .request(.force) : .refused(.EINVAL)
    case .forceLoadModule:
      let word = text.hasSuffix("\n") ? String(text.dropLast()) : text
      guard word == "0" || word == "1" else { return .refused(.EINVAL) }
      engine.setForcesModules(word == "1", machine, &row)
      return .done
    case .patch(let patch, .revert):
      return .request(.revert(patch))
    case .patch:
      return .refused(.EACCES)
    }
  }
}

extension String {
  /// With spaces behind it, or as it is when it is longer.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// With spaces before it.
  fileprivate func aligned(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
