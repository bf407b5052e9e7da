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

  // MARK: Failures

  func ambiguous(_ function: String, in object: String) -> String {
    "kgr: unresolvable ambiguity for function \(function) in object \(object)"
  }

  func delayedPatchingFailed(_ module: String, _ error: Errno, isForced: Bool) -> String {
    "kgr: delayed patching of the module (\(module)) failed (-\(error.rawValue)). "
      + (isForced ? "Insertion of the module forced." : "Module was not inserted.")
  }

  let recovered = "kgr: patching failed. Previous state was recovered."
}

extension KGraft {
  var lines: KGraftLines { KGraftLines(rules: rules) }
}
