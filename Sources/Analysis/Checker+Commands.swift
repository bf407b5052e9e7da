import Diagnostics
import Machine
import Syntax

/// Command lines, as far as their words are known before the run.
extension Checker {
  /// The command must be one of the table, and its operands such as it takes.
  func checkCommand(_ text: InterpolatedText, _ range: SourceRange) {
    guard !commands.isEmpty else { return }
    let words = facts.words(of: text, range)
    facts.commandWords[range] = words
    guard let name = words.known.first else { return }
    guard let command = facts.commandNumbers[name].map({ commands[$0] }) else {
      let near = nearest(to: name, among: commands.map(\.name))
      return report(.unknownCommand(name, near: near, at: range))
    }
    checkCommandInSearch(command, range)
    if let what = words.line.notUnderstood {
      return report(.notSimulatedShell(what, at: range))
    }
    guard words.isComplete, case .module(let options, _) = command.operands else { return }
    for option in words.known where option.hasPrefix("-") && !options.contains(option) {
      return report(.unknownOption(option, of: command, at: range))
    }
    let operands = words.line.operands
    if operands.count != 1 { report(.wrongOperands(command, found: operands.count, at: range)) }
  }

  private func reportedWord(
    _ operands: [String], _ known: [String], of command: ShellCommand, at range: SourceRange
  ) -> Bool {
    guard let word = operands.first, !known.contains(word),
      let near = nearest(to: word, among: known)
    else { return false }
    report(.unknownOperand(word, of: command, near: near, at: range))
    return true
  }

  /// Nothing says that the command may fail: then what it installs must be in the channel.
  private func checkPackageNames(_ words: LiteralWords, _ range: SourceRange) {
    guard words.isComplete, ["install", "in"].contains(where: words.known.contains) else { return }
    let packages = index.patches.filter { $0.family == nil }.compactMap(\.packageName)
    for word in words.known.dropFirst(2) where !word.hasPrefix("-") {
      let name = String(word.prefix { $0 != "=" })
      guard !["install", "in", "kgraft"].contains(name), !packages.contains(name) else { continue }
      let patch = index.patches.first { patch in
        patch.references.contains { patch.moduleNames(of: $0).contains(ModuleName(name).text) }
      }
      report(
        .unknownPackage(
          name, near: nearest(to: name, among: packages), patch: patch?.declaration.name.range,
          at: range))
    }
  }

  /// Nothing says that the command may fail: then what it names must be there.
  func checkOperands(in text: InterpolatedText, _ range: SourceRange) {
    let words = facts.words(of: text, range)
    guard words.isComplete, let name = words.known.first,
      let command = facts.commandNumbers[name].map({ commands[$0] })
    else { return }
    let line = words.line
    guard line.notUnderstood == nil else { return }
    let operands = line.operands
    if case .word(let known) = command.operands,
      reportedWord(operands, known, of: command, at: range)
    {
      return
    }
    if reportedObjection(command, line, range) { return }
    for path in command.paths(line) {
      checkPath(path, at: range, of: "$ \(name) …", isWhole: false)
    }
    switch command.operands {
    case .module:
      if let operand = operands.first { checkModule(operand, of: name, at: range) }
    case .packages: checkPackageNames(words, range)
    case .word, .anything, .unknown: break
    }
  }

  private func checkModule(_ operand: String, of name: String, at range: SourceRange) {
    guard let kernel = index.kernel else { return }
    let wanted = ModuleName(operand).text
    let modules = kernel.modules.keys.sorted()
    let patches = index.patches.flatMap { patch in
      patch.references.flatMap { patch.moduleNames(of: $0) }
    }
    guard !modules.contains(where: { ModuleName($0).text == wanted }), !patches.contains(wanted)
    else { return }
    report(
      .unknownModule(
        operand, command: name, near: nearest(to: wanted, among: modules + patches), at: range))
  }
}

/// What of a command line stands there literally.
struct LiteralWords: Sendable {
  /// Up to the first one with a value in it.
  var known: [String]
  /// Whether those are all.
  var isComplete: Bool
  /// The line, with a word in the place of each value.
  var line: CommandLine

  /// Whether one of them is the package, or a version of it.
  func mentions(package name: String) -> Bool {
    known.contains { $0 == name || $0.hasPrefix(name + "=") }
  }
}

extension InterpolatedText {
  var literalWords: LiteralWords {
    var line = ""
    var known: [String]?
    for segment in segments {
      guard case .text(let text) = segment else {
        if known == nil {
          known = CommandLine(line).words
          if let last = line.last, last != " ", last != "\t" { known = known?.dropLast() }
        }
        line += "_"
        continue
      }
      line += text
    }
    let whole = CommandLine(line)
    return LiteralWords(known: known ?? whole.words, isComplete: known == nil, line: whole)
  }
}

extension Facts {
  /// The words of the command at a place: a line is taken apart once, however often it is asked
  /// for.
  func words(of text: InterpolatedText, _ range: SourceRange) -> LiteralWords {
    commandWords[range] ?? text.literalWords
  }
}

extension PatchIndex {
  /// The patch, or each member of the family.
  var references: [PatchReference] {
    (family?.map { Optional($0) } ?? [nil]).map { PatchReference(patch: name, member: $0) }
  }

  /// Under which names the tools know the patch's module: its identifier, with and without SUSE's
  /// prefix, and what its package and version make of it
  /// (`kgraft-patch-3_12_61-52-default` 2-2.1: `kgraft_patch_2_2_1`).
  func moduleNames(of reference: PatchReference) -> [String] {
    guard reference.member == nil else {
      return [reference.name, "kgraft_patch_\(reference.name)"].map { ModuleName($0).text }
    }
    return ownModuleNames
  }

  /// Those of a patch that stands alone.
  var moduleNamesAlone: [String] {
    var names = [name, "kgraft_patch_\(name)"]
    if let packageName { names.append(ModuleName(packageName).text) }
    if let packageVersion {
      let digits = packageVersion.map { $0 == "-" || $0 == "." ? "_" : $0 }
      names.append("kgraft_patch_" + String(digits))
    }
    return names.map { ModuleName($0).text }
  }
}
