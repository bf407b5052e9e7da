import Diagnostics
import Machine
import Syntax

/// Puts the declarations of all files into the index, and reports names that are taken.
extension Checker {
  func buildIndex(_ files: [SourceFile]) {
    for file in files {
      for declaration in file.declarations { add(declaration) }
    }
    chooseKernel(files)
    for number in index.patches.indices { indexPatch(number) }
    checkModuleNames()
    checkPackages()
  }

  /// A patch is a module too, and of one name there is one at a time (`insmod`: EEXIST).
  private func checkModuleNames() {
    let modules = index.kernel?.modules.values.map(\.name) ?? []
    guard !modules.isEmpty, !index.patches.isEmpty else { return }
    let byName = Dictionary(grouping: modules) { ModuleName($0.text).text }
    for patch in index.patches {
      let same = patch.references.flatMap { patch.moduleNames(of: $0) }
        .flatMap { byName[$0] ?? [] }
      guard let module = same.min(by: { $0.text < $1.text }) else { continue }
      report(.moduleOfPatch(patch.declaration.name, module: module))
    }
  }

  /// One version of a package brings one patch.
  private func checkPackages() {
    var known: [String: SourceRange] = [:]
    for patch in index.patches {
      for case .package(let clause) in patch.declaration.members {
        let version = clause.version.map { " version \($0.text)" } ?? ""
        let name = clause.name.text + version
        if let first = known[name] {
          report(.duplicate("package", name, at: clause.range, first: first))
        }
        known[name] = known[name] ?? clause.range
      }
    }
  }

  private func add(_ declaration: Declaration) {
    switch declaration {
    case .use: break
    case .boot: break
    case .kernel(let kernel): add(kernel)
    case .module(let module):
      // A module at the top of a file belongs to the kernel before it.
      if index.kernels.isEmpty {
        report(.noKernel(at: module.range))
      } else {
        add(module, to: index.kernels.count - 1)
      }
    case .patch(let patch):
      if let other = index.patch(named: patch.name.text), !patch.name.isMissing {
        report(
          .duplicate(
            "patch", patch.name.text, at: patch.name.range,
            first: other.declaration.name.range))
      }
      index.append(patch)
    case .program(let program):
      if let other = topLevel(program.name) {
        report(.duplicate("program", program.name.text, at: program.name.range, first: other))
      }
      index.append(program)
    case .definition(let definition):
      if let other = topLevel(definition.name) {
        report(
          .duplicate("`def`", definition.name.text, at: definition.name.range, first: other))
      }
      facts.definitionAt[definition.name.range] = index.definitions.count
      index.topDefinitions[definition.name.text] = index.definitions.count
      index.definitions.append(definition)
    case .machine(let block): index.machines.append(block)
    case .scenario(let scenario): index.scenarios.append(scenario)
    }
  }

  /// Patches, programs and `def`s share one name space: the operator's.
  private func topLevel(_ name: Name) -> SourceRange? {
    guard !name.isMissing else { return nil }
    if let program = index.program(named: name.text) { return program.name.range }
    if let patch = index.patch(named: name.text) { return patch.declaration.name.range }
    return index.topDefinitions[name.text].map { index.definitions[$0].name.range }
  }

  private func chooseKernel(_ files: [SourceFile]) {
    index.booted = index.kernels.isEmpty ? nil : 0
    for case .boot(let boot) in files.flatMap(\.declarations) {
      guard case .string(let text) = boot.release.kind, let release = text.plain else {
        if case .missing = boot.release.kind { continue }
        report(.notConstant("the release to boot", at: boot.release.range))
        continue
      }
      if let number = index.number(ofKernel: release) {
        index.booted = number
      } else {
        report(
          .unknownKernel(
            release, at: boot.release.range, known: index.kernels.map(\.declaration.release.text)))
      }
    }
  }

  private func add(_ kernel: KernelDeclaration) {
    if let other = index.number(ofKernel: kernel.release.text) {
      report(
        .duplicate(
          "kernel", kernel.release.text, at: kernel.release.range,
          first: index.kernels[other].declaration.release.range))
    }
    let parts = kernel.release.text.split(separator: ".", omittingEmptySubsequences: false)
    let begins = parts.prefix(2).allSatisfy { $0.first.map { "0"..."9" ~= $0 } ?? false }
    if !kernel.release.range.isEmpty, parts.count < 2 || !begins {
      report(.badRelease(kernel.release))
    }
    index.append(kernel)
    for member in kernel.members { add(member, owner: .kernel, to: index.kernels.count - 1) }
  }

  private func add(_ module: ModuleDeclaration, to kernel: Int) {
    if let other = index.kernels[kernel].modules[module.name.text] {
      report(
        .duplicate("module", module.name.text, at: module.name.range, first: other.name.range))
    }
    index.kernels[kernel].modules[module.name.text] = module
    for member in module.members { add(member, owner: .module(module.name.text), to: kernel) }
  }

  private func add(_ member: KernelMember, owner: Owner, to kernel: Int) {
    switch member {
    case .constant(let node): enter(node.name, .constant(node), owner, kernel)
    case .variable(let node): enter(node.name, .variable(node), owner, kernel)
    case .lock(let node): enter(node.name, .lock, owner, kernel)
    case .queue(let node): enter(node.name, .queue, owner, kernel)
    case .record(let node): enter(node.name, .record(node), owner, kernel)
    case .function(let node):
      enter(node.name, .function(node), owner, kernel, occurrence: node.occurrence?.number ?? 1)
    case .module(let node): add(node, to: kernel)
    case .handler: break
    }
  }

  private func enter(
    _ name: Name, _ content: Member.Content, _ owner: Owner, _ kernel: Int, occurrence: Int = 1
  ) {
    guard !name.isMissing else { return }
    let key = MemberKey(owner: owner, name: name.text, occurrence: occurrence)
    let member = Member(key: key, content: content, range: name.range)
    if let other = index.kernels[kernel].members[key] {
      if case .function = content, case .function = other.content {
        report(.duplicateFunction(name, first: other.range, next: occurrence + 1))
        twiceDeclared.insert(key)
      } else {
        report(.duplicate("the name", name.text, at: name.range, first: other.range))
      }
      return
    }
    let inKernel = MemberKey(owner: .kernel, name: name.text)
    if owner != .kernel, let hidden = index.kernels[kernel].members[inKernel], !isFunction(content)
    {
      report(.hides(name, sort: "a member of the kernel", at: hidden.range))
    }
    index.kernels[kernel].append(member)
  }

  private func isFunction(_ content: Member.Content) -> Bool {
    if case .function = content { true } else { false }
  }

  // MARK: Patches

  private func indexPatch(_ number: Int) {
    let declaration = index.patches[number].declaration
    if declaration.family != nil { index.patches[number].family = [] }
    for member in declaration.members { indexMember(member, of: number, module: nil) }
    reportRepeatedClauses(declaration.members)
    index.patches[number].ownModuleNames = index.patches[number].moduleNamesAlone
  }

  /// Of a patch there is one package, one release and one manner.
  private func reportRepeatedClauses(_ members: [PatchMember]) {
    var first: [String: SourceRange] = [:]
    for member in members {
      let clause: String
      switch member {
      case .package: clause = "package"
      case .vermagic: clause = "vermagic"
      case .replacesAll: clause = "replaces all"
      case .immediate: clause = "immediate"
      default: continue
      }
      if let other = first[clause] {
        report(.duplicateClause(clause, at: member.range, first: other))
      } else {
        first[clause] = member.range
      }
    }
  }

  private func indexMember(_ member: PatchMember, of number: Int, module: String?) {
    let name = index.patches[number].name
    let owner: Owner = module.map { .module($0) } ?? .kernel
    switch member {
    case .package(let clause):
      index.patches[number].packageName = clause.name.text
      index.patches[number].packageVersion = clause.version?.text
    case .vermagic(let clause): index.patches[number].vermagic = clause
    case .fixes(let clause): index.patches[number].fixes += clause.references.map(\.text)
    case .replacesAll(let range): index.patches[number].replacesAll = range
    case .immediate(let range): index.patches[number].immediate = range
    case .constant(let node):
      let key = MemberKey(owner: owner, name: node.name.text)
      if let other = index.patches[number].constants.updateValue(node, forKey: key) {
        report(.duplicate("constant", node.name.text, at: node.name.range, first: other.name.range))
      } else {
        index.patches[number].constantOrder.append(key)
      }
    case .variable(let node):
      let key = MemberKey(owner: .patch(name), name: node.name.text)
      enterOwn(Member(key: key, content: .variable(node), range: node.name.range), number)
    case .function(let node):
      if node.newWord != nil {
        let key = MemberKey(owner: .patch(name), name: node.name.text)
        enterOwn(Member(key: key, content: .function(node), range: node.name.range), number)
      } else {
        let key = MemberKey(
          owner: owner, name: node.name.text, occurrence: node.occurrence?.number ?? 1)
        if let other = index.patches[number].replaced.updateValue(node, forKey: key) {
          report(
            .duplicate("function", node.name.text, at: node.name.range, first: other.name.range))
        } else {
          index.patches[number].replacedOrder.append(key)
        }
      }
    case .module(let node):
      for member in node.members { indexMember(member, of: number, module: node.name.text) }
    case .record(let node): index.patches[number].records.append((module, node))
    case .shadow(let node): index.append(node, to: number, module: module)
    case .state(let node): index.patches[number].ofLivepatch.append(("state", node.range))
    case .callback(let node):
      index.patches[number].ofLivepatch.append(("on \(node.moment.spelling)", node.range))
    }
  }

  private func enterOwn(_ member: Member, _ number: Int) {
    if let other = index.patches[number].own.updateValue(member, forKey: member.key) {
      report(
        .duplicate("the name", member.key.name, at: member.range, first: other.range))
    } else {
      index.patches[number].ownOrder.append(member.key)
    }
  }
}

extension Callback.Moment {
  var spelling: String {
    switch self {
    case .prePatch: "pre_patch"
    case .postPatch: "post_patch"
    case .preUnpatch: "pre_unpatch"
    case .postUnpatch: "post_unpatch"
    }
  }
}
