import Machine
import Patching

/// The files of `/proc` that are about no process.
enum SystemWideFiles {
  /// `/proc/cmdline`: a constant but for the release.
  static let bootLine = VirtualFile.proc { machine, _ in
    .success(
      "BOOT_IMAGE=/boot/vmlinuz-\(machine.program.kernelRelease) root=/dev/sda2"
        + " splash=silent quiet showopts\n")
  }

  /// `/proc/version`: who built it, with what and when is nothing that a simulated kernel could
  /// tell.
  static let version = VirtualFile.proc { machine, _ in
    .success(
      "Linux version \(machine.program.kernelRelease) (geeko@buildhost) "
        + "(gcc version 4.8.5 (SUSE Linux) ) \(KernelVersion.plain(machine))\n")
  }

  /// `/proc/uptime`: since the boot, and how long its CPUs
  /// together were idle: as if they had been all the time, for nobody counts that.
  static let uptime = VirtualFile.proc { machine, row in
    guard machine.layout.keepsTime else { return .failure(.noClock) }
    let hundredths = (machine.now(&row) - machine.bootTime(&row)) / 10_000_000
    func text(_ value: Int64) -> String {
      "\(value / 100)." + "\(value % 100)".aligned(to: 2, with: "0")
    }
    return .success("\(text(hundredths)) \(text(hundredths * Int64(machine.program.cpuCount)))\n")
  }

  /// `/proc/modules` (`m_show` of `kernel/module.c`): size, references, who uses it, state, address
  /// and taints.
  static let modules = VirtualFile.proc { machine, row in
    var text = ""
    for module in LoadedModule.all(machine, &row) {
      let state =
        switch module.state {
        case .coming: "Loading"
        case .going: "Unloading"
        case .live, .absent: "Live"
        }
      text += "\(module.name) \(LoadedModule.size) \(module.references) - \(state) "
      text += "0x\(String(module.address, radix: 16))"
      if !module.taint.isEmpty { text += " (\(module.taint))" }
      text += "\n"
    }
    return .success(text)
  }

  /// `/proc/sys/kernel/tainted`: what has made the kernel one that nobody else supports, in bits.
  /// Root may add bits (`proc_taint` of `kernel/sysctl.c`).
  static let tainted = VirtualFile(
    mode: 0o644,
    read: { machine, row in
      // TAINT_DIE is bit 7 (`kernel/panic.c`).
      let engine = (machine.engine as? KGraft)?.taint(machine, &row) ?? 0
      let died = machine.hasDied(&row) ? 1 << 7 : 0
      return .success("\(engine | died | machine.addedTaint(&row))\n")
    },
    write: { text, machine, row in
      // Nothing but blanks is nothing, and no mistake (`__do_proc_doulongvec_minmax`).
      let words = text.split(whereSeparator: \.isWhitespace)
      guard let word = words.first else { return .done }
      guard let bits = Int(word), bits >= 0, machine.addTaint(bits, &row) else {
        return .refused(.EINVAL)
      }
      return .done
    })
}

/// `uname -v`.
enum KernelVersion {
  /// When it was built and from which revision: constants.
  private static let build = "#1 SMP Thu Jan 1 00:00:00 UTC 1970"

  static func plain(_ machine: Machine) -> String {
    "\(build) (\(revision(machine.program.kernelRelease)))"
  }

  /// A live patch of SUSE's shows itself there: it replaces `uname(2)` too. The last one that is
  /// active, from the start of its transition on.
  static func patched(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> String {
    let revision = revision(machine.program.kernelRelease)
    guard let engine = machine.engine as? KGraft, let patch = engine.newest(machine, &row) else {
      return plain(machine)
    }
    let name = machine.program.patches[patch.rawValue].moduleName
    return "\(build) (\(revision)/kGraft-\(Self.revision(name)))"
  }

  /// Seven digits of a hash, as of a commit.
  private static func revision(_ text: String) -> String {
    let word = UInt64(bitPattern: StringTable.word(for: text)) >> 36
    return String(word, radix: 16).aligned(to: 7, with: "0")
  }
}
