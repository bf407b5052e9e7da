import Machine

/// What kGraft writes into the kernel log, generation by generation.
///
/// Texts: `kernel/kgraft.c` and `kernel/kgraft_files.c` of SUSE's 3.12 and 4.4 kernels, and the
/// log of a machine of June 2014.
struct KGraftLines: Sendable {
  let rules: KGraftRules

  private var generation: KGraftRules.Generation { rules.generation }

  // MARK: Requests

  let stillReferenced = "kgr: can't patch, this patch is still referenced"
  let anotherNotFinalised = "kgr: can't patch, another patching not yet finalized"
  let alreadyReverted = "kgr: can't patch, this one was already reverted"
  let forced = "kgr: all processes marked as migrated on admin's request"
  let nothingInProgress = "kgr: no patching is in progress"

  /// The second name is the module's. 3.12's file has no prefix of its own.
  func attemptToRevert(_ patch: String) -> String {
    (generation == .current ? "kgr: " : "")
      + "attempt to revert kgr patch \(patch) (\(patch)), setting NO_SUPPORT taint flag"
  }

  // MARK: A transition

  /// Nothing before 4.4.
  func started(_ patch: String, reverting: Bool) -> String? {
    guard generation == .current else { return nil }
    return "kgr: \(reverting ? "reverting" : "applying") patch '\(patch)'"
  }

  var stillInProgress: String {
    let seconds = rules.lookNanoseconds / 1_000_000_000
    switch generation {
    case .first: return "kgr failed after timeout (\(seconds)), still in degraded mode"
    case .manual:
      return "kgr still in progress after timeout, will keep trying every \(seconds) seconds"
    case .current:
      return "kgr: still in progress after timeout, will keep trying every \(seconds) seconds"
    }
  }

  var succeeded: String {
    generation == .current ? "kgr: patching succeeded" : "kgr succeeded"
  }

  // MARK: The boot

  let initialised = "kgr: successfully initialized"
  let notInitialised = "kgr: can't patch, not initialized"

  var aborted: String {
    generation == .current
      ? "kgr: enabled, but ftrace is disabled ... aborting"
      : "kgr: enabled, but no fentry locations found ... aborting"
  }

  /// What `VERMAGIC_STRING` makes of two releases (`include/linux/vermagic.h`).
  func versionMismatch(_ patch: String, _ kernel: String, isPreemptible: Bool) -> String {
    let rest = " SMP \(isPreemptible ? "preempt " : "")mod_unload modversions "
    return "kgr: kernel version mismatch: \"\(patch + rest)\" != \"\(kernel + rest)\""
  }

  // MARK: Failures

  /// A function as the lines of 4.4 name it.
  struct Place {
    var object: String
    var function: String
    var position: Int
    var text: String { "\(object):\(function),\(position)" }
  }

  func failed(
    _ failure: LookupFailure, at place: Place, address: UInt64, isLate: Bool
  ) -> [String] {
    switch failure {
    case .notResolved: [notResolved(place)]
    case .ambiguous:
      [
        "kgr: unresolvable ambiguity for function \(place.function) in object \(place.object)"
      ]
    case .positionNotFound:
      [
        "kgr: position \(place.position) for function \(place.function) in object "
          + "\(place.object) not found"
      ]
    case .noLocation: noLocation(place, address, isLate: isLate)
    }
  }

  func notResolved(_ place: Place) -> String {
    "kgr: function \(generation == .current ? place.text : place.function) not resolved"
  }

  /// 3.12 asks before it does anything; 4.4 finds out when it switches stubs, and says so twice.
  private func noLocation(_ place: Place, _ address: UInt64, isLate: Bool) -> [String] {
    guard generation == .current else { return ["kgr: fentry_loc not properly resolved"] }
    let at = String(address, radix: 16)
    let error = "-\(Errno.EINVAL.rawValue)"
    return [
      "kgr: failed to find location for function \(place.text)",
      isLate
        ? "kgr: enabling of ftrace function for the originally skipped \(at) (\(place.text)) "
          + "failed with \(error)"
        : "kgr: cannot enable ftrace function for \(place.text) (\(at), \(error))",
    ]
  }

  func removingRequired(_ function: String, _ patch: String) -> String {
    "kgr: removing function \(function) that is required for the patch \(patch)"
  }

  func delayedPatchingFailed(_ module: String, _ error: Errno, isForced: Bool) -> String {
    "kgr: delayed patching of the module (\(module)) failed (-\(error.rawValue)). "
      + (isForced ? "Insertion of the module forced." : "Module was not inserted.")
  }

  /// 3.12's, after an earlier failure.
  func cannotRevert(_ function: String, _ patch: String) -> String {
    "kgr: cannot revert function \(function) in patch \(patch)"
  }

  /// The same; ftrace says EBUSY of a stub that it has not got.
  func disablingFailed(_ function: String) -> String {
    "kgr: disabling ftrace function for \(function) failed with -\(Errno.EBUSY.rawValue)"
  }

  let recovered = "kgr: patching failed. Previous state was recovered."
}

extension KGraft {
  var lines: KGraftLines { KGraftLines(rules: rules) }
}
