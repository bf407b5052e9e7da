import Diagnostics
import Syntax

/// The declarations of all files, by name: what the checker and the lowering look names up in.
struct Index: Sendable {
  var kernels: [KernelIndex] = []
  /// The kernel that runs: the one that `boot` picks, or the first. Nil without any kernel.
  var booted: Int?
  var modules: [String: SourceRange] = [:]
  var patches: [PatchIndex] = []
  private(set) var programs: [ProgramDeclaration] = []
  /// The first of each name.
  private var patchNumbers: [String: Int] = [:]
  private var programNumbers: [String: Int] = [:]
  /// Those at the top of files first, then those in scenarios.
  var definitions: [Definition] = []
  var topDefinitions: [String: Int] = [:]
  var scenarios: [ScenarioDeclaration] = []
  var machines: [MachineBlock] = []
  private var tables = Tables()
  /// Shadow variables of all patches, by name, in written order.
  private(set) var shadows: [String: [ShadowDeclaration]] = [:]
  private(set) var shadowNames: [String] = []
  /// Programs that some `thread` names.
  private(set) var threadPrograms: Set<String> = []
  private var kernelNumbers: [String: Int] = [:]

  /// Of the booted kernel, when its functions have been checked; empty where there is no patch.
  var uses: KernelUses {
    get { tables.uses }
    set { tables = Tables(newValue, modulesOfKernel, channel, commandNames) }
  }
  var modulesOfKernel: ModuleTable {
    get { tables.modules }
    set { tables = Tables(uses, newValue, channel, commandNames) }
  }
  /// Of all patches, when these have been checked.
  var channel: Channel {
    get { tables.channel }
    set { tables = Tables(uses, modulesOfKernel, newValue, commandNames) }
  }
  /// Empty where the text has no commands.
  var commandNames: CommandNames {
    get { tables.commandNames }
    set { tables = Tables(uses, modulesOfKernel, channel, newValue) }
  }

  /// Side by side in one object: the index is copied more often than they are asked for.
  private final class Tables: Sendable {
    let uses: KernelUses
    let modules: ModuleTable
    let channel: Channel
    let commandNames: CommandNames

    init(
      _ uses: KernelUses = KernelUses(), _ modules: ModuleTable = ModuleTable(),
      _ channel: Channel = Channel(), _ commandNames: CommandNames = CommandNames()
    ) {
      self.uses = uses
      self.modules = modules
      self.channel = channel
      self.commandNames = commandNames
    }
  }

  var kernel: KernelIndex? { booted.map { kernels[$0] } }

  func number(ofPatch name: String) -> Int? { patchNumbers[name] }
  func patch(named name: String) -> PatchIndex? { patchNumbers[name].map { patches[$0] } }

  func hasPatch(named name: String) -> Bool { patchNumbers[name] != nil }

  func program(named name: String) -> ProgramDeclaration? {
    programNumbers[name].map { programs[$0] }
  }

  mutating func append(_ shadow: ShadowDeclaration, to patch: Int, module: String?) {
    if shadows[shadow.name.text] == nil { shadowNames.append(shadow.name.text) }
    shadows[shadow.name.text, default: []].append(shadow)
    patches[patch].shadows.append((module, shadow))
  }

  /// The first of that release.
  func number(ofKernel release: String) -> Int? { kernelNumbers[release] }

  mutating func append(_ kernel: KernelDeclaration) {
    let release = kernel.release.text
    if kernelNumbers[release] == nil { kernelNumbers[release] = kernels.count }
    kernels.append(KernelIndex(kernel))
  }

  mutating func append(_ patch: PatchDeclaration) {
    if patchNumbers[patch.name.text] == nil { patchNumbers[patch.name.text] = patches.count }
    patches.append(PatchIndex(patch))
  }

  mutating func append(_ program: ProgramDeclaration) {
    if programNumbers[program.name.text] == nil {
      programNumbers[program.name.text] = programs.count
    }
    programs.append(program)
    program.body.forEachStatement { statement in
      if case .thread(let call) = statement.kind { threadPrograms.insert(call.program.text) }
    }
  }
}

/// A member of a kernel, of a module, or of a patch's own.
struct Member: Sendable {
  enum Content: Sendable {
    case constant(ConstantDeclaration)
    case variable(VariableDeclaration)
    case queue
    case lock
    case record(RecordDeclaration)
    case function(FunctionDeclaration)
  }

  var key: MemberKey
  var content: Content
  /// The name's place.
  var range: SourceRange

  var symbol: Symbol {
    switch content {
    case .constant: .constant(key)
    case .variable: .variable(key)
    case .queue: .queue(key)
    case .lock: .lock(key)
    case .record: .record(key)
    case .function: .function(key)
    }
  }

  var function: FunctionDeclaration? {
    if case .function(let declaration) = content { declaration } else { nil }
  }
}

/// Members by name. A kernel may have a hundred thousand of them, and each is large: they stand
/// side by side, and a dictionary has their numbers.
struct MemberTable: Sendable {
  private var members: [Member] = []
  private var numbers: [MemberKey: Int32] = [:]

  subscript(_ key: MemberKey) -> Member? { numbers[key].map { members[Int($0)] } }

  /// In written order.
  var values: [Member] { members }

  /// Its place in the written order.
  func number(of key: MemberKey) -> Int? { numbers[key].map(Int.init) }

  mutating func reserve(_ count: Int) {
    members.reserveCapacity(count)
    numbers.reserveCapacity(count)
  }

  /// Enters one whose key is new.
  mutating func append(_ member: Member) {
    numbers[member.key] = Int32(members.count)
    members.append(member)
  }
}

struct KernelIndex: Sendable {
  var declaration: KernelDeclaration
  var members = MemberTable()
  /// The keys in written order.
  var order: [MemberKey] = []
  /// Functions of one name, in written order.
  var namesakes: [String: [MemberKey]] = [:]
  var modules: [String: ModuleDeclaration] = [:]
  /// Interrupt handlers and kernel threads, which nobody calls, and records; in written order.
  private(set) var selfRunning: [MemberKey] = []
  private(set) var records: [RecordDeclaration] = []

  init(_ declaration: KernelDeclaration) {
    self.declaration = declaration
    members.reserve(declaration.members.count)
    order.reserveCapacity(declaration.members.count)
    namesakes.reserveCapacity(declaration.members.count)
  }

  /// Enters one whose key is new.
  mutating func append(_ member: Member) {
    members.append(member)
    order.append(member.key)
    switch member.content {
    case .record(let record): records.append(record)
    case .function(let function):
      namesakes[member.key.name, default: []].append(member.key)
      if function.flavour.runsByItself { selfRunning.append(member.key) }
    default: break
    }
  }
}

extension FunctionDeclaration.Flavour {
  var runsByItself: Bool {
    switch self {
    case .interrupt, .kernelThread: true
    case .function, .systemCall: false
    }
  }
}

struct PatchIndex: Sendable {
  var declaration: PatchDeclaration
  /// The patch's own: new functions and variables.
  var own: [MemberKey: Member] = [:]
  var ownOrder: [MemberKey] = []
  /// What it replaces, by the kernel's key, in written order.
  var replaced: [MemberKey: FunctionDeclaration] = [:]
  var replacedOrder: [MemberKey] = []
  var constants: [MemberKey: ConstantDeclaration] = [:]
  var constantOrder: [MemberKey] = []
  /// More fields of records, and shadow variables, each with the module that it stands in.
  var records: [(module: String?, declaration: RecordDeclaration)] = []
  var shadows: [(module: String?, declaration: ShadowDeclaration)] = []
  var replacesAll: SourceRange?
  /// What the slice can't simulate yet, with the place of each.
  var ofLivepatch: [(feature: String, range: SourceRange)] = []
  var packageName: String?
  var packageVersion: String?
  var fixes: [String] = []
  /// Under which names the tools know the patch's module, if it is no family's.
  var ownModuleNames: [String] = []
  var vermagic: VermagicClause?
  var immediate: SourceRange?

  /// The numbers of a family's members, in written order; nil for a patch that stands alone.
  var family: [Int64]?

  init(_ declaration: PatchDeclaration) { self.declaration = declaration }

  var name: String { declaration.name.text }
}
