import Machine

extension Commands {
  /// `dmesg` (util-linux): the kernel's log, with the times of `printk.time`. A search keeps none.
  static let dmesg = ShellCommand(
    name: "dmesg", usage: "dmesg [-tTcCw]", help: "print the kernel's log; not in a search",
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
      if !options.has("C") {
        for (nanoseconds, line) in log {
          let since = nanoseconds - bootTime
          output += options.has("t") ? "" : options.has("T") ? date(nanoseconds) : stamp(since)
          output += line + "\n"
        }
      }
      if options.has("c") || options.has("C") { machine.clearKernelLog(&row) }
      // `-w` waits for more until it is interrupted, and is at once.
      return options.has("w")
        ? .ended(.no(exit: 130), output + "^C\n") : .ended(.success, output)
    })

  private static func dmesgOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(
      line.words, known: "tTcCw",
      long: [
        "notime": "t", "ctime": "T", "read-clear": "c", "clear": "C", "follow": "w",
      ])
  }

  private static let usage = "\nUsage:\n dmesg [options]\n"

  /// `-T`: as `ctime(3)` has it, from the beginning of time, which is when the machine was started
  /// first.
  private static func date(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let day = seconds / 86_400
    func two(_ value: Int64) -> String { "\(value)".aligned(to: 2, with: "0") }
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(two)
    let number = "\(min(day, 30) + 1)".aligned(to: 2)
    return "[\(names[Int(day % 7)]) Jan \(number) \(clock.joined(separator: ":")) 1970] "
  }

  /// `[   12.345678] `
  private static func stamp(_ nanoseconds: Int64) -> String {
    let seconds = "\(nanoseconds / 1_000_000_000)".aligned(to: 5)
    let micros = "\(nanoseconds / 1_000 % 1_000_000)".aligned(to: 6, with: "0")
    return "[\(seconds).\(micros)] "
  }
}
