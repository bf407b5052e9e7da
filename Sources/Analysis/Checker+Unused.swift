import Diagnostics
import Machine
import Syntax

/// Names that are declared and never used.
///
/// A file without a scenario of its own is there for others to `use`: it declares what it has to
/// offer, and nothing in it is superfluous. System calls, interrupts and kernel threads are the
/// kernel's own ways in, a `notrace` function can be the compiler's, a function that a patch
/// replaces is there to be replaced, and parameters of kernel functions are what callers give.
extension Checker {
  func checkUnusedNames() {
    // What a mistake kept from being understood may be the use that is missing.
    guard !broken.hasErrors, !diagnostics.contains(where: { $0.severity == .error }) else { return }
    var used: Set<Symbol> = []
    for symbol in facts.symbols.values {
      // Those of bodies have been told at the ends of their blocks.
      if case .local = symbol { continue }
      used.insert(symbol)
    }
    for patch in index.patches {
      for key in patch.replacedOrder { used.insert(.function(key)) }
      for key in patch.constantOrder { used.insert(.constant(key)) }
    }
    // Of two functions of one name each makes the other one hard to name.
    let replaced = Set(index.patches.flatMap { $0.replacedOrder.map(\.name) })
    let withScenario = Set(index.scenarios.map(\.title.range.file))
    func isReported(_ name: SourceRange, _ text: String) -> Bool {
      withScenario.contains(name.file) && !text.hasPrefix("_")
    }
    for kernel in index.kernels {
      for key in kernel.order {
        guard let member = kernel.members[key], !used.contains(member.symbol),
          isReported(member.range, key.name), !member.isWayIn,
          key.occurrence == 1 || !replaced.contains(key.name)
        else { continue }
        report(.unused(member.words, Name(text: key.name, range: member.range)))
      }
    }
    for patch in index.patches {
      for key in patch.ownOrder {
        guard let member = patch.own[key], !used.contains(member.symbol),
          isReported(member.range, key.name)
        else { continue }
        report(.unused("the patch's \(member.words)", Name(text: key.name, range: member.range)))
      }
    }
    for program in index.programs where program.name.text != "init" {
      guard !used.contains(.program(program.name.text)), !program.name.isMissing,
        isReported(program.name.range, program.name.text)
      else { continue }
      report(.unused("program", program.name))
    }
    let commands = commandTexts.map(NamedWords.init)
    for patch in index.patches where !mayBeInserted(patch, commands) {
      let name = patch.declaration.name
      guard !used.contains(.patch(name.text)), !name.isMissing, isReported(name.range, name.text)
      else { continue }
      report(.unused("patch", name))
    }
    for (number, definition) in index.definitions.enumerated() {
      guard !used.contains(.definition(number)), !definition.name.isMissing,
        isReported(definition.name.range, definition.name.text)
      else { continue }
      report(.unused("the `def`", definition.name))
    }
  }
}

extension Checker {
  /// A patch's module can be named by a command, too.
  private func mayBeInserted(_ patch: PatchIndex, _ commands: [NamedWords]) -> Bool {
    let names = Set(patch.references.flatMap { patch.moduleNames(of: $0) })
    let isInChannel = patch.packageName != nil && patch.family == nil
    return commands.contains { command in
      // The channel has it, whatever is asked for there: to be found, refused or left alone.
      command.isOpen || (isInChannel && command.isOfChannel) || command.text.contains(patch.name)
        || !names.isDisjoint(with: command.modules)
    }
  }
}

/// A command as far as it may name a patch.
private struct NamedWords {
  let text: String
  let isOfChannel: Bool
  /// It names what only the run knows.
  let isOpen: Bool
  /// Its words, each as the name of a module.
  let modules: Set<String>

  init(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "$" }.map(String.init)
    self.text = text
    isOfChannel = words.first == "zypper"
    isOpen = text.contains("{") || text.contains("*")
    modules = Set(words.map { ModuleName($0).text })
  }
}

extension Member {
  /// Whether the kernel comes to it without anybody naming it.
  fileprivate var isWayIn: Bool {
    switch function?.flavour {
    case .systemCall, .interrupt, .kernelThread: true
    // The compiler's own, as `mcount` is.
    case .function: function?.attribute(.notrace) != nil
    case nil: false
    }
  }

  fileprivate var words: String {
    switch content {
    case .constant: "constant"
    case .variable: "variable"
    case .queue: "queue"
    case .lock: "lock"
    case .record: "record"
    case .function: "function"
    }
  }
}
