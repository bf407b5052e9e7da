import Machine
import Patching

/// Packages of the channel come: for each the scriptlets of a KMP, a step at a time, and everybody
/// else steps in between (SUSE's `kgraft-rpm-helper`).
///
///     %pre: has everybody finished the last patch?  →  files on the disk
///     →  %post: insmod, which returns when the patch is applied  →  %posttrans: the initrd anew
struct Installation {
  private enum Phase: Int {
    case before, files, insertion, after
    static let count = 4
  }

  /// What to come to, in this order; some may be there already.
  private let packages: [ChannelPackage]
  private let database: PackageDatabase
  /// Whether a version older than the installed one may take its place.
  private let allowsOlder: Bool
  /// Whether what is there already comes anew.
  private let isForced: Bool

  init(
    _ packages: [ChannelPackage], _ database: PackageDatabase, allowsOlder: Bool,
    isForced: Bool = false
  ) {
    self.isForced = isForced
    self.packages = packages
    self.database = database
    self.allowsOlder = allowsOlder
  }

  /// Whether there is anything to do for the package.
  func isWanted(_ package: ChannelPackage) -> Bool {
    guard let there = database.installedVersion(of: package.name) else { return true }
    guard there != package else { return isForced }
    return allowsOlder || PackageVersion(there.version) < PackageVersion(package.version)
  }

  /// What the transaction consists of, as `zypper` lists it.
  var wanted: [ChannelPackage] { packages.filter(isWanted) }

  /// - Parameters:
  ///   - progress: 0 at first; above it the package, its phase, and the last error of an insertion.
  ///   - header: what is said at the beginning.
  func deed(
    _ progress: Int, _ answer: Errno?, header: String, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> CommandAct {
    guard progress > 0 else {
      // The first patch brings the scripts along.
      guard !database.hasTools else {
        return CommandAct(printed: header, next: next(0, .before, 0, nil))
      }
      let printed = header + line(PackageDatabase.toolsFullName, 1, of: wanted.count + 1)
      return CommandAct(.installTools, printed: printed, next: next(0, .before, 1, nil))
    }
    let number = progress / Self.base - 1
    let done = progress / Self.errorBase % Self.doneBase
    let error = Errno(rawValue: progress % Self.errorBase)
    let place = number / Phase.count
    guard packages.indices.contains(place), let phase = Phase(rawValue: number % Phase.count),
      let patch = packages[place].patch
    else { return CommandAct(next: .ends(end(error))) }
    let package = packages[place]
    switch phase {
    case .before:
      guard isWanted(package) else {
        return CommandAct(next: next(place + 1, .before, done, error))
      }
      if let complaint = unfinished(machine, &row) {
        return CommandAct(
          printed: complaint + Self.failure(package),
          next: .ends(.failed(.EAGAIN, exit: Self.commitFailed)))
      }
      return CommandAct(next: next(place, .files, done, error))
    case .files:
      return CommandAct(
        .install(patch), printed: line(package.fullName, done + 1, of: done + wanted.count),
        next: next(place, .insertion, done + 1, error))
    case .insertion:
      return CommandAct(.request(.apply(patch)), next: next(place, .after, done, error))
    case .after:
      let isLast = place + 1 == packages.count
      let error = answer ?? error
      return CommandAct(
        .writeInitrd, printed: answer.map { Self.insertionFailed($0, package, database) } ?? "",
        next: isLast ? .ends(end(error)) : next(place + 1, .before, done, error))
    }
  }

  private static let errorBase = 1 << 12
  private static let doneBase = 1 << 12
  private static let base = errorBase * doneBase

  /// - Parameter done: how many packages have come so far.
  private func next(
    _ place: Int, _ phase: Phase, _ done: Int, _ error: Errno?
  ) -> CommandAct.Next {
    let number = place * Phase.count + phase.rawValue + 1
    let count = min(done, Self.doneBase - 1)
    return .goesOn(
      progress: number * Self.base + count * Self.errorBase + (error?.rawValue ?? 0))
  }

  // MARK: What is said

  /// `zypper`'s exit statuses (its manual page): the commit failed, a scriptlet did.
  static let commitFailed = 8
  static let scriptFailed = 107

  private func end(_ error: Errno?) -> CommandStatus {
    error.map { .failed($0, exit: Self.scriptFailed) } ?? .success
  }

  private func line(_ fullName: String, _ number: Int, of count: Int) -> String {
    "(\(number)/\(count)) Installing: \(fullName.dropLast(".x86_64".count)) ..[done]\n"
  }

  /// `kgraft-rpm-helper check`: the processes that are still in the way of the last patch.
  private func unfinished(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> String? {
    var pids = ""
    for subject in TaskSubject.processes(machine, &row) {
      guard case .task(let slot) = subject, machine.engine.isProcessOld(slot, machine, &row) else {
        continue
      }
      pids += " \(subject.facts(machine, &row).pid)"
    }
    guard !pids.isEmpty else { return nil }
    return "Error: following processes have not finished a previous kGraft patch yet:\n"
      + pids.dropFirst() + "\n"
  }

  private static func failure(_ package: ChannelPackage) -> String {
    """
    error: %pre(\(package.fullName)) scriptlet failed, exit status 1
    error: \(package.fullName): install failed
    Installation of \(package.name)-\(package.version) failed:
    Error: Subprocess failed. Error: RPM failed: Command exited with status 1.

    """
  }

  private static func insertionFailed(
    _ error: Errno, _ package: ChannelPackage, _ database: PackageDatabase
  ) -> String {
    """
    insmod: ERROR: could not insert module \(database.moduleFile(of: package)): \
    \(Commands.insertionMessage(error))
    warning: %post(\(package.fullName)) scriptlet failed, exit status 1

    """
  }
}
