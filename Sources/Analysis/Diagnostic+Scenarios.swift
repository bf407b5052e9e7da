import Diagnostics
import Syntax

extension Diagnostic {
  static func duplicateScenario(_ title: TextLiteral, first: SourceRange) -> Diagnostic {
    Diagnostic(
      .error, .duplicateScenario, "two scenarios are called \"\(title.text)\"",
      labels: [
        .primary(title.range, "again here"), .secondary(first, "first here"),
      ],
      help: "reports and replays name a scenario by its title; change one")
  }

  /// - Parameter what: what else is called so.
  static func titleOfReports(_ title: TextLiteral, _ what: String) -> Diagnostic {
    .error(
      .duplicateScenario, "\"\(title.text)\" is what reports call \(what)", at: title.range,
      help: "reports and replays name a scenario by its title; choose another one")
  }

  static func badMatrix(_ message: String, at range: SourceRange, help: String) -> Diagnostic {
    .error(.badMatrix, message, at: range, help: help)
  }

  static func unknownSetting(_ name: Name, near: String?) -> Diagnostic {
    .error(
      .unknownSetting, "the machine has no setting `\(name.text)`", at: name.range,
      label: near.map { "did you mean `\($0)`?" } ?? "unknown setting",
      help: "the settings are " + Setting.all.map(\.name).joined(separator: ", "),
      fixIt: near.map { FixIt(range: name.range, replacement: $0) })
  }

  static func badSetting(_ message: String, at range: SourceRange, help: String? = nil)
    -> Diagnostic
  {
    .error(.badSetting, message, at: range, help: help)
  }

  /// A setting with values that it doesn't take, or without those that it needs.
  static func settingForm(_ setting: MachineSetting, takes what: String) -> Diagnostic {
    let form = Setting.all.first { $0.name == setting.key.text }?.signature ?? setting.key.text
    return .badSetting(
      "`\(setting.key.text)` takes \(what)", at: setting.range,
      help: setting.key.text == form ? "write `\(form)`, or leave it out" : "write `\(form)`")
  }

  static func noKernel(at range: SourceRange) -> Diagnostic {
    .error(
      .noKernel, "no kernel is declared", at: range, label: "this needs one",
      help: "write `kernel \"3.12.61-52-default\" { … }`, or bring one in with `use`")
  }

  /// Which kGraft a kernel has follows from its release.
  static func badRelease(_ release: TextLiteral) -> Diagnostic {
    .error(
      .unknownKernel, "\"\(release.text)\" is no kernel's release", at: release.range,
      label: "a release begins with its version",
      help: "write it as `uname -r` does: `kernel \"4.4.21-69-default\" { … }`")
  }

  static func unknownKernel(_ release: String, at range: SourceRange, known: [String]) -> Diagnostic
  {
    .error(
      .unknownKernel, "no kernel \"\(release)\" is declared", at: range,
      help: "there is " + listed(known) { "\"\($0)\"" })
  }

  // MARK: Warnings

  static func unused(_ sort: String, _ name: Name) -> Diagnostic {
    Diagnostic(
      .warning, .unusedName, "\(sort) `\(name.text)` is never used",
      labels: [.primary(name.range, "unused")],
      help: "remove it, or call it `_\(name.text)` to keep it")
  }

  static func unreachable(at range: SourceRange, after: SourceRange, what: String) -> Diagnostic {
    Diagnostic(
      .warning, .unreachable, "this is never reached",
      labels: [.primary(range, "never reached"), .secondary(after, what)])
  }

  /// - Parameter words: what is the matter with the condition, or the list.
  static func unreachable(
    at range: SourceRange, because condition: SourceRange, _ words: String = "this is never true"
  ) -> Diagnostic {
    Diagnostic(
      .warning, .unreachable, "this is never reached",
      labels: [.primary(range, "never reached"), .secondary(condition, words)])
  }

  static func constantCondition(_ verb: String, holds: Bool, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .warning, .constantCondition,
      holds
        ? "this `\(verb)` says nothing: its condition is always true"
        : "the condition of this `\(verb)` is never true",
      labels: [.primary(range, "always \(holds)")],
      help: "ask something that depends on the run")
  }

  static func valueDropped(_ kind: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .warning, .valueDropped, "the value is not used",
      labels: [.primary(range, "computed and dropped")],
      help: "keep it with `let`, or say what must hold with `assert`")
  }
}
