import Diagnostics
import Machine
import Syntax

/// Command lines, as far as the language can tell: what a command takes is its own affair.
extension Checker {
  func checkCommand(_ text: InterpolatedText, _ range: SourceRange) {
    guard !commands.isEmpty else { return }
    let list = facts.commands(of: text, range)
    facts.commandLists[range] = list
    for words in list.map(\.words) {
      let names = [words.name] + words.line.filters.map(\.name)
      for number in names.compactMap({ $0 }).compactMap({ facts.commandNumbers[$0] }) {
        checkCommandInSearch(commands[number], range)
      }
      guard let what = words.line.notUnderstood else { continue }
      return report(.notSimulatedShell(what, at: range))
    }
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

  /// The command's own name, if it stands there.
  var name: String? { known.isEmpty ? nil : line.name }

  /// Whether one of them is the package, or a version of it.
  func mentions(package name: String) -> Bool {
    known.contains { word in
      word == name || word.hasPrefix(name + "=") || word.hasPrefix(name + "-")
        || word.contains(where: "*?[".contains)
    }
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
  /// The commands of the line at a place: it is taken apart once, however often it is asked for.
  func commands(of text: InterpolatedText, _ range: SourceRange) -> [ListedCommand] {
    commandLists[range] ?? text.listedCommands
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
