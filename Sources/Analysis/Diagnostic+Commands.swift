import Diagnostics
import Machine
import Syntax

extension Diagnostic {
  static func unknownCommand(_ name: String, near: String?, at range: SourceRange) -> Diagnostic {
    .error(
      .unknownCommand, "there is no command `\(name)`", at: range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown command")
  }

  static func unknownOption(
    _ option: String, of command: ShellCommand, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .wrongOperands, "`\(command.name)` knows no option `\(option)`", at: range,
      help: "write: $ \(command.usage)")
  }

  static func unknownOperand(
    _ word: String, of command: ShellCommand, near: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .wrongOperands, "`\(command.name)` knows no `\(word)`", at: range,
      label: "did you mean `\(near)`?", help: "write: $ \(command.usage)")
  }

  static func commandObjects(
    _ command: ShellCommand, _ objection: String, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .wrongOperands, "`\(command.name)` refuses this: \(objection)", at: range,
      help:
        "write: $ \(command.usage); if it is meant to be refused, write `fails EINVAL` behind it")
  }

  static func notAFilter(_ command: ShellCommand, at range: SourceRange) -> Diagnostic {
    .error(
      .wrongOperands, "`\(command.name)` does something, and reads nothing from a `|`", at: range,
      help: "write it on a line of its own, or in front of the `|`")
  }

  static func noLogInSearch(_ command: String, at range: SourceRange) -> Diagnostic {
    .error(
      .notInSearch, "a search over every schedule keeps no log for `\(command)`", at: range,
      label: "no answer here",
      help: "ask with `expect log \"TEXT\"`, or look in a scenario that runs one schedule")
  }

  static func noTimeInSearch(_ what: String, at range: SourceRange) -> Diagnostic {
    .error(
      .notInSearch, "a search over every schedule keeps no time for `\(what)`", at: range,
      label: "no answer here", help: "ask for durations in a scenario that runs one schedule")
  }

  static func wrongOperands(
    _ command: ShellCommand, found: Int, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .wrongOperands, "`\(command.name)` takes one module, and this names \(found)", at: range,
      help:
        "write: $ \(command.usage); if that is meant, `let r = $ …` asks how it ends, and `fails "
        + "EINVAL` behind it says that it fails")
  }

  static func notSimulatedShell(_ what: String, at range: SourceRange) -> Diagnostic {
    let isRedirection = what.contains(">") || what == "<"
    let help =
      isRedirection
      ? "only what `echo` prints can be sent to a file: $ echo 0 > /sys/kernel/kgraft/in_progress; "
        + "what others print, and complaints (`2>`), can go to /dev/null"
      : "write each command on a line of its own, and a sign that is part of a word between quotes"
    return .error(
      .notSimulatedShell, "a command line can't have `\(what)` in it", at: range, help: help)
  }

  static func unknownModule(
    _ name: String, command: String, near: String?, at range: SourceRange
  ) -> Diagnostic {
    .error(
      .unknownModule, "no module and no patch is called `\(name)`", at: range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown module",
      help: "if it is meant to fail here, write `$ \(command) \(name) fails ENOENT`")
  }

  /// - Parameter patch: where the patch of that name is declared, which has no package.
  static func unknownPackage(
    _ name: String, near: String?, patch: SourceRange?, at range: SourceRange
  ) -> Diagnostic {
    let clause = "package \"kgraft-patch-3_12_61-52-default\" version \"1-1\""
    return Diagnostic(
      .error, .unknownPackage, "the channel has no package `\(name)`",
      labels: [.primary(range, near.map { "did you mean `\($0)`?" } ?? "no provider")]
        + (patch.map { [.secondary($0, "this patch has no `package`")] } ?? []),
      help: "a patch with a clause like `\(clause)` is in the channel; "
        + "if it is meant to fail here, write `fails ENOENT` behind it")
  }

  /// - Parameter module: where it is declared.
  static func callOfAbsentModule(
    _ key: MemberKey, module: TextLiteral, isNever: Bool, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .error, .callOfAbsentModule,
      "module `\(module.text)` \(isNever ? "is never loaded" : "may be absent") when this calls "
        + "`\(key.spelling)`",
      labels: [.primary(range, "called here"), .secondary(module.range, "the module")],
      help: isNever
        ? "declare it `at boot`, or load it with `$ modprobe \(module.text)`"
        : "only code of the module itself and programs, by its system calls, may call it; a module "
          + "that is loaded `at boot` and never removed can be called from everywhere")
  }
}
