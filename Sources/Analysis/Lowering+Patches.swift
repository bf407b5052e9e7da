import Diagnostics
import Machine
import Syntax

/// The patches that the scenario names, members of families among them.
extension Lowering {
  /// Finds the patches that the scenario's text names, its `def`s included. Of a family only the
  /// members that it can mean: each is a patch of its own.
  func findPatches() {
    findCountedLocals()
    var wanted: Set<PatchReference> = []
    for value in row.values {
      if case .patch(let patch) = value.meaning { wanted.insert(patch) }
    }
    forEachOperatorExpression { expression in
      if case .index(let base, let place) = expression.kind,
        case .patch(let name)? = self.facts.symbols[base.range]
      {
        for number in self.possibleMembers(of: name, place) {
          wanted.insert(PatchReference(patch: name, member: number))
        }
      } else if case .patch(let name)? = self.facts.symbols[expression.range] {
        wanted.insert(PatchReference(patch: name))
      }
    }
    wanted.formUnion(commandTargets().patches)
    wanted.formUnion(patchesOfSession)
    for patch in index.patches {
      for reference in patch.references {
        guard wanted.contains(reference) else { continue }
        patches.append(UsedPatch(reference: reference, index: patch))
        for member in patch.ofLivepatch { reportLivepatch(member.feature, member.range) }
      }
    }
  }

  /// The numbers that may stand between the brackets; all of the family's where only the run knows.
  private func possibleMembers(of name: String, _ place: Expression) -> [Int64] {
    let family = index.patch(named: name)?.family ?? []
    if let number = compileTime.value(of: place) { return family.filter { $0 == number } }
    if case .local(let id)? = facts.symbols[place.unparenthesised.range],
      let range = countedLocals[id]
    {
      return family.filter(range.contains)
    }
    return family
  }

  private func findCountedLocals() {
    forEachOperatorBlock { block in
      block.forEachStatement { statement in
        guard case .forLoop(let loop) = statement.kind,
          case .range(let low, let high) = loop.sequence.unparenthesised.kind,
          let first = self.compileTime.value(of: low),
          let last = self.compileTime.value(of: high), first <= last,
          let id = self.facts.localAt[loop.variable.range]
        else { return }
        self.countedLocals[id] = first...last
      }
    }
  }

  /// `bump[i]`: the handle of the member with that number. One that the family lacks is an error of
  /// the run, as is the name of a patch that nobody has.
  func emitFamilyMember(
    _ name: String, _ wantedNumber: Expression, _ range: SourceRange, into wanted: Int?
  ) -> Int {
    let members = patches.enumerated().filter { $0.element.reference.patch == name }
    if let number = compileTime.value(of: wantedNumber) {
      let register = wanted ?? builder.allocate()
      guard let member = members.first(where: { $0.element.reference.member == number }) else {
        let patch = index.patch(named: name)
        report(
          .noFamilyMember(
            name, number, numbers: patch?.family ?? [], at: wantedNumber.range,
            declared: patch?.declaration.family?.values.range))
        return register
      }
      emitLoad(Int64(member.offset), into: register)
      return register
    }
    let number = lower(wantedNumber)
    let register = builder.allocate()
    let candidate = builder.allocate()
    let end = newTarget()
    for (patch, member) in members {
      emitLoad(Int64(patch), into: register)
      emitLoad(member.reference.member ?? 0, into: candidate)
      emit(.equal, a: candidate, b: candidate, c: number)
      emitBranch(.jumpIfTrue, candidate, to: end)
    }
    emitLoad(-Int64(Errno.ENOENT.rawValue), into: candidate)
    requireStatus(candidate, nil, range, verb: checked.text(of: range))
    program.outcomes[program.outcomes.count - 1].members =
      members.compactMap(\.element.reference.member).words
    place(end)
    guard let wanted else { return register }
    emit(.move, a: wanted, b: register)
    return wanted
  }

  // MARK: What the operator can come to

  /// The scenario's body and each `def` that it can come to.
  func forEachOperatorBlock(_ visit: (Block) -> Void) {
    var seen: Set<Int> = []
    var open = [declaration.body]
    while let block = open.popLast() {
      visit(block)
      block.forEachExpression { expression in
        guard case .definition(let number)? = self.facts.symbols[expression.range],
          seen.insert(number).inserted
        else { return }
        open.append(self.index.definitions[number].body)
      }
    }
  }

  func forEachOperatorExpression(_ visit: (Expression) -> Void) {
    forEachOperatorBlock { $0.forEachExpression(visit) }
  }

  func firstMention(of patch: String) -> SourceRange? {
    var found: SourceRange?
    forEachOperatorExpression { expression in
      if found == nil, self.facts.symbols[expression.range] == .patch(patch) {
        found = expression.range
      }
    }
    return found
  }
}
