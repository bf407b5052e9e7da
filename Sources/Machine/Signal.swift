/// A signal, by its number on x86-64 (`signal(7)`).
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum Signal: Int, Sendable, CaseIterable {
  case HUP = 1
  case INT = 2
  case QUIT = 3
  case KILL = 9
  case USR1 = 10
  case SEGV = 11
  case USR2 = 12
  case PIPE = 13
  case ALRM = 14
  case TERM = 15
  case CHLD = 17
  case CONT = 18
  case STOP = 19
  case TSTP = 20
  case TTIN = 21
  case TTOU = 22
  case WINCH = 28

  package var name: String { "\(self)" }

  /// Its place in a `sigset_t`.
  package var bit: UInt64 { 1 << UInt64(rawValue - 1) }

  package init?(name: String) {
    guard let match = Self.byName[name] else { return nil }
    self = match
  }

  /// Looked up for every name of a text: spelling each out would cost more than all the rest.
  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

  /// What happens to a process that has not said otherwise.
  package enum DefaultAction: Sendable, Hashable {
    case ends, stops, continues, nothing
  }

  package var defaultAction: DefaultAction {
    switch self {
    case .STOP, .TSTP, .TTIN, .TTOU: .stops
    case .CONT: .continues
    case .CHLD, .WINCH: .nothing
    default: .ends
    }
  }

  /// Whether it ends a process that has not said otherwise.
  package var isFatal: Bool { defaultAction == .ends }

  /// Whether what it ends leaves a core behind. Such a signal does not become a SIGKILL for all
  /// threads on its way (`complete_signal` in `kernel/signal.c`): whoever takes it ends the process
  /// when it comes to the exit work, and a killable sleeper does not wake for it.
  package var dumpsCore: Bool { self == .QUIT || self == .SEGV }

  /// Whether a program may have a handler for it, or ignore it (`sigaction(2)`).
  package var canBeCaught: Bool { self != .KILL && self != .STOP }
}
