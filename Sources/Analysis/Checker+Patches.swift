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
      members[key] != nil && !index.uses.isRead(key)
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
    guard let untraced = index.uses.untracedReader(of: key), !isDone else { return }
    // One is enough to say: the constant has to stay as it is.
    let reader =
      patch.replaced[untraced] == nil
      ? untraced
      : index.uses.readers(of: key).first { reader in
        patch.replaced[reader] == nil
          && index.kernels[kernel].members[reader]?.function?.attribute(.notrace) != nil
      }
    guard let reader, let function = index.kernels[kernel].members[reader]?.function,
      let attribute = function.attribute(.notrace)
    else { return }
    report(.constantOfUntraced(node.name, reader: function.name, attribute: attribute))
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
    // The kernel's own values are no circle, so that one leads through what the patch changes, and
    // on the way to it through nothing but what is made of that.
    let between = namesConstants(patch) ? index.uses.constants(madeOf: patch.constantOrder) : []
    func parts(_ key: MemberKey) -> [ConstantChain.Part] {
      guard !done.contains(key), patch.constants[key] != nil || between.contains(key),
        let declaration = declaration(key)
      else { return [] }
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

  private func namesConstants(_ patch: PatchIndex) -> Bool {
    patch.constants.values.contains { !constants(in: $0.value).isEmpty }
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
    if let elsewhere = elsewhere(key, sort: sort, kernel) {
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

  /// What is meant is there, in another object than the one that is meant here.
  private func elsewhere(_ key: MemberKey, sort: String, _ kernel: Int) -> MemberKey? {
    guard !suggestions.isSpent else { return nil }
    let kernel = index.kernels[kernel]
    let isFunction = sort == "function"
    if !isFunction { suggestions.goThrough(names: kernel.order.count) }
    return (isFunction ? kernel.namesakes[key.name] ?? [] : kernel.order).first { other in
      other.name == key.name && other.occurrence == key.occurrence && other.owner != key.owner
        && (kernel.members[other]?.function == nil) != isFunction
    }
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
    if let attribute = original.attribute(.inline), !isDone, function.attribute(.foreign) == nil {
      checkCopies(of: key, function.name, attribute, in: patch, kernel)
    }
    return true
  }

  /// Functions that a message names.
  private static let greatestCopies = 8

  private func checkCopies(
    of key: MemberKey, _ name: Name, _ attribute: SourceRange, in patch: PatchIndex, _ kernel: Int
  ) {
    func isReplaced(_ key: MemberKey) -> Bool { patch.replaced[key] != nil }
    guard index.uses.isCopied(key, without: isReplaced) else { return }
    let most = suggestions.isSpent ? 1 : Self.greatestCopies + 1
    let copies = index.uses.copies(of: key, without: isReplaced, most: most)
    suggestions.take(names: copies.count)
    let names = copies.compactMap { index.kernels[kernel].members[$0]?.function?.name }
    report(
      .patchOfInline(
        name, callers: Array(names.prefix(Self.greatestCopies)),
        areAll: names.count <= Self.greatestCopies, attribute: attribute))
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
