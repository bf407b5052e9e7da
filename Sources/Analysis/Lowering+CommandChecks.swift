import Diagnostics
import Machine
import Syntax

/// What can be said of a command before it runs, where nobody will look at how it ends: it is a
/// mistake of this scenario alone. Where somebody does, the command says it in its own words.
extension Lowering {
  func checkCommand(_ text: InterpolatedText, _ range: SourceRange) {
    guard !checked.commands.isEmpty, !isFull else { return }
    for listed in facts.commands(of: text, range) {
      checkCommand(listed.words, range)
      for filter in listed.words.line.filters { checkFilter(filter, range) }
    }
  }

  /// Behind a `|` stands what reads, or what only looks.
  private func checkFilter(_ line: CommandLine, _ range: SourceRange) {
    guard let name = line.name, let command = knownCommand(name, range) else { return }
    var isModule = false
    if case .module(_, true) = command.operands { isModule = true }
    guard command.act == nil, !isModule else {
      return report(.notAFilter(command, at: range))
    }
    if let objection = command.objection(line) {
      report(.commandObjects(command, objection, at: range))
    }
  }

  private func knownCommand(_ name: String, _ range: SourceRange) -> ShellCommand? {
    if let command = checked.command(named: name) { return command }
    let near = nearest(to: name, among: checked.commands.map(\.name))
    report(.unknownCommand(name, near: near, at: range))
    return nil
  }

  private func checkCommand(_ words: LiteralWords, _ range: SourceRange) {
    guard let name = words.name, let command = knownCommand(name, range), words.isComplete
    else { return }
    let line = words.line
    guard line.notUnderstood == nil else { return }
    if case .word(let known) = command.operands,
      reportedWord(line.operands, known.map(\.name), of: command, at: range)
    {
      return
    }
    if let objection = command.objection(line) {
      return report(.commandObjects(command, objection, at: range))
    }
    for path in command.paths(line) {
      let place = ForeseenPath(path: path, range: range, form: "$ \(name) …", isWhole: false)
      if let diagnostic = place.objection(checked.hosts, index.commandNames) { report(diagnostic) }
    }
    switch command.operands {
    case .module(let options, _): checkModules(line, options, of: command, at: range)
    case .packages: checkPackageNames(words, range)
    case .word, .anything, .unknown: break
    }
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

  private func checkModules(
    _ line: CommandLine, _ options: [String], of command: ShellCommand, at range: SourceRange
  ) {
    var words = line.words.dropFirst()
    if let place = words.firstIndex(of: "-F"), options.contains("-F"), place + 1 < words.endIndex {
      words.remove(at: place + 1)
    }
    for option in words where option.hasPrefix("-") && !isKnown(option, options) {
      return report(.unknownOption(option, of: command, at: range))
    }
    // Behind a module stand its parameters.
    let operands = words.filter { !$0.hasPrefix("-") && !$0.contains("=") }
    guard operands.count == 1, let operand = operands.first else {
      return report(.wrongOperands(command, found: operands.count, at: range))
    }
    if line.patterns.isEmpty { checkModule(operand, of: command.name, at: range) }
  }

  /// Letters may stand behind one dash together.
  private func isKnown(_ option: String, _ options: [String]) -> Bool {
    if options.contains(option) { return true }
    return !option.hasPrefix("--") && option.count > 1
      && option.dropFirst().allSatisfy { options.contains("-\($0)") }
  }

  /// What it names must be there. `insmod` also takes what the text calls a patch.
  private func checkModule(_ operand: String, of command: String, at range: SourceRange) {
    guard index.kernel != nil else { return }
    let isFile = command == "insmod" || operand.contains("/")
    let name = command == "rmmod" ? String(operand.prefix { $0 != "." }) : operand
    let wanted = isFile ? ModuleName(operand).text : String(name.map { $0 == "-" ? "_" : $0 })
    let isLoading = command == "insmod"
    let names = index.commandNames
    let isThere =
      names.modules(named: wanted).contains { $0 != KernelModule.kernelItself }
      || (isLoading ? !names.patches(named: wanted).isEmpty : names.isLoaded(wanted))
    guard !isThere else { return }
    // What somebody calls a patch is near to nothing that the kernel calls its module.
    let meant = names.patches(named: wanted).first.flatMap { reference in
      index.patch(named: reference.patch)?.moduleNames(of: reference).last
    }
    report(
      .unknownModule(
        operand, command: command,
        near: meant ?? nearest(to: wanted, among: names.names(forLoading: isLoading)), at: range))
  }

  /// What is installed must be in the channel.
  private func checkPackageNames(_ words: LiteralWords, _ range: SourceRange) {
    guard ["install", "in"].contains(where: words.known.contains) else { return }
    for word in words.known.dropFirst(2)
    where !word.hasPrefix("-") && !word.contains(where: "*?[".contains) {
      let name = String(word.prefix { $0 != "=" })
      guard !["install", "in", "kgraft"].contains(name), !index.channel.has(name), !isFull else {
        continue
      }
      let patch = index.commandNames.patches(named: ModuleName(name).text).lazy
        .compactMap { self.index.patch(named: $0.patch) }
        .first { $0.packageName == nil }
      report(
        .unknownPackage(
          name, near: nearest(to: name, among: index.channel.names),
          patch: patch?.declaration.name.range,
          at: range))
    }
  }
}
