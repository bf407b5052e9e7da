import Machine
import Patching

/// The files that an administrator reads and writes, rendered from the world. Reading one is a pure
/// function of the world; content ends in a newline, as the kernel's does.
///
/// Paths and values: `kernel/kgraft_files.c` and the `/proc` entry of SUSE's 3.12 and 4.4 kernels.
package enum VirtualFile: Hashable, Sendable {
  /// Below `/sys/kernel/kgraft`.
  case kgraft(KGraftFile)
  /// `/proc/sys/kernel/tainted`: what has made the kernel one that nobody else supports, in bits.
  case tainted
  /// `/proc/<pid>/kgr_in_progress`: `1` while the process is in the old universe.
  case taskInProgress(TaskSlot)
  /// `/proc/<pid>/task/<tid>/kgr_in_progress`: of that thread alone.
  case threadInProgress(TaskSlot)
  /// `/proc/<pid>/comm`
  case taskName(TaskSlot)
  /// `/proc/version`
  case version

  /// The file at an absolute path in this world.
  package static func at(
    _ path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<VirtualFile, FileError> {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard path.hasPrefix("/") else { return .failure(FileError(.ENOENT)) }
    let found = file(parts, machine, &row)
    // A slash at the end asks for a directory.
    if case .success = found, path.hasSuffix("/") { return .failure(FileError(.ENOTDIR)) }
    return found
  }

  private static func file(
    _ parts: [String], _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<VirtualFile, FileError> {
    switch parts.first {
    case "sys": return systemFile(parts, machine, &row)
    case "proc": return processFile(parts, machine, &row)
    case nil: return .failure(FileError(.EISDIR))
    default: return .failure(FileError(.ENOENT))
    }
  }

  private static func systemFile(
    _ parts: [String], _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<VirtualFile, FileError> {
    if [["sys"], ["sys", "kernel"]].contains(parts) { return .failure(FileError(.EISDIR)) }
    guard parts.starts(with: ["sys", "kernel", "kgraft"]), let engine = machine.engine as? KGraft
    else { return .failure(FileError(.ENOENT)) }
    return KGraftFile.at(parts[3...], engine, machine, &row).map { .kgraft($0) }
  }

  private static func processFile(
    _ parts: [String], _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<VirtualFile, FileError> {
    if parts == ["proc"] { return .failure(FileError(.EISDIR)) }
    if parts == ["proc", "version"] { return .success(.version) }
    if parts.starts(with: ["proc", "version"]) { return .failure(FileError(.ENOTDIR)) }
    if parts.starts(with: ["proc", "sys"]) { return settingFile(parts) }
    // A PID is its digits alone: no sign, no zero in front.
    guard parts.count >= 2, let pid = Int(parts[1]), String(pid) == parts[1],
      let slot = machine.slot(pid: pid, &row),
      ![.gone, .unborn].contains(machine.state(of: slot, &row))
    else { return .failure(FileError(.ENOENT)) }
    guard parts.count > 2 else { return .failure(FileError(.EISDIR)) }
    if parts[2] == "task" { return threadFile(parts, slot, machine, &row) }
    let files = ["kgr_in_progress": taskInProgress(slot), "comm": taskName(slot)]
    guard let file = files[parts[2]] else { return .failure(FileError(.ENOENT)) }
    return parts.count == 3 ? .success(file) : .failure(FileError(.ENOTDIR))
  }

  /// `/proc/<pid>/task/<tid>/…`, of a thread of that process.
  private static func threadFile(
    _ parts: [String], _ process: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<VirtualFile, FileError> {
    guard parts.count > 3 else { return .failure(FileError(.EISDIR)) }
    let leader = machine.leader(of: process, &row)
    guard let number = Int(parts[3]), String(number) == parts[3],
      let slot = machine.slot(pid: number, &row), machine.leader(of: slot, &row) == leader,
      ![.gone, .unborn].contains(machine.state(of: slot, &row))
    else { return .failure(FileError(.ENOENT)) }
    guard parts.count > 4 else { return .failure(FileError(.EISDIR)) }
    let files = ["kgr_in_progress": threadInProgress(slot), "comm": taskName(slot)]
    guard let file = files[parts[4]] else { return .failure(FileError(.ENOENT)) }
    return parts.count == 5 ? .success(file) : .failure(FileError(.ENOTDIR))
  }

  private static func settingFile(_ parts: [String]) -> Result<VirtualFile, FileError> {
    let file = ["proc", "sys", "kernel", "tainted"]
    if parts == file { return .success(.tainted) }
    if parts.starts(with: file) { return .failure(FileError(.ENOTDIR)) }
    return .failure(FileError(file.starts(with: parts) ? .EISDIR : .ENOENT))
  }

  /// What reading the file gives, with its final newline.
  package func content(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Result<String, FileError> {
    guard case .kgraft(let file) = self else { return .success(text(machine, &row)) }
    guard let engine = machine.engine as? KGraft else { return .failure(FileError(.ENOENT)) }
    return file.content(engine, machine, &row)
  }

  /// Writes to the file, as root does. `/sys` refuses at the opening what has no use for it; of
  /// the others `/proc` says so at the write.
  package func write(
    _ text: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> HostAnswer {
    switch self {
    case .kgraft(let file):
      guard let engine = machine.engine as? KGraft else { return .refused(.ENOENT) }
      return file.write(text, engine, machine, &row)
    case .taskInProgress, .threadInProgress, .taskName, .tainted: return .refused(.EINVAL)
    case .version: return .refused(.EIO)
    }
  }

  private func text(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> String {
    switch self {
    case .kgraft: return ""
    case .tainted:
      return "\((machine.engine as? KGraft)?.taint(machine, &row) ?? 0)\n"
    case .taskInProgress(let slot):
      return machine.engine.isProcessOld(slot, machine, &row) ? "1\n" : "0\n"
    case .threadInProgress(let slot):
      return machine.engine.isOld(slot, machine, &row) ? "1\n" : "0\n"
    case .taskName(let slot):
      // TASK_COMM_LEN is 16 bytes, the final zero included.
      var name = machine.program.functions[machine.function(of: slot, &row).rawValue].name
      while name.utf8.count > 15 { name.unicodeScalars.removeLast() }
      return name + "\n"
    case .version:
      // Who built it, with what and when is nothing that a simulated kernel could tell: a constant.
      return "Linux version \(machine.program.kernelRelease) (geeko@buildhost) "
        + "(gcc version 4.8.5 (SUSE Linux) ) #1 SMP\n"
    }
  }
}

/// Why a file can't be read or written.
package struct FileError: Error, Hashable, Sendable {
  package var errno: Errno
  package init(_ errno: Errno) { self.errno = errno }
}
