import Machine

extension Commands {
  /// `sysctl [-n] NAME…` (procps): a file of `/proc/sys`, with dots for its slashes.
  static let sysctl = ShellCommand(
    name: "sysctl", usage: "sysctl [-nw] NAME[=VALUE]…", help: "read what /proc/sys shows",
    operands: .anything,
    objection: { line in
      let options = CommandOptions(
        line.words, known: "new", long: ["values": "n", "write": "w"])
      return options.complaint ?? (options.operands.isEmpty ? "a name is missing" : nil)
    },
    start: { line, machine, row, _ in
      let options = CommandOptions(
        line.words, known: "new", long: ["values": "n", "write": "w"])
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "sysctl: \(complaint)\n")
      }
      guard !options.operands.isEmpty else {
        return .ended(.failed(.EINVAL), "\nUsage:\n sysctl [options] [variable[=value] ...]\n")
      }
      var output = ""
      var status = CommandStatus.success
      for name in options.operands {
        let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
        let path = "/proc/sys/" + (parts.first ?? name).replacing(".", with: "/")
        let key = (parts.first ?? name).replacing("/", with: ".")
        if parts.count > 1 {
          guard let error = writingError(parts[1], path, machine, &row) else {
            output += "\(key) = \(parts[1])\n"
            continue
          }
          output += "sysctl: setting key \"\(key)\": \(error.message)\n"
          status = .failed(error, exit: 255)
          continue
        }
        switch FileNode.content(of: path, machine, &row) {
        case .success(let content): output += (options.has("n") ? "" : "\(key) = ") + content
        case .failure(.noClock): return .lacks(.clock)
        case .failure(.errno(let error)):
          if !options.has("e") { output += "sysctl: cannot stat \(path): \(error.message)\n" }
          status = .failed(error, exit: 255)
        }
      }
      return .ended(status, output)
    })

  /// Nil: the value was taken.
  private static func writingError(
    _ value: String, _ path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Errno? {
    switch FileNode.write(value, to: path, machine, &row) {
    case .done: nil
    case .refused(let error): error
    case .request: .EINVAL
    }
  }
}
