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
    if broken.hasErrors { return }
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
    let commands = NamedWords(index.patches.isEmpty ? [] : commandTexts)
    for patch in index.patches {
      let name = patch.declaration.name
      guard !used.contains(.patch(name.text)), !name.isMissing, isReported(name.range, name.text),
        !mayBeInserted(patch, commands)
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
  /// What is to be said beside errors of names that are never used. A mistake may have kept their
  /// use from being understood, or be the use itself, misspelt: so it is said of a name whose word
  /// stands nowhere else, and where no error is about names.
  var withoutDoubtfulUnusedNames: [Diagnostic] {
    let errors = diagnostics.filter { $0.severity == .error }
    guard broken.hasErrors || !errors.isEmpty else { return diagnostics }
    var unused = broken.hasErrors ? [] : diagnostics.filter { $0.code == .unusedName }
    let doubtful = errors.filter { !Self.isOfNoName($0.code) }.compactMap(\.range)
    // Patches are named in commands too, in more ways than one.
    let patches = Set(index.patches.map(\.declaration.name.range))
    let homes = ScenarioRanges(index.scenarios)
    let doubtfulHomes = Set(doubtful.compactMap(homes.home))
    unused.removeAll { diagnostic in
      guard let range = diagnostic.range, !patches.contains(range) else { return true }
      guard let home = homes.home(of: range) else { return !doubtful.isEmpty }
      return doubtfulHomes.contains(home)
    }
    var counts: [UInt64: Int] = [:]
    for range in unused.compactMap(\.range) { counts[WordHash.of(text(of: range))] = 0 }
    if !counts.isEmpty {
      for file in sources.files { WordHash.visit(sources[file].bytes) { counts[$0]? += 1 } }
    }
    let certain = Set(
      unused.filter { $0.range.map { counts[WordHash.of(text(of: $0))] == 1 } ?? false })
    return diagnostics.filter { $0.code != .unusedName || certain.contains($0) }
  }

  /// Errors that no name's use can hide behind.
  private static func isOfNoName(_ code: DiagnosticCode) -> Bool {
    switch code {
    case .missingUnit, .overflow, .divisionByZero, .outOfRange, .unknownMember, .unknownFixedName,
      .unknownCommand, .unknownModule, .wrongOperands, .unknownPackage, .notSimulatedShell,
      .notInSearch, .wrongContext, .sleepsInInterrupt, .outsideLoop, .misplacedClause, .uncatchable,
      .notInAtomic, .leavesAtomic, .duplicateScenario, .unknownSetting, .badSetting:
      true
    default: false
    }
  }

  /// A patch's module can be named by a command, too.
  private func mayBeInserted(_ patch: PatchIndex, _ commands: NamedWords) -> Bool {
    // The channel has it, whatever is asked for there: to be found, refused or left alone.
    let isInChannel = patch.packageName != nil && patch.family == nil
    if commands.areOpen || (isInChannel && commands.areOfChannel) { return true }
    return commands.words.contains(patch.name)
      || patch.references.contains { reference in
        commands.words.contains(reference.name)
          || patch.moduleNames(of: reference).contains(where: commands.modules.contains)
      }
  }
}

/// Where the scenarios of a text stand: none of them in another.
private struct ScenarioRanges {
  private let ranges: [SourceRange]

  init(_ scenarios: [ScenarioDeclaration]) {
    ranges = scenarios.map(\.range).sorted {
      ($0.file.index, $0.lower) < ($1.file.index, $1.lower)
    }
  }

  /// That of the scenario in which a place stands.
  func home(of place: SourceRange) -> SourceRange? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      let range = ranges[middle]
      if (range.file.index, range.lower) <= (place.file.index, place.lower) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low > 0 && ranges[low - 1].holds(place) ? ranges[low - 1] : nil
  }
}

/// The commands of a text as far as they may name patches.
private struct NamedWords {
  /// Whether some command asks the channel, or names what only the run knows.
  private(set) var areOfChannel = false
  private(set) var areOpen = false
  /// Their words, each as the name of a module, and all names that stand in them.
  private(set) var modules: Set<String> = []
  private(set) var words: Set<String> = []

  init(_ commands: [String]) {
    for text in commands {
      let parts = text.split { $0 == " " || $0 == "\t" || $0 == "$" }.map(String.init)
      if parts.first == "zypper" { areOfChannel = true }
      if text.contains("{") || text.contains("*") { areOpen = true }
      modules.formUnion(parts.map { ModuleName($0).text })
      let names = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      words.formUnion(names.map(String.init))
    }
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
