import Machine
import Patching

extension TaskFile {
  /// `status`: the same for people (`proc_pid_status` of `fs/proc/array.c`). 4.4 has some lines
  /// that 3.12 has not. The two that count context switches end a real one: nobody counts them
  /// here, and a number would be false.
  static let status = TaskFile("status") { subject, machine, row in
    let facts = subject.facts(machine, &row)
    let isCurrent = machine.isCurrentKernel
    var lines = ["Name:\t\(facts.comm)", "State:\t\(facts.letter) (\(stateName(facts.letter)))"]
    lines.append("Tgid:\t\(facts.processPID)")
    if isCurrent { lines.append("Ngid:\t0") }
    lines += [
      "Pid:\t\(facts.pid)", "PPid:\t\(facts.parentPID)", "TracerPid:\t0",
      "Uid:\t0\t0\t0\t0", "Gid:\t0\t0\t0\t0",
      "FDSize:\t\(facts.letter == "Z" ? 0 : 64)", "Groups:\t\(facts.isKernelThread ? "" : "0 ")",
    ]
    if isCurrent {
      lines += [
        "NStgid:\t\(facts.processPID)", "NSpid:\t\(facts.pid)", "NSpgid:\t\(facts.group)",
        "NSsid:\t\(facts.session)",
      ]
    }
    if facts.hasMemory { lines += memory(isCurrent) }
    lines += ["Threads:\t\(facts.threads)", "SigQ:\t0/7823"]
    lines += [
      mask("SigPnd", facts.signals.own), mask("ShdPnd", facts.signals.pending),
      mask("SigBlk", facts.signals.blocked), mask("SigIgn", facts.signals.ignored),
      mask("SigCgt", facts.signals.caught),
    ]
    // Everything root may do: up to CAP_BLOCK_SUSPEND, in 4.4 up to CAP_AUDIT_READ.
    let all: UInt64 = isCurrent ? 0x3f_ffff_ffff : 0x1f_ffff_ffff
    lines += [mask("CapInh", 0), mask("CapPrm", all), mask("CapEff", all), mask("CapBnd", all)]
    if isCurrent { lines.append(mask("CapAmb", 0)) }
    let cpus = machine.program.cpuCount
    let allowed = facts.ownCPU.map { $0..<($0 + 1) } ?? 0..<cpus
    let last = allowed.upperBound - 1
    lines += [
      "Seccomp:\t0", "Cpus_allowed:\t\(cpuMask(allowed, of: cpus))",
      "Cpus_allowed_list:\t\(allowed.count == 1 ? "\(last)" : "0-\(last)")",
      "Mems_allowed:\t00000000,00000001", "Mems_allowed_list:\t0",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  private static func stateName(_ letter: Character) -> String {
    switch letter {
    case "R": "running"
    case "S": "sleeping"
    case "D": "disk sleep"
    case "T": "stopped"
    case "Z": "zombie"
    default: "dead"
    }
  }

  private static func memory(_ isCurrent: Bool) -> [String] {
    var sizes: [(String, Int)] = [
      ("VmPeak", Memory.total), ("VmSize", Memory.total), ("VmLck", 0), ("VmPin", 0),
      ("VmHWM", Memory.resident), ("VmRSS", Memory.resident), ("VmData", 160), ("VmStk", 132),
      ("VmExe", 4), ("VmLib", 1800), ("VmPTE", 28),
    ]
    if isCurrent { sizes.append(("VmPMD", 12)) }
    sizes.append(("VmSwap", 0))
    if isCurrent { sizes.append(("HugetlbPages", 0)) }
    return sizes.map { "\($0.0):\t\("\($0.1)".aligned(to: 8)) kB" }
  }

  private static func mask(_ name: String, _ bits: UInt64) -> String {
    "\(name):\t\(String(bits, radix: 16).aligned(to: 16, with: "0"))"
  }

  /// As `%*pb` prints it: groups of 32 bits, the first as short as the machine's CPUs allow.
  private static func cpuMask(_ allowed: Range<Int>, of count: Int) -> String {
    var groups: [String] = []
    var first = (count - 1) / 32 * 32
    while first >= 0 {
      var value: UInt64 = 0
      for cpu in allowed where cpu >= first && cpu < first + 32 {
        value |= 1 << UInt64(cpu - first)
      }
      let digits = groups.isEmpty ? (min(count - first, 32) + 3) / 4 : 8
      groups.append(String(value, radix: 16).aligned(to: digits, with: "0"))
      first -= 32
    }
    return groups.joined(separator: ",")
  }
}
