import Diagnostics
import Syntax

/// Patches: what they name must be there, and be something that can be replaced.
extension Checker {
  func checkPatch(_ number: Int) {
    let patch = index.patches[number]
    guard let kernel = index.booted else {
      return report(.noKernel(at: patch.declaration.name.range))
    }
    place = Place(context: .kernel, kernel: kernel, patch: number)
    checkOwn(patch)
    for key in patch.constantOrder { checkConstant(key, of: patch) }
    checkCircles(of: patch)
    copiedElsewhere = index.uses.copied { patch.replaced[$0] == nil }
    for key in patch.replacedOrder {
      guard let function = patch.replaced[key] else { continue }
      place = Place(context: .kernel, kernel: kernel, patch: number)
      if case .module(let module) = key.owner { place.module = module }
      checkAttributes(of: function)
      if isForeign(key, function, kernel) {
        checkLoose(function)
      } else if checkReplacement(key, function, in: patch, kernel) {
        checkBody(of: function, key)
      } else {
        checkLoose(function, original: index.kernels[kernel].members[key]?.function)
      }
    }
    for key in patch.ownOrder {
      guard let function = patch.own[key]?.function else { continue }
      place = Place(context: .kernel, kernel: kernel, patch: number)
      checkBody(of: function, key)
    }
    checkRest(patch.declaration.members, number, kernel)
    if replacesNothing(patch, kernel) { report(.emptyPatch(patch.declaration.name)) }
  }

  private func replacesNothing(_ patch: PatchIndex, _ kernel: Int) -> Bool {
    // A cumulative one that brings nothing takes back what was there.
    guard patch.replacedOrder.isEmpty, patch.ofLivepatch.isEmpty, patch.replacesAll == nil,
      !patch.declaration.name.isMissing, !broken.touches(patch.declaration.range)
    else { return false }
    let members = index.kernels[kernel].members
    // What is not there, or there already, has been reported.
    return patch.constantOrder.allSatisfy { key in
      members[key] != nil && index.uses.readers(of: key).isEmpty
    } && !patch.ownOrder.contains { members[MemberKey(owner: .kernel, name: $0.name)] != nil }
  }

  private func checkOwn(_ patch: PatchIndex) {
    for key in patch.ownOrder {
      guard let member = patch.own[key] else { continue }
      let inKernel = MemberKey(owner: .kernel, name: key.name)
      let hidden = place.kernel.flatMap { index.kernels[$0].members[inKernel] }
      switch member.content {
      case .variable(let declaration):
        if let hidden {
          report(.hides(declaration.name, sort: sort(of: hidden.symbol), at: hidden.range))
        }
        checkKernelVariable(declaration)
      case .function(let function):
        checkAttributes(ofOwn: function)
        if let hidden { report(.helperExists(function.name, original: hidden.range)) }
      default: break
      }
    }
  }

  /// A body whose original isn't known is checked as if it stood alone.
  ///
  /// - Parameter original: what it was to replace: its parameters may be used in the body all the
  ///   same, when that they are not the same has been said.
  private func checkLoose(
    _ function: FunctionDeclaration, original: FunctionDeclaration? = nil
  ) {
    place.context = function.context
    place.result = function.body.givesValue ? facts.table.fresh() : .nothing
    inScope {
      for parameter in function.parameters { declare(parameter, .parameter, facts.table.fresh()) }
      for parameter in original?.parameters ?? [] where find(parameter.text) == nil {
        declare(parameter, .parameter, .error)
      }
      checkStatements(function.body.statements)
    }
  }

  private func checkConstant(_ key: MemberKey, of patch: PatchIndex) {
    guard let node = patch.constants[key], let kernel = place.kernel else { return }
    let (wanted, _) = constantOfKernel(key, node, kernel)
    check(node.value, is: wanted)
    if let dependent = firstDependent(node.value) {
      report(.notConstant("the value of a constant", at: dependent))
    }
    for reader in index.uses.readers(of: key) where patch.replaced[reader] == nil {
      guard let function = index.kernels[kernel].members[reader]?.function,
        let attribute = function.attribute(.notrace)
      else { continue }
      report(.constantOfUntraced(node.name, reader: function.name, attribute: attribute))
    }
  }

  /// Constants that come back to themselves because of what the patch puts in the place of others.
  private func checkCircles(of patch: PatchIndex) {
    func declaration(_ key: MemberKey) -> ConstantDeclaration? {
      if let own = patch.constants[key] { return own }
      guard case .constant(let kernels)? = member(key)?.content,
        facts.kinds[kernels.name.range] != .error
      else { return nil }
      return kernels
    }
    var done: Set<MemberKey> = []
    func parts(_ key: MemberKey) -> [ConstantChain.Part] {
      guard !done.contains(key), let declaration = declaration(key) else { return [] }
      return constants(in: declaration.value)
    }
    for key in patch.constantOrder {
      done.formUnion(
        ConstantChain.order(to: key, parts: parts) { part in
          guard let declaration = declaration(part.key) else { return }
          report(.circularConstant(declaration.name, at: part.place))
        })
    }
  }

  private func constants(in value: Expression) -> [ConstantChain.Part] {
    var parts: [ConstantChain.Part] = []
    value.forEachPart { part in
      guard case .constant(let key)? = facts.symbols[part.range] else { return }
      parts.append(ConstantChain.Part(key: key, place: part.range))
    }
    return parts
  }

  private func constantOfKernel(
    _ key: MemberKey, _ node: ConstantDeclaration, _ kernel: Int
  ) -> (Kind, Int64?) {
    if case .constant = index.kernels[kernel].members[key]?.content {
      return constant(key)
    }
    if let other = index.kernels[kernel].members[key] {
      report(
        .patchOtherFlavour(
          node.name, found: "a constant", wanted: sort(of: other.symbol), original: other.range))
      return (.error, nil)
    }
    reportNothing(node.name, key, sort: "constant", kernel) { _, member in
      if case .constant = member.content { true } else { false }
    }
    return (.error, nil)
  }

  private func reportNothing(
    _ name: Name, _ key: MemberKey, sort: String, _ kernel: Int,
    among isCandidate: (MemberKey, Member) -> Bool
  ) {
    guard !name.isMissing, !isDone, !broken.mentions(name.text) else { return }
    if case .module(let module) = key.owner, index.kernels[kernel].modules[module] == nil { return }
    let namesake = MemberKey(owner: key.owner, name: key.name)
    if key.occurrence > 1, let only = index.kernels[kernel].members[namesake] {
      return report(.noSuchOccurrence(name, key.spelling, first: only.range))
    }
    // The function is there, in another object than the one that is meant here.
    let elsewhere =
      suggestions.isSpent
      ? nil
      : index.kernels[kernel].order.first {
        $0.name == key.name && $0.occurrence == key.occurrence && $0.owner != key.owner
          && sort == (index.kernels[kernel].members[$0]?.function == nil ? "constant" : "function")
      }
    if let elsewhere {
      return report(
        .patchOfOtherObject(
          name, elsewhere, sort: sort, declared: index.kernels[kernel].members[elsewhere]?.range))
    }
    let kernelIndex = index.kernels[kernel]
    func isNamed(_ key: MemberKey) -> Bool {
      kernelIndex.members[key].map { isCandidate(key, $0) } ?? false
    }
    let near = near(name.text) { kernelIndex.order.filter(isNamed).map(\.name) }
    if near == nil, broken.lacksNames { return }
    let nearKey = near.flatMap { near in
      kernelIndex.order.first { $0.name == near && isNamed($0) }
    }
    report(
      .patchOfNothing(
        name, sort: sort, kernel: index.kernels[kernel].declaration.release.text, near: near,
        nearRange: nearKey.flatMap { index.kernels[kernel].members[$0]?.range }))
  }

  private func checkReplacement(
    _ key: MemberKey, _ function: FunctionDeclaration, in patch: PatchIndex, _ kernel: Int
  ) -> Bool {
    guard let original = index.kernels[kernel].members[key]?.function else {
      if let other = index.kernels[kernel].members[key] {
        report(
          .patchOtherFlavour(
            function.name, found: sort(of: function.flavour), wanted: sort(of: other.symbol),
            original: other.range))
        return false
      }
      reportNothing(function.name, key, sort: "function", kernel) { name, member in
        name.owner == key.owner && member.function != nil
      }
      return false
    }
    if !function.flavour.isLike(original.flavour) {
      report(
        .patchOtherFlavour(
          function.name, found: sort(of: function.flavour), wanted: sort(of: original.flavour),
          original: original.name.range))
      return false
    }
    checkForeign(function, original: original)
    if function.attribute(.foreign) != nil, original.attribute(.notrace) == nil { return false }
    if function.parameters.count != original.parameters.count {
      report(
        .patchOtherParameters(
          function.name, found: function.parameters.count, wanted: original.parameters.count,
          original: original.name.range))
      return false
    }
    if let attribute = original.attribute(.inline), copiedElsewhere.contains(key), !isDone,
      function.attribute(.foreign) == nil
    {
      let missing = index.uses.callers(of: key).filter { patch.replaced[$0] == nil }
      let names = missing.compactMap { index.kernels[kernel].members[$0]?.function?.name }
      if !names.isEmpty {
        report(.patchOfInline(function.name, callers: names, attribute: attribute))
      }
    }
    return true
  }

  /// What the patch has beside functions, constants and variables.
  private func checkRest(_ members: [PatchMember], _ number: Int, _ kernel: Int) {
    for member in members {
      place = Place(context: .kernel, kernel: kernel, patch: number)
      switch member {
      case .module(let module):
        if index.kernels[kernel].modules[module.name.text] == nil {
          let near = near(module.name.text) { index.kernels[kernel].modules.keys.sorted() }
          report(.patchOfMissingModule(module.name, near: near))
        }
        checkRest(module.members, number, kernel)
      case .shadow(let node): _ = resolve(node.record, sort: "a record")
      case .state(let node):
        check(node.id, is: .integer)
        check(node.version, is: .integer)
      case .callback(let callback): check(callback.body)
      default: break
      }
    }
  }
}

extension FunctionDeclaration.Flavour {
  func isLike(_ other: Self) -> Bool {
    switch (self, other) {
    case (.function, .function), (.systemCall, .systemCall), (.interrupt, .interrupt),
      (.kernelThread, .kernelThread):
      true
    default: false
    }
  }
}
