import Glibc

/// Standard output and standard error, and what is known of the terminal behind them.
enum Terminal {
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal, 100 where there is none.
  static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment("COLUMNS").flatMap { Int($0) } ?? 100
  }

  /// Lines of the terminal, 24 where there is none.
  static var height: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 {
      return Int(size.ws_row)
    }
    return 24
  }

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// The same, but what is set to nothing is not set.
  static func setting(_ name: String) -> String? {
    environment(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether a CI server keeps what is printed: a log that people read when something fails.
  static var isInCI: Bool {
    guard let word = setting("CI") else { return false }
    return word != "false" && word != "0"
  }

  /// `NO_COLOR`, when set to anything but nothing, wins over what the terminal can do.
  static func wantsColour(_ choice: ColourChoice, isTerminal: Bool) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      if let no = environment("NO_COLOR"), !no.isEmpty { return false }
      return isTerminal && environment("TERM") != "dumb"
    }
  }

  static func print(_ text: String) { emit(text, to: STDOUT_FILENO) }
  static func printError(_ text: String) { emit(text, to: STDERR_FILENO) }

  /// Writes all of it. A reader that has gone away (`| head`) is no error of ours: the process ends
  /// as if by SIGPIPE. Any other failure to write the report is one.
  private static func emit(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno == EINTR {
        continue
      } else if errno == EPIPE {
        exit(128 + SIGPIPE)
      } else if descriptor == STDOUT_FILENO {
        printError("graft: can't write the output: \(String(cString: strerror(errno)))\n")
        exit(ExitStatus.usage.rawValue)
      } else {
        return
      }
    }
  }
}

enum ColourChoice: String, CaseIterable {
  case auto, always, never
}

/// Ends the process at once; what was written is written.
func exitProcess(_ status: Int32) -> Never { exit(status) }
