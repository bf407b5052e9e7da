import Machine

extension Commands {
  /// `uname` (coreutils). A live patch of SUSE's shows itself in `-v`.
  static let uname = ShellCommand(
    name: "uname", usage: "uname [-amnorsv]", help: "print what the kernel says of itself",
    operands: .anything,
    objection: { line in
      let options = unameOptions(line)
      return options.complaint ?? options.operands.first.map { "extra operand '\($0)'" }
    },
    start: { line, machine, row, _ in
      let options = unameOptions(line)
      if let complaint = options.gnuComplaint(of: "uname") {
        return .ended(.failed(.EINVAL), complaint)
      }
      if let extra = options.operands.first {
        return .ended(
          .failed(.EINVAL),
          "uname: extra operand '\(extra)'\nTry 'uname --help' for more information.\n")
      }
      let fields: KeyValuePairs<Character, String> = [
        "s": "Linux", "n": "linux", "r": machine.program.kernelRelease,
        "v": KernelVersion.patched(machine, &row), "m": "x86_64", "p": "x86_64", "i": "x86_64",
        "o": "GNU/Linux",
      ]
      let wanted = options.letters.isEmpty ? ["s"] : options.letters
      let shown = fields.filter { wanted.contains("a") || wanted.contains($0.key) }
      return .ended(.success, shown.map(\.value).joined(separator: " ") + "\n")
    })

  private static func unameOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(
      line.words, known: "aimnoprsv",
      long: [
        "all": "a", "kernel-name": "s", "nodename": "n", "kernel-release": "r",
        "kernel-version": "v", "machine": "m", "processor": "p", "hardware-platform": "i",
        "operating-system": "o",
      ])
  }
}
