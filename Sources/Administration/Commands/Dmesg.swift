import Machine

extension Commands {
  /// `dmesg` (util-linux): the kernel's log, with the times of `printk.time`. A search keeps none.
  static let dmesg = ShellCommand(
    name: "dmesg", usage: "dmesg [-t]", help: "print the kernel's log; not in a search",
    operands: .anything, readsLog: true,
    objection: { line in
      let options = dmesgOptions(line)
      return options.complaint ?? options.operands.first.map { "extra operand '\($0)'" }
    },
    start: { line, machine, row, workspace in
      let options = dmesgOptions(line)
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "dmesg: \(complaint)\n" + usage)
      }
      guard options.operands.isEmpty else {
        return .ended(.failed(.EINVAL), "dmesg: bad usage\n" + usage)
      }
      guard let log = machine.kernelLog(&row, workspace) else { return .lacks(.log) }
      let bootTime = machine.bootTime(&row)
      var output = ""
      for (nanoseconds, line) in log {
        output += (options.has("t") ? "" : stamp(nanoseconds - bootTime)) + line + "\n"
      }
      return .ended(.success, output)
    })

  private static func dmesgOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(line.words, known: "t", long: ["notime": "t"])
  }

  private static let usage = "\nUsage:\n dmesg [options]\n"

  /// `[   12.345678] `
  private static func stamp(_ nanoseconds: Int64) -> String {
    let seconds = "\(nanoseconds / 1_000_000_000)".aligned(to: 5)
    let micros = "\(nanoseconds / 1_000 % 1_000_000)".aligned(to: 6, with: "0")
    return "[\(seconds).\(micros)] "
  }
}
